"""The command line: each command is a few lines that call the room where the work is done.

It imports that room and no other: most of what a process does before it works is to import.
"""

import asyncio
import gc
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from machine.intake_commands import backfill, import_file, quarantine, sources
from machine.logs import set_up_logs
from machine.organisation_commands import organisation
from machine.stopping import run_to_the_end, until_told_to_stop
from machine.template_commands import templates
from models.errors import RappelError
from settings import Settings, load_place, load_settings

STOPPING = 8
"""Seconds in which a web process finishes the requests it has taken."""
GARBAGE = 50_000
"""New objects before Python looks for circles among them: what a start makes stays."""

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Every unhappy customer is called back, and the loop is closed.",
)
cli.add_typer(organisation, name="org")
figures = typer.Typer(no_args_is_help=True, help="What the board counts.")
cli.add_typer(figures, name="figures")
cli.add_typer(quarantine, name="quarantine")
cli.add_typer(sources, name="source")
cli.add_typer(templates, name="templates")
cli.command(name="import")(import_file)
cli.command()(backfill)


@cli.command()
def up() -> None:
    """Run everything on this machine: Temporal (unless TEMPORAL_ADDRESS is set), worker and web."""
    from machine.up import up as up_on_this_machine

    set_up_logs(load_place().log_format)
    run_to_the_end(until_told_to_stop(up_on_this_machine(typer.echo)))


@cli.command()
def demo(
    *,
    keep: Annotated[bool, typer.Option("--keep", help="Go on with the last one.")] = False,
    days: Annotated[int, typer.Option(hidden=True, min=2)] = 90,
    seconds: Annotated[int, typer.Option(hidden=True, min=5)] = 165,
) -> None:
    """Play an invented group: 90 days in three minutes, then life goes on."""
    from rich.console import Console

    from demo.show import Show

    show = Show(keep=keep, days=days, seconds=seconds, console=Console())
    run_to_the_end(until_told_to_stop(show.run()))


@cli.command()
def web() -> None:
    """Run one web process."""
    import uvicorn

    from machine.port import require_free
    from web.app import create_app

    settings = load_settings()
    set_up_logs(settings.log_format)
    require_free(settings.host, settings.port)
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=STOPPING,
    )


@cli.command()
def worker() -> None:
    """Run one worker: the cases, the letters and the post office."""
    from worker import run as run_worker

    settings = load_settings()
    set_up_logs(settings.log_format)
    run_to_the_end(until_told_to_stop(run_worker(settings)))


@cli.command()
def migrate() -> None:
    """Bring the database's tables to the newest revision."""
    from machine.counting import all_is_counted, count_uncounted
    from machine.lock import make_state_dir
    from machine.phones import all_have_an_index, index_all_phones
    from models.store.database import migrate as migrate_database

    place = load_place()
    if place.one_machine:
        make_state_dir(place.state_dir)
    revision = asyncio.run(migrate_database(place.database_url))
    typer.echo(f"The database stands at revision {revision}.")
    if not asyncio.run(all_is_counted(place.database_url)):
        asyncio.run(count_uncounted(load_settings(), typer.echo))
    if not asyncio.run(all_have_an_index(place.database_url)):
        asyncio.run(index_all_phones(load_settings(), typer.echo))


@cli.command()
def link(person: str) -> None:
    """Print a fresh link by which a person of the organisation signs in."""
    from machine.invitations import invite

    invitation = asyncio.run(invite(load_settings(), person))
    typer.echo(invitation.link)


@cli.command()
def letter(
    *,
    week: Annotated[str | None, typer.Option(help="As in 2026-W47; else the last one.")] = None,
    to: Annotated[str | None, typer.Option(help="One person's id; else everybody.")] = None,
    show: Annotated[bool, typer.Option("--show", help="Only show them here.")] = False,
) -> None:
    """Have the weekly letters sent now; nobody gets a week's letter twice."""
    from machine.letters import send_letters

    settings = load_settings()
    set_up_logs(settings.log_format)
    if show:
        asyncio.run(_show_letters(settings, week, to=to))
        return
    end = run_to_the_end(send_letters(settings, week, to=to))
    typer.echo(
        f"Letters of {end.week}: {end.written} written, {end.known} were written before, "
        f"{end.empty} had nothing to say, {end.failed} failed."
    )


@cli.command(name="rehearse")
def rehearse_response(
    response: Annotated[Path, typer.Argument(help="A delivery as a survey system sends it.")],
    *,
    start: Annotated[
        str | None, typer.Option("--from", help="As in 2027-04-30T16:00+02:00; else now.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=60)] = 14,
    source: Annotated[str | None, typer.Option(help="Which one sends it; else the first.")] = None,
    file: Annotated[
        Path | None, typer.Option(help="An organisation file; else the version in force.")
    ] = None,
) -> None:
    """Print what would come of a response, and why, if nobody ever acted."""
    from machine.rehearsing import rehearse_delivery, rules_in, rules_in_force

    rules = rules_in(file) if file else asyncio.run(rules_in_force(load_settings()))
    for line in rehearse_delivery(response, rules, source=source, start=start, days=days):
        typer.echo(line)


@cli.command()
def roster(
    on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="A day, as in 2027-05-03; else now."),
    ] = None,
) -> None:
    """Print who answers for what, by which rule, and for whom he stands in."""
    from machine.roster import show_roster

    for line in asyncio.run(show_roster(load_settings(), on.date() if on else None)):
        typer.echo(line)


@cli.command()
def messages(
    *,
    try_now: Annotated[
        bool, typer.Option("--try-now", help="You have seen to it: try the carrier at once.")
    ] = False,
) -> None:
    """Print what waits to leave, whether the carrier takes it, what failed, and what it costs."""
    from machine.messages import show_messages, try_carrier

    settings = load_settings()
    if try_now:
        typer.echo(asyncio.run(try_carrier(settings)))
        return
    for line in asyncio.run(show_messages(settings)):
        typer.echo(line)


@figures.command()
def rebuild() -> None:
    """Count every answer anew from the event log; the cases go on meanwhile."""
    from machine.counting import rebuild_figures

    asyncio.run(rebuild_figures(load_settings(), typer.echo))


@cli.command()
def audit() -> None:
    """Compare every open case with its workflow now, and mend what can be mended."""
    from machine.audit import audit_now

    settings = load_settings()
    set_up_logs(settings.log_format)
    first, *found = run_to_the_end(audit_now(settings))
    typer.echo("\n".join((first, *found)))
    raise typer.Exit(1 if found else 0)


@cli.command()
def doctor() -> None:
    """Look at everything Rappel needs, and say what to do."""
    raise typer.Exit(run_to_the_end(_examine()))


def main() -> None:
    gc.set_threshold(GARBAGE)
    try:
        cli()
    except RappelError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)


async def _examine() -> int:
    from machine.doctor import findings

    failed = 0
    async for finding in findings():
        typer.echo(f"{'ok    ' if finding.ok else 'failed'}  {finding.subject}: {finding.words}")
        failed += not finding.ok
    return 1 if failed else 0


async def _show_letters(settings: Settings, week: str | None, *, to: str | None) -> None:
    from machine.letters import show_letters

    async for words in show_letters(settings, week, to=to):
        typer.echo(words)


if __name__ == "__main__":
    main()
