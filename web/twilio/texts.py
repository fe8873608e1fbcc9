"""Text messages that come in. Each is kept before it is answered, and read afterwards: nothing here waits
for Temporal.
"""

from functools import partial

import structlog
from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession
from twilio.twiml.messaging_response import MessagingResponse

from models.organisation import Organisation, page_language
from models.replies import Keyword, keyword_of
from models.segments import respelt
from models.store.texts import Text, answered_today, customers_at, keep_text, may_answer
from models.twilio_account import E164
from templates.spoken_words import Spoken, spoken
from web.provided import House, InHouse
from web.twilio.signature import require_signed

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()


@router.post("/twilio/texts")
async def receive(request: Request, house: InHouse) -> Response:
    """Answered once it is kept, also when it comes again. It is a good fall-back address of its own, too."""
    form = await require_signed(request, house.settings.account, house.settings.public_url)
    text = Text(form.get("MessageSid", ""), form.get("From", ""), form.get("Body", ""))
    if not text.sid or not text.sender:
        log.warning("text_not_understood")
        return Response(status_code=204)
    told = form.get("OptOutType", "")
    words = await house.database.write_again(partial(_keep, house, text, told))
    house.text_came.set()
    return _say(words) if words else Response(status_code=204)


async def _keep(house: House, text: Text, told: str, session: AsyncSession) -> str | None:
    """Returns what is said at once, by us: nothing where Twilio has said something itself (`told`), and never
    a word to who asks for silence.
    """
    keyword, now = keyword_of(text.body, told), house.clock()
    row = await keep_text(session, house.database.vault, text, keyword, at=now)
    if row is None:
        return None
    log.info("text_received", text=text.sid, keyword=keyword)
    today = (await house.book.in_force(session)).organisation
    if told or not E164.fullmatch(text.sender) or _is_colleague(today, text.sender):
        return None
    match keyword:
        case Keyword.HELP:
            answers = await may_answer(session, row.number, now=now)
        case None:
            known = await customers_at(session, house.database.vault, row.number)
            answers = not known and not await answered_today(session, row.number, now=now)
        case _:
            answers = False
    words = _way_to_us(house, today, known=keyword is not None) if answers else None
    row.answered_at = now if words else None
    return words


def _is_colleague(today: Organisation, number: str) -> bool:
    return any(p.phone == number and p.takes_cases for p in today.people.values())


def _way_to_us(house: House, today: Organisation, *, known: bool) -> str | None:
    """Nothing where no number of ours takes calls: there is none to be told."""
    account = house.settings.account
    if account is None or account.voice_number is None:
        return None
    said = spoken(page_language(today.languages[0]))
    words = () if known else (said[Spoken.NOBODYS_TEXT],)
    return respelt(" ".join((f"{today.name}.", *words, said[Spoken.CALL_US], account.voice_number)))


def _say(words: str) -> Response:
    response = MessagingResponse()
    response.message(words)
    return Response(str(response), media_type="text/xml")
