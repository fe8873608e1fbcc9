"""The pages: the same templates once per language, in a strict Jinja environment."""

import secrets
from functools import cache
from typing import Annotated

import phonenumbers
from babel.core import negotiate_locale
from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment

from models.organisation import SPOKEN, page_language
from models.people import Person, Room, rooms_of
from templates.speaking import SOURCE_LANGUAGE, speaking


class Pages:
    """Reads every language at the start, so that a broken catalogue is noticed then.

    In a `demo` each page says so.
    """

    def __init__(self, *, demo: bool = False) -> None:
        self._environments = {language: _environment(language, demo=demo) for language in SPOKEN}

    def answer(
        self,
        template: str,
        language: str,
        *,
        status: int = 200,
        me: Person | None = None,
        here: Room | None = None,
        **facts: object,
    ) -> HTMLResponse:
        """A page in the language, or the nearest of ours. Instants must be in the reader's zone.

        `me` is who is signed in: his rooms stand in the navigation, `here` is the one he is in.
        """
        rooms = rooms_of(me) if me else ()
        language = page_language(language)
        page = self._environments[language].get_template(template)
        words = page.render(facts, rooms=rooms, here=here)
        return HTMLResponse(words, status, {"Content-Language": language})


def pages_of(request: Request) -> Pages:
    pages: Pages = request.app.state.pages
    return pages


InPages = Annotated[Pages, Depends(pages_of)]


def language_of(request: Request) -> str:
    """For a visitor of whom we only know what his browser says."""
    asked = request.headers.get("accept-language", "").split(",")
    wanted = [part.partition(";")[0].strip() for part in asked]
    return negotiate_locale(wanted, SPOKEN, sep="-") or SOURCE_LANGUAGE


BrowserLanguage = Annotated[str, Depends(language_of)]


@cache
def _environment(language: str, *, demo: bool) -> Environment:
    """Compiling the templates takes longer than anything else at a start; they are the same for all."""
    environment = speaking(language, "pages", "pictures")
    environment.globals.update(new_key=new_key, demo=demo)
    environment.filters.update(phone=_readable_number)
    return environment


def new_key() -> str:
    """An idempotency key for one form of one rendered page."""
    return secrets.token_urlsafe(16)


def _readable_number(number: str) -> str:
    """E.164 in groups, on one line; what is no number stays as it is."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    style = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, style).replace(" ", "\u00a0")
