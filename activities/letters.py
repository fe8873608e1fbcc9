"""What a weekly letter tells its reader, gathered and put into words."""

from asyncio import to_thread
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from models.digest import LetterAsked, letter_for, letter_id, read_week
from models.figures import Asked, OfCause
from models.hours import next_open
from models.inbox import Group
from models.labels import Label
from models.mailing import Mailing
from models.organisation import Organisation, word
from models.people import Channel, Person
from models.store.digest import count_week, latest_scores
from models.store.figures import read_figures
from models.store.inbox import Desk, count_waiting, list_waiting
from models.store.letters import NewLetter
from models.store.organisations import OrganisationBook
from models.store.stalled import count_stalled
from models.tables import CaseRow
from models.workday import horizons, hours_of
from templates.letters import Facts, LetterTemplates, WaitingFacts, WaitingLine, WeeklyFacts
from templates.pictures import Pictures

LISTED = 7
"""Cases that a letter names; the others are counted."""
MONTHS = 12
CAUSES = 10
LOOP, REASONS = "closed_loop.png", "causes.png"
DATED = (Group.NOW, Group.TODAY, Group.LATER)

Linking: TypeAlias = Callable[[str | None], str]
"""The address of a case, or of the reader's first room."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a letter is for. `opens` is when he works again, and the letter may leave."""

    person: Person
    organisation: Organisation
    mailing: Mailing
    opens: datetime
    zone: ZoneInfo

    @property
    def channel(self) -> Channel:
        return Channel.EMAIL if self.person.email else Channel.SMS

    def word(self, label: Label) -> str:
        return word(label, self.person.language)


@dataclass(frozen=True, slots=True)
class Draft:
    """All that a letter tells; its links are still to be made."""

    asked: LetterAsked
    reader: Reader
    facts: Facts
    pictures: Mapping[str, bytes] = field(default_factory=dict)


class LetterWriter:
    def __init__(self, book: OrganisationBook) -> None:
        self._book = book
        self._templates = LetterTemplates()
        self._pictures = Pictures()

    async def draft(self, session: AsyncSession, asked: LetterAsked) -> Draft | None:
        """None for who gets no letter, and where there is nothing to say."""
        today = (await self._book.in_force(session)).organisation
        reader = _reader(today, asked)
        if reader is None:
            return None
        if reader.mailing is Mailing.WEEKLY:
            facts = await self._of_week(session, asked, reader=reader)
            return Draft(asked, reader, facts, await self._paint(facts, reader.person.language))
        waiting = await _of_inbox(session, reader)
        return Draft(asked, reader, waiting) if waiting else None

    def letter(self, draft: Draft, link: Linking) -> NewLetter:
        reader, person = draft.reader, draft.reader.person
        said = self._templates.write(
            _linked(draft.facts, link, channel=reader.channel),
            mailing=reader.mailing,
            channel=reader.channel,
            language=person.language,
            transliterate=reader.organisation.transliterate,
        )
        return NewLetter(
            id=letter_id(draft.asked.week, person.id),
            mailing=reader.mailing,
            person=person.id,
            channel=reader.channel,
            address=person.email or person.address,
            language=person.language,
            written_at=draft.asked.at,
            not_before=reader.opens,
            subject=said.subject,
            body=said.body,
            html=said.html,
            pictures=draft.pictures,
        )

    async def _of_week(
        self, session: AsyncSession, asked: LetterAsked, *, reader: Reader
    ) -> WeeklyFacts:
        today = reader.organisation
        week = read_week(asked.week, ZoneInfo(today.head_office.zone))
        first, last = week.months(MONTHS)
        wanted = Asked(first=first, last=last)
        figures = await read_figures(session, wanted, now=asked.at, book=self._book)
        labels = await self._book.cause_labels(
            session, {c.cause for c in figures.causes if c.cause}
        )
        return WeeklyFacts(
            organisation=today.name,
            motto=reader.word(today.motto),
            recipient=reader.person.name,
            first=week.first,
            last=week.last,
            now=asked.at.astimezone(reader.zone),
            week=await count_week(session, week),
            before=await count_week(session, week.before),
            months=figures.by_period,
            causes=_named(figures.causes, labels, reader),
            stalled=await count_stalled(session),
        )

    async def _paint(self, facts: WeeklyFacts, language: str) -> Mapping[str, bytes]:
        """In a thread: painting takes a while, and other letters and cases wait for nobody."""
        paint = self._pictures.paint
        found = {}
        if facts.months:
            found[LOOP] = await to_thread(paint, "closed_loop", language, periods=facts.months)
        if facts.causes:
            found[REASONS] = await to_thread(paint, "causes", language, causes=facts.causes)
        return found


def _reader(today: Organisation, asked: LetterAsked) -> Reader | None:
    person = today.people.get(asked.person)
    mailing = letter_for(person) if person else None
    if person is None or mailing is None:
        return None
    hours = hours_of(today, person)
    return Reader(person, today, mailing, next_open(hours, asked.at), ZoneInfo(hours.zone))


def _linked(facts: Facts, link: Linking, *, channel: Channel) -> Facts:
    """A text message has no place for more than one link."""
    match facts:
        case WaitingFacts() if channel is Channel.EMAIL:
            lines = tuple(replace(line, link=link(line.case)) for line in facts.lines)
            return replace(facts, lines=lines, link=link(None))
        case _:
            return replace(facts, link=link(None))


async def _of_inbox(session: AsyncSession, reader: Reader) -> WaitingFacts | None:
    """As it will stand when he reads it; None where nothing waits."""
    hours = hours_of(reader.organisation, reader.person)
    desk = Desk(reader.person, horizons(hours, reader.opens))
    counts = await count_waiting(session, desk)
    if not any(counts[group] for group in DATED):
        return None
    rows: list[CaseRow] = []
    for group in DATED:
        rows += await list_waiting(session, desk, group, limit=LISTED - len(rows))
    scores = await latest_scores(session, [row.id for row in rows])
    return WaitingFacts(
        organisation=reader.organisation.name,
        motto=reader.word(reader.organisation.motto),
        recipient=reader.person.name,
        now=reader.opens.astimezone(reader.zone),
        urgent=counts[Group.NOW],
        today=counts[Group.TODAY],
        later=counts[Group.LATER],
        lines=tuple(_line(row, scores.get(row.id, ""), reader=reader) for row in rows),
    )


def _line(row: CaseRow, score: str, *, reader: Reader) -> WaitingLine:
    today = reader.organisation
    region = today.regions.get(row.region or "")
    trade = reader.word(today.trades.get(row.trade or "", {}))
    what = [score, trade, reader.word(region.label) if region else ""]
    due = row.awaited_by or reader.opens
    return WaitingLine(row.id, ", ".join(filter(None, what)), due.astimezone(reader.zone))


def _named(
    causes: tuple[OfCause, ...], labels: Mapping[str, Label], reader: Reader
) -> tuple[tuple[str, int], ...]:
    """Those that are named."""
    named = ((c.cause, c.cases) for c in causes if c.cause)
    return tuple((reader.word(labels.get(cause, {})) or cause, n) for cause, n in named)[:CAUSES]
