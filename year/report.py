"""The year as a page of its own: what was checked, and pictures of when things happened."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from jinja2 import ChoiceLoader, FileSystemLoader

from models.figures import Figures
from models.hours import between
from models.tables import CaseRow, EntryRow, IntentRow
from templates.speaking import speaking
from year.invariants.letters import hours_of_letter
from year.invariants.verdict import Verdict
from year.plan import Span
from year.player import Played
from year.tables import Tables

FOLDER = Path(__file__).parent
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATENESS = tuple(timedelta(milliseconds=n) for n in (10, 25, 50, 100, 250, 500, 1000))
WALL = tuple(DAY * n for n in (0.25, 0.5, 1, 2, 3, 5, 7, 10, 14, 21, 30, 60))
WORKED = tuple(HOUR * n for n in (0.5, 1, 2, 4, 8, 16, 24, 40, 60, 80, 120, 200))


class Bar(NamedTuple):
    """`upto` is where it ends; the last has no end."""

    upto: timedelta | None
    n: int


@dataclass(frozen=True, slots=True)
class Told:
    """All that the page is made of."""

    span: Span
    digest: str
    played: Played
    seconds: float
    verdicts: Sequence[Verdict]
    figures: Figures
    tables: Tables


def write_report(path: Path, told: Told) -> None:
    environment = speaking("en", "pictures")
    rooms = [FileSystemLoader(FOLDER), *([environment.loader] if environment.loader else [])]
    environment.loader = ChoiceLoader(rooms)
    environment.filters["span"] = _length
    page = environment.get_template("report.html").render(told=told, **_pictures(told.tables))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page)


def _pictures(tables: Tables) -> Mapping[str, object]:
    fired = [entry for entry in tables.all_entries() if entry.due is not None]
    contacts, ends = list(_waits(tables, "attempted")), list(_waits(tables, "closed"))
    return {
        "lateness": histogram((e.at - e.due for e in fired if e.due), LATENESS),
        "contact_wall": histogram((wall for wall, _ in contacts), WALL),
        "contact_worked": histogram((worked for _, worked in contacts), WORKED),
        "close_wall": histogram((wall for wall, _ in ends), WALL),
        "close_worked": histogram((worked for _, worked in ends), WORKED),
        "rungs": heat(_rungs(tables, fired)),
        "nags": heat(_nags(tables)),
    }


def histogram(lengths: Iterable[timedelta], steps: Sequence[timedelta]) -> Sequence[Bar]:
    """How many are up to each step and above the one before."""
    found = list(lengths)
    edges = [timedelta.min, *steps]
    bars = [Bar(upto, sum(low < each <= upto for each in found)) for low, upto in pairwise(edges)]
    return [*bars, Bar(None, sum(each > steps[-1] for each in found))]


def heat(instants: Iterable[datetime]) -> Sequence[Sequence[int]]:
    """Counts by ISO weekday and hour of instants that are local to somebody."""
    counts = Counter((at.isoweekday(), at.hour) for at in instants)
    return [[counts[day, hour] for hour in range(24)] for day in range(1, 8)]


def _rungs(tables: Tables, fired: Iterable[EntryRow]) -> Iterator[datetime]:
    """On the clocks of whom the rung is for; of a case's region where it tells nobody."""
    told: defaultdict[tuple[str, int], list[IntentRow]] = defaultdict(list)
    for intent in tables.intents:
        told[intent.case_id or "", intent.seq].append(intent)
    for entry in fired:
        letters = [i for i in told[entry.case_id, entry.seq] if i.audience == "owner"]
        case = tables.cases[entry.case_id]
        region = tables.pinned(case).hours_of(case.region)
        hours = hours_of_letter(tables, letters[0]) if letters else region
        yield (entry.due or entry.at).astimezone(ZoneInfo(hours.zone))


def _nags(tables: Tables) -> Iterator[datetime]:
    for intent in tables.intents:
        if intent.nags and intent.posted_at is not None:
            yield intent.posted_at.astimezone(ZoneInfo(hours_of_letter(tables, intent).zone))


def _waits(tables: Tables, kind: str) -> Iterator[tuple[timedelta, timedelta]]:
    """From the first answer to the first conversation, or to the end: on the wall, and in opening hours."""
    opened = {r.case_id: r.submitted_at for r in tables.responses if r.case_id and not r.joined}
    for case in tables.cases.values():
        at = _first(tables, case, kind)
        if at is not None and at >= opened[case.id]:
            hours = tables.pinned(case).hours_of(case.region)
            yield at - opened[case.id], between(hours, opened[case.id], at)


def _first(tables: Tables, case: CaseRow, kind: str) -> datetime | None:
    spoken = (
        entry.at
        for entry in tables.of(case.id, kind)
        if kind != "attempted" or entry.facts["outcome"] == "reached"
    )
    return next(spoken, None)


def _length(length: timedelta | float | None, worked: bool = False) -> str:  # noqa: FBT001, FBT002 - a filter's
    """As short as it can be said. Nobody knows how many hours a day of work has: there are none of them."""
    if length is None:
        return "–"
    seconds = length.total_seconds() if isinstance(length, timedelta) else length
    units = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))
    for unit, name in units[worked:]:
        if seconds >= unit:
            return f"{seconds / unit:.3g} {name}"
    return f"{seconds * 1000:.0f} ms"
