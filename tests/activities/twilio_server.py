"""Twilio's Messages on this machine: real HTTP, what it keeps, and the faults that such a service has."""

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from enum import Enum
from urllib.parse import parse_qsl, urlsplit

from models.twilio_account import TwilioAccount, read_twilio_account
from tests.casework import MONDAY_MORNING
from tests.plain_http import Answer, Ask, listening

SID, TOKEN, TOKEN_BEFORE = f"AC{'5e' * 16}", "the-token-of-today", "the-token-of-yesterday"
ROOT = f"/2010-04-01/Accounts/{SID}/Messages"

Form = Mapping[str, str]


class Mood(Enum):
    """Of one POST. Some take the message, and none of these says so."""

    LOST = "it is taken, and the connection is cut"
    BROKEN_AFTER = "it is taken, and answered with a fault"
    HANGING = "it is taken, and never answered"
    NAMELESS = "it is taken, and answered without its name"
    AWAY = "503"
    ELSEWHERE = "302"
    TOO_MANY = "429"
    REFUSES_ACCOUNT = "20003"
    OPTED_OUT = "21610"
    LANDLINE = "21614"
    WRONG_SENDER = "21606"
    QUEUE_FULL = "21611"


TAKEN_IN_SILENCE = (Mood.LOST, Mood.BROKEN_AFTER, Mood.HANGING, Mood.NAMELESS)


@dataclass(slots=True)
class Message:
    sid: str
    to: str
    body: str
    created_at: datetime
    status: str = "queued"
    code: int | None = None

    def shown(self) -> Mapping[str, object]:
        return {
            "sid": self.sid,
            "to": self.to,
            "body": self.body,
            "status": self.status,
            "error_code": self.code,
            "date_created": format_datetime(self.created_at),
        }


async def _nothing(form: Form, message: Message) -> None:
    pass


@dataclass(slots=True)
class Twilio:
    """`moods` are used up one a POST, by the number it is for; `reading` is what every GET meets."""

    host: str = ""
    clock: Callable[[], datetime] = lambda: MONDAY_MORNING
    moods: dict[str, list[Mood]] = field(default_factory=dict)
    retry_after: str = "40"
    reading: Mood | None = None
    messages: list[Message] = field(default_factory=list)
    posts: list[Form] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    """Method and path."""
    told: Callable[[Form, Message], Awaitable[None]] = _nothing
    """Called before a POST is answered."""
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def account(self) -> TwilioAccount:
        return account_at(self.host)

    def posted_to(self, number: str) -> int:
        return sum(form["To"] == number for form in self.posts)

    def held_for(self, number: str) -> list[Message]:
        return [message for message in self.messages if message.to == number]

    async def answer(self, method: str, target: str, auth: str, body: str) -> Answer | None:
        split = urlsplit(target)
        self.calls.append(f"{method} {split.path}")
        expected = base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
        if auth != f"Basic {expected}":
            return _refused(20003, 401)
        if method == "POST":
            assert split.path == f"{ROOT}.json"
            return await self._post(dict(parse_qsl(body, keep_blank_values=True)))
        return self._get(split.path, dict(parse_qsl(split.query)))

    async def _post(self, form: Form) -> Answer | None:
        self.posts.append(form)
        moods = self.moods.get(form["To"], [])
        mood = moods.pop(0) if moods else None
        if mood is not None and mood not in TAKEN_IN_SILENCE:
            return refusal(mood, self.retry_after)
        sid = f"SM{len(self.messages) + 1:032x}"
        message = Message(sid, form["To"], form["Body"], self.clock())
        self.messages.insert(0, message)
        await self.told(form, message)
        match mood:
            case None:
                return 201, "", message.shown()
            case Mood.BROKEN_AFTER:
                return 500, "", "<html>A fault.</html>"
            case Mood.NAMELESS:
                return 201, "", {}
            case Mood.HANGING:
                await self.closing.wait()
        return None

    def _get(self, path: str, query: Form) -> Answer:
        if self.reading is not None:
            return refusal(self.reading, self.retry_after)
        if path == f"{ROOT}.json":
            found = [each.shown() for each in self.held_for(query["To"])]
            return 200, "", {"messages": found, "next_page_uri": None}
        by_path = {f"{ROOT}/{each.sid}.json": each for each in self.messages}
        message = by_path.get(path)
        return (200, "", message.shown()) if message else _refused(20404, 404)


def refusal(mood: Mood, retry_after: str) -> Answer:
    match mood:
        case Mood.TOO_MANY:
            return 429, retry_after, {"code": 20429, "status": 429}
        case Mood.AWAY:
            return 503, "", "<html>Nobody is in.</html>"
        case Mood.ELSEWHERE:
            return 302, "", ""
        case Mood.REFUSES_ACCOUNT:
            return _refused(20003, 401)
        case _:
            return _refused(int(mood.value), 400)


def _refused(code: int, status: int) -> Answer:
    """As Twilio's own do, it quotes a number."""
    return status, "", {"code": code, "message": "The number +33639980041 …", "status": status}


def account_at(host: str, **parts: str) -> TwilioAccount:
    told = {
        "account_sid": SID,
        "auth_token": TOKEN,
        "auth_token_before": TOKEN_BEFORE,
        "sender": "BELVALLEE",
        "api_base": f"http://{host}",
    }
    account = read_twilio_account(told | parts)
    assert account is not None
    return account


@asynccontextmanager
async def twilio_at_work() -> AsyncIterator[Twilio]:
    twilio = Twilio()

    async def answer(ask: Ask) -> Answer | None:
        return await twilio.answer(ask.method, ask.target, ask.headers["authorization"], ask.body)

    async with listening(answer) as twilio.host:
        yield twilio
        twilio.closing.set()
