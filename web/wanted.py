"""Where somebody was going when he was asked to sign in: kept in his browser, under our signature.

It travels in no address, so nobody can send him elsewhere, and no letter or log learns of it.
"""

from urllib.parse import quote

from fastapi import Request, Response
from itsdangerous import BadData, URLSafeTimedSerializer

from models.people import Person, rooms_of
from settings import Settings

COOKIE = "rappel_wanted"
LIFE = 3600
"""Seconds: the letter with the link must be found and opened."""
LONGEST = 1000


def remember(response: Response, request: Request, settings: Settings) -> None:
    """Pages only: what a form or a script sent cannot be sent again by itself."""
    query = request.scope["query_string"].decode("latin-1")
    path = quote(request.scope["path"]) + (f"?{query}" if query else "")
    is_page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
    if is_page and _is_ours(path):
        response.set_cookie(
            COOKIE,
            _signer(settings).dumps(path),
            max_age=LIFE,
            httponly=True,
            samesite="lax",
            secure=settings.over_https,
        )


def wanted_by(person: Person, request: Request, settings: Settings) -> str:
    """Where he was going, else his first room."""
    try:
        path = _signer(settings).loads(request.cookies.get(COOKIE, ""), max_age=LIFE)
    except BadData:
        path = None
    return path if isinstance(path, str) and _is_ours(path) else first_room(person)


def forget(response: Response) -> None:
    response.delete_cookie(COOKIE)


def first_room(person: Person) -> str:
    return f"/{rooms_of(person)[0]}"


def _is_ours(path: str) -> bool:
    """Browsers take `//elsewhere` for another site. A backslash, which they take for a slash, is quoted."""
    return path.startswith("/") and not path.startswith("//") and len(path) <= LONGEST


def _signer(settings: Settings) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings.session_key.get_secret_value(), salt=COOKIE)
