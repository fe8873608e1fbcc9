"""A back-file taken into this house: first read to its end, then row by row."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlmodel.ext.asyncio.session import AsyncSession

from machine.back_file import Read, Row, read_back_file
from machine.opening import opened_database
from machine.rehearsing import source_named
from models.backfill import STILL_CALLED
from models.clock import clock_through
from models.store.back_files import is_known, take_backfiled
from models.store.database import Database
from models.store.deliveries import DeliveryFate
from models.store.intake import Intake, Taken
from models.store.organisations import OrganisationBook
from models.survey import SurveyResponse, feeling_of, reason_for_no_case
from settings import Settings
from surveys.back_rows import BackFile

"""An older answer of a back-file opens no case, unless somebody says so."""

Step = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """`cases_since` None: only what is younger than `STILL_CALLED` opens a case."""

    path: Path
    source: str
    cases_since: datetime | None
    zone: str | None


@dataclass(slots=True)
class Imported:
    """How many answers came to what."""

    cases: int = 0
    known: int = 0
    no_answer: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def note(self, taken: Taken) -> None:
        if taken.fate is DeliveryFate.REPEAT:
            self.known += 1
        elif taken.fate is not DeliveryFate.UNDERSTOOD:
            self.no_answer += 1
        elif taken.reason is None:
            self.cases += 1
        else:
            self.reasons[taken.reason] += 1


async def read_wanted(settings: Settings, wanted: Wanted) -> Read:
    """By the organisation in force. Raises NotKnown or NotUnderstood."""
    at = clock_through(settings.demo)()
    async with opened_database(settings) as database, database.read() as session:
        today = (await OrganisationBook(database.vault).in_force(session)).organisation
    since = wanted.cases_since or at - STILL_CALLED
    back = BackFile(source_named(wanted.source, today), at, since, wanted.zone)
    return read_back_file(wanted.path, back)


async def import_rows(
    settings: Settings, source: str, rows: Sequence[Row], step: Step, *, dry: bool
) -> Imported:
    """Each in a unit of work of its own: stopped in the middle, the same again takes those that are left."""
    imported, at = Imported(), clock_through(settings.demo)()
    async with opened_database(settings) as database:
        hands = _Hands(database, source, at)
        for row in rows:
            if isinstance(row.told, SurveyResponse):
                imported.note(await (hands.rehearse if dry else hands.take)(row.told))
            else:
                imported.no_answer += 1
            step(1)
    return imported


class _Hands:
    def __init__(self, database: Database, source: str, at: datetime) -> None:
        self._database = database
        self._source = source
        self._at = at
        self._book = OrganisationBook(database.vault)
        self._intake = Intake(database.vault, self._book)
        self._rehearsed: set[str] = set()

    async def take(self, response: SurveyResponse) -> Taken:
        async def take(session: AsyncSession) -> Taken:
            by = await self._book.in_force(session)
            return await take_backfiled(
                session, self._intake, self._source, response, at=self._at, by=by
            )

        return await self._database.write_again(take)

    async def rehearse(self, response: SurveyResponse) -> Taken:
        """What would become of it; nothing is kept."""
        async with self._database.read() as session:
            known = await is_known(session, self._source, response.response_id)
            today = (await self._book.in_force(session)).organisation
        if known or response.response_id in self._rehearsed:
            return Taken(DeliveryFate.REPEAT)
        if response.trial is not None:
            return Taken(DeliveryFate(response.trial))
        self._rehearsed.add(response.response_id)
        felt = feeling_of(response, today.unhappy_up_to)
        reason = reason_for_no_case(response, felt, today.recognition.without_address)
        return Taken(DeliveryFate.UNDERSTOOD, reason=reason)


def told_of(imported: Imported, *, dry: bool) -> Iterator[str]:
    """Lines to read."""
    yield f"{imported.cases:>6}  {'would have' if dry else 'have'} a case"
    for reason, n in imported.reasons.most_common():
        yield f"{n:>6}  without a case: {reason.replace('_', ' ')}"
    if imported.known:
        yield f"{imported.known:>6}  known before: they stay as they are"
    if imported.no_answer:
        yield f"{imported.no_answer:>6}  tell no answer of a customer"
    if dry:
        yield "Nothing was kept: it was tried only."
