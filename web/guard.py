"""Between the server and every room: safe headers, forms from our own pages only, one log line."""

from collections.abc import Mapping
from time import perf_counter
from urllib.parse import urlsplit

import structlog
from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.errors import NotUnderstood, TooLarge
from web.answers import answer_cross_site, answer_fault, is_for_machines

CONTENT = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
"""`no-referrer` would make browsers send `Origin: null` with our own forms, and without HTTPS that
is all they say of where a form comes from."""

HTTPS_ONLY: Mapping[str, str] = {"Strict-Transport-Security": "max-age=31536000"}
"""For a year, where the public address is HTTPS."""

STATIC = "/static/"
API = "/api/"
LARGEST = 128 * 1024
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

log = structlog.get_logger()


class Guard:
    """Outermost of our own middleware: what it answers itself is logged and guarded alike.

    HEAD is answered as GET without the body: reading changes nothing anywhere.
    """

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self._app = app
        self._public_host = urlsplit(public_url).netloc
        over_https = urlsplit(public_url).scheme == "https"
        self._headers = {**HEADERS, **HTTPS_ONLY} if over_https else HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = perf_counter(), 500
        asked = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _put_headers(message, scope["path"], self._headers)
            elif asked is not scope:
                message = {**message, "body": b""}
            await send(message)

        try:
            await self._room(asked)(asked, _capped(asked, receive), send_guarded)
        finally:
            if not scope["path"].startswith(STATIC):
                _tell(asked, status, milliseconds=round(1000 * (perf_counter() - started)))

    def _room(self, scope: Scope) -> ASGIApp:
        request = Request(scope)
        if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
            return answer_fault(request, NotUnderstood("The address holds a zero byte."))
        if _too_large(request):
            return answer_fault(request, TooLarge(f"A request may have {LARGEST} bytes at most."))
        return self._app if self._is_ours(request) else answer_cross_site(request)

    def _is_ours(self, request: Request) -> bool:
        """Whether a form was sent by a page of ours, or by no browser at all.

        Browsers tell `Sec-Fetch-Site` over HTTPS and on this machine, and `Origin` everywhere.
        """
        if request.method in SAFE or is_for_machines(request):
            return True
        site = request.headers.get("sec-fetch-site")
        if site is not None:
            return site in {"same-origin", "none"}
        origin = request.headers.get("origin")
        ours = {self._public_host, request.headers.get("host")}
        return origin is None or _netloc(origin) in ours


def _too_large(request: Request) -> bool:
    """Deliveries have a limit of their own, and so have forms."""
    length = request.headers.get("content-length", "")
    return request.url.path.startswith(API) and length.isdecimal() and int(length) > LARGEST


def _capped(scope: Scope, receive: Receive) -> Receive:
    """The API's bodies are read whole before the token is looked at: stop where no act ends."""
    read = 0

    async def receive_some() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > LARGEST:
            raise TooLarge(f"A request may have {LARGEST} bytes at most.")
        return message

    return receive_some if scope["path"].startswith(API) else receive


def _netloc(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def _put_headers(message: Message, path: str, safe: Mapping[str, str]) -> None:
    headers = MutableHeaders(scope=message)
    for name, value in safe.items():
        headers.setdefault(name, value)
    headers.setdefault("Cache-Control", "no-cache" if path.startswith(STATIC) else "no-store")


def _tell(scope: Scope, status: int, *, milliseconds: int) -> None:
    """The route, never the path: a path may hold the token of a link."""
    log.info(
        "request_answered",
        method=scope["method"],
        route=getattr(scope.get("route"), "path", None),
        status=status,
        milliseconds=milliseconds,
    )
