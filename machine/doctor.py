"""Looks at what Rappel needs here, and says for each what is wrong and what to do."""

import asyncio
import http.client
import json
import platform
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

from machine.lock import make_state_dir
from machine.messages import told_of
from machine.opening import opened_database
from machine.organisation import checked_organisation
from machine.port import is_free, reachable, require_free
from models.errors import Misconfigured, RappelError
from models.store.audits import count_alarms, last_audit
from models.store.breaker import read_rest
from models.store.gates import troubled_sources
from models.store.vacancies import Unfilled, unfilled_levels
from settings import API_TOKEN_OF, Settings, load_settings, require_webhook_secrets
from surveys.apis import APIS
from templates.own_texts import checked_templates, read_texts
from temporal_client import connect, namespace_id

NEEDED = (3, 11)
PATIENCE = 3.0
"""Seconds a web process may take to say how it is."""


@dataclass(frozen=True, slots=True)
class Finding:
    subject: str
    words: str
    ok: bool


Look = Callable[[Settings], Awaitable[str]]


async def findings() -> AsyncIterator[Finding]:
    yield _python()
    try:
        settings = load_settings()
    except Misconfigured as fault:
        yield Finding("Settings", f"{fault} The rest is looked at once this is right.", ok=False)
        return
    yield Finding("Settings", "complete, none misspelt", ok=True)
    for subject, look in LOOKS.items():
        yield await _finding(subject, look, settings)


def _python() -> Finding:
    ok = sys.version_info >= NEEDED
    needed = "" if ok else ": Rappel needs 3.11 or newer"
    return Finding("Python", platform.python_version() + needed, ok=ok)


async def _finding(subject: str, look: Look, settings: Settings) -> Finding:
    try:
        return Finding(subject, await look(settings), ok=True)
    except RappelError as fault:
        return Finding(subject, str(fault), ok=False)
    except Exception as error:  # noqa: BLE001  # a doctor goes on whatever he finds
        return Finding(subject, f"does not answer ({type(error).__name__})", ok=False)


async def _organisation(settings: Settings) -> str:
    organisation = checked_organisation(settings.organisation)
    require_webhook_secrets(settings, organisation.sources)
    return f"{settings.organisation}: {len(organisation.people)} people, no fault"


async def _templates(settings: Settings) -> str:
    checked_templates(settings.templates_dir)
    folder = settings.templates_dir
    return f"{len(read_texts(folder))} of {folder} stand before ours" if folder else "all are ours"


async def _state_folder(settings: Settings) -> str:
    make_state_dir(settings.state_dir)
    return f"{settings.state_dir} can be written"


async def _database(settings: Settings) -> str:
    async with opened_database(settings):
        pass
    return "answers, at the newest revision"


async def _audit(settings: Settings) -> str:
    async with opened_database(settings) as database, database.read() as session:
        last, alarms = await last_audit(session), await count_alarms(session)
    if alarms:
        told = ", ".join(f"{n} {finding.replace('_', ' ')}" for finding, n in alarms.items())
        raise RappelError(f"open alarms: {told}; `rappel audit` looks again and names the cases")
    if last is None:
        return "has not run yet: the first worker starts it"
    return f"{last.looked_at} open cases were sound at {last.ended_at:%Y-%m-%d %H:%M} UTC"


async def _ladder(settings: Settings) -> str:
    async with opened_database(settings) as database, database.read() as session:
        unfilled = await unfilled_levels(session, datetime.now(UTC))
    told = "; ".join(map(_unfilled, unfilled))
    if any(level.is_fault for level in unfilled):
        raise RappelError(f"levels that could not be filled in the last 30 days: {told}")
    if told:
        return f"no fault: who was away in the last 30 days was passed by: {told}"
    return "every level that a case came to in the last 30 days could take it"


async def _carrier(settings: Settings) -> str:
    now = datetime.now(UTC)
    async with opened_database(settings) as database, database.read() as session:
        rest = await read_rest(session)
    if rest.trouble(now):
        raise RappelError(f"{told_of(rest, now)}; `rappel messages --try-now` once it is seen to")
    return told_of(rest, now) if settings.account else "none is set: texts stay on the console"


def _unfilled(level: Unfilled) -> str:
    where = f"ladder {level.ladder}" if level.ladder else "the ladder"
    number = "the last level" if level.level is None else f"level {level.level}"
    times = f"{level.n} time{'s' if level.n > 1 else ''}"
    why = level.why.removesuffix("_last").replace("_", " ")
    routed = f" for cases of {level.routed}" if level.routed else ""
    return f"{number} ({level.post}) of {where} was {why}{routed}, {times}"


async def _survey_systems(settings: Settings) -> str:
    """Those which only point at their answers, and whether they take our tokens."""
    try:
        sources = checked_organisation(settings.organisation).sources.values()
    except RappelError:
        return "looked at once the organisation is right"
    pointing = [s.id for s in sources if s.kind in APIS and APIS[s.kind].one and s.auth is None]
    untold = [source for source in pointing if source not in settings.api_tokens]
    if untold:
        wanted = ", ".join(API_TOKEN_OF + source.upper() for source in untold)
        raise Misconfigured(f"not set: {wanted}; what is pointed at waits and is not fetched")
    async with opened_database(settings) as database, database.read() as session:
        refused = await troubled_sources(session)
    if refused:
        raise RappelError(f"our token is refused by the survey system of {', '.join(refused)}")
    return f"answers are fetched for {len(pointing)} sources, no token is refused"


async def _web(settings: Settings) -> str:
    if is_free(settings.host, settings.port):
        return f"port {settings.port} is free: nothing runs"
    if not await asyncio.to_thread(_is_rappel, settings.host, settings.port):
        require_free(settings.host, settings.port)
    return f"Rappel answers on port {settings.port}"


async def _temporal(settings: Settings) -> str:
    port = settings.embedded_port
    if port is not None and is_free("127.0.0.1", port):
        return "embedded, not running: `rappel up` starts it"
    client = await connect(embedded_port=port)
    return f"answers; its namespace is {client.namespace} ({await namespace_id(client)})"


def _is_rappel(host: str, port: int) -> bool:
    with closing(http.client.HTTPConnection(reachable(host), port, timeout=PATIENCE)) as web:
        try:
            web.request("GET", "/healthz")
            return "worker" in json.loads(web.getresponse().read())
        except (OSError, ValueError, TypeError, http.client.HTTPException):
            return False


LOOKS: dict[str, Look] = {
    "Organisation": _organisation,
    "Templates": _templates,
    "State folder": _state_folder,
    "Database": _database,
    "Audit": _audit,
    "Ladder": _ladder,
    "Carrier of texts": _carrier,
    "Survey systems": _survey_systems,
    "Web": _web,
    "Temporal": _temporal,
}
