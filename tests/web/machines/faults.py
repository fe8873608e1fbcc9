"""The one shape in which the API says no."""

from dataclasses import dataclass

from httpx2 import Response

from web.answers import Fault


@dataclass(frozen=True, slots=True)
class Refusal:
    status: int
    code: str
    place: str | None = None
    rule: str | None = None


def fault_of(answer: Response) -> Fault:
    """Fails where an answer has another shape."""
    assert answer.headers["content-type"] == "application/json"
    [(name, said)] = answer.json().items()
    assert name == "error"
    assert said["detail"]
    assert {"code", "detail", "who_acts"} <= said.keys()
    assert said.keys() <= {"code", "detail", "who_acts", "place", "rule"}
    return Fault.model_validate(said)


def refusal(answer: Response) -> Refusal:
    fault = fault_of(answer)
    return Refusal(answer.status_code, fault.code, fault.place, fault.rule)
