"""A case without its workflow: events are judged by the model and written by the real commit."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from sqlmodel import col, select

from activities.case_records import CaseRecords
from models.actions import Act
from models.case import Acted, CaseState, Event, HeardAgain, Opened, Silence
from models.messages import CommitReceipt, CommitRequest, ResponseHeard
from models.moves import apply
from models.store.absorbing import absorb_younger
from models.store.acts import Draft, keep_draft
from models.store.casebook import unheard_responses
from models.store.database import Database, box_of
from models.store.deliveries import Delivery
from models.store.dispatch import Unheard
from models.store.hearing import news_of
from models.store.intake import Intake, Taken
from models.store.merging import merge
from models.store.organisations import OrganisationBook
from models.store.tellings import find_response
from models.store.views import CaseView, read_case
from models.survey import Identity, Metric, SurveyResponse, Withdrawal
from models.tables import CaseRow, CustomerRow, ResponseRow
from models.target_tables import TargetRow

SMALL = Path(__file__).parent / "data" / "small.yaml"
MONDAY_MORNING = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
"""10:00 in Paris, where the north is open."""

SAID = {"note": "…", "what": "What was said.", "reason": "Because."}
UNHAPPY = SurveyResponse(
    "r-1",
    "s-1",
    MONDAY_MORNING,
    Metric.NPS,
    2,
    comment="Nobody calls back.",
    language="fr",
    customer=Identity("c-1", "Odile Kerverne", "odile@client.example", "+33639981234"),
    region="north",
    trade="works",
    touchpoint="keys",
)


@dataclass(slots=True)
class Casework:
    database: Database
    book: OrganisationBook
    records: CaseRecords
    keys: int = field(default=0)

    @property
    def intake(self) -> Intake:
        return Intake(self.database.vault, self.book)

    async def hear(
        self, response: SurveyResponse = UNHAPPY, *, at: datetime | None = None
    ) -> Taken:
        """`at` is when it arrives: at once, unless it is said."""
        delivery = Delivery("survey", b"{}", at or response.submitted_at)
        async with self.database.write() as session:
            in_force = await self.book.in_force(session)
            return await self.intake.take(session, delivery, response, by=in_force)

    async def link(self, one: str, other: str, at: datetime) -> Sequence[Unheard]:
        """The customers of two cases are one person, says the national owner."""
        async with self.database.write() as session:
            by = (await self.book.in_force(session)).organisation.national_owner
            his = await merge(session, one, other, by=by, at=at)
            return await absorb_younger(session, self.database.vault, self.book, his, by=by, at=at)

    async def withdraw(self, response_id: str, at: datetime, *, dated: bool = True) -> Taken:
        told = Withdrawal(response_id, "s-1", at if dated else None)
        async with self.database.write() as session:
            return await self.intake.withdraw(session, Delivery("survey", b"{}", at), told)

    async def listen(self, state: CaseState, at: datetime) -> CaseState:
        """The case hears of its answers what it has not heard yet, as it would be told."""
        for told in await self.news(state.case_id):
            said = told.response_id, told.revision, told.submitted_at, at
            event = HeardAgain(*said, told.topic, told.new_phone, told.change)
            state = (await self.take(state, event)).state
        return state

    async def news(self, case_id: str) -> Sequence[ResponseHeard]:
        async with self.database.read() as session:
            return await news_of(session, await unheard_responses(session, case_id))

    async def response(self, response_id: str = "r-1") -> ResponseRow:
        async with self.database.read() as session:
            row = await find_response(session, "survey", response_id)
        assert row is not None
        return row

    async def open(self, response: SurveyResponse = UNHAPPY) -> CaseState:
        taken = await self.hear(response)
        at = response.submitted_at
        receipt = await self.take(CaseState(taken.case_id or "", at), Opened(at))
        return receipt.state

    async def act(
        self, state: CaseState, act: Act, at: datetime, *, by: str | None = None
    ) -> CaseState:
        """By who owns the case, unless somebody else is named."""
        draft = await self.draft(state.case_id, act)
        return (await self.take(state, Acted(act, by or state.owner or "", at, draft))).state

    async def stay_silent(self, state: CaseState) -> CaseState:
        """Until the next rung, which fires at its very instant."""
        rung = state.rungs[0]
        return (await self.take(state, Silence(rung, rung.at))).state

    async def take(self, state: CaseState, event: Event) -> CommitReceipt:
        return await self.records.commit(request_of(state, event))

    async def draft(self, case_id: str, act: Act) -> str:
        self.keys += 1
        async with self.database.write() as session:
            row = await session.get_one(CaseRow, case_id)
            customer = await session.get_one(CustomerRow, row.customer_id)
            box = await box_of(session, self.database.vault, customer.key_id)
            assert box is not None
            draft = Draft(
                case_id,
                "dora",
                f"key-{self.keys}",
                act,
                SAID,
                "",
                MONDAY_MORNING,
            )
            return (await keep_draft(session, box, draft)).id

    async def view(self, case_id: str) -> CaseView:
        async with self.database.read() as session:
            return await read_case(session, self.database.vault, case_id)

    async def state(self, case_id: str) -> CaseState:
        """As the last commit left it."""
        state = (await self.view(case_id)).state
        assert state is not None
        return state

    async def targets(self, case_id: str) -> list[tuple[str, str | None]]:
        """Each running of a target with its fate, in order."""
        return [(row.target, row.fate) for row in await self.target_rows(case_id)]

    async def target_rows(self, case_id: str) -> list[TargetRow]:
        in_order = col(TargetRow.seq), col(TargetRow.target)
        of_case = select(TargetRow).where(TargetRow.case_id == case_id).order_by(*in_order)
        async with self.database.read() as session:
            return list((await session.exec(of_case)).all())


def request_of(state: CaseState, event: Event) -> CommitRequest:
    heard = event if isinstance(event, HeardAgain) else None
    return CommitRequest(
        str(uuid4()),
        apply(state, event),
        event.at,
        draft=event.draft if isinstance(event, Acted) else None,
        response=heard.response_id if heard else None,
        revision=heard.revision if heard else None,
    )


def another(response_id: str, **changes: object) -> SurveyResponse:
    """A further answer of the same customer."""
    return replace(UNHAPPY, response_id=response_id, **changes)  # type: ignore[arg-type]
