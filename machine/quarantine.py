"""The quarantine of this house, for a person to read: what lies there, its shape, and hearing it again."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Final

from machine.opening import opened_database
from models.errors import NotUnderstood
from models.mappings import Source
from models.store.deliveries import DeliveryFate
from models.store.intake import Intake, Taken
from models.store.organisations import OrganisationBook
from models.store.quarantine import (
    Opened,
    Problem,
    Quarantine,
    Quarantined,
    Replayed,
    count_problems,
    list_quarantined,
    open_quarantined,
)
from settings import Settings
from surveys.adapters import hear_kept
from surveys.shapes import Content, Kind, shapes_of

AT_ONCE: Final = 20
"""Deliveries between two steps of the progress."""

Step = Callable[[int], None]


async def show_quarantine(settings: Settings, source: str | None, *, limit: int) -> Sequence[str]:
    """Counts by place of the fault, then the newest."""
    async with opened_database(settings) as database, database.read() as session:
        problems = await count_problems(session)
        listed = await list_quarantined(session, source=source, limit=limit)
    wanted = [each for each in problems if source in {None, each.source}]
    return list(_listed(wanted, listed))


async def show_one(settings: Settings, delivery_id: str) -> Sequence[str]:
    """Where the fault is, and the shape of what was sent: nobody's words. Raises NotKnown."""
    async with opened_database(settings) as database, database.read() as session:
        opened = await open_quarantined(session, database.vault, delivery_id)
        today = (await OrganisationBook(database.vault).in_force(session)).organisation
    return list(_shown(opened, today.sources.get(opened.listed.source)))


async def replay_one(settings: Settings, delivery_id: str) -> str:
    """Raises NotKnown."""
    async with _opened(settings) as quarantine:
        return _became(await quarantine.replay(delivery_id))


async def waiting(settings: Settings, source: str | None) -> int:
    async with opened_database(settings) as database, database.read() as session:
        problems = await count_problems(session)
    return sum(each.n for each in problems if source in {None, each.source})


async def replay_all(settings: Settings, source: str | None, step: Step) -> str:
    """The oldest first. Stopped in the middle, the same again goes on with what is left."""
    understood, still, failed = 0, 0, dict[str, str]()
    async with _opened(settings) as quarantine:
        done = Replayed(0, 0, "")
        while done.next is not None:
            done = await quarantine.replay_some(source=source, after=done.next, limit=AT_ONCE)
            understood, still = understood + done.understood, still + done.still
            failed |= done.failed
            step(done.tried)
    tried = understood + still + len(failed)
    counted = f"Replayed {tried}: {understood} understood, {still} still in quarantine."
    return "\n".join((counted, *_failed(failed)))


def _failed(failed: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with one is to be seen by replaying it alone."""
    if failed:
        stay = "stays" if len(failed) == 1 else "stay"
        yield f"{len(failed)} could not be heard for a fault of ours, and {stay}:"
    yield from (f"{delivery}  {fault}" for delivery, fault in failed.items())


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Quarantine]:
    async with opened_database(settings) as database:
        book = OrganisationBook(database.vault)
        yield Quarantine(database, book, Intake(database.vault, book), hear_kept)


def _listed(problems: Sequence[Problem], listed: Sequence[Quarantined]) -> Iterator[str]:
    count = sum(each.n for each in problems)
    if not count:
        yield "The quarantine is empty."
        return
    yield f"{count} in quarantine:"
    yield from (f"{each.n:>6}  {each.source}: fault at {each.place}" for each in problems)
    yield f"The newest {len(listed)}:"
    yield from (f"{each.id}  {_head(each)}" for each in listed)


def _head(each: Quarantined) -> str:
    return f"{_clock(each.received_at)}  {each.source}  fault at {each.problem}  {each.size} bytes"


def _shown(opened: Opened, source: Source | None) -> Iterator[str]:
    yield _head(opened.listed)
    if source is None:
        yield "Its source stands no longer in the organisation."
        return
    yield from _faults(opened, source)
    yield from told_shapes(source, opened.body)


def told_shapes(source: Source, body: bytes) -> Iterator[str]:
    """Lines to read: what a mapping could name, and nobody's words."""
    shapes = shapes_of(source, body)
    if not shapes:
        yield "Its body cannot be taken apart."
    for number, shape in enumerate(shapes, 1):
        yield f"Response {number}, by the references that a mapping can name:"
        width = max((len(seen.reference) for seen in shape), default=0)
        yield from (f"  {seen.reference:<{width}}  {_content(seen.content)}" for seen in shape)


def _faults(opened: Opened, source: Source) -> Iterator[str]:
    told = hear_kept(source, opened.body, opened.listed.received_at)
    faults = [each for each in told if isinstance(each, NotUnderstood)]
    for fault in faults:
        yield f"Now: fault at {fault.place or 'body'}. {fault.detail}"
    if not faults:
        yield "Now: it would be understood. Replay it."


def _content(content: Content) -> str:
    match content.kind:
        case Kind.EMPTY:
            return "empty"
        case Kind.TRUTH | Kind.NUMBER if content.shown:
            return f"{content.kind} {content.shown}"
        case Kind.LIST:
            return f"list of {content.length}: {', '.join(map(_content, content.of))}"
        case _:
            plural = "" if content.length == 1 else "s"
            return f"{content.kind} of {content.length} character{plural}"


def _became(taken: Taken) -> str:
    if taken.fate is DeliveryFate.QUARANTINED:
        return f"Still in quarantine: fault at {taken.problem or 'body'}."
    case = f", case {taken.case_id}" if taken.case_id else ""
    reason = f", no case: {taken.reason.replace('_', ' ')}" if taken.reason else ""
    return f"It left the quarantine: {taken.fate}{case}{reason}."


def _clock(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
