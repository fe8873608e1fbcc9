"""Asking Twilio for a call, once: it knows no key by which two requests would be one."""

from typing import Protocol

from models.carrier_errors import Remedy, remedy_of_answer
from models.errors import CarrierBusy, CarrierRefused, CarrierUnclear
from models.twilio_account import TwilioAccount
from twilio_client import CALLS, Answer, Patience, TwilioClient
from web.twilio.twiml import PROGRESS, Doors

PATIENCE = Patience(connecting=5, whole=10)
"""Somebody looks at his phone meanwhile."""
RINGS_DIRECTOR = 20
LONGEST_CALL = 35 * 60
"""Both in seconds; the last is longer than the talk that may follow."""


class Caller(Protocol):
    account: TwilioAccount

    async def ring(self, phone: str, call: str) -> str | None:
        """Rings a colleague for the call of this id. Returns Twilio's id of it; None where nobody can know
        whether it was made: then it must not be asked for again by itself.

        Raises CarrierBusy or CarrierRefused where it certainly was not.
        """
        ...

    async def aclose(self) -> None: ...


class TwilioCaller:
    def __init__(self, account: TwilioAccount, public_url: str) -> None:
        self.account = account
        self._client = TwilioClient(account, patience=PATIENCE)
        self._public_url = public_url

    async def aclose(self) -> None:
        await self._client.aclose()

    async def ring(self, phone: str, call: str) -> str | None:
        form = self._form(phone, Doors(self._public_url, call))
        try:
            return _sid(await self._client.post(CALLS, form))
        except CarrierUnclear:
            return None

    def _form(self, phone: str, doors: Doors) -> dict[str, str | list[str]]:
        return {
            "To": phone,
            "From": self.account.voice_number or "",
            "Url": doors.door("answer"),
            "Method": "POST",
            "FallbackUrl": doors.door("fallback"),
            "FallbackMethod": "POST",
            "StatusCallback": doors.patient("status"),
            "StatusCallbackMethod": "POST",
            "StatusCallbackEvent": PROGRESS.split(),
            "Timeout": str(RINGS_DIRECTOR),
            "TimeLimit": str(LONGEST_CALL),
            "Record": "false",
        }


def make_caller(account: TwilioAccount | None, public_url: str) -> Caller | None:
    """None where no number of ours may call."""
    speaks = account is not None and account.voice_number is not None
    return TwilioCaller(account, public_url) if account and speaks else None


def _sid(answer: Answer) -> str | None:
    """A server error may come after the call was made; a refusal never does."""
    if answer.good:
        return answer.sid
    match remedy_of_answer(answer.status, answer.code):
        case None:
            return None
        case Remedy.LATER:
            raise CarrierBusy("Twilio asks for patience.")
        case remedy:
            code = answer.code or answer.status
            detail = f"Twilio refuses the call ({code})."
            raise CarrierRefused(detail, reason=remedy, their_code=code)
