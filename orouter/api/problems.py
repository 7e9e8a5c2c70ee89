"""Errors of the management API, in the one shape promised everywhere."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from orouter.api.exchange import detail, internal
from orouter.api.heads import request_id_of
from orouter.api.operations import nothing_there
from orouter.errors import (
    InvalidRequest,
    MethodNotAllowed,
    OrouterError,
    ValidationFailed,
)
from orouter.logs import get_logger

_BY_STATUS: dict[int, OrouterError] = {
    404: nothing_there(),
    405: MethodNotAllowed("This path does not take this method. See /docs."),
}

log = get_logger(__name__)


def register_problems(app: FastAPI, *, show_detail: bool = False) -> None:
    """Has every error answered as ``{"error": {...}}``; ``show_detail`` adds its cause."""
    app.state.show_detail = show_detail
    app.add_exception_handler(OrouterError, _known)
    app.add_exception_handler(RequestValidationError, _not_valid)
    app.add_exception_handler(HTTPException, _of_framework)
    app.add_exception_handler(Exception, _unexpected)


def _answer(request: Request, error: OrouterError) -> JSONResponse:
    request_id = request_id_of(request.headers.get("x-request-id", "").encode("latin-1"))
    if error.status >= 500:
        log.warning("request_refused", request_id=request_id, code=error.code, error=error.message)
    headers = {**error.headers, "x-request-id": request_id}
    body = error.body(request_id)
    if request.app.state.show_detail and error.__cause__ is not None:
        body["error"]["detail"] = detail(error.__cause__)
    return JSONResponse(body, error.status, headers)


async def _known(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, OrouterError)  # noqa: S101 - as registered
    return _answer(request, error)


async def _not_valid(request: Request, error: Exception) -> JSONResponse:
    """Names the fields at fault, never their values: those may be secrets."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as registered
    problems = error.errors()
    if any(problem["type"] == "json_invalid" for problem in problems):
        return _answer(request, InvalidRequest("The request body is not valid JSON."))
    named = [(".".join(str(part) for part in p["loc"][1:]), p["msg"]) for p in problems]
    told = "; ".join(f"'{field}': {reason}" if field else reason for field, reason in named)
    return _answer(request, ValidationFailed(f"Not valid: {told}.", param=named[0][0] or None))


async def _of_framework(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - as registered
    known = _BY_STATUS.get(error.status_code)
    return _answer(request, known or InvalidRequest("The request could not be understood."))


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    log.error("request_failed", path=request.scope["path"], exc_info=error)
    return _answer(request, internal(error))
