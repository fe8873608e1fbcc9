"""From "tell the owner" to letters in the outbox: who, on which channel, in which words, from when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.action import Action
from models.addressees import told
from models.case import CaseState, next_turn
from models.doers import with_stand_ins
from models.hours import next_open
from models.links import (
    COLLEAGUE_LINK_LIFE,
    CUSTOMER_LINK_LIFE,
    RESURVEY,
    colleague_link,
    customer_link,
    resurvey_link,
)
from models.money import spoken
from models.notices import Audience, Message, Notice
from models.opening_hours import OpeningHours
from models.organisation import Organisation, word
from models.people import Channel, Person
from models.store.access import new_link
from models.store.acts import words_of, words_of_action
from models.store.database import box_of
from models.store.outbox import Posting
from models.store.written import refused_addresses
from models.tables import ActRow, CaseRow, CustomerRow, IntentRow, ResponseRow
from models.timeline import Entry, EntryKind
from models.vault import Box, Vault
from models.versions import Versions
from models.workday import hours_at_work
from templates.instants import promised
from templates.messages import MessageFacts, MessageTemplates

RECALLED = frozenset({Message.TRIED})
RECALL = timedelta(minutes=10)
"""What a wrong tap would tell the customer leaves only after this: taking back withdraws it."""


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
    what: Mapping[int, str]
    """What is promised, by the number of its action, as it was typed for the customer."""
    refused: frozenset[str] = frozenset()
    """Addresses of the customer to which a carrier brings nothing."""

    def hours_of(self, person: str | None) -> OpeningHours:
        """When somebody may be written to; a customer when his region works, on his own clock."""
        pinned, today = self.versions.pinned, self.versions.today
        hours = hours_at_work(pinned, today, person, region=self.row.region)
        return hours if person else hours.on_clocks_of(self.customer.zone)

    @property
    def zone(self) -> ZoneInfo:
        """Of the region: a day that was promised there is over when it is over there."""
        return ZoneInfo(self.versions.pinned.hours_of(self.row.region).zone)


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
        what = await _what(session, row, notices, typed, box=box)
        refused = await refused_addresses(session, row.id, box)
        desk = Desk(row, state, former, at, versions, customer, latest, box, what, refused)
        away = frozenset(absence.person for absence in versions.absences)
        doers = with_stand_ins(versions.today, versions.absences, at)
        meant = told(notices, versions.today, state, former=former, away=away, doers=doers)
        explained = [
            self._letter(session, desk, notice, person, number)
            for number, (notice, person) in enumerate(meant, start=1)
        ]
        return [entry for entry in explained if entry is not None]

    def _letter(
        self, session: AsyncSession, desk: Desk, notice: Notice, person: Person | None, number: int
    ) -> Entry | None:
        today = desk.versions.today
        recipient = _colleague(person) if person else _customer(desk, today, notice.message)
        if recipient is None:
            wrong = "wrong_number" if desk.state.reach.wrong_number else "unknown"
            why = "refused" if desk.refused else wrong
            told = {"message": str(notice.message), "why": why}
            return Entry(EntryKind.NO_ADDRESS, desk.at, facts=told)
        facts = _facts(desk, recipient, link=self._link(session, desk, recipient, notice))
        action = _action_of(desk.state, notice)
        if action is not None:
            facts = _of_action(facts, desk, action, recipient)
        said = self._templates.say(notice.message, recipient.channel, recipient.language, facts)
        intent = f"{desk.row.id}:{desk.state.seq}:{number}"
        place = f"intents.{intent}"
        not_before, waiting = _leaving(desk, notice, recipient.person)
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
                action=notice.action,
                key_id=desk.customer.key_id,
                address_sealed=desk.box.seal(f"{place}.address", recipient.address),
                subject_sealed=desk.box.seal_if_any(f"{place}.subject", said.subject),
                body_sealed=desk.box.seal(f"{place}.body", said.body),
            )
        )
        return waiting

    def _link(self, session: AsyncSession, desk: Desk, recipient: Recipient, notice: Notice) -> str:
        """Who has an action is led to its page, and who has it no more to what he still has.

        A link to a customer begins its life when the message may leave.
        """
        person, case_id = recipient.person, desk.row.id
        if person:
            case = None if notice.message is Message.ACTION_TAKEN else case_id
            action = notice.action if case and notice.to is Audience.DOER else None
            token = new_link(
                session, case, person=person, at=desk.at, life=COLLEAGUE_LINK_LIFE, action=action
            )
            return colleague_link(self._public_url, token)
        asks = RESURVEY if notice.message is Message.RESURVEY else None
        life = CUSTOMER_LINK_LIFE + ((notice.not_before or desk.at) - desk.at)
        token = new_link(session, case_id, person=None, at=desk.at, life=life, asks=asks)
        return (resurvey_link if asks else customer_link)(self._public_url, token)


def _colleague(person: Person) -> Recipient:
    return Recipient(person.id, person.name, person.channel, person.address, person.language)


def _customer(desk: Desk, today: Organisation, message: Message) -> Recipient | None:
    """By the way that is left, where one was refused; what only says that we tried goes no such way twice."""
    place, row = f"customers.{desk.customer.id}", desk.customer
    name = desk.box.open_if_any(f"{place}.name", row.name_sealed) or ""
    known = desk.box.open_if_any(f"{place}.phone", row.phone_sealed)
    phone = None if desk.state.reach.wrong_number else known  # somebody else reads there
    email = desk.box.open_if_any(f"{place}.email", row.email_sealed)
    ways = [(c, a) for c, a in ((Channel.SMS, phone), (Channel.EMAIL, email)) if a]
    left = [way for way in ways if way[1] not in desk.refused]
    if not left and (not ways or message is Message.TRIED):
        return None
    channel, address = (left or ways)[0]
    return Recipient(None, name, channel, address, today.speaks(desk.row.language))


def _facts(desk: Desk, recipient: Recipient, *, link: str) -> MessageFacts:
    today, language = desk.versions.today, recipient.language
    topic = desk.versions.topic(desk.state.topic)
    row, latest = desk.row, desk.latest
    region = today.regions.get(row.region or "")
    owner = today.people.get(desk.state.owner or "")
    zone = ZoneInfo(desk.hours_of(recipient.person).zone)
    turn = next_turn(desk.state)
    return MessageFacts(
        organisation=today.name,
        motto=word(today.motto, language),
        recipient=recipient.name,
        region=word(region.label, language) if region else "",
        trade=word(today.trades.get(row.trade or "", {}), language),
        touchpoint=word(today.touchpoints.get(row.touchpoint or "", {}), language),
        score=f"{latest.metric.upper()} {latest.score}" if latest.metric else "",
        topic=word(topic.label, language) if topic else "",
        owner=owner.name if owner else "",
        due=turn.at.astimezone(zone) if turn else None,
        now=desk.at.astimezone(zone),
        link=link,
        nowhere=desk.state.reach.nowhere,
        called=desk.state.reach.no_calls_since is None,
    )


def _action_of(state: CaseState, notice: Notice) -> Action | None:
    """A promise that was on its way when this version came had no number: it was the newest."""
    if notice.action is None:
        return state.actions[-1] if notice.message is Message.PROMISED else None
    return next((a for a in state.actions if a.number == notice.action), None)


def _of_action(
    facts: MessageFacts, desk: Desk, action: Action, recipient: Recipient
) -> MessageFacts:
    """Its person is who does it, whoever owns the case. Its words are for the customer's eyes only."""
    keeper, to_customer = desk.versions.today.people.get(action.owner), recipient.person is None
    his = ZoneInfo(desk.hours_of(None).zone) if to_customer else desk.zone
    return replace(
        facts,
        owner=keeper.name if keeper else facts.owner,
        promise=str(action.promise or ""),
        what=desk.what.get(action.number, "") if to_customer else "",
        by=promised(action.due, desk.zone, his),
        asked=promised(action.asked_for, desk.zone, his) if action.asked_for else None,
        cost=spoken(action.cost, recipient.language) if action.cost and not to_customer else "",
    )


async def _what(
    session: AsyncSession,
    row: CaseRow,
    notices: Sequence[Notice],
    typed: Mapping[str, str],
    *,
    box: Box,
) -> Mapping[int, str]:
    """Of a promise that is made now the words are at hand; of one made before they stand with its act."""
    found: dict[int, str] = {}
    for notice in notices:
        if notice.to is Audience.CUSTOMER and notice.action is not None:
            newly = notice.message is Message.PROMISED and "what" in typed
            told = {} if newly else await words_of_action(session, row.id, notice.action, box)
            found[notice.action] = (typed if newly else told).get("what", "")
    return found


def _leaving(desk: Desk, notice: Notice, person: str | None) -> tuple[datetime, Entry | None]:
    """From when it may leave, with what the timeline says where that is not at once."""
    if notice.not_before is not None:
        return notice.not_before, None
    ready = desk.at + RECALL if notice.message in RECALLED else desk.at
    not_before = ready if _at_once(desk, notice) else next_open(desk.hours_of(person), ready)
    if not_before <= ready:
        return not_before, None
    facts = {"message": str(notice.message), "until": not_before.isoformat()}
    return not_before, Entry(EntryKind.WAITS_FOR_OPENING, desk.at, facts=facts)


def _at_once(desk: Desk, notice: Notice) -> bool:
    """Who must act on such a topic is told at night too, where the organisation wants it."""
    topic = desk.versions.topic(desk.state.topic)
    to_the_top = notice.to is Audience.OWNER and desk.state.raised
    return topic is not None and topic.at_once and to_the_top


async def _latest_response(session: AsyncSession, case_id: str) -> ResponseRow:
    latest = select(ResponseRow).where(ResponseRow.case_id == case_id)
    newest_first = latest.order_by(col(ResponseRow.received_at).desc()).limit(1)
    return (await session.exec(newest_first)).one()
