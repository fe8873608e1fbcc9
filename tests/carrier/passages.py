"""Where what we say to Twilio, and what it says to us, passes: there it is lost, held up and repeated."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl, urldefrag, urlencode

from fastapi import FastAPI
from httpx2 import AsyncClient, Response

from tests.activities.twilio_server import TAKEN_IN_SILENCE, Form, Mood, refusal
from tests.casework import MONDAY_MORNING
from tests.plain_http import Answer, Ask
from tests.web.machines.signed_calls import call

PRISMS_WORD = "stoplight.io/prism/errors"
PREFIX = "/calls"
"""Of our public address: whoever stands before us takes it away."""


@dataclass(slots=True)
class Faults:
    """Before Prism. `moods` are used up one a POST, by its number; `against` is what Prism found."""

    upstream: str
    http: AsyncClient
    moods: dict[str, list[Mood]] = field(default_factory=dict)
    posts: list[Form] = field(default_factory=list)
    against: list[str] = field(default_factory=list)
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, ask: Ask) -> Answer | None:
        if ask.method != "POST":
            return await self._pass_on(ask)
        form = dict(parse_qsl(ask.body, keep_blank_values=True))
        self.posts.append(form)
        moods = self.moods.get(form["To"], [])
        mood = moods.pop(0) if moods else None
        if mood is not None and mood not in TAKEN_IN_SILENCE:
            return refusal(mood, "40")
        answer = await self._pass_on(ask)
        match mood:
            case None:
                return answer
            case Mood.BROKEN_AFTER:
                return 500, "", "<html>A fault.</html>"
            case Mood.NAMELESS:
                return 201, "", {}
            case Mood.HANGING:
                await self.closing.wait()
        return None

    async def _pass_on(self, ask: Ask) -> Answer:
        answer = await pass_on(self.http, self.upstream, ask, ask.body)
        if PRISMS_WORD in answer.text:
            self.against.append(f"{ask.method} {ask.body}: {answer.text}")
        return answer.status_code, "", answer.text


@dataclass(slots=True)
class Habits:
    """Between Prism and emulate: what that does otherwise than Twilio is put right on the way.

    What follows `#` in an address tells Twilio how patiently to call it: it is neither called nor signed. And
    the time is ours, which the tests set.
    """

    upstream: str
    http: AsyncClient
    clock: Callable[[], datetime] = lambda: MONDAY_MORNING
    created: dict[str, str] = field(default_factory=dict)

    async def answer(self, ask: Ask) -> Answer:
        pairs = parse_qsl(ask.body, keep_blank_values=True)
        body = [(n, urldefrag(v).url if n == "StatusCallback" else v) for n, v in pairs]
        answer = await pass_on(self.http, self.upstream, ask, urlencode(body))
        said = answer.json()
        for each in said.get("messages", [said]):
            if "sid" in each:
                now = format_datetime(self.clock())
                each["date_created"] = self.created.setdefault(each["sid"], now)
        return answer.status_code, "", said


@dataclass(slots=True)
class Gate:
    """At our public address, before the web process. What comes while it is `shut` is lost."""

    app: FastAPI | None = None
    shut: bool = False
    heard: list[Ask] = field(default_factory=list)
    answered: list[int] = field(default_factory=list)

    async def answer(self, ask: Ask) -> Answer:
        self.heard.append(ask)
        if self.shut:
            return 503, "", "<html>Nobody is in.</html>"
        answer = await self.let_in(ask)
        return answer.status_code, "", answer.text

    async def let_in(self, ask: Ask) -> Response:
        """Signed as it came, also if it comes again."""
        assert self.app is not None
        assert ask.target.startswith(PREFIX)
        path = ask.target.removeprefix(PREFIX)
        answer = await call(self.app, path, ask.body, ask.headers.get("x-twilio-signature"))
        self.answered.append(answer.status_code)
        return answer


async def pass_on(http: AsyncClient, upstream: str, ask: Ask, body: str) -> Response:
    """With the credentials that came."""
    kept = ("authorization", "content-type", "accept")
    headers = {name: ask.headers[name] for name in kept if name in ask.headers}
    url = upstream + ask.target
    return await http.request(ask.method, url, content=body, headers=headers, auth=None)


@dataclass(frozen=True, slots=True)
class Desk:
    """emulate's own door for tests: what it holds, and what becomes of it."""

    address: str
    account: str
    http: AsyncClient

    async def held(self) -> Sequence[Mapping[str, Any]]:
        """All messages, newest first."""
        return await self._all("messages")

    async def calls(self) -> Sequence[Mapping[str, Any]]:
        return await self._all("calls")

    async def _all(self, what: str) -> Sequence[Mapping[str, Any]]:
        url = f"{self.address}/2010-04-01/Accounts/{self.account}/{what.title()}.json?PageSize=1000"
        listed: Sequence[Mapping[str, Any]] = (await self.http.get(url)).json()[what]
        return listed

    async def move(self, sid: str, status: str) -> None:
        """It goes on to this status, and tells us of it before this returns."""
        told = {"MessageSid": sid, "Status": status}
        answer = await self.http.post(f"{self.address}/_twilio/simulate/message-status", data=told)
        assert answer.status_code == 200, answer.text
