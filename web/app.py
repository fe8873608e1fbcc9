"""The web process: its routes, and the long-lived parts they are handed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

import structlog
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.middleware.gzip import GZipMiddleware

from models.clock import Clock, clock_through
from models.errors import Passing
from models.store.database import Database, check_revision
from models.store.intake import Intake
from models.store.organisations import OrganisationBook
from models.store.outbox import Outbox
from models.store.quarantine import Quarantine
from models.vault import Vault
from settings import Settings, require_webhook_secrets
from surveys.adapters import hear_kept
from templates.own_texts import checked_templates
from temporal_client import connect_patiently
from web import answers, health, texting, webhooks
from web.api import routes as api
from web.board import cases as board_cases
from web.board import files as board_files
from web.board import page as board
from web.board import stalled as board_stalled
from web.board import targets as board_targets
from web.dispatcher import Dispatcher
from web.door import Door
from web.engine import Engine
from web.guard import Guard
from web.limits import Limits
from web.missed_calls import keep_settling
from web.oidc import add_handshake, make_open_id
from web.old_texts import keep_dropping
from web.pages import (
    account,
    action,
    by_hand,
    call_round,
    calling,
    calls_in,
    case,
    drafts,
    feedback,
    fetches,
    front,
    inbox,
    links,
    merging,
    messages,
    operations,
    practices,
    quarantine,
    resurveys,
    reviews,
    roster,
    rules,
    search,
    sign_in,
    texts,
    worklist,
)
from web.provided import House
from web.rendering import Pages
from web.taker import Taker
from web.twilio import inbound, voice
from web.twilio import status as message_status
from web.twilio import texts as twilio_texts
from web.twilio.caller import make_caller

CONNECT_PAUSE_SECONDS = 2
SMALLEST_ZIPPED = 1_000
"""Bytes. What is shorter travels in one packet anyway."""
STATIC = Path(__file__).parent / "static"
BACK_OFFICE = (operations, quarantine, fetches, messages, calls_in, texts)
"""The rooms of who runs Rappel."""

log = structlog.get_logger()


def create_app(settings: Settings) -> FastAPI:
    app = FastAPI(
        title="Rappel",
        version=version("rappel"),
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_live,
    )
    app.state.house = make_house(settings)
    app.state.pages = Pages(demo=settings.demo is not None)
    app.state.open_id = make_open_id(settings)
    answers.install(app)
    add_handshake(app, settings)
    app.add_middleware(GZipMiddleware, minimum_size=SMALLEST_ZIPPED)
    app.add_middleware(Guard, public_url=settings.public_url)
    doors = (front, links, resurveys, sign_in, account)
    work = (
        roster,
        inbox,
        worklist,
        call_round,
        search,
        feedback,
        by_hand,
        drafts,
        practices,
        action,
        merging,
        calling,
        case,
        rules,
        reviews,
    )
    boards = (board, board_targets, board_cases, board_files, board_stalled)
    machines = (webhooks, message_status, twilio_texts, voice, inbound, api, health)
    for room in (*machines, *doors, *work, *boards, *BACK_OFFICE):
        app.include_router(room.router)
    app.mount("/static", StaticFiles(directory=STATIC))
    return app


def make_house(settings: Settings, clock: Clock | None = None) -> House:
    vault = Vault.from_text(settings.data_key.get_secret_value())
    database = Database(settings.database_url, vault)
    engine = Engine(settings.demo)
    clock = clock or clock_through(settings.demo)
    book = OrganisationBook(vault)
    intake = Intake(vault, book)
    dispatcher = Dispatcher(database, intake, engine, clock, settings.demo)
    quarantine, door = Quarantine(database, book, intake, hear_kept), Door(database, book)
    return House(
        settings,
        database,
        book,
        intake,
        quarantine,
        door,
        Taker(database, quarantine, door, clock, taken=dispatcher.wake),
        Outbox(database),
        engine,
        dispatcher,
        clock,
        Limits(),
        checked_templates(settings.templates_dir),
        make_caller(settings.account, settings.public_url),
    )


@asynccontextmanager
async def _live(app: FastAPI) -> AsyncIterator[None]:
    """Deliveries are taken from the first moment, whether Temporal answers yet or not."""
    house: House = app.state.house
    await check_revision(house.database)
    await _check_secrets(house)
    async with asyncio.TaskGroup() as tasks:
        lives = (
            _connect(house),
            house.dispatcher.run(),
            house.taker.run(),
            keep_settling(house),
            texting.run(house),
            keep_dropping(house),
        )
        running = [tasks.create_task(life) for life in lives]
        yield
        for task in running:
            task.cancel()
    if house.caller is not None:
        await house.caller.aclose()
    await house.database.close()


async def _check_secrets(house: House) -> None:
    """Raises Misconfigured for a source whose deliveries nobody could verify."""
    async with house.database.read() as session:
        in_force = await house.book.in_force(session)
    require_webhook_secrets(house.settings, in_force.organisation.sources)


async def _connect(house: House) -> None:
    """A namespace that is not there yet is waited for, as the server is."""
    client = await connect_patiently(embedded_port=house.settings.embedded_port)
    while True:
        try:
            return await house.engine.use(client)
        except Passing as fault:
            log.warning("temporal_away", detail=fault.detail)
            await asyncio.sleep(CONNECT_PAUSE_SECONDS)
