"""Rappel as a trusted server meets it: the web process in full life, Temporal, and a worker or none."""

import asyncio
import base64
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from pydantic import SecretStr
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.roster import Roster
from settings import Settings
from temporal_client import DATA_CONVERTER
from tests.casework import SMALL, UNHAPPY, Casework
from tests.stories.callers import Office
from tests.web.pages.browser import HERE
from tests.web.pages.reception import settings_for
from web.app import create_app
from worker import make_worker

TOKEN = settings_for("").api_token.get_secret_value()
SECRET = "whsec_" + base64.b64encode(b"an invented secret").decode()
MORE_PEOPLE = """
  - {id: paul, name: Paul Partner, role: partner, language: fr, phone: "+33639980043"}
  - {id: eva, name: Eva Executive, role: executive, language: fr, email: eva@small.example}
  - {id: oscar, name: Oscar Operator, role: operator, language: en, email: oscar@small.example}
"""


def staffed() -> str:
    """The small organisation with somebody in every role."""
    people, rest = SMALL.read_text().split("\nrouting:")
    return f"{people}{MORE_PEOPLE}routing:{rest}"


def settings_with_secrets(database_url: str) -> Settings:
    changes = {"webhook_secrets": {"survey": SecretStr(SECRET)}}
    return settings_for(database_url).model_copy(update=changes)


def caller(app: FastAPI, *, base_url: str = HERE, visitor: str = "127.0.0.1") -> AsyncClient:
    """A server that has the token."""
    return AsyncClient(
        transport=ASGITransport(app=app, client=(visitor, 50_000)),
        base_url=base_url,
        headers={"authorization": f"Bearer {TOKEN}"},
    )


@dataclass(frozen=True, slots=True)
class Firm:
    casework: Casework
    env: WorkflowEnvironment
    app: FastAPI
    http: AsyncClient

    @property
    def office(self) -> Office:
        return Office(self.http, TOKEN)

    def worker(self) -> AbstractAsyncContextManager[Worker]:
        """Works while it is entered."""
        roster = Roster(self.casework.database, self.casework.book)
        return make_worker(self.env.client, self.casework.records.commit, roster.look)

    async def heard(self) -> str:
        """A new case."""
        response = replace(UNHAPPY, submitted_at=datetime.now(UTC))
        case = (await self.casework.hear(response)).case_id or ""
        self.app.state.house.dispatcher.wake()
        return case

    async def asked(self) -> str:
        """A new case, as soon as the worker has it put to its owner."""
        case = await self.heard()
        while (await self.office.case(case))["state"] != "asked":
            await asyncio.sleep(0.05)
        return case


@asynccontextmanager
async def firm_at(casework: Casework, database_url: str) -> AsyncIterator[Firm]:
    """Nobody works in it yet. The web process finds Temporal by itself."""
    async with await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(Path(sys.executable).with_name("temporal-test-server")),
        data_converter=DATA_CONVERTER,
    ) as env:
        port = env.client.service_client.config.target_host.rpartition(":")[2]
        settings = settings_with_secrets(database_url)
        app = create_app(settings.model_copy(update={"temporal_port": int(port)}))
        async with app.router.lifespan_context(app), caller(app) as http:
            yield Firm(casework, env, app, http)
