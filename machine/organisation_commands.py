"""What is typed about the organisation file: its part of the command line.

A command imports what it calls, as in the others.
"""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from machine.overdue import Overdue
from machine.stopping import run_to_the_end
from settings import Settings, load_place, load_settings

organisation = typer.Typer(no_args_is_help=True, help="The organisation file.")


@organisation.command()
def check(file: Annotated[Path | None, typer.Argument()] = None) -> None:
    """Say what is wrong with the organisation file, and where."""
    from machine.organisation import advice, checked_organisation, list_vacancies

    path = file or load_place().organisation
    found = checked_organisation(path)
    typer.echo(f"{path}: no fault ({len(found.regions)} regions, {len(found.people)} people).")
    for line in (*list_vacancies(found), *advice(found)):
        typer.echo(f"advice: {line}")


@organisation.command()
def holidays(
    year: Annotated[int | None, typer.Argument()] = None,
    file: Annotated[Path | None, typer.Option()] = None,
) -> None:
    """Print the days of a year on which offices are closed, to be looked over."""
    from machine.calendars import list_closed_days

    path = file or load_place().organisation
    for line in list_closed_days(path, year or datetime.now(UTC).year):
        typer.echo(line)


@organisation.command()
def apply(
    *,
    replan: Annotated[
        bool, typer.Option("--replan", help="Plan the open cases anew by it; shown before.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    overdue: Annotated[
        Overdue, typer.Option(help="What becomes of a case that is late by the new rules.")
    ] = Overdue.WITH_TIME,
) -> None:
    """Put the organisation file in force, as a new version if it changed."""
    from machine.organisation import apply_file

    if not replan and (yes or overdue is not Overdue.WITH_TIME):
        raise typer.BadParameter("--yes and --overdue go with --replan only.")
    settings = load_settings()
    if replan:
        _replan(settings, overdue, yes=yes)
        return
    applied = asyncio.run(apply_file(settings))
    _tell_version(applied.number, changed=applied.changed)


@organisation.command()
def versions() -> None:
    """Print the applied versions, and which targets each changed."""
    from machine.versions import list_versions

    for line in asyncio.run(list_versions(load_settings())):
        typer.echo(line)


def _replan(settings: Settings, overdue: Overdue, *, yes: bool) -> None:
    from machine.replanning import carry_out, look, told_of

    replanning, found = asyncio.run(look(settings, overdue))
    for line in told_of(found, replanning):
        typer.echo(line)
    if not found.changed:
        applied = run_to_the_end(carry_out(settings, replanning, found, lambda _: None))
    else:
        if not yes:
            typer.confirm("Put it in force and plan these cases anew?", abort=True)
        with typer.progressbar(length=len(found.changed), label="Cases planned anew") as bar:
            applied = run_to_the_end(
                carry_out(settings, replanning, found, lambda done: bar.update(done - bar.pos))
            )
    _tell_version(applied.number, changed=applied.changed)


def _tell_version(number: int, *, changed: bool) -> None:
    verb = "is now" if changed else "was already"
    typer.echo(f"Version {number} of the organisation {verb} in force.")
