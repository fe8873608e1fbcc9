"""The post office: takes intents from the outbox to the carrier, each of them once."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta

import structlog

from activities.carriers import Carrier
from models.errors import CarrierBusy, CarrierRefused, CarrierUnclear, RappelError
from models.people import Channel
from models.posting import Posting
from models.store.outbox import Letter, Outbox

SWEEP = timedelta(seconds=2)
PATIENCE = timedelta(seconds=30)
POST_TIMEOUT = timedelta(seconds=45)
"""Of a carrier that hangs in spite of its own time-outs, which know better what has left."""
CLAIM_LIFE = timedelta(seconds=120)
"""Far longer than POST_TIMEOUT and what a busy database takes to settle it: a claim this old belongs to a
process that died.
"""

log = structlog.get_logger()


class PostOffice:
    """`wake` it after a commit; it also looks by itself every two seconds.

    Each channel has a loop of its own: a carrier that hangs holds up its own letters only. `gather` is called
    before letters are taken: it makes one message of many.
    """

    def __init__(
        self,
        outbox: Outbox,
        carrier: Carrier,
        clock: Callable[[], datetime],
        gather: Callable[[datetime], Awaitable[None]] | None = None,
    ) -> None:
        self._outbox = outbox
        self._carrier = carrier
        self._clock = clock
        self._gather = gather
        self._woken = {channel: asyncio.Event() for channel in Channel}

    def wake(self) -> None:
        for woken in self._woken.values():
            woken.set()

    async def run(self) -> None:
        """Until cancelled. A database that is away is waited for; no fault of ours stops the post."""
        async with asyncio.TaskGroup() as loops:
            for channel, woken in self._woken.items():
                loops.create_task(self._serve(channel, woken))

    async def _serve(self, channel: Channel, woken: asyncio.Event) -> None:
        while True:
            woken.clear()
            try:
                await self._empty(channel)
            except RappelError as fault:
                log.warning("post_office_waits", channel=channel, fault=fault.code)
            except Exception as fault:
                log.exception("post_office_failed", channel=channel, fault=type(fault).__name__)
            try:
                await asyncio.wait_for(woken.wait(), SWEEP.total_seconds())
            except TimeoutError:
                continue

    async def empty(self) -> None:
        """Post all that may leave now, one channel after the other."""
        for channel in Channel:
            await self._empty(channel)

    async def _empty(self, channel: Channel) -> None:
        forgotten = await self._outbox.give_up_claims(self._clock() - CLAIM_LIFE)
        if forgotten:
            log.warning("postings_unknown", count=forgotten)
        if self._gather is not None:
            await self._gather(self._clock())
        while await _to_the_end(self._post_one(channel)):
            continue

    async def _post_one(self, channel: Channel) -> bool:
        """Whether there may be more."""
        look = await self._outbox.look(self._clock(), channel)
        if look.letter is not None:
            await self._post(look.letter)
        return look.again or look.letter is not None

    async def _post(self, letter: Letter) -> None:
        """The carrier's own words quote the address: only the kind of its error is kept."""
        try:
            async with asyncio.timeout(POST_TIMEOUT.total_seconds()):
                sid = await self._carrier.post(letter)
        except CarrierBusy as busy:
            not_before = self._clock() + (busy.wait or PATIENCE)
            await self._outbox.put_back(letter.intent, not_before=not_before)
            log.info("letter_put_back", intent=letter.intent)
        except CarrierRefused as no:
            await self._settle(letter, Posting.FAILED, reason=no.reason, code=no.their_code)
        except CarrierUnclear as silence:
            await self._settle(letter, Posting.UNKNOWN, reason=silence.reason)
        except Exception as error:  # noqa: BLE001 - a carrier may raise anything; nothing may stop the post
            await self._settle(letter, Posting.UNKNOWN, reason=type(error).__name__)
        else:
            await self._settle(letter, Posting.ACCEPTED, sid=sid)

    async def _settle(
        self,
        letter: Letter,
        status: Posting,
        *,
        reason: str | None = None,
        sid: str | None = None,
        code: int = 0,
    ) -> None:
        await self._outbox.settle(
            letter.intent, status, at=self._clock(), reason=reason, sid=sid, code=code
        )
        log.info(
            "letter_posted",
            intent=letter.intent,
            message=letter.message,
            channel=letter.channel,
            status=status,
            reason=reason,
            code=code or None,
        )


async def _to_the_end(posting: Coroutine[object, object, bool]) -> bool:
    """A process that is told to stop still finishes the letter in its hand."""
    task = asyncio.create_task(posting)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise
