"""From "tell the owner" to letters in the outbox: who, on which channel, in which words, from when."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.recipients import Desk, Recipient, Way, colleague, customer
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
from models.organisation import word
from models.people import Person
from models.posting import Posting
from models.store.access import new_link
from models.store.acts import words_of, words_of_action
from models.store.fallbacks import OtherWay, keep_fallback
from models.store.sharers import Sharer, sharers_of, to_write_to
from models.store.tallies import answers_of
from models.store.written import refused_addresses
from models.tables import ActRow, CaseRow, IntentRow
from models.timeline import Entry, EntryKind
from models.vault import Box, Vault
from models.versions import Versions
from templates.instants import promised
from templates.messages import MessageFacts, MessageTemplates, Said

RECALLED = frozenset({Message.TRIED})
RECALL = timedelta(minutes=10)
"""What a wrong tap would tell the customer leaves only after this: taking back withdraws it."""


class Addressing:
    """`answerable`: who gets a text message from us can answer it."""

    def __init__(
        self,
        vault: Vault,
        templates: MessageTemplates,
        public_url: str,
        *,
        answerable: bool = False,
    ) -> None:
        self._vault = vault
        self._templates = templates
        self._public_url = public_url
        self._answerable = answerable

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
        answers = await answers_of(session, row.id)
        sharers = await sharers_of(session, self._vault, row, answers)
        if not sharers:
            return []
        box = sharers[0].box
        latest = max(answers, key=lambda answer: answer.received_at)
        act = await session.get(ActRow, draft) if draft else None
        typed = words_of(act, box) if act else {}
        what = await _what(session, row, notices, typed, box=box)
        to = to_write_to(sharers, state)
        refused = await refused_addresses(session, row.id, sharers)
        desk = Desk(row, state, former, at, versions, sharers[0], to, latest, what, refused)
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
        to = notice.message
        recipient = colleague(person, to) if person else customer(desk, today, to)
        if recipient is None:
            told = {"message": str(notice.message), "why": desk.why_not}
            return Entry(EntryKind.NO_ADDRESS, desk.at, facts=told)
        whose = desk.keeper if person else desk.to or desk.keeper
        link = self._link(session, desk, recipient, notice)
        facts = replace(_facts(desk, recipient, link=link), answerable=self._answerable)
        action = _action_of(desk.state, notice)
        if action is not None:
            facts = _of_action(facts, desk, action, recipient)
        said = self._templates.say(notice.message, recipient.channel, recipient.language, facts)
        intent = f"{desk.row.id}:{desk.state.seq}:{number}"
        row = _written(desk, notice, recipient, said, whose, intent=intent)
        row.not_before, waiting = _leaving(desk, notice, recipient.person)
        session.add(row)
        if recipient.other is not None:
            other = self._otherwise(notice.message, recipient.other, recipient.language, facts)
            keep_fallback(session, whose.box, intent, other)
        return waiting

    def _otherwise(
        self, message: Message, way: Way, language: str, facts: MessageFacts
    ) -> OtherWay:
        """Written now, while it is known what there is to say."""
        channel, address = way
        said = self._templates.say(message, channel, language, facts)
        return OtherWay(channel, address, said.subject, said.body)

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


def _written(
    desk: Desk, notice: Notice, recipient: Recipient, said: Said, whose: Sharer, *, intent: str
) -> IntentRow:
    """It may leave at once, unless somebody says otherwise."""
    place = f"intents.{intent}"
    return IntentRow(
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
        not_before=desk.at,
        created_at=desk.at,
        action=notice.action,
        key_id=whose.row.key_id,
        address_sealed=whose.box.seal(f"{place}.address", recipient.address),
        subject_sealed=whose.box.seal_if_any(f"{place}.subject", said.subject),
        body_sealed=whose.box.seal(f"{place}.body", said.body),
    )


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
        called=desk.may_call,
        transliterate=today.transliterate,
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
    to_the_top = notice.to is Audience.OWNER and desk.state.raised
    return to_the_top and desk.versions.rings_at_night(desk.state.topic)
