"""The words of the weekly letters: the same sentences as plain text and as HTML for a mail reader."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from jinja2 import Environment

from models.digest import WeekCounts
from models.figures import OfPeriod
from models.mailing import Mailing
from models.organisation import SPOKEN, page_language
from models.people import Channel
from models.segments import fitted, respelt
from templates.speaking import speaking


@dataclass(frozen=True, slots=True)
class WeeklyFacts:
    """The days are local, and so is `now`, when it is written; `causes` are pairs of a label and a
    number of cases.

    `link` stays empty until the letter is kept.
    """

    organisation: str
    motto: str
    recipient: str
    first: datetime
    last: datetime
    now: datetime
    week: WeekCounts
    before: WeekCounts
    months: tuple[OfPeriod, ...]
    causes: tuple[tuple[str, int], ...]
    link: str = ""
    stalled: int = 0


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A case, known by its link only. `what` is as in `NPS 2, Works, North`; `due` is local."""

    case: str
    what: str
    due: datetime
    link: str = ""


@dataclass(frozen=True, slots=True)
class WaitingFacts:
    """`lines` are the most urgent cases, at `now` on the reader's clock."""

    organisation: str
    motto: str
    recipient: str
    now: datetime
    urgent: int
    today: int
    later: int
    lines: tuple[WaitingLine, ...]
    link: str = ""

    @property
    def total(self) -> int:
        return self.urgent + self.today + self.later


Facts: TypeAlias = WeeklyFacts | WaitingFacts


@dataclass(frozen=True, slots=True)
class Written:
    """A rendered letter. On a phone it is text only."""

    subject: str | None
    body: str
    html: str | None


class LetterTemplates:
    """A folder per letter. Its words stand in `sentences.html`; the other files only arrange them."""

    def __init__(self) -> None:
        self._pages = {language: speaking(language, "letters") for language in SPOKEN}
        self._texts = {language: _plain(language) for language in SPOKEN}

    def write(
        self,
        facts: Facts,
        *,
        mailing: Mailing,
        channel: Channel,
        language: str,
        transliterate: bool,
    ) -> Written:
        """`transliterate` is the house's way of spelling a text message."""
        language = page_language(language)
        texts = self._texts[language]
        if channel is Channel.SMS:
            body = _said(texts, f"{mailing}/sms.txt", facts)
            spelt = respelt(body) if transliterate else body
            return Written(None, fitted(spelt, facts.link), None)
        subject = _said(texts, f"{mailing}/subject.txt", facts)
        html = _said(self._pages[language], f"{mailing}/letter.html", facts, subject=subject)
        return Written(subject, _said(texts, f"{mailing}/letter.txt", facts), html)


def _plain(language: str) -> Environment:
    """With the other messages' layout of a text message, and nothing to escape."""
    environment = speaking(language, "letters", "messages")
    environment.autoescape = False
    return environment


def _said(environment: Environment, name: str, facts: Facts, **more: str) -> str:
    return environment.get_template(name).render(letter=facts, **more).strip()
