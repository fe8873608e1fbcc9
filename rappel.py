"""The command line: each command is a few lines that call the room where the work is done."""

import asyncio
import sys
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer
import uvicorn
from rich.console import Console

from demo.show import Show
from machine.audit import audit_now
from machine.calendars import list_closed_days
from machine.counting import all_is_counted, count_uncounted, rebuild_figures
from machine.doctor import findings
from machine.intake_commands import backfill, import_file, quarantine, sources
from machine.invitations import invite
from machine.letters import send_letters, show_letters
from machine.lock import make_state_dir
from machine.logs import set_up_logs
from machine.organisation import advice, apply_file, checked_organisation, list_vacancies
from machine.port import require_free
from machine.rehearsing import rehearse_delivery, rules_in, rules_in_force
from machine.replanning import Overdue, carry_out, look, told_of
from machine.roster import show_roster
from machine.stopping import until_told_to_stop
from machine.up import up as up_on_this_machine
from machine.versions import list_versions
from models.errors import RappelError
from models.store.database import migrate as migrate_database
from models.store.organisations import AppliedVersion
from settings import Settings, load_place, load_settings
from web.app import create_app
from worker import run as run_worker

STOPPING = 8
"""Seconds in which a web process finishes the requests it has taken."""
LAST_BREATH = 0.25
"""Seconds. An interpreter that ends right after speaking to Temporal crashes (sdk-python 300)."""

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Every unhappy customer is called back, and the loop is closed.",
)
organisation = typer.Typer(no_args_is_help=True, help="The organisation file.")
cli.add_typer(organisation, name="org")
figures = typer.Typer(no_args_is_help=True, help="What the board counts.")
cli.add_typer(figures, name="figures")
cli.add_typer(quarantine, name="quarantine")
cli.add_typer(sources, name="source")
cli.command(name="import")(import_file)
cli.command()(backfill)

Result = TypeVar("Result")


@cli.command()
def up() -> None:
    """Run everything on this machine: Temporal (unless TEMPORAL_ADDRESS is set), worker and web."""
    set_up_logs(load_place().log_format)
    _run(until_told_to_stop(up_on_this_machine(typer.echo)))


@cli.command()
def demo(
    *,
    keep: Annotated[bool, typer.Option("--keep", help="Go on with the last one.")] = False,
    days: Annotated[int, typer.Option(hidden=True, min=2)] = 90,
    seconds: Annotated[int, typer.Option(hidden=True, min=5)] = 165,
) -> None:
    """Play an invented group: 90 days in three minutes, then life goes on."""
    show = Show(keep=keep, days=days, seconds=seconds, console=Console())
    _run(until_told_to_stop(show.run()))


@cli.command()
def web() -> None:
    """Run one web process."""
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
    settings = load_settings()
    set_up_logs(settings.log_format)
    _run(until_told_to_stop(run_worker(settings)))


@cli.command()
def migrate() -> None:
    """Bring the database's tables to the newest revision."""
    place = load_place()
    if place.one_machine:
        make_state_dir(place.state_dir)
    revision = asyncio.run(migrate_database(place.database_url))
    typer.echo(f"The database stands at revision {revision}.")
    if not asyncio.run(all_is_counted(place.database_url)):
        asyncio.run(count_uncounted(load_settings(), typer.echo))


@cli.command()
def link(person: str) -> None:
    """Print a fresh link by which a person of the organisation signs in."""
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
    settings = load_settings()
    set_up_logs(settings.log_format)
    if show:
        asyncio.run(_show_letters(settings, week, to=to))
        return
    end = _run(send_letters(settings, week, to=to))
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
    for line in asyncio.run(show_roster(load_settings(), on.date() if on else None)):
        typer.echo(line)


@organisation.command()
def check(file: Annotated[Path | None, typer.Argument()] = None) -> None:
    """Say what is wrong with the organisation file, and where."""
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
    if not replan and (yes or overdue is not Overdue.WITH_TIME):
        raise typer.BadParameter("--yes and --overdue go with --replan only.")
    settings = load_settings()
    applied = _replan(settings, overdue, yes=yes) if replan else asyncio.run(apply_file(settings))
    verb = "is now" if applied.changed else "was already"
    typer.echo(f"Version {applied.number} of the organisation {verb} in force.")


@organisation.command()
def versions() -> None:
    """Print the applied versions, and which targets each changed."""
    for line in asyncio.run(list_versions(load_settings())):
        typer.echo(line)


@figures.command()
def rebuild() -> None:
    """Count every answer anew from the event log; the cases go on meanwhile."""
    asyncio.run(rebuild_figures(load_settings(), typer.echo))


@cli.command()
def audit() -> None:
    """Compare every open case with its workflow now, and mend what can be mended."""
    settings = load_settings()
    set_up_logs(settings.log_format)
    first, *found = _run(audit_now(settings))
    typer.echo("\n".join((first, *found)))
    raise typer.Exit(1 if found else 0)


@cli.command()
def doctor() -> None:
    """Look at everything Rappel needs, and say what to do."""
    raise typer.Exit(_run(_examine()))


def main() -> None:
    try:
        cli()
    except RappelError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)


async def _examine() -> int:
    failed = 0
    async for finding in findings():
        typer.echo(f"{'ok    ' if finding.ok else 'failed'}  {finding.subject}: {finding.words}")
        failed += not finding.ok
    return 1 if failed else 0


async def _show_letters(settings: Settings, week: str | None, *, to: str | None) -> None:
    async for words in show_letters(settings, week, to=to):
        typer.echo(words)


def _replan(settings: Settings, overdue: Overdue, *, yes: bool) -> AppliedVersion:
    replanning, found = asyncio.run(look(settings, overdue))
    for line in told_of(found, replanning):
        typer.echo(line)
    if not found.changed:
        return _run(carry_out(settings, replanning, found, lambda _: None))
    if not yes:
        typer.confirm("Put it in force and plan these cases anew?", abort=True)
    with typer.progressbar(length=len(found.changed), label="Cases planned anew") as bar:
        return _run(carry_out(settings, replanning, found, lambda done: bar.update(done - bar.pos)))


def _run(work: Coroutine[object, object, Result]) -> Result:
    """For work that speaks to Temporal."""

    async def to_the_end() -> Result:
        try:
            return await work
        finally:
            await asyncio.sleep(LAST_BREATH)

    return asyncio.run(to_the_end())


if __name__ == "__main__":
    main()
