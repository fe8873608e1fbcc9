"""How errors are answered: one shape for machines, one page for people."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from models.errors import NotUnderstood, Passing, RappelError, WrongMove
from models.spelling import did_you_mean


class Fault(BaseModel):
    """`code` is for programs, `detail` for people; `place` says where, `rule` which rule was broken."""

    code: str
    detail: str
    place: str | None = None
    rule: str | None = None


class FaultAnswer(BaseModel):
    error: Fault


FAULTS: dict[int | str, dict[str, object]] = {
    status: {"model": FaultAnswer} for status in (400, 401, 403, 404, 409, 422, 503)
}
"""For the OpenAPI description of every JSON route."""


def install(app: FastAPI) -> None:
    app.add_exception_handler(RappelError, _rappel_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_exception)


def fault_answer(error: RappelError) -> JSONResponse:
    fault = Fault(
        code=error.code,
        detail=error.detail,
        place=error.place if isinstance(error, NotUnderstood) else None,
        rule=error.rule if isinstance(error, WrongMove) else None,
    )
    headers = {"Retry-After": "2"} if isinstance(error, Passing) else {}
    return _answer(error.status, fault, headers)


def _answer(status: int, fault: Fault, headers: dict[str, str] | None = None) -> JSONResponse:
    content = FaultAnswer(error=fault).model_dump(exclude_none=True)
    return JSONResponse(content, status, headers)


async def _rappel_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RappelError)
    return fault_answer(error)


async def _validation_error(request: Request, error: Exception) -> Response:
    """Names the first wrong place, and the field that was probably meant."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"][1:])
    detail = str(first["msg"])
    if first["type"] == "extra_forbidden":
        missing = [str(e["loc"][-1]) for e in error.errors() if e["type"] == "missing"]
        name = str(first["loc"][-1])
        detail = f"There is no field {name!r}{did_you_mean(name, missing)}."
    return _answer(422, Fault(code="not_understood", detail=detail, place=place))


async def _http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    fault = Fault(code=f"http_{error.status_code}", detail=str(error.detail))
    return _answer(error.status_code, fault, dict(error.headers or {}))
