"""A house that hears by SurveyMonkey, whose API is on this machine."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import select

from activities.backfill import Backfill
from activities.fetched_answers import FetchedAnswers
from activities.fetching import Fetching
from activities.vendors import Vendors
from models.fetch_tables import FetchRow, GateRow
from models.store.database import Database
from models.store.deliveries import Delivery
from models.store.intake import Intake, Taken
from models.store.organisations import apply_organisation
from models.submissions import Pointer, Progress
from models.tables import DeliveryRow, ResponseRow
from tests.casework import MONDAY_MORNING, SMALL, Casework
from tests.surveys import surveymonkey_bodies as bodies
from tests.surveys.vendor import TOKEN, Vendor
from tests.web.pages.reception import Clock

SOURCE = "keys"
PATH = f"/v3/surveys/{bodies.SURVEY}/responses/{bodies.RESPONSE}/details"


def with_source(vendor: Vendor, *, per_day: int = 500, per_minute: int = 100) -> str:
    """The small organisation, with that source before its own."""
    written = f"""
sources:
  - id: {SOURCE}
    kind: surveymonkey
    fetch: {{host: "{vendor.host}", per_day: {per_day}, per_minute: {per_minute}}}
    surveys:
      - id: "{bodies.SURVEY}"
        metric: nps
        score: "{bodies.SCORE}"
        scale: 0-10
        fields:
          comment: "{bodies.WHY}"
          customer.email: contact.email
"""
    return SMALL.read_text().replace("\nsources:\n", written)


@dataclass(slots=True)
class SurveyHouse:
    casework: Casework
    vendor: Vendor
    vendors: Vendors
    fetching: Fetching
    backfill: Backfill
    clock: Clock = field(default_factory=Clock)

    @property
    def database(self) -> Database:
        return self.casework.database

    async def told(
        self,
        response: str = bodies.RESPONSE,
        *,
        progress: Progress = Progress.COMPLETED,
        at: datetime | None = None,
    ) -> Taken:
        """An event comes."""
        delivery = Delivery(SOURCE, b'{"event": 1}', self.clock())
        pointer = Pointer(response, bodies.SURVEY, progress, at)
        intake = Intake(self.database.vault, self.casework.book)
        async with self.database.write() as session:
            return await intake.keep_pointer(session, delivery, pointer)

    async def fetches(self) -> list[FetchRow]:
        async with self.database.read() as session:
            return list((await session.exec(select(FetchRow).order_by(FetchRow.id))).all())

    async def fetch(self) -> FetchRow:
        [row] = await self.fetches()
        return row

    async def gate(self) -> GateRow:
        async with self.database.read() as session:
            return await session.get_one(GateRow, SOURCE)

    async def responses(self) -> list[ResponseRow]:
        async with self.database.read() as session:
            return list((await session.exec(select(ResponseRow).order_by(ResponseRow.id))).all())

    async def deliveries(self) -> list[tuple[str, str | None]]:
        """Fate and problem, in order."""
        async with self.database.read() as session:
            rows = await session.exec(select(DeliveryRow).order_by(DeliveryRow.id))
            return [(row.fate, row.problem) for row in rows]


@asynccontextmanager
async def house_at(
    casework: Casework,
    vendor: Vendor,
    *,
    token: str = TOKEN,
    per_day: int = 500,
    per_minute: int = 100,
) -> AsyncIterator[SurveyHouse]:
    organisation = with_source(vendor, per_day=per_day, per_minute=per_minute)
    database = casework.database
    await apply_organisation(database, organisation, name="keys.yaml", at=MONDAY_MORNING)
    clock = Clock()
    vendors = Vendors(database, {SOURCE: token} if token else {}, clock=clock)
    answers = FetchedAnswers(casework.book, Intake(database.vault, casework.book))
    fetching = Fetching(database, casework.book, answers, vendors, clock=clock)
    backfill = Backfill(database, casework.book, answers, vendors, clock=clock)
    yield SurveyHouse(casework, vendor, vendors, fetching, backfill, clock)
    await vendors.aclose()
