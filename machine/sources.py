"""The sources for a person to read: how each does, and what one would understand of a saved delivery."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from machine.opening import opened_database
from machine.quarantine import told_shapes
from machine.rehearsing import Rules, saved, source_named, tell
from models.clock import clock_through
from models.errors import NotUnderstood
from models.organisation import origin_of
from models.store.deliveries import DeliveryFate
from models.store.operations import read_traffic
from models.store.organisations import OrganisationBook
from models.store.sources import SourceStanding, read_sources
from models.submissions import Ping, Pointer, Way
from models.survey import SurveyResponse, Unscored, Withdrawal
from settings import Settings
from surveys.adapters import alone
from surveys.tracing import Trace, Traced, trace

TITLES = (
    *("source", "kind", "deliveries", "understood", "quarantined", "repeats", "unfinished"),
    *("received", "tests", "fetched", "backfilled", "imported", "last seen", "lag p99"),
)
"""Last seen is when the system delivered last by itself, whatever was asked of it since."""
BESIDE = (Way.FETCHED, Way.BACKFILLED, Way.IMPORTED)
COUNTED = (
    DeliveryFate.UNDERSTOOD,
    DeliveryFate.QUARANTINED,
    DeliveryFate.REPEAT,
    DeliveryFate.UNFINISHED,
    DeliveryFate.RECEIVED,
)


async def show_sources(settings: Settings) -> Sequence[str]:
    """A table, then the sources whose mapping finds no score."""
    now = clock_through(settings.demo)()
    async with opened_database(settings) as database, database.read() as session:
        today = (await OrganisationBook(database.vault).in_force(session)).organisation
        traffic = await read_traffic(session, now)
        sources = await read_sources(session, today, traffic, now=now)
    zone = ZoneInfo(today.head_office.zone)
    return [*_table(sources, zone), *_missed(sources), *_scoreless(sources)]


def try_delivery(path: Path, rules: Rules, *, source: str) -> Iterator[str]:
    """Lines to read: nothing is kept. Raises NotKnown or NotUnderstood."""
    known, body, at = source_named(source, rules.organisation), saved(path), datetime.now(UTC)
    yield f"By {rules.name}, as a delivery of {source} ({known.kind}):"
    found = list[tuple[bytes, Traced]]()
    for part in alone(known, body):
        try:
            found += ((part, each) for each in trace(known, part, received_at=at))
        except NotUnderstood as fault:
            found.append((part, Traced(fault)))
    for number, (part, traced) in enumerate(found, 1):
        if len(found) > 1:
            yield f"Response {number} of {len(found)}:"
        yield from _told(traced, rules, source, at)
        if isinstance(traced.told, NotUnderstood):
            yield from told_shapes(known, part)


def _told(traced: Traced, rules: Rules, source: str, at: datetime) -> Iterator[str]:
    match traced.told:
        case NotUnderstood(place=place, detail=detail):
            yield f"Quarantined: fault at {place or 'body'}. {detail}"
        case Ping():
            yield "Only tries whether somebody listens: it is answered, and nothing is kept."
        case Unscored(response_id=response):
            yield f"Response {response} is on its way, without a score yet: kept as unfinished."
        case Withdrawal(response_id=response):
            yield f"Response {response} is withdrawn."
        case Pointer(response_id=response):
            yield f"Response {response} is only named: its answers would be fetched."
        case SurveyResponse() as response:
            yield from _lines(traced.traces)
            yield from _happening(response, rules, source, at)


def _happening(response: SurveyResponse, rules: Rules, source: str, at: datetime) -> Iterator[str]:
    if response.trial is not None:
        yield f"A {response.trial}: it is kept, and opens nothing."
        return
    yield "What would happen at once:"
    response = replace(response, origin=origin_of(response, source, rules.organisation))
    yield from (f"  {line}" for line in tell(response, rules, at, until=at))


def _lines(traces: Sequence[Trace]) -> Iterator[str]:
    """What nobody looks for, and is not there, is left out."""
    shown = [each for each in traces if each.told or each.where]
    names = max(len(each.name) for each in shown)
    for each in shown:
        told = each.told.replace("\n", " ") or "nothing"
        preposition = "from" if each.told else "looked for at"
        where = f"  <- {preposition} {each.where}" if each.where else ""
        yield f"  {each.name:<{names}}  {told}{where}"


def _table(sources: Sequence[SourceStanding], zone: ZoneInfo) -> Iterator[str]:
    rows = [TITLES, *(_row(each, zone) for each in sources)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _row(source: SourceStanding, zone: ZoneInfo) -> tuple[str, ...]:
    last = f"{source.last_at.astimezone(zone):%Y-%m-%d %H:%M}" if source.last_at else "never"
    counts = (str(source.fates.get(fate, 0)) for fate in COUNTED)
    beside = (str(source.came.get(way, 0)) for way in BESIDE)
    lag = _span(source.lag) if source.lag is not None else "-"
    kind, trials = source.kind or "gone", str(source.trials)
    return (source.id, kind, str(source.deliveries), *counts, trials, *beside, last, lag)


def _span(lag: timedelta) -> str:
    """A clock of theirs may be ahead of ours."""
    seconds = round(lag.total_seconds())
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"


def _missed(sources: Sequence[SourceStanding]) -> Iterator[str]:
    for source in sources:
        if source.missed:
            yield (
                f"{source.id}: answers of the last 30 days that were given after it was last seen, and that "
                f"only a backfill brought: {source.missed}. Is its webhook still on?"
            )


def _scoreless(sources: Sequence[SourceStanding]) -> Iterator[str]:
    for source in sources:
        for problem in source.scoreless:
            yield (
                f"{source.id}: its mapping finds no score: {problem.n} in quarantine "
                f"without a good answer to {problem.place}."
            )
