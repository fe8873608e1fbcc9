"""The web process: its routes, and the long-lived parts they are handed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from fastapi import FastAPI

from models.store.database import Database, check_revision
from models.store.intake import Intake
from models.store.organisations import OrganisationBook
from models.store.outbox import Outbox
from models.vault import Vault
from settings import Settings
from temporal_client import connect_patiently
from web import answers, api, health, webhooks
from web.dispatcher import Dispatcher
from web.engine import Engine
from web.provided import House


def create_app(settings: Settings) -> FastAPI:
    app = FastAPI(
        title="Rappel",
        version="0.1.0",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_live,
    )
    app.state.house = make_house(settings)
    answers.install(app)
    for room in (webhooks, api, health):
        app.include_router(room.router)
    return app


def make_house(settings: Settings) -> House:
    vault = Vault.from_text(settings.data_key.get_secret_value())
    database = Database(settings.database_url, vault)
    engine = Engine()
    return House(
        settings,
        database,
        OrganisationBook(vault),
        Intake(vault),
        Outbox(database),
        engine,
        Dispatcher(database, engine, now),
        now,
    )


def now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def _live(app: FastAPI) -> AsyncIterator[None]:
    """Deliveries are taken from the first moment, whether Temporal answers yet or not."""
    house: House = app.state.house
    await check_revision(house.database)
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(_connect(house)), tasks.create_task(house.dispatcher.run())]
        yield
        for task in running:
            task.cancel()
    await house.database.close()


async def _connect(house: House) -> None:
    client = await connect_patiently(embedded_port=house.settings.embedded_port)
    await house.engine.use(client)
