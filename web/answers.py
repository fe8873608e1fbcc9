"""How errors are answered: one shape for machines, one page for people."""

from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from models.errors import (
    BadCredential,
    NotUnderstood,
    Passing,
    RappelError,
    TooMany,
    WhoActs,
    WrongMove,
)
from models.people import Person
from models.spelling import did_you_mean
from web.rendering import language_of, pages_of
from web.visitors import find_visitor
from web.wanted import remember

MACHINES = ("/api", "/webhooks", "/twilio", "/healthz")
CASES = "/cases/"
UNSEEN = frozenset({"bad_credential", "database_away"})
"""Faults with which nobody can say who is there, or has just been asked in vain."""

log = structlog.get_logger()


class Fault(BaseModel):
    """`code` is for programs, `detail` for people; `place` says where, `rule` which rule was broken.

    `who_acts` says whose turn it is before the same request can do better.
    """

    code: str
    detail: str
    who_acts: WhoActs = WhoActs.SENDER
    place: str | None = None
    rule: str | None = None


class FaultAnswer(BaseModel):
    error: Fault


FAULTS: dict[int | str, dict[str, object]] = {
    status: {"model": FaultAnswer} for status in (400, 401, 403, 404, 409, 413, 422, 429, 503)
}
"""For the OpenAPI description of every JSON route."""


def install(app: FastAPI) -> None:
    app.exception_handler(RappelError)(_rappel_error)
    app.exception_handler(RequestValidationError)(_validation_error)
    app.exception_handler(HTTPException)(_http_exception)
    app.exception_handler(Exception)(_unexpected)


def is_for_machines(request: Request) -> bool:
    path = request.url.path
    return any(path == room or path.startswith(f"{room}/") for room in MACHINES)


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is answered instead of what was asked for."""

    status: int
    fault: Fault
    headers: Mapping[str, str]

    @classmethod
    def of(cls, error: RappelError) -> "Refusal":
        return cls(error.status, _fault(error), _headers(error))


def answer_fault(request: Request, error: RappelError) -> Response:
    """At the gate, before anybody is asked who he is."""
    return _answer_stranger(request, Refusal.of(error))


def answer_cross_site(request: Request) -> Response:
    """For a form that came from somebody else's page."""
    fault = Fault(code="cross_site", detail="This was sent from another site.")
    return _answer_stranger(request, Refusal(403, fault, {}))


def _fault(error: RappelError) -> Fault:
    return Fault(
        code=error.code,
        detail=error.detail,
        who_acts=error.who_acts,
        place=error.place or None if isinstance(error, NotUnderstood) else None,
        rule=error.rule if isinstance(error, WrongMove) else None,
    )


def _headers(error: RappelError) -> dict[str, str]:
    match error:
        case TooMany(wait=wait):
            return {"Retry-After": str(wait)}
        case Passing():
            return {"Retry-After": "2"}
        case _:
            return {}


async def _answer_anybody(request: Request, refusal: Refusal) -> Response:
    """Who is signed in stays in his language and among his rooms."""
    if not _is_read(request) or refusal.fault.code in UNSEEN:
        return _answer_stranger(request, refusal)
    return _answer_page(request, refusal, await _find_member(request))


def _answer_stranger(request: Request, refusal: Refusal) -> Response:
    """A page for people, JSON for programs."""
    if _is_read(request):
        return _answer_page(request, refusal, None)
    content = FaultAnswer(error=refusal.fault).model_dump(exclude_none=True)
    return JSONResponse(content, refusal.status, refusal.headers)


def _is_read(request: Request) -> bool:
    """By a person."""
    return not is_for_machines(request) and "text/html" in request.headers.get("accept", "")


def _answer_page(request: Request, refusal: Refusal, member: Person | None) -> Response:
    """It has its own words: `detail` stays English."""
    page = pages_of(request).answer(
        "error.html",
        member.language if member else language_of(request),
        status=refusal.status,
        me=member,
        code=refusal.fault.code,
        of_case=request.url.path.startswith(CASES),
    )
    page.headers.update(refusal.headers)
    return page


async def _find_member(request: Request) -> Person | None:
    """None also where nobody can say who he is: an error page shows come what may."""
    try:
        return await find_visitor(request, request.app.state.house)
    except Exception:  # noqa: BLE001 - the last answer of the process: nothing comes after it
        log.warning("error_page_without_member")
        return None


async def _rappel_error(request: Request, error: RappelError) -> Response:
    answer = await _answer_anybody(request, Refusal.of(error))
    if isinstance(error, BadCredential) and not is_for_machines(request):
        remember(answer, request, request.app.state.house.settings)
    return answer


async def _validation_error(request: Request, error: RequestValidationError) -> Response:
    """Names the first wrong place, and the field that was probably meant."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"][1:])
    match first["type"]:
        case "json_invalid":
            place, detail = "", f"The body is no JSON: {first['ctx']['error']} at {place}."
        case "extra_forbidden":
            missing = [str(e["loc"][-1]) for e in error.errors() if e["type"] == "missing"]
            name = str(first["loc"][-1])
            detail = f"There is no field {name!r}{did_you_mean(name, missing) or '.'}"
        case _:
            detail = str(first["msg"])
    return await _answer_anybody(request, Refusal.of(NotUnderstood(detail, place=place)))


async def _http_exception(request: Request, error: HTTPException) -> Response:
    """FastAPI hides what kept it from reading a body behind a 400 of its own."""
    match error.__cause__:
        case RappelError() as ours:
            return await _answer_anybody(request, Refusal.of(ours))
        case UnicodeDecodeError():
            garbled = NotUnderstood("The body is not UTF-8.")
            return await _answer_anybody(request, Refusal.of(garbled))
    fault = Fault(code=f"http_{error.status_code}", detail=str(error.detail))
    return await _answer_anybody(request, Refusal(error.status_code, fault, error.headers or {}))


async def _unexpected(request: Request, _error: Exception) -> Response:
    """The framework raises the error again after this, so that the server logs it."""
    fault = Fault(
        code="unexpected",
        detail="Something went wrong; the log says what.",
        who_acts=WhoActs.OPERATOR,
    )
    return await _answer_anybody(request, Refusal(500, fault, {}))
