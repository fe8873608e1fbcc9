"""Everything on one machine, from an empty folder to a running Rappel."""

import asyncio
import sys
from collections.abc import Iterator, Sequence

from machine.children import Child
from machine.counting import count_uncounted
from machine.invitations import Invitation, invite_everybody
from machine.lock import locked
from machine.organisation import apply_file, checked_organisation
from machine.phones import index_all_phones
from machine.port import answers, free_port_for_temporal, require_free
from machine.secrets_file import write_secrets
from machine.supervisor import Say, supervised
from machine.temporal_server import temporal_server
from models.store.database import migrate
from settings import (
    UI_PORT_AWAY,
    Place,
    Settings,
    environment_of_children,
    load_place,
    load_settings,
    missing_secrets,
    require_webhook_secrets,
)
from templates.own_texts import checked_templates

WORKER_GRACE = 35.0
"""Seconds: five more than the worker gives its activities."""


async def up(say: Say) -> None:
    """Runs until it is cancelled, then stops everything in order."""
    place = load_place()
    async with locked(place.state_dir) as lock:
        settings = _settled(place, say)
        require_free(settings.host, settings.port)
        await migrate(settings.database_url)
        await count_uncounted(settings, say)
        await index_all_phones(settings, say)
        applied = await apply_file(settings)
        if applied.changed:
            say(f"The organisation of {settings.organisation} is now version {applied.number}.")
        first = applied.changed and applied.number == 1
        invitations = await invite_everybody(settings) if first and _alone(settings) else ()
        async with supervised(tuple(_children(settings, lock)), say=say):
            for line in _where_to_look(settings, invitations):
                say(line)
            await asyncio.Event().wait()


def _settled(place: Place, say: Say) -> Settings:
    """The settings once everything that this machine can decide for itself is decided."""
    sources = checked_organisation(place.organisation).sources
    checked_templates(place.templates_dir)
    if place.one_machine and (missing := missing_secrets(place, sources)):
        write_secrets(place, missing)
        say(f"Made up and kept in {place.secrets_file}: {', '.join(missing)}.")
    settings = load_settings()
    require_webhook_secrets(settings, sources)
    return _with_free_temporal_port(settings, say) if settings.embedded else settings


def _with_free_temporal_port(settings: Settings, say: Say) -> Settings:
    """The port is written down, for a worker or a web that is started by hand."""
    wanted = settings.temporal_port
    found = free_port_for_temporal(wanted, spare=settings.port)
    if found != wanted:
        say(f"Port {wanted} or {wanted + UI_PORT_AWAY} is taken: Temporal listens on {found}.")
    settings.running_file.write_text(f"RAPPEL_TEMPORAL_PORT={found}\n")
    return settings.model_copy(update={"temporal_port": found})


def _children(settings: Settings, lock: int) -> Iterator[Child]:
    """In the order in which they start; they stop in the opposite one."""
    environment = environment_of_children(settings)
    rappel = (sys.executable, "-m", "rappel")
    if settings.embedded:
        yield temporal_server(
            settings.state_dir,
            port=settings.temporal_port,
            lock=lock,
            environment=environment,
        )
    yield Child("worker", (*rappel, "worker"), environment=environment, grace=WORKER_GRACE)

    async def web_answers() -> None:
        await answers(settings.host, settings.port)

    yield Child("web", (*rappel, "web"), environment=environment, ready=web_answers)


def _alone(settings: Settings) -> bool:
    """Only where nobody else can come, and nothing is really sent, links may stand on a screen."""
    return settings.one_machine and not settings.public and settings.mail_server is None


def _where_to_look(settings: Settings, invitations: Sequence[Invitation]) -> Iterator[str]:
    yield f"Rappel is up: {settings.public_url}"
    yield f"  messages   {settings.public_url}/outbox"
    yield f"  health     {settings.public_url}/healthz"
    yield f"  API        {settings.public_url}/api/openapi.json"
    if settings.embedded:
        yield f"  Temporal   http://127.0.0.1:{settings.temporal_port + UI_PORT_AWAY}"
    if settings.secrets_file.exists():
        yield f"  API token  RAPPEL_API_TOKEN in {settings.secrets_file}"
    yield from _who_may_come(invitations)
    yield "Ctrl-C stops everything; the cases stay."


def _who_may_come(invitations: Sequence[Invitation]) -> Iterator[str]:
    if not invitations:
        yield "  sign in    rappel link <id>, of a person in the organisation file"
        return
    yield "Sign in as one of them; each link opens once, `rappel link <id>` prints another:"
    for invitation in invitations:
        person = invitation.person
        role = person.role.replace("_", " ")
        yield f"  {invitation.link}  {person.name}, {role} ({person.id})"
