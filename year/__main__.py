"""`make year`: plays the year, judges it, writes its report. `python -m year --spring` plays two months.

Ends with 1 where an invariant does not hold.
"""

import argparse
import gc
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import structlog
import uvloop
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from models.figures import Asked
from year.digest import digest_of
from year.figures import ask, judge_figures
from year.invariants.all import judge
from year.plan import SPRING, YEAR, Span, plan_of
from year.player import Played, Player, Shown
from year.report import Told, write_report
from year.stage import Stage, staged
from year.tables import read_tables

REPORTS = Path(".rappel-year")
HOUR = timedelta(hours=1)
console = Console()


def main() -> int:
    wanted = _wanted()
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    gc.freeze()
    span = _span(wanted)
    path: Path = wanted.report or REPORTS / f"{span.first}-{span.last}-seed-{span.seed}.html"
    told = uvloop.run(_play(span))
    write_report(path, told)
    for line in _summary(told):
        console.print(line, highlight=False, soft_wrap=True, markup=False)
    console.print(f"The report: {path.absolute()}", highlight=False, soft_wrap=True, markup=False)
    return 0 if all(verdict.holds for verdict in told.verdicts) else 1


async def _play(span: Span) -> Told:
    plan, began = plan_of(span), time.monotonic()
    async with staged(span.since, plan.group.written()) as stage:
        with _showing(span) as shown:
            player = Player(stage, plan, shown)
            await player.play()
        return await _told(span, stage, player.played, seconds=time.monotonic() - began)


async def _told(span: Span, stage: Stage, played: Played, *, seconds: float) -> Told:
    house = stage.house
    tables = await read_tables(house.database, house.book, since=span.since, now=stage.clock())
    verdicts = [*judge(tables), await judge_figures(stage)]
    figures = await ask(stage, Asked())
    return Told(span, digest_of(tables), played, seconds, verdicts, figures, tables)


@contextmanager
def _showing(span: Span) -> Iterator[Shown]:
    said = TextColumn("{task.fields[said]}")
    columns = TextColumn("{task.description}"), BarColumn(), said, TimeElapsedColumn()
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("", total=(span.until - span.since) / HOUR, said="")

        def shown(at: datetime, played: Played) -> None:
            bar.update(
                task,
                completed=(at - span.since) / HOUR,
                description=f"{at:%d %B %Y}",
                said=f"{played.deliveries} deliveries, {played.acts} acts",
            )

        yield shown


def _summary(told: Told) -> Iterator[str]:
    for verdict in told.verdicts:
        sign = "ok" if verdict.holds else f"WRONG: {len(verdict.wrong)}"
        yield f"{verdict.checked:>7}  {verdict.name}: {sign}"
        yield from (f"         {each}" for each in verdict.wrong[:5])
    yield f"Played in {told.seconds:.0f} s, seed {told.span.seed}, digest {told.digest}"


def _span(wanted: argparse.Namespace) -> Span:
    whole = SPRING if wanted.spring else YEAR
    last = whole.first + timedelta(days=wanted.days) if wanted.days else whole.last
    responses = wanted.responses or whole.responses
    return replace(whole, seed=wanted.seed, responses=responses, last=last)


def _wanted() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m year", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="another group, the same rules")
    parser.add_argument("--spring", action="store_true", help="two months instead of the year")
    parser.add_argument("--responses", type=int, help="how many customers answer")
    parser.add_argument("--days", type=int, help="end after so many days")
    parser.add_argument("--report", type=Path, help="where the page is written")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
