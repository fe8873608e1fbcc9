"""The applied versions of the organisation: the newest for people, a pinned one for each case."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from models.errors import Misconfigured
from models.labels import Label
from models.organisation import Organisation
from models.organisation_file.reading import read_file, read_organisation
from models.organisation_tables import OrganisationRow
from models.people import Person
from models.public_holidays import Recorded, record
from models.store.absences import absences_at
from models.store.access import revoke_access
from models.store.database import Database, box_of, new_box
from models.store.leaving import hand_on
from models.store.unreachable import unreachable_people
from models.vault import Vault
from models.versions import Versions
from models.worked import WorkedTime


@dataclass(frozen=True, slots=True)
class AppliedVersion:
    number: int
    changed: bool


@dataclass(frozen=True, slots=True)
class InForce:
    number: int
    organisation: Organisation


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that was read, with the days of its calendars as they are known now."""

    organisation: Organisation
    holidays: dict[str, list[str]]
    digest: str


def read_candidate(text: str, *, name: str, at: datetime) -> Candidate:
    """Raises Misconfigured with every fault of the file."""
    holidays = record(read_file(text, name=name).calendars, at)
    written = {calendar: [str(day) for day in sorted(days)] for calendar, days in holidays.items()}
    organisation = read_organisation(text, name=name, holidays=holidays)
    return Candidate(organisation, written, _digest(text, written))


async def number_to_be(session: AsyncSession, candidate: Candidate) -> int:
    """Of the version that applying it comes to: today's where it is in force already."""
    newest = await _newest(session)
    if newest is None:
        return 1
    return newest.number + (newest.digest != candidate.digest)


async def apply_organisation(
    database: Database, text: str, *, name: str, at: datetime
) -> AppliedVersion:
    """Check the file and keep it as the newest version; the same again changes nothing.

    Public holidays that are known better than before make a new version of the same text. Raises
    Misconfigured, too, where somebody leaves open cases behind and nobody is named who gets them.
    """
    candidate = read_candidate(text, name=name, at=at)
    after = candidate.organisation
    async with database.write() as session:
        newest = await _newest(session)
        if newest and newest.digest == candidate.digest:
            return AppliedVersion(newest.number, changed=False)
        number = newest.number + 1 if newest else 1
        if newest is not None:
            before = await OrganisationBook(database.vault).version(session, newest.number)
            await revoke_access(session, _replaced(before, after), at=at)
        await hand_on(session, after, number=number, at=at)
        key_id = str(uuid7())
        box = new_box(session, database.vault, key_id)
        session.info.pop(IN_FORCE, None)
        session.add(
            OrganisationRow(
                number=number,
                applied_at=at,
                digest=candidate.digest,
                key_id=key_id,
                text_sealed=box.seal(_place(number), text),
                holidays=candidate.holidays,
            )
        )
        return AppliedVersion(number, changed=True)


IN_FORCE = "organisation_in_force"
"""Under this a unit of work keeps it."""


class OrganisationBook:
    """Reads versions and keeps the parsed ones: a version never changes once it is applied."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._read: dict[int, Organisation] = {}
        self._worked: dict[tuple[int, str | None], WorkedTime] = {}

    async def in_force(self, session: AsyncSession) -> InForce:
        """The same for all of a unit of work. Raises Misconfigured before the first `rappel org apply`."""
        found: InForce | None = session.info.get(IN_FORCE)
        if found is not None:
            return found
        number = (await session.exec(select(func.max(OrganisationRow.number)))).one()
        if number is None:
            raise Misconfigured("No organisation is applied yet: run `rappel org apply`.")
        found = InForce(number, await self.version(session, number))
        session.info[IN_FORCE] = found
        return found

    async def version(self, session: AsyncSession, number: int) -> Organisation:
        if number not in self._read:
            row, text = await self._open(session, number)
            self._read[number] = read_organisation(
                text, name=f"organisation version {number}", holidays=_recorded(row)
            )
        return self._read[number]

    async def text(self, session: AsyncSession, number: int) -> str:
        """As the file was written."""
        _, text = await self._open(session, number)
        return text

    async def _open(self, session: AsyncSession, number: int) -> tuple[OrganisationRow, str]:
        row = await session.get(OrganisationRow, number)
        box = await box_of(session, self._vault, row.key_id) if row else None
        if row is None or box is None:
            raise Misconfigured(f"Version {number} of the organisation is missing.")
        return row, box.open(_place(number), row.text_sealed)

    async def worked_time(
        self, session: AsyncSession, number: int, *, region: str | None
    ) -> WorkedTime:
        """On the clock of that region in that version."""
        organisation = await self.version(session, number)
        clock = number, region if region in organisation.regions else None
        if clock not in self._worked:
            self._worked[clock] = WorkedTime(organisation.hours_of(region))
        return self._worked[clock]

    async def cause_labels(
        self, session: AsyncSession, causes: AbstractSet[str]
    ) -> Mapping[str, Label]:
        """As today's tree calls them; one that has left it, as the last version did that had it."""
        number = (await self.in_force(session)).number
        found: dict[str, Label] = {}
        while number and causes - found.keys():
            tree = (await self.version(session, number)).walk_causes()
            found = {each.id: each.label for each in tree if each.id in causes} | found
            number -= 1
        return found

    async def versions(self, session: AsyncSession, *, pinned: int, at: datetime) -> Versions:
        today = (await self.in_force(session)).organisation
        away = await absences_at(session, at)
        version = await self.version(session, pinned)
        return Versions(version, today, away, await unreachable_people(session, at))


async def name_in_force(database: Database, book: OrganisationBook) -> str:
    """What the organisation calls itself today."""
    async with database.read() as session:
        return (await book.in_force(session)).organisation.name


def _replaced(before: Organisation, after: Organisation) -> list[str]:
    """Ids behind which somebody else, or nobody, stands now."""
    return [
        person.id
        for person in before.people.values()
        if not _same(person, after.people.get(person.id))
    ]


def _same(before: Person, after: Person | None) -> bool:
    """An id may name a post: then a new name or address tells that its holder is a new one."""
    return after is not None and (before.name, before.phone, before.email) == (
        after.name,
        after.phone,
        after.email,
    )


async def _newest(session: AsyncSession) -> OrganisationRow | None:
    newest_first = select(OrganisationRow).order_by(col(OrganisationRow.number).desc()).limit(1)
    return (await session.exec(newest_first)).first()


def _digest(text: str, holidays: Mapping[str, Sequence[str]]) -> str:
    days = json.dumps(holidays, sort_keys=True) if holidays else ""
    return hashlib.sha256(f"{text}{days}".encode()).hexdigest()


def _recorded(row: OrganisationRow) -> Recorded:
    return {
        calendar: frozenset(map(date.fromisoformat, days))
        for calendar, days in row.holidays.items()
    }


def _place(number: int) -> str:
    return f"organisation_versions.{number}.text"
