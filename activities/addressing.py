"""From "tell the owner" to letters in the outbox: who, on which channel, in which words, from when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.actions import Action
from models.case import Audience, CaseState, Message, Notice
from models.hours import next_open
from models.links import COLLEAGUE_LINK_LIFE, CUSTOMER_LINK_LIFE, colleague_link, customer_link
from models.organisation import Organisation, word
from models.people import Channel, Person
from models.store.access import new_link
from models.store.acts import words_of
from models.store.database import box_of
from models.store.organisations import Versions
from models.store.outbox import Posting
from models.tables import ActRow, CaseRow, CustomerRow, IntentRow, ResponseRow
from models.timeline import Entry, EntryKind
from models.vault import Box, Vault
from templates.messages import MessageFacts, MessageTemplates


@dataclass(frozen=True, slots=True)
class Recipient:
    """`person` is None for the customer."""

    person: str | None
    name: str
    channel: Channel
    address: str
    language: str


@dataclass(frozen=True, slots=True)
class Desk:
    """What is at hand while the letters of one commit are written."""

    row: CaseRow
    state: CaseState
    former: str | None
    at: datetime
    versions: Versions
    customer: CustomerRow
    latest: ResponseRow
    box: Box
    typed: Mapping[str, str]
    """What the person of this move typed."""


class Addressing:
    def __init__(self, vault: Vault, templates: MessageTemplates, public_url: str) -> None:
        self._vault = vault
        self._templates = templates
        self._public_url = public_url

    async def write(
        self,
        session: AsyncSession,
        row: CaseRow,
        notices: Sequence[Notice],
        *,
        state: CaseState,
        former: str | None,
        at: datetime,
        versions: Versions,
        draft: str | None,
    ) -> list[Entry]:
        """Put a letter per notice in the outbox; returns what the timeline should explain."""
        if not notices:
            return []
        customer = await session.get_one(CustomerRow, row.customer_id)
        box = await box_of(session, self._vault, customer.key_id)
        if box is None:
            return []
        latest = await _latest_response(session, row.id)
        act = await session.get(ActRow, draft) if draft else None
        typed = words_of(act, box) if act else {}
        desk = Desk(row, state, former, at, versions, customer, latest, box, typed)
        explained = [
            self._letter(session, desk, notice, number)
            for number, notice in enumerate(notices, start=1)
        ]
        return [entry for entry in explained if entry is not None]

    def _letter(
        self, session: AsyncSession, desk: Desk, notice: Notice, number: int
    ) -> Entry | None:
        recipient = _recipient(desk, notice.to)
        if recipient is None:
            if notice.to is not Audience.CUSTOMER:
                return None
            return Entry(EntryKind.NO_ADDRESS, desk.at, facts={"message": str(notice.message)})
        facts = _facts(desk, recipient, link=self._link(session, desk, recipient))
        if notice.message is Message.PROMISED:
            facts = _promised(facts, desk, desk.state.actions[-1])
        said = self._templates.say(notice.message, recipient.channel, recipient.language, facts)
        intent = f"{desk.row.id}:{desk.state.seq}:{number}"
        place = f"intents.{intent}"
        not_before = next_open(desk.versions.pinned.hours_of(desk.row.region), desk.at)
        session.add(
            IntentRow(
                id=intent,
                case_id=desk.row.id,
                seq=desk.state.seq,
                message=notice.message,
                audience=notice.to,
                person=recipient.person,
                channel=recipient.channel,
                language=recipient.language,
                nags=notice.message.nags,
                status=Posting.PENDING,
                not_before=not_before,
                created_at=desk.at,
                key_id=desk.customer.key_id,
                address_sealed=desk.box.seal(f"{place}.address", recipient.address),
                subject_sealed=desk.box.seal_if_any(f"{place}.subject", said.subject),
                body_sealed=desk.box.seal(f"{place}.body", said.body),
            )
        )
        return _waiting(desk.at, not_before, notice.message)

    def _link(self, session: AsyncSession, desk: Desk, recipient: Recipient) -> str:
        person = recipient.person
        life = COLLEAGUE_LINK_LIFE if person else CUSTOMER_LINK_LIFE
        token = new_link(session, desk.row.id, person=person, at=desk.at, life=life)
        link = colleague_link if person else customer_link
        return link(self._public_url, token)


def _recipient(desk: Desk, audience: Audience) -> Recipient | None:
    today = desk.versions.today
    match audience:
        case Audience.OWNER:
            return _colleague(today.people.get(desk.state.owner or "") or today.national_owner)
        case Audience.FORMER_OWNER:
            former = today.people.get(desk.former or "")
            return _colleague(former) if former and former.id != desk.state.owner else None
        case Audience.CUSTOMER:
            return _customer(desk, today)


def _colleague(person: Person) -> Recipient:
    return Recipient(person.id, person.name, person.channel, person.address, person.language)


def _customer(desk: Desk, today: Organisation) -> Recipient | None:
    place, row = f"customers.{desk.customer.id}", desk.customer
    name = desk.box.open_if_any(f"{place}.name", row.name_sealed) or ""
    phone = desk.box.open_if_any(f"{place}.phone", row.phone_sealed)
    address = phone or desk.box.open_if_any(f"{place}.email", row.email_sealed)
    if address is None:
        return None
    channel = Channel.SMS if phone else Channel.EMAIL
    return Recipient(None, name, channel, address, today.speaks(desk.row.language))


def _facts(desk: Desk, recipient: Recipient, *, link: str) -> MessageFacts:
    today, language = desk.versions.today, recipient.language
    row, latest = desk.row, desk.latest
    region = today.regions.get(row.region or "")
    owner = today.people.get(desk.state.owner or "")
    zone = ZoneInfo(desk.versions.pinned.hours_of(row.region).zone)  # where the work is done
    breach = desk.state.rungs[-1].at if desk.state.rungs else None
    return MessageFacts(
        organisation=today.name,
        motto=word(today.motto, language),
        recipient=recipient.name,
        region=word(region.label, language) if region else "",
        trade=word(today.trades.get(row.trade or "", {}), language),
        touchpoint=word(today.touchpoints.get(row.touchpoint or "", {}), language),
        score=f"{latest.metric.upper()} {latest.score}",
        owner=owner.name if owner else "",
        due=breach.astimezone(zone) if breach else None,
        now=desk.at.astimezone(zone),
        link=link,
    )


def _promised(facts: MessageFacts, desk: Desk, action: Action) -> MessageFacts:
    """The promise that this move made: its person is who keeps it, whoever owns the case."""
    keeper = desk.versions.today.people.get(action.owner)
    return replace(
        facts,
        owner=keeper.name if keeper else facts.owner,
        promise=str(action.promise),
        what=desk.typed.get("what", ""),
        by=action.due.astimezone(ZoneInfo(desk.versions.pinned.hours_of(desk.row.region).zone)),
    )


def _waiting(at: datetime, not_before: datetime, message: Message) -> Entry | None:
    if not_before <= at:
        return None
    facts = {"message": str(message), "until": not_before.isoformat()}
    return Entry(EntryKind.WAITS_FOR_OPENING, at, facts=facts)


async def _latest_response(session: AsyncSession, case_id: str) -> ResponseRow:
    latest = select(ResponseRow).where(ResponseRow.case_id == case_id)
    newest_first = latest.order_by(col(ResponseRow.received_at).desc()).limit(1)
    return (await session.exec(newest_first)).one()
