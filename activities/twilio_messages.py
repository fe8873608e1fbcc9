"""The carrier for SMS: Twilio's Messages, each posted once, and asked after."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import quote

import structlog

from models.carrier_errors import Remedy, remedy_of_answer
from models.clock import Clock
from models.errors import CarrierBusy, CarrierRefused, CarrierUnclear
from models.posting import News, read_news
from models.reconciliation import Listed
from models.store.outbox import Letter
from models.twilio_account import SAID_AGAIN, SenderKind, TwilioAccount
from twilio_client import MESSAGES, Answer, TwilioClient

VALID_FOR = timedelta(hours=4)
"""An SMS that waits longer in a network, for a phone that is off, comes too late to be of use."""
REST = timedelta(minutes=5)
"""After Twilio refused the account: it would refuse each message."""
QUEUE_DRAINS = timedelta(minutes=2)
"""Until a sender's queue, which is full, has room again."""

log = structlog.get_logger()


class TwilioMessages:
    """`public_url` is None where Twilio cannot reach us: then only asking tells what became of a message."""

    def __init__(
        self, account: TwilioAccount, http: TwilioClient, *, public_url: str | None, clock: Clock
    ) -> None:
        self._account = account
        self._http = http
        self._public_url = public_url
        self._clock = clock
        self._rests_until: datetime | None = None

    async def post(self, letter: Letter) -> str:
        """Raises as `Carrier` says, without Twilio's words: they quote the number."""
        self._wait_for_the_end_of_rest()
        answer = await self._http.post(MESSAGES, self._form(letter))
        if not answer.good:
            raise self._verdict(answer)
        if answer.sid is None:
            raise CarrierUnclear("Twilio's answer names no message.", reason="no_sid")
        return answer.sid

    async def look_up(self, sid: str) -> News | None:
        """None where it does not say. Raises CarrierBusy, CarrierUnclear."""
        answer = await self._http.get(f"{MESSAGES}/{sid}")
        return _news(answer.said) if answer.good else None

    async def list_to(self, number: str) -> Sequence[Listed] | None:
        """The latest to this number, newest first; None where it does not say. Raises CarrierBusy,
        CarrierUnclear. This is the one address with a number in it: Twilio has no other question.
        """
        answer = await self._http.get(MESSAGES, {"To": number, "PageSize": "50"})
        messages = answer.said.get("messages")
        if not answer.good or not isinstance(messages, list):
            return None
        return [each for each in map(_listed, messages) if each is not None]

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

    def _wait_for_the_end_of_rest(self) -> None:
        left = self._rests_until - self._clock() if self._rests_until else timedelta(0)
        if left > timedelta(0):
            raise CarrierBusy("Twilio is left alone for a while.", wait=left)

    def _verdict(self, answer: Answer) -> CarrierBusy | CarrierRefused | CarrierUnclear:
        status, code = answer.status, answer.code
        remedy = remedy_of_answer(status, code)
        match remedy:
            case None:
                return CarrierUnclear(f"Twilio has a fault ({status}).", reason=f"http_{status}")
            case Remedy.LATER:
                if status == 429:
                    self._rest(answer.wait)
                wait = answer.wait or (None if status == 429 else QUEUE_DRAINS)
                return CarrierBusy(f"Twilio asks for patience ({code}).", wait=wait)
            case Remedy.BREAK:
                log.error("carrier_refuses_account", status=status, code=code)
                self._rest(REST)
                return CarrierBusy(f"Twilio refuses the account ({code}).", wait=REST)
            case _:
                if remedy is Remedy.OPERATOR:
                    log.error("carrier_needs_operator", status=status, code=code)
                return CarrierRefused(f"Twilio refuses ({code}).", reason=remedy, their_code=code)

    def _rest(self, wait: timedelta | None) -> None:
        """All messages wait: it is the account that was told to."""
        if wait is not None:
            self._rests_until = self._clock() + wait


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
