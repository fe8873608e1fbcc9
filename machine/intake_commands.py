"""What is typed about what arrives: its part of the command line.

As there, a command imports what it calls.
"""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import available_timezones

import typer

from machine.logs import set_up_logs
from settings import load_settings

quarantine = typer.Typer(no_args_is_help=True, help="What arrived and was not understood.")

sources = typer.Typer(no_args_is_help=True, help="Where answers come from.")

OfSource = Annotated[str | None, typer.Option(help="Only of this source.")]


@quarantine.command(name="list")
def list_kept(
    *, source: OfSource = None, limit: Annotated[int, typer.Option(min=1, max=1000)] = 20
) -> None:
    """Print what lies in quarantine: how many by place of the fault, and the newest."""
    from machine.quarantine import show_quarantine

    for line in asyncio.run(show_quarantine(load_settings(), source, limit=limit)):
        typer.echo(line)


@quarantine.command()
def show(delivery: Annotated[str, typer.Argument(help="An id that `list` prints.")]) -> None:
    """Print where the fault is, and the shape of what was sent: nobody's words."""
    from machine.quarantine import show_one

    for line in asyncio.run(show_one(load_settings(), delivery)):
        typer.echo(line)


@quarantine.command()
def replay(
    delivery: Annotated[str | None, typer.Argument(help="An id that `list` prints.")] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="All that lie there.")] = False,
    source: OfSource = None,
) -> None:
    """Hear it again, by the mappings in force now: one, all of a source, or all."""
    from machine.quarantine import replay_all, replay_one, waiting

    if (delivery is None) is not (every or source is not None):
        raise typer.BadParameter("Name one delivery, or say --source or --all.")
    settings = load_settings()
    if delivery is not None:
        typer.echo(asyncio.run(replay_one(settings, delivery)))
        return
    length = asyncio.run(waiting(settings, source))
    with typer.progressbar(length=length, label="Deliveries replayed") as bar:
        end = asyncio.run(replay_all(settings, source, bar.update))
    typer.echo(end)


@sources.command(name="list")
def list_sources() -> None:
    """Print per source what it delivered, when it was last seen, and how late its answers come."""
    from machine.sources import show_sources

    for line in asyncio.run(show_sources(load_settings())):
        typer.echo(line)


@sources.command(name="try")
def try_source(
    name: Annotated[str, typer.Argument(help="A source of the organisation.")],
    delivery: Annotated[Path, typer.Argument(help="A delivery as the survey system sends it.")],
    *,
    file: Annotated[
        Path | None, typer.Option(help="An organisation file; else the version in force.")
    ] = None,
) -> None:
    """Print what would be understood of a saved delivery, from which reference, and what would happen."""
    from machine.rehearsing import rules_in, rules_in_force
    from machine.sources import try_delivery

    rules = rules_in(file) if file else asyncio.run(rules_in_force(load_settings()))
    for line in try_delivery(delivery, rules, source=name):
        typer.echo(line)


def import_file(
    file: Annotated[Path, typer.Argument(help="A .csv, .xlsx or .jsonl.")],
    *,
    source: Annotated[str, typer.Option(help="Whose answers these are.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would come.")] = False,
    skip_faulty: Annotated[
        bool, typer.Option("--skip-faulty", help="Take the other rows all the same.")
    ] = False,
    open_cases_since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="Answers from this day (UTC) on open cases; else those of the last 30 days.",
        ),
    ] = None,
    zone: Annotated[
        str | None, typer.Option(help="Of instants that do not say their own: Europe/Paris.")
    ] = None,
) -> None:
    """Take a back-file of answers. What is known already stays as it is, so it may be typed again."""
    from machine.importing import Wanted, import_rows, read_wanted, told_of

    if zone is not None and zone not in available_timezones():
        raise typer.BadParameter(f"There is no time zone {zone!r}.", param_hint="--zone")
    since = open_cases_since.replace(tzinfo=UTC) if open_cases_since else None
    settings = load_settings()
    read = asyncio.run(read_wanted(settings, Wanted(file, source, since, zone)))
    for fault in read.faults:
        typer.echo(fault, err=True)
    if read.faults and not (skip_faulty or dry_run):
        typer.echo("Nothing was kept: correct these rows, or say --skip-faulty.", err=True)
        raise typer.Exit(1)
    with typer.progressbar(length=len(read.rows), label="Answers imported") as bar:
        done = asyncio.run(import_rows(settings, source, read.rows, bar.update, dry=dry_run))
    for line in told_of(done, dry=dry_run):
        typer.echo(line)
    if read.faults:
        raise typer.Exit(1)


def backfill(
    source: str, *, since: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])]
) -> None:
    """Ask a source's survey system for what a lost delivery left behind; safe to repeat."""
    from machine.backfill import backfill_source

    settings = load_settings()
    set_up_logs(settings.log_format)
    typer.echo(asyncio.run(backfill_source(settings, source, since=since.replace(tzinfo=UTC))))
