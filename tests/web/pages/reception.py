"""The real web process over a real database, without Temporal: acts are kept, nobody applies them."""

import base64
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from fastapi import FastAPI
from sqlmodel import col, select

from models.access_tables import LinkRow
from models.actions import Act, AddAction, Attempt, FinishAction, NameCause, Reached
from models.case import Acted, CaseState
from models.errors import WrongMove
from models.store.access import new_link
from models.store.acts import keep_refusal
from models.tables import ActRow
from settings import Settings
from tests.casework import MONDAY_MORNING, Casework
from tests.web.pages.browser import HERE, Browser
from web.app import create_app, make_house
from web.oidc import make_open_id

SOON = MONDAY_MORNING + timedelta(minutes=5)
WEEK = timedelta(days=7)


@dataclass(slots=True)
class Clock:
    now: datetime = SOON

    def __call__(self) -> datetime:
        return self.now


@dataclass(slots=True)
class Reception:
    casework: Casework
    settings: Settings
    clock: Clock = field(default_factory=Clock)
    app: FastAPI = field(init=False)

    def __post_init__(self) -> None:
        has_provider = self.settings.provider is not None
        self.app = _rooms_at(self.settings.public_url, has_provider=has_provider)
        self.app.state.house = make_house(self.settings, clock=self.clock)
        self.app.state.open_id = make_open_id(self.settings)

    async def link(self, state: CaseState, person: str | None) -> str:
        """The path that a fresh message would hold."""
        async with self.casework.database.write() as session:
            token = new_link(session, state.case_id, person=person, at=self.clock(), life=WEEK)
        return f"/l/{token}" if person else f"/c/{token}"

    async def signed_in(self, person: str, state: CaseState) -> Browser:
        browser = Browser(self.app)
        await browser.post(await self.link(state, person))
        return browser

    async def spent_links(self) -> int:
        async with self.casework.database.read() as session:
            spent = select(LinkRow).where(col(LinkRow.spent_at).is_not(None))
            return len((await session.exec(spent)).all())

    async def kept(self) -> list[ActRow]:
        """What people sent that was not applied."""
        async with self.casework.database.read() as session:
            waiting = select(ActRow).where(col(ActRow.seq).is_(None)).order_by(ActRow.id)
            return list((await session.exec(waiting)).all())

    async def apply_kept(self, state: CaseState, act: Act) -> None:
        """What a worker would do with the one act that was kept."""
        [draft] = await self.kept()
        await self.casework.take(state, Acted(act, draft.actor, self.clock(), draft.id))

    async def refuse_kept(self, wrong: WrongMove) -> None:
        """What the web does when the workflow refuses the one act that was kept."""
        [draft] = await self.kept()
        async with self.casework.database.write() as session:
            await keep_refusal(session, draft.id, wrong)


def settings_for(database_url: str, public_url: str = HERE) -> Settings:
    """The data key is that of the `vault` fixture."""
    return Settings.model_validate(
        {
            "database_url": database_url,
            "public_url": public_url,
            "api_token": "an-invented-api-token",
            "data_key": base64.b64encode(bytes(range(32))).decode(),
            "session_key": "an-invented-session-key-of-some-length",
        }
    )


def with_provider(settings: Settings, issuer: str) -> Settings:
    """People of the company may sign in there."""
    told = {"oidc_issuer": issuer, "oidc_client_id": "rappel", "oidc_client_secret": "a secret"}
    return Settings.model_validate(settings.model_dump() | told)


@cache
def _rooms_at(public_url: str, *, has_provider: bool) -> FastAPI:
    """Built once, for that takes a tenth of a second: a test's own things hang from its state."""
    settings = settings_for("sqlite+aiosqlite://", public_url)
    return create_app(with_provider(settings, "http://127.0.0.1") if has_provider else settings)


async def promised(casework: Casework) -> CaseState:
    """A case in which something is to be done within a week."""
    state = await casework.open()
    promise = AddAction("dora", MONDAY_MORNING + WEEK)
    for act in (Attempt(Reached.REACHED), NameCause("delay"), promise):
        state = await casework.act(state, act, MONDAY_MORNING)
    return state


async def confirming(casework: Casework) -> CaseState:
    """A case whose customer is asked whether it is solved."""
    return await casework.act(await promised(casework), FinishAction(1), MONDAY_MORNING)
