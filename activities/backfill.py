"""The activities of a backfill: which surveys can be asked about, and one page of what one of them holds."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.fetched_answers import FetchedAnswers, heard_in
from activities.vendors import Vendors
from models.backfill import (
    NIGHTLY_REACH,
    SHARE,
    STILL_CALLED,
    BackfillAsked,
    BackfillPlan,
    PageAsked,
    PageEnd,
    Tally,
)
from models.clock import Clock, real_clock
from models.errors import NotFetched, NotKnown, NotUnderstood, Refused
from models.fetching import Trouble
from models.mappings import ANY_SURVEY, Source
from models.store.database import Database
from models.store.deliveries import Delivery, DeliveryFate
from models.store.fetches import first_seen
from models.store.organisations import OrganisationBook
from models.store.tellings import find_response
from models.submissions import Way
from models.survey import SurveyResponse, Told
from models.tables import ResponseRow
from surveys.apis import APIS
from surveys.asking import Document, Page

FOR_ANOTHER_DAY = frozenset({Trouble.NO_TOKEN, Trouble.REFUSED, Trouble.FORBIDDEN})
SHORT = timedelta(minutes=2)
"""So long a page is waited for; a longer rest leaves the survey for another day."""

log = structlog.get_logger()


class Backfill:
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

    @activity.defn(name="backfill.plan")
    async def plan(self, asked: BackfillAsked) -> BackfillPlan:
        """The first page of each survey that a mapping names and whose vendor can be asked; of one that reads
        any survey, that of their list.
        """
        async with self._database.read() as session:
            sources = (await self._book.in_force(session)).organisation.sources
        since = asked.since or asked.at - NIGHTLY_REACH
        chosen = (s for s in sources.values() if asked.source in {None, s.id})
        return BackfillPlan(
            tuple(
                PageAsked(source.id, mapping.survey, since)
                for source in chosen
                if self._vendors.can_ask(source)
                for mapping in source.mappings
            )
        )

    @activity.defn(name="backfill.page")
    async def page(self, asked: PageAsked) -> PageEnd:
        """Safe to run twice: what is known already is passed over. Raises NotFetched."""
        async with self._database.read() as session:
            source = (await self._book.in_force(session)).organisation.sources.get(asked.source)
        if source is None:
            return PageEnd(problem=Trouble.NO_SOURCE)
        try:
            if asked.survey == ANY_SURVEY:
                return await self._list(source, asked)
            page = await self._ask(source, asked)
        except NotFetched as fault:
            if fault.problem in FOR_ANOTHER_DAY or (fault.wait or SHORT) > SHORT:
                return PageEnd(problem=fault.problem)
            raise
        except (NotKnown, NotUnderstood):
            return PageEnd(problem=Trouble.NOT_READABLE)
        except Refused:
            return PageEnd(problem=Trouble.NOT_ALLOWED)
        tally = sum([await self._take(source, each) for each in page.found], Tally())
        log.info("backfill_page_taken", source=source.id, found=tally.found, new=tally.new)
        return PageEnd(tally, page.next, page.ready)

    async def _list(self, source: Source, asked: PageAsked) -> PageEnd:
        """Those that a mapping names have a page of their own."""
        api, named = APIS[source.kind], {mapping.survey for mapping in source.mappings}
        document = await self._vendors.ask(_careful(source), api, api.surveys(asked.after))
        listed = api.read_surveys(document, asked.after)
        others = dict.fromkeys(each for each in listed.surveys if each and each not in named)
        return PageEnd(after=listed.next, surveys=tuple(others))

    async def _ask(self, source: Source, asked: PageAsked) -> Page:
        api = APIS[source.kind]
        ask = api.page(asked.survey, asked.since, asked.after)
        document = await self._vendors.ask(_careful(source), api, ask)
        return api.read_page(document, asked.survey, asked.after)

    async def _take(self, source: Source, document: Document) -> Tally:
        """Each in a unit of its own: who dies on the way has kept what came before."""
        delivery, told = heard_in(source, document, at=self._clock(), way=Way.BACKFILLED)
        return await self._database.write_again(partial(self._keep, delivery, told))

    async def _keep(
        self, delivery: Delivery, told: Told | NotUnderstood, session: AsyncSession
    ) -> Tally:
        """Previews, and what has no score yet, are none of a backfill's affairs."""
        match told:
            case SurveyResponse(trial=None):
                return await self._keep_response(delivery, told, session)
            case NotUnderstood():
                mark = self._database.vault.index("answer", delivery.source, str(delivery.body))
                if not await first_seen(session, delivery.source, mark, at=delivery.received_at):
                    return Tally(found=1)
                await self._answers.take(session, delivery, told)
                return Tally(found=1, quarantined=1)
        return Tally(found=1)

    async def _keep_response(
        self, delivery: Delivery, told: SurveyResponse, session: AsyncSession
    ) -> Tally:
        known = await find_response(session, delivery.source, told.response_id)
        if known is not None and not _is_newer(told, known):
            return Tally(found=1)
        too_old = told.submitted_at < delivery.received_at - STILL_CALLED
        taken = await self._answers.take(session, delivery, replace(told, too_old=too_old))
        return Tally(found=1, new=int(taken.fate is DeliveryFate.UNDERSTOOD))


def _careful(source: Source) -> Source:
    """With a part of its budget."""
    whole = source.fetching
    return replace(source, fetching=replace(whole, per_day=max(1, whole.per_day // SHARE)))


def _is_newer(told: SurveyResponse, known: ResponseRow) -> bool:
    return told.changed_at is not None and told.changed_at > (
        known.changed_at or known.submitted_at
    )
