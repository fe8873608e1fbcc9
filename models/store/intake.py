"""What arrives: raw deliveries, the responses understood from them, their customers, their cases.

Called inside one unit of work per delivery: all of it is kept, or none.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from models.case import Stage
from models.organisation import Organisation, belonging, origin_of
from models.store.database import box_of, new_box
from models.store.organisations import InForce, OrganisationBook
from models.store.recoveries import note_answered
from models.store.tallies import answers_of, count_answers
from models.store.topics import note_topic
from models.store.views import told_at
from models.survey import Feeling, Identity, Reason, SurveyResponse, feeling, reason_for_no_case
from models.tables import CaseRow, CustomerRow, DeliveryRow, ResponseRow
from models.topics import graver
from models.vault import Box, Vault


class DeliveryFate(StrEnum):
    UNDERSTOOD = "understood"
    REPEAT = "repeat"
    """Nothing new: told before, or older than what is known."""
    QUARANTINED = "quarantined"
    UNFINISHED = "unfinished"
    """On its way, without a score yet."""
    TEST = "test"
    PREVIEW = "preview"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A raw body whose signature was good. It is kept as it came, be it a text or not. `kept` is the row
    that has it already, and is told what becomes of it now. Of a row of a back-file none is kept: nobody
    delivered it.
    """

    source: str
    body: bytes
    received_at: datetime
    kept: DeliveryRow | None = None
    backfiled: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a delivery. `response_id` is empty where no response came of it; else one of `case_id`
    and `reason` is set. `problem` is the place that was not understood.
    """

    fate: DeliveryFate
    response_id: str = ""
    case_id: str | None = None
    reason: Reason | None = None
    problem: str | None = None


class Intake:
    def __init__(self, vault: Vault, book: OrganisationBook) -> None:
        self._vault = vault
        self._book = book

    async def take(
        self, session: AsyncSession, delivery: Delivery, response: SurveyResponse, *, by: InForce
    ) -> Taken:
        """Keep the delivery and its response, and mint or join a case where it is called for."""
        if response.trial is not None:
            fate = DeliveryFate(response.trial)
            self._keep(session, delivery, fate=fate)
            return Taken(fate)
        known = await find_response(session, delivery.source, response.response_id)
        if known is not None:
            self._keep(session, delivery, fate=DeliveryFate.REPEAT, response=known)
            return _taken(known, DeliveryFate.REPEAT)
        felt = feeling(response.metric, response.score, by.organisation.unhappy_up_to)
        customer, box, new_phone = await self._customer(session, delivery, response)
        row = _response_row(delivery, response, felt, customer, by.organisation)
        row.new_phone = new_phone
        row.comment_sealed = box.seal_if_any(f"responses.{row.id}.comment", response.comment)
        facts = json.dumps(dict(response.facts), ensure_ascii=False) if response.facts else None
        row.facts_sealed = box.seal_if_any(f"responses.{row.id}.facts", facts)
        if row.reason is None:
            note_topic(row, response, box, today=by.organisation)
            await self._mint_or_join(session, row, customer, by=by)
        session.add(row)
        self._keep(session, delivery, fate=DeliveryFate.UNDERSTOOD, response=row)
        await session.flush()
        await note_answered(session, row, named=response.resurvey_of)
        await self._count(session, row)
        return _taken(row)

    async def _count(self, session: AsyncSession, row: ResponseRow) -> None:
        """With those of the case that the new one reopens: that is known from now on."""
        case = await session.get(CaseRow, row.case_id) if row.case_id else None
        reopened = await answers_of(session, case.reopens) if case and case.reopens else ()
        await count_answers(session, self._book, [row, *reopened])

    def keep_unfinished(self, session: AsyncSession, delivery: Delivery) -> Taken:
        self._keep(session, delivery, fate=DeliveryFate.UNFINISHED)
        return Taken(DeliveryFate.UNFINISHED)

    def quarantine(self, session: AsyncSession, delivery: Delivery, problem: str) -> str:
        """Keep what was not understood, for replay. `problem` names the place, never the value."""
        return self._keep(session, delivery, fate=DeliveryFate.QUARANTINED, problem=problem)

    def _keep(
        self,
        session: AsyncSession,
        delivery: Delivery,
        *,
        fate: DeliveryFate,
        response: ResponseRow | None = None,
        problem: str | None = None,
    ) -> str:
        if delivery.backfiled:
            return ""
        row = delivery.kept or self._new_row(session, delivery)
        row.fate, row.problem = fate, problem
        row.response_row = response.id if response else None
        row.customer_id = response.customer_id if response else None
        session.add(row)
        return row.id

    def _new_row(self, session: AsyncSession, delivery: Delivery) -> DeliveryRow:
        """A raw delivery has a key of its own: it is kept before anybody knows whose it is."""
        delivery_id, key_id = str(uuid7()), str(uuid7())
        box = new_box(session, self._vault, key_id)
        return DeliveryRow(
            id=delivery_id,
            source=delivery.source,
            received_at=delivery.received_at,
            fate="",
            key_id=key_id,
            body_sealed=box.seal_bytes(f"deliveries.{delivery_id}.body", delivery.body),
        )

    async def _customer(
        self, session: AsyncSession, delivery: Delivery, response: SurveyResponse
    ) -> tuple[CustomerRow, Box, bool]:
        """With whether the answer brought another phone than the one we knew."""
        identity = identity_of(response.customer, self._vault)
        row = await _find_customer(session, identity) if identity else None
        box = await box_of(session, self._vault, row.key_id) if row else None
        if row is not None and box is None:
            await _let_go(session, row)
        if row is None or box is None:
            row = CustomerRow(
                id=str(uuid7()),
                identity=identity,
                key_id=str(uuid7()),
                created_at=delivery.received_at,
            )
            box = new_box(session, self._vault, row.key_id)
        new_phone = _refresh(row, box, response)
        session.add(row)
        await session.flush()
        return row, box, new_phone

    async def _mint_or_join(
        self, session: AsyncSession, row: ResponseRow, customer: CustomerRow, *, by: InForce
    ) -> None:
        """One open case per customer: the row lock orders joining and closing one after the other."""
        case_key = self._vault.index("case", customer.id)
        open_case = await _find_open_case(session, case_key)
        if open_case is not None:
            row.case_id, row.joined = open_case.id, True
            if row.topic:
                open_case.topic = graver(by.organisation.topics, open_case.topic, row.topic)
                session.add(open_case)
            return
        row.case_id = str(uuid7())
        session.add(
            CaseRow(
                id=row.case_id,
                case_key=case_key,
                customer_id=customer.id,
                reopens=await _last_closed(session, case_key),
                opened_at=row.received_at,
                version=by.number,
                region=row.region,
                trade=row.trade,
                touchpoint=row.touchpoint,
                language=row.language,
                origin=row.origin,
                topic=row.topic,
                stage=Stage.HEARD,
            )
        )
        await session.flush()


def identity_of(customer: Identity, vault: Vault) -> str | None:
    """The strongest thing we know him by; None makes him a customer of this response alone."""
    if customer.id:
        return vault.index("customer", "id", customer.id)
    if customer.email:
        return vault.index("customer", "email", customer.email.lower())
    if customer.phone:
        return vault.index("customer", "phone", customer.phone)
    return None


def identity_known(row: CustomerRow, box: Box) -> Identity:
    """The strongest thing by which he is found again, and nothing else: that would be told anew."""
    place = f"customers.{row.id}"
    external = box.open_if_any(f"{place}.external", row.external_sealed)
    if external:
        return Identity(id=external)
    email = box.open_if_any(f"{place}.email", row.email_sealed)
    return Identity(email=email) if email else Identity(phone=_phone(row, box))


async def find_response(session: AsyncSession, source: str, response_id: str) -> ResponseRow | None:
    by_name = select(ResponseRow).where(
        ResponseRow.source == source, ResponseRow.response_id == response_id
    )
    return (await session.exec(by_name)).first()


def _taken(row: ResponseRow, fate: DeliveryFate = DeliveryFate.UNDERSTOOD) -> Taken:
    return Taken(fate, row.id, row.case_id, Reason(row.reason) if row.reason else None)


def _response_row(
    delivery: Delivery,
    response: SurveyResponse,
    felt: Feeling,
    customer: CustomerRow,
    today: Organisation,
) -> ResponseRow:
    return ResponseRow(
        id=str(uuid7()),
        source=delivery.source,
        response_id=response.response_id,
        survey_id=response.survey_id,
        metric=response.metric,
        score=response.score,
        feeling=felt,
        reason=reason_for_no_case(response, felt),
        submitted_at=response.submitted_at,
        received_at=delivery.received_at,
        language=response.language,
        **belonging(response, today)._asdict(),
        origin=origin_of(response, delivery.source, today),
        customer_id=customer.id,
    )


def _refresh(row: CustomerRow, box: Box, response: SurveyResponse) -> bool:
    """The newest answer knows each thing best, whenever it arrives; what it leaves out stays.

    Returns whether the phone is another one now.
    """
    place, told, at = f"customers.{row.id}", told_at(row), response.submitted_at
    said = asdict(response.customer) | {"language": response.language}
    new = {name: value for name, value in said.items() if value and at >= told.get(name, at)}
    before = _phone(row, box)
    row.language = new.get("language", row.language)
    row.external_sealed = box.seal_if_any(f"{place}.external", new.get("id")) or row.external_sealed
    row.name_sealed = box.seal_if_any(f"{place}.name", new.get("name")) or row.name_sealed
    row.email_sealed = box.seal_if_any(f"{place}.email", new.get("email")) or row.email_sealed
    row.phone_sealed = box.seal_if_any(f"{place}.phone", new.get("phone")) or row.phone_sealed
    row.told_at = row.told_at | dict.fromkeys(new, at.isoformat())
    return new.get("phone", before) != before


def _phone(row: CustomerRow, box: Box) -> str | None:
    return box.open_if_any(f"customers.{row.id}.phone", row.phone_sealed)


async def _let_go(session: AsyncSession, forgotten: CustomerRow) -> None:
    """Who was forgotten and answers again is somebody new."""
    forgotten.identity = None
    session.add(forgotten)
    await session.flush()


async def _find_customer(session: AsyncSession, identity: str) -> CustomerRow | None:
    """Locked: of two answers at once the second sees what the first told."""
    by_identity = select(CustomerRow).where(CustomerRow.identity == identity).with_for_update()
    return (await session.exec(by_identity)).first()


async def _find_open_case(session: AsyncSession, case_key: str) -> CaseRow | None:
    open_one = select(CaseRow).where(CaseRow.case_key == case_key, col(CaseRow.open))
    return (await session.exec(open_one.with_for_update())).first()


async def _last_closed(session: AsyncSession, case_key: str) -> str | None:
    closed = select(CaseRow.id).where(CaseRow.case_key == case_key, ~col(CaseRow.open))
    return (await session.exec(closed.order_by(col(CaseRow.closed_at).desc()).limit(1))).first()
