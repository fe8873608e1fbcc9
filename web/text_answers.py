"""What is answered to a text, through the outbox: once, for its id follows from that of the text."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from models.actions import Reached
from models.links import (
    COLLEAGUE_LINK_LIFE,
    CUSTOMER_LINK_LIFE,
    colleague_link,
    customer_link,
)
from models.mailing import Mailing
from models.notices import Audience, Message
from models.organisation import Organisation, word
from models.people import Channel, Person
from models.postage import segments_of
from models.posting import Posting
from models.replies import Meaning, read_report
from models.segments import clipped
from models.store.access import new_link
from models.store.customer_views import open_customer
from models.store.database import box_of
from models.store.letters import NewLetter, is_kept, keep_letter
from models.store.questions import asked_of, asked_whether_solved, cases_of, offer
from models.store.tallies import answers_of
from models.store.texts import Text, customers_at
from models.store.views import find_case
from models.tables import CaseRow, CustomerRow, IntentRow
from models.text_tables import TextRow
from models.twilio_account import E164
from models.vault import Box
from models.workday import hours_of
from templates.messages import MessageFacts
from web.provided import House

REFUSED = "refused"
MOST_CHOICES, LONGEST_CHOICE = 4, 40
MOST_QUESTIONS = 3
LETTERS = {Reached.REACHED: "J", Reached.VOICEMAIL: "M", Reached.LATER: "R"}


@dataclass(frozen=True, slots=True)
class Heard:
    """A text, and what it was taken for. `person` is None for a customer, or a stranger."""

    text: Text
    meaning: Meaning
    person: str | None
    case_id: str | None
    again_at: datetime | None


async def answer_colleague(
    house: House, session: AsyncSession, heard: Heard, *, refused: bool
) -> bool:
    """What was recorded and on which case, or what he may write. False where he cannot be answered."""
    today = (await house.book.in_force(session)).organisation
    person, letter_id = today.people.get(heard.person or ""), letter_of(heard.text)
    if person is None or not E164.fullmatch(heard.text.sender):
        return False
    if await is_kept(session, letter_id):
        return True
    now, language = house.clock(), today.speaks(person.language)
    facts = await _facts(house, session, heard, today, person)
    if refused:
        facts = replace(facts, understood=REFUSED)
    said = house.messages.say(Mailing.TEXT_ANSWER, Channel.SMS, language, facts)
    letter = NewLetter(
        id=letter_id,
        mailing=Mailing.TEXT_ANSWER,
        person=person.id,
        channel=Channel.SMS,
        address=heard.text.sender,
        language=language,
        written_at=now,
        not_before=now,
        subject=None,
        body=said.body,
    )
    await keep_letter(session, house.database.vault, letter)
    return True


async def _facts(
    house: House, session: AsyncSession, heard: Heard, today: Organisation, person: Person
) -> MessageFacts:
    """For a colleague, on his own clock."""
    now, language = house.clock(), today.speaks(person.language)
    zone = ZoneInfo(hours_of(today, person).zone)
    token = new_link(session, heard.case_id, person=person.id, at=now, life=COLLEAGUE_LINK_LIFE)
    facts = MessageFacts(
        organisation=today.name,
        motto=word(today.motto, language),
        recipient=person.name,
        link=colleague_link(house.settings.public_url, token),
        understood=heard.meaning,
        now=now.astimezone(zone),
        again=heard.again_at.astimezone(zone) if heard.again_at else None,
        transliterate=today.transliterate,
    )
    if heard.meaning is Meaning.WHICH:
        return replace(facts, choices=await _choices(house, session, heard, today, facts))
    if heard.case_id is None:
        return facts
    case = await find_case(session, heard.case_id)
    return await _about(session, facts, today, case, language)


async def answer_customer(
    house: House, session: AsyncSession, heard: Heard, row: TextRow, *, seq: int | None
) -> bool:
    """What becomes of it; where it may answer several questions, each of them with its own link."""
    customer = await session.get(CustomerRow, row.customer_id) if row.customer_id else None
    if customer is None or not E164.fullmatch(heard.text.sender):
        return False
    if heard.case_id is not None:
        case = await find_case(session, heard.case_id)
        await _write(house, session, heard, customer, case, seq=seq or case.seq)
        return True
    if heard.meaning is not Meaning.WHICH:
        return False
    questions = await _questions(house, session, heard, row)
    for number, case in enumerate(questions[:MOST_QUESTIONS], start=1):
        await _write(house, session, heard, customer, case, seq=case.seq, number=number)
    return bool(questions)


def letter_of(text: Text, number: int = 1) -> str:
    return f"text:{text.sid}" if number == 1 else f"text:{text.sid}:{number}"


async def _questions(
    house: House, session: AsyncSession, heard: Heard, row: TextRow
) -> Sequence[CaseRow]:
    vault = house.database.vault
    customers = [each.id for each in await customers_at(session, vault, row.number)]
    cases = await cases_of(session, customers)
    return await asked_whether_solved(session, vault, cases, heard.text.sender)


async def _write(
    house: House,
    session: AsyncSession,
    heard: Heard,
    customer: CustomerRow,
    case: CaseRow,
    *,
    seq: int,
    number: int = 1,
) -> None:
    intent = letter_of(heard.text, number)
    box, now = await box_of(session, house.database.vault, customer.key_id), house.clock()
    if box is None or await is_kept(session, intent):
        return
    today = (await house.book.in_force(session)).organisation
    token = new_link(session, case.id, person=None, at=now, life=CUSTOMER_LINK_LIFE)
    link = customer_link(house.settings.public_url, token)
    facts = _for_customer(today, case, customer, box)
    facts = replace(facts, link=link, understood=heard.meaning)
    language = today.speaks(case.language)
    said = house.messages.say(Message.TEXT_HEARD, Channel.SMS, language, facts)
    session.add(
        IntentRow(
            id=intent,
            case_id=case.id,
            seq=seq,
            message=Message.TEXT_HEARD,
            audience=Audience.CUSTOMER,
            channel=Channel.SMS,
            language=language,
            nags=False,
            status=Posting.PENDING,
            not_before=now,
            created_at=now,
            segments=segments_of(Channel.SMS, said.body),
            key_id=customer.key_id,
            address_sealed=box.seal(f"intents.{intent}.address", heard.text.sender),
            body_sealed=box.seal(f"intents.{intent}.body", said.body),
        )
    )


def _for_customer(
    today: Organisation, case: CaseRow, customer: CustomerRow, box: Box
) -> MessageFacts:
    language = today.speaks(case.language)
    return MessageFacts(
        organisation=today.name,
        motto=word(today.motto, language),
        recipient=open_customer(customer, box).name or "",
        link="",
        touchpoint=word(today.touchpoints.get(case.touchpoint or "", {}), language),
        called=customer.no_calls_since is None,
        transliterate=today.transliterate,
    )


async def _choices(
    house: House, session: AsyncSession, heard: Heard, today: Organisation, facts: MessageFacts
) -> tuple[str, ...]:
    """As in `J2 = NPS 3, Works, North`."""
    report, now, person = read_report(heard.text.body), house.clock(), heard.person or ""
    cases = (await asked_of(session, person, now=now))[:MOST_CHOICES]
    numbers = await offer(session, person, [case.id for case in cases], now=now)
    letter = LETTERS[report.outcome if report else Reached.REACHED]
    hour = f" {report.at:%H:%M}" if report and report.at else ""
    language = today.speaks(today.people[person].language)
    lines = []
    for number, case in zip(numbers, cases, strict=True):
        about = await _about(session, facts, today, case, language)
        told = ", ".join(each for each in (about.score, about.trade, about.region) if each)
        lines.append(f"{letter}{number}{hour} = {clipped(told, LONGEST_CHOICE)}")
    return tuple(lines)


async def _about(
    session: AsyncSession, facts: MessageFacts, today: Organisation, case: CaseRow, language: str
) -> MessageFacts:
    """As messages name a case: nothing that says who the customer is."""
    answers = await answers_of(session, case.id)
    latest = max(answers, key=lambda answer: answer.received_at)
    region = today.regions.get(case.region or "")
    return replace(
        facts,
        region=word(region.label, language) if region else "",
        trade=word(today.trades.get(case.trade or "", {}), language),
        topic=word(today.topic_labels().get(case.topic or "", {}), language),
        score=f"{latest.metric.upper()} {latest.score}" if latest.metric else "",
    )
