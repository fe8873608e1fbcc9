"""What is typed about what arrives: its part of the command line."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from machine.quarantine import replay_all, replay_one, show_one, show_quarantine, waiting
from machine.rehearsing import rules_in, rules_in_force
from machine.sources import show_sources, try_delivery
from settings import load_settings

quarantine = typer.Typer(no_args_is_help=True, help="What arrived and was not understood.")

sources = typer.Typer(no_args_is_help=True, help="Where answers come from.")

OfSource = Annotated[str | None, typer.Option(help="Only of this source.")]


@quarantine.command(name="list")
def list_kept(
    *, source: OfSource = None, limit: Annotated[int, typer.Option(min=1, max=1000)] = 20
) -> None:
    """Print what lies in quarantine: how many by place of the fault, and the newest."""
    for line in asyncio.run(show_quarantine(load_settings(), source, limit=limit)):
        typer.echo(line)


@quarantine.command()
def show(delivery: Annotated[str, typer.Argument(help="An id that `list` prints.")]) -> None:
    """Print where the fault is, and the shape of what was sent: nobody's words."""
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
    for line in asyncio.run(show_sources(load_settings())):
        typer.echo(line)


@sources.command(name="try")
def try_source(
    name: Annotated[str, typer.Argument(help="A source of the organisation.")],
    delivery: Annotated[Path, typer.Argument(help="A delivery as the survey system sends it.")],
    *,
    header: Annotated[
        list[str] | None, typer.Option(help="As in 'X-Event: finished'; may be said again.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="An organisation file; else the version in force.")
    ] = None,
) -> None:
    """Print what would be understood of a saved delivery, from which reference, and what would happen."""
    rules = rules_in(file) if file else asyncio.run(rules_in_force(load_settings()))
    for line in try_delivery(delivery, rules, source=name, headers=header or ()):
        typer.echo(line)
