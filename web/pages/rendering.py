"""The pages: the same templates once per language, in a strict Jinja environment."""

import secrets
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Annotated

import phonenumbers
from babel.core import negotiate_locale
from babel.dates import format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from models.organisation import SPOKEN
from templates.instants import day, moment

SOURCE_LANGUAGE = "en"

LOCALES = Path(__file__).parents[2] / "templates" / "locale"


class Pages:
    """Reads every language at the start, so that a broken catalogue is noticed then."""

    def __init__(self) -> None:
        self._environments = {language: _environment(language) for language in SPOKEN}

    def answer(
        self, template: str, language: str | None, *, status: int = 200, **facts: object
    ) -> HTMLResponse:
        """A page in a language that may be none of ours. Instants must be in the reader's zone."""
        spoken = language if language in SPOKEN else SOURCE_LANGUAGE
        words = self._environments[spoken].get_template(template).render(facts)
        return HTMLResponse(words, status, {"Content-Language": spoken})


def pages_of(request: Request) -> Pages:
    pages: Pages = request.app.state.pages
    return pages


InPages = Annotated[Pages, Depends(pages_of)]


def language_of(request: Request) -> str:
    """For a visitor of whom we only know what his browser says."""
    asked = request.headers.get("accept-language", "").split(",")
    wanted = [part.partition(";")[0].strip() for part in asked]
    return negotiate_locale(wanted, SPOKEN, sep="-") or SOURCE_LANGUAGE


Asked = Annotated[str, Depends(language_of)]


def _environment(language: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("templates", "pages"),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.globals.update(language=language, new_key=new_key)
    environment.filters.update(
        day=lambda at: day(_date(at), language),
        moment=lambda at: moment(at, language),
        from_now=lambda at, now: _from_now(at - now, language),
        phone=_readable_number,
    )
    _translate(environment, language)
    return environment


def new_key() -> str:
    """An idempotency key for one form of one rendered page."""
    return secrets.token_urlsafe(16)


def _translate(environment: Environment, language: str) -> None:
    """The i18n extension adds this method at run time, unseen by type checkers."""
    install = environment.install_gettext_translations  # type: ignore[attr-defined]
    install(_translations(language), newstyle=True)


def _translations(language: str) -> NullTranslations:
    """Compiled in memory: there is no second file which could be older than the first."""
    if language == SOURCE_LANGUAGE:
        return NullTranslations()
    compiled = BytesIO()
    with (LOCALES / language / "LC_MESSAGES" / "rappel.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def _from_now(length: timedelta, language: str) -> str:
    """In the smaller unit up to two of the larger: *in 2 days* is never tomorrow."""
    return format_timedelta(length, add_direction=True, threshold=2, locale=language)


def _date(at: datetime) -> date:
    return at.date()


def _readable_number(number: str) -> str:
    """E.164 in groups, on one line; what is no number stays as it is."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    style = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, style).replace(" ", "\u00a0")
