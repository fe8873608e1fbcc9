"""Asks the carrier what became of messages of which nobody tells: one by one, ever less often."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import structlog

from activities.rounds import go_round
from activities.twilio_messages import TwilioMessages
from models.clock import Clock
from models.posting import LOST, News
from models.reconciliation import find_ours
from models.store.copies import resend
from models.store.database import Database
from models.store.news import MessageQuestion, known_elsewhere, next_message_question, take_news

SWEEP = timedelta(seconds=10)

log = structlog.get_logger()


class Inquiries:
    """`written` is called once a message was written again."""

    def __init__(
        self,
        database: Database,
        messages: TwilioMessages,
        *,
        clock: Clock,
        written: Callable[[], None],
    ) -> None:
        self._database = database
        self._messages = messages
        self._clock = clock
        self._written = written

    async def run(self) -> None:
        await go_round(self.ask_all, SWEEP, waits="inquiries_wait")

    async def ask_all(self) -> None:
        """Of each that is due. Raises CarrierBusy, CarrierUnclear, DatabaseAway."""
        while (question := await self._next()) is not None:
            if question.sid is not None:
                await self._take(question, await self._messages.look_up(question.sid))
            else:
                await self._reconcile(question)

    async def _next(self) -> MessageQuestion | None:
        due = partial(next_message_question, vault=self._database.vault, now=self._clock())
        return await self._database.write_again(due)

    async def _reconcile(self, question: MessageQuestion) -> None:
        """Only a list that came and does not have it lets us think that it never left."""
        listed = await self._messages.list_to(question.address)
        if listed is None:
            return
        async with self._database.read() as session:
            sids = [each.news.sid for each in listed]
            taken = await known_elsewhere(session, question.intent, sids)
        found = find_ours(listed, question.body, since=question.posted_at, taken=taken)
        if found is not None:
            await self._take(question, found)
            return
        again = partial(
            resend, vault=self._database.vault, intent=question.intent, now=self._clock()
        )
        if await self._database.write_again(again):
            log.warning("letter_written_again", intent=question.intent)
            self._written()

    async def _take(self, question: MessageQuestion, news: News | None) -> None:
        if news is None:
            return
        intent, now = question.intent, self._clock()
        taking = partial(take_news, vault=self._database.vault, intent=intent, news=news, at=now)
        await self._database.write_again(taking)
        if news.standing.posting in LOST:
            await self._messages.judge()
        log.info("message_asked_after", intent=intent, status=news.standing.posting)
