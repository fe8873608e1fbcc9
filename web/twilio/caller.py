"""Asking Twilio for a call, once: it knows no key by which two requests would be one."""

import asyncio
from typing import Protocol

from httpx2 import AsyncClient, ConnectError, ConnectTimeout, HTTPError, Response

from models.carrier_errors import Remedy, remedy_of_answer
from models.errors import CarrierBusy, CarrierRefused
from models.twilio_account import TwilioAccount
from web.twilio.twiml import PROGRESS, Doors

PATIENCE = 10.0
RINGS_DIRECTOR = 20
LONGEST_CALL = 35 * 60
"""All in seconds; the last is longer than the talk that may follow."""


class Caller(Protocol):
    account: TwilioAccount

    async def ring(self, phone: str, call: str) -> str | None:
        """Rings a colleague for the call of this id. Returns Twilio's id of it; None where nobody can know
        whether it was made: then it must not be asked for again by itself.

        Raises CarrierBusy or CarrierRefused where it certainly was not.
        """
        ...


class TwilioCaller:
    def __init__(self, account: TwilioAccount, public_url: str) -> None:
        self.account = account
        self._public_url = public_url

    async def ring(self, phone: str, call: str) -> str | None:
        path = f"/2010-04-01/Accounts/{self.account.account_sid}/Calls.json"
        try:
            async with asyncio.timeout(PATIENCE), AsyncClient(trust_env=False) as client:
                answer = await client.post(
                    self.account.api_base + path,
                    data=self._form(phone, Doors(self._public_url, call)),
                    auth=self.account.credentials,
                )
        except (ConnectError, ConnectTimeout):
            raise CarrierBusy("Twilio cannot be reached.") from None
        except (HTTPError, TimeoutError):
            return None
        return _sid(answer)

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


def _sid(answer: Response) -> str | None:
    """A server error may come after the call was made; a refusal never does."""
    if answer.is_success:
        return str(_read(answer).get("sid") or "") or None
    code = _read(answer).get("code")
    match remedy_of_answer(answer.status_code, code if isinstance(code, int) else 0):
        case None:
            return None
        case Remedy.LATER:
            raise CarrierBusy("Twilio asks for patience.")
        case remedy:
            their_code = code if isinstance(code, int) else answer.status_code
            detail = f"Twilio refuses the call ({their_code})."
            raise CarrierRefused(detail, reason=remedy, their_code=their_code)


def _read(answer: Response) -> dict[str, object]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
