"""How messages and calls do in this house, for a person to read at a terminal."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from machine.opening import opened_database
from models.breaker import Rest, Standing
from models.money import spoken
from models.organisation import Organisation
from models.postage import Usage, added_up, latest_months
from models.rates import Rate
from models.store.breaker import try_carrier_now
from models.store.organisations import OrganisationBook
from models.store.outgoing import Failed, Outgoing, read_outgoing
from models.store.postage import MONTHS, read_usage
from settings import Settings


async def show_messages(settings: Settings) -> Sequence[str]:
    """What waits, how the carrier stands, what failed, and what this month and the two before cost."""
    now = datetime.now(UTC)
    async with opened_database(settings) as database, database.read() as session:
        book = OrganisationBook(database.vault)
        today = (await book.in_force(session)).organisation
        zone = ZoneInfo(today.head_office.zone)
        outgoing = await read_outgoing(session, zone, now)
        months = latest_months(now, zone, MONTHS)
        used = await read_usage(session, months)
    costs = (_cost(today, added_up(used, month.name)) for month in months)
    return [*_of_today(outgoing, now), *map(_failed, outgoing.failed), *costs]


async def try_carrier(settings: Settings) -> str:
    """Somebody has seen to it: the next message is tried at once."""
    async with opened_database(settings) as database, database.write() as session:
        tried = await try_carrier_now(session, datetime.now(UTC))
    if tried:
        return "The next message is tried at once, and what was put off with it."
    return "There is nothing to try: messages leave as usual, or the carrier asked for patience."


def told_of(rest: Rest, now: datetime) -> str:
    """As in `open since 2026-11-28 09:00 UTC (account, 20003), next try at …`."""
    standing = rest.standing(now)
    if standing is Standing.CLOSED or rest.since is None or rest.until is None:
        return "messages leave as usual"
    code = f", {rest.code}" if rest.code else ""
    tried = "next try" if standing is Standing.OPEN else "to be tried since"
    return (
        f"{standing.replace('_', ' ')} since {_written(rest.since)} ({rest.cause}{code}), "
        f"{tried} {_written(rest.until)}"
    )


def _of_today(outgoing: Outgoing, now: datetime) -> Iterator[str]:
    yield f"Carrier: {told_of(outgoing.rest, now)}"
    for queue in outgoing.queues:
        oldest = f", the oldest since {_written(queue.oldest)}" if queue.oldest else ""
        back = f"{queue.given_back} given back; " if queue.given_back else ""
        waits = f"{queue.due} may leave{oldest}; {back}{queue.later} wait for their time"
        yield f"Queue {queue.channel}: {waits}; {queue.sending} being sent"
    hour, day = _share(outgoing.hour), _share(outgoing.day)
    yield f"Refused or lost: {hour} in the last hour, {day} in the last 24"
    if outgoing.unreachable:
        yield f"Nothing reaches: {', '.join(outgoing.unreachable)}"
    if outgoing.silenced:
        told = ", ".join(f"{n} {why.replace('_', ' ')}" for why, n in outgoing.silenced.items())
        yield f"Numbers that get no text: {told}"


def _failed(failed: Failed) -> str:
    code = f" {failed.code}" if failed.code else ""
    why = f"{failed.status} {failed.reason.replace('_', ' ')}{code}"
    return f"  {failed.recent:>5}  {failed.channel} {why} ({failed.lately} in the last 24 hours)"


def _cost(today: Organisation, usage: Usage) -> str:
    unknown = usage.uncounted + usage.untold
    cost = today.prices.of(usage.segments, usage.minutes) if today.prices else None
    told = f", some {spoken(cost, 'en')}" if cost else ""
    rest = f", and {unknown} of which it is not known" if unknown else ""
    return f"{usage.month}: {usage.segments} segments, {usage.minutes} minutes{told}{rest}"


def _share(rate: Rate) -> str:
    return "none judged" if rate.value is None else f"{rate.n} of {rate.d}"


def _written(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
