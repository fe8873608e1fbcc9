"""One language's Jinja environment: its words, its dates and its numbers. What pages, letters and
pictures share.
"""

from datetime import date, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_timedelta, get_timezone_location
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from babel.support import NullTranslations, Translations
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from models.money import spoken
from templates.instants import day, deadline, moment, spaced

SOURCE_LANGUAGE = "en"
LOCALES = Path(__file__).parent / "locale"


def speaking(language: str, *folders: str) -> Environment:
    """Strict, escaping and translating, on some folders under `templates`.

    Filters `day`, `moment`, `deadline` and `from_now` take instants in the reader's zone, and his
    present one; `month` takes a text as in `2026-11`, `number` and `percent` a number (a share for
    the latter), `money` a sum, `place` a zone.
    """
    environment = Environment(
        loader=ChoiceLoader([PackageLoader("templates", folder) for folder in folders]),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.globals.update(language=language)
    environment.filters.update(
        day=lambda at, now=None: day(_date(at), language, now=now),
        moment=lambda at, now=None: moment(at, language, now=now),
        deadline=lambda at, now=None: deadline(at, language, now=now),
        month=lambda written: _month(written, language),
        from_now=lambda at, now: _from_now(at - now, language),
        number=lambda value: spaced(format_decimal(value, locale=language)),
        money=lambda sum_: spoken(sum_, language),
        place=lambda zone: _place(zone, language),
        percent=lambda share: spaced(format_percent(share, locale=language)),
    )
    _translate(environment, language)
    return environment


def read_catalogue(language: str) -> Catalog:
    """Every room has a file of its own; a sentence stands in one of them only."""
    whole = Catalog(locale=language)
    for part in sorted((LOCALES / language / "LC_MESSAGES").glob("*.po")):
        with part.open("rb") as file:
            for message in read_po(file, locale=language):
                whole[message.id] = message
    return whole


def _translate(environment: Environment, language: str) -> None:
    """The i18n extension adds this method at run time, unseen by type checkers."""
    install = environment.install_gettext_translations  # type: ignore[attr-defined]
    install(_translations(language), newstyle=True)


@cache
def _translations(language: str) -> NullTranslations:
    """Compiled in memory: there is no second file which could be older than the first."""
    if language == SOURCE_LANGUAGE:
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, read_catalogue(language))
    compiled.seek(0)
    return Translations(compiled)


def _from_now(length: timedelta, language: str) -> str:
    """In the smaller unit up to two of the larger: *in 2 days* is never tomorrow."""
    return spaced(format_timedelta(length, add_direction=True, threshold=2, locale=language))


def _place(zone: ZoneInfo, language: str) -> str:
    """The city that a zone is named after, or its island."""
    return get_timezone_location(zone.key, locale=language, return_city=True)


def _month(written: str, language: str) -> str:
    return format_date(date.fromisoformat(f"{written}-01"), "MMMM y", locale=language)


def _date(at: datetime) -> date:
    return at.date()
