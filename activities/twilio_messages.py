"""The carrier for SMS: Twilio's Messages, each posted once, and asked after."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import quote

import structlog

from models.breaker import FIRST_REST, TOOK_IT, Answered, Change, Rest, Said, read_refusal
from models.carrier_errors import Remedy, remedy_of_answer
from models.clock import Clock
from models.errors import CarrierBusy, CarrierRefused, CarrierUnclear, Passing
from models.posting import News, read_news
from models.reconciliation import Listed
from models.store.breaker import Breaker
from models.store.outbox import Letter
from models.twilio_account import SAID_AGAIN, SenderKind
from twilio_client import MESSAGES, Answer, TwilioClient

VALID_FOR = timedelta(hours=4)
"""An SMS that waits longer in a network, for a phone that is off, comes too late to be of use."""
QUEUE_HAS_ROOM = timedelta(minutes=2)
"""Until a sender's queue, which is full, has room again."""
KEEPING = timedelta(seconds=10)
"""So long the database may take to tell how Twilio stands, and again to keep what it said. Together with the
question it stays below what the post office waits.
"""

log = structlog.get_logger()


class TwilioMessages:
    """`public_url` is None where Twilio cannot reach us: then only asking tells what became of a message."""

    def __init__(
        self,
        breaker: Breaker,
        client: TwilioClient,
        *,
        public_url: str | None,
        clock: Clock,
        keeping: timedelta = KEEPING,
    ) -> None:
        self._breaker = breaker
        self._account = breaker.account
        self._client = client
        self._public_url = public_url
        self._clock = clock
        self._keeping = keeping

    async def begin(self) -> None:
        """As soon as we may speak with Twilio: with other settings nothing waits for what the old ones were
        told. Raises DatabaseAway.
        """
        _tell(await self._breaker.recognise(self._clock()))

    async def post(self, letter: Letter) -> str:
        """Raises as `Carrier` says, without Twilio's words: they quote the number."""
        admitted = await self._enter()
        try:
            answer = await self._client.post(MESSAGES, self._form(letter))
        except (CarrierBusy, CarrierUnclear) as fault:
            lost = Said.FAULT if isinstance(fault, CarrierUnclear) else Said.NOT_REACHED
            await self._note(Answered(lost), admitted)
            raise
        if not answer.good:
            refusal = read_refusal(answer.status, answer.code, answer.wait)
            await self._note(refusal, admitted)
            raise _verdict(answer)
        await self._note(TOOK_IT, admitted)
        if answer.sid is None:
            raise CarrierUnclear("Twilio's answer names no message.", reason="no_sid")
        return answer.sid

    async def look_up(self, sid: str) -> News | None:
        """None where it does not say. Raises CarrierBusy, CarrierUnclear."""
        answer = await self._client.get(f"{MESSAGES}/{sid}")
        return _news(answer.said) if answer.good else None

    async def list_to(self, number: str) -> Sequence[Listed] | None:
        """The latest to this number, newest first; None where it does not say. Raises CarrierBusy,
        CarrierUnclear. This is the one address with a number in it: Twilio has no other question.
        """
        answer = await self._client.get(MESSAGES, {"To": number, "PageSize": "50"})
        messages = answer.said.get("messages")
        if not answer.good or not isinstance(messages, list):
            return None
        return [each for each in map(_listed, messages) if each is not None]

    async def judge(self) -> None:
        """Once one is lost that Twilio had taken. Raises DatabaseAway."""
        _tell(await self._breaker.judge(self._clock()))

    def _form(self, letter: Letter) -> Mapping[str, str]:
        service = self._account.sender_kind is SenderKind.SERVICE
        form = {
            "To": letter.address,
            "MessagingServiceSid" if service else "From": self._account.sender,
            "Body": letter.body,
            "ValidityPeriod": str(int(VALID_FOR.total_seconds())),
        }
        if self._public_url:
            intent = quote(letter.intent, safe=":")
            url = f"{self._public_url}/twilio/messages/{intent}/status{SAID_AGAIN}"
            form["StatusCallback"] = url
        return form

    async def _enter(self) -> Rest:
        """Raises CarrierBusy while Twilio is left alone, and where nobody can say whether it is."""
        try:
            async with asyncio.timeout(self._keeping.total_seconds()):
                admission = await self._breaker.admit(self._clock())
        except (Passing, TimeoutError) as fault:
            raise CarrierBusy(f"Nothing leaves now ({type(fault).__name__}).") from None
        _tell(admission.change)
        if admission.wait is not None:
            raise CarrierBusy("Twilio is left alone for a while.", wait=admission.wait)
        return admission.rest

    async def _note(self, answered: Answered, admitted: Rest) -> None:
        """What cannot be kept, the next answer tells again: what became of the letter is never lost by it."""
        try:
            async with asyncio.timeout(self._keeping.total_seconds()):
                change = await self._breaker.note(answered, self._clock(), admitted=admitted)
        except (Passing, TimeoutError) as fault:
            log.warning("carrier_not_noted", fault=type(fault).__name__)
        except Exception as fault:
            log.exception("carrier_not_noted", fault=type(fault).__name__)
        else:
            _tell(change)


def _verdict(answer: Answer) -> CarrierBusy | CarrierRefused | CarrierUnclear:
    status, code = answer.status, answer.code
    remedy = remedy_of_answer(status, code)
    match remedy:
        case None:
            return CarrierUnclear(f"Twilio has a fault ({status}).", reason=f"http_{status}")
        case Remedy.LATER:
            wait = answer.wait or (None if status == 429 else QUEUE_HAS_ROOM)
            return CarrierBusy(f"Twilio asks for patience ({code}).", wait=wait)
        case Remedy.BREAK:
            return CarrierBusy(f"Twilio refuses the account ({code}).", wait=FIRST_REST)
        case _:
            if remedy is Remedy.OPERATOR:
                log.error("carrier_needs_operator", status=status, code=code)
            return CarrierRefused(f"Twilio refuses ({code}).", reason=remedy, their_code=code)


def _tell(change: Change | None) -> None:
    if change is not None:
        log.warning(change.event, **change.told)


def _news(said: Mapping[str, object]) -> News | None:
    sid, status, code = (str(said.get(n) or "") for n in ("sid", "status", "error_code"))
    return read_news(sid, status, code)


def _listed(said: object) -> Listed | None:
    if not isinstance(said, dict):
        return None
    news, body = _news(said), said.get("body")
    try:
        created_at = parsedate_to_datetime(str(said.get("date_created"))).astimezone(UTC)
    except ValueError:
        return None
    return Listed(news, str(body or ""), created_at) if news else None
