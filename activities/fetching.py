"""The activity that asks for one answer, until it is had, taken back, or nobody believes in it any more."""

from datetime import datetime

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.fetched_answers import FetchedAnswers, heard_in
from activities.vendors import Vendors
from models.clock import Clock, real_clock
from models.errors import NotFetched, NotKnown, NotUnderstood, Refused
from models.fetching import (
    FetchEnd,
    FetchFate,
    FetchStart,
    Trouble,
    pause_after,
    pause_until_readable,
)
from models.mappings import Source
from models.store.database import Database
from models.store.deliveries import DeliveryFate
from models.store.fetches import (
    Wanted,
    end_fetches,
    forget_fetches,
    give_up,
    is_taken_back,
    put_off,
    still_waits,
    wanted,
)
from models.store.intake import Taken
from models.store.organisations import OrganisationBook
from models.submissions import Way
from surveys.apis import APIS
from surveys.asking import Document

log = structlog.get_logger()


class Fetching:
    """`clock` is that of the web processes, which note when an answer is told of."""

    def __init__(
        self,
        database: Database,
        book: OrganisationBook,
        answers: FetchedAnswers,
        vendors: Vendors,
        *,
        clock: Clock = real_clock,
    ) -> None:
        self._database = database
        self._book = book
        self._answers = answers
        self._vendors = vendors
        self._clock = clock

    @activity.defn(name="fetch.answer")
    async def fetch(self, start: FetchStart) -> FetchEnd:
        """Raises NotFetched, with when to try again. Safe to run twice: what is had is not asked for again,
        and what comes twice is kept once.
        """
        async with self._database.read() as session:
            fetch = await wanted(session, start.fetch_id)
            sources = (await self._book.in_force(session)).organisation.sources
        if isinstance(fetch, FetchFate):
            return FetchEnd(fetch)
        try:
            source = sources[fetch.source]
            document = await self._ask(source, fetch)
        except (KeyError, Refused) as fault:
            return await self._without(fetch, fault)
        except NotFetched as fault:
            wait = fault.wait or pause_after(fetch.attempts)
            missing = fetch.missing_since
            await self._put_off(fetch, self._clock() + wait, fault.problem, missing)
            raise NotFetched(fault.detail, problem=fault.problem, wait=wait) from None
        return FetchEnd(await self._commit(source, fetch, document))

    async def _ask(self, source: Source, fetch: Wanted) -> Document:
        api = APIS.get(source.kind)
        if api is None or api.one is None or api.read_one is None:
            raise KeyError(source.kind)
        ids = fetch.survey_id, fetch.response_id
        return api.read_one(await self._vendors.ask(source, api, api.one(*ids)), *ids)

    async def _without(self, fetch: Wanted, fault: KeyError | Refused) -> FetchEnd:
        """What the vendor does not know yet, or answers in a way that nobody understands, it may know later.
        Raises NotFetched.
        """
        match fault:
            case NotKnown() | NotUnderstood():
                if await self._is_gone(fetch):
                    return FetchEnd(FetchFate.GONE)
                problem, now = Trouble.NOT_READABLE, self._clock()
                missing = fetch.missing_since or now
                wait = pause_until_readable(missing, now)
                if wait is not None:
                    await self._put_off(fetch, now + wait, problem, missing)
                    raise NotFetched(fault.detail, problem=problem, wait=wait)
            case Refused():
                problem = Trouble.NOT_ALLOWED
            case _:
                problem = Trouble.NO_SOURCE
        async with self._database.write() as session:
            if await still_waits(session, fetch.fetch_id):
                await give_up(session, fetch, problem, fate=DeliveryFate.QUARANTINED)
        log.error("fetch_given_up", source=fetch.source, fetch=fetch.fetch_id, problem=problem)
        return FetchEnd(FetchFate.GIVEN_UP)

    async def _is_gone(self, fetch: Wanted) -> bool:
        """What told of it came after what took it back."""
        ids = fetch.source, fetch.response_id
        async with self._database.write() as session:
            gone = await is_taken_back(session, *ids)
            if gone:
                await forget_fetches(session, *ids)
        return gone

    async def _put_off(
        self, fetch: Wanted, until: datetime, problem: str, missing: datetime | None
    ) -> None:
        async with self._database.write() as session:
            if await still_waits(session, fetch.fetch_id):
                await put_off(session, fetch, until=until, problem=problem, missing=missing)

    async def _commit(self, source: Source, fetch: Wanted, document: Document) -> FetchFate:
        """Of two that fetched the same answer at once one finds it had; one that was taken back meanwhile
        is dropped.
        """
        delivery, told = heard_in(source, document, at=self._clock(), way=Way.FETCHED)

        async def take(session: AsyncSession) -> Taken | FetchFate:
            if not await still_waits(session, fetch.fetch_id):
                became = await wanted(session, fetch.fetch_id)
                return became if isinstance(became, FetchFate) else FetchFate.GONE
            taken = await self._answers.take(session, delivery, told)
            await session.flush()
            await end_fetches(session, fetch.answered, fate=taken.fate, response=taken.response_id)
            return taken

        taken = await self._database.write_again(take)
        if isinstance(taken, FetchFate):
            return taken
        log.info(
            "answer_fetched",
            source=source.id,
            fetch=fetch.fetch_id,
            fate=taken.fate,
            response=taken.response_id,
            case=taken.case_id,
        )
        return FetchFate.FETCHED
