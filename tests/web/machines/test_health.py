"""What /healthz says of each part, and its status for those who only look at that."""

from datetime import datetime, timedelta

import pytest
from httpx2 import AsyncClient

from models.audit import SILENCE, Finding, Progress
from models.fetching import Trouble
from models.store.audits import begin_audit, end_audit, keep_finding
from models.store.gates import rest
from models.store.health import beat
from tests.casework import Casework
from tests.web.machines.firm import Firm, caller, settings_with_secrets
from tests.web.pages.reception import SOON, Reception
from web.app import create_app

SILENT = {
    *("oldest_undispatched_response", "oldest_unsent_intent", "oldest_unfetched_answer"),
    "oldest_received_delivery",
    "worst_lateness_seconds",
    *("failed_last_hour", "failed_last_day"),
    *("sms_carrier_cause", "sms_carrier_since", "sms_carrier_until"),
}


async def worker_seen(casework: Casework, *, at: datetime) -> None:
    async with casework.database.write() as session:
        await beat(session, name="worker", at=at)


async def audited(casework: Casework, *, at: datetime) -> None:
    async with casework.database.write() as session:
        await begin_audit(session, "run", at=at)
        await end_audit(session, "run", Progress(), at=at)


async def test_everything_answers(firm: Firm) -> None:
    await worker_seen(firm.casework, at=firm.app.state.house.clock())
    await audited(firm.casework, at=firm.app.state.house.clock())

    answer = await firm.http.get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {
        "last_audit": answer.json()["last_audit"],
        "open_alarms": 0,
        "status": "ok",
        "web": "ok",
        "database": "ok",
        "temporal": "ok",
        "worker": "ok",
        "audit": "ok",
        "refused_tokens": [],
        "received_deliveries": 0,
        "due_intents": 0,
        "sms_carrier": "closed",
        **dict.fromkeys(SILENT),
    }


async def test_without_its_watchdog_the_house_is_not_well(firm: Firm) -> None:
    """Every other part answers; no audit has ever come to its end."""
    await worker_seen(firm.casework, at=firm.app.state.house.clock())

    answer = await firm.http.get("/healthz")

    parts = [answer.json()[part] for part in ("temporal", "worker", "audit", "status")]
    assert (answer.status_code, parts) == (503, ["ok", "ok", "away", "away"])


async def test_temporal_is_away(casework: Casework, api: AsyncClient) -> None:
    await worker_seen(casework, at=SOON)

    answer = await api.get("/healthz")

    assert answer.status_code == 503
    assert answer.json()["status"] == "away"
    parts = [answer.json()[part] for part in ("web", "database", "temporal", "worker")]
    assert parts == ["ok", "ok", "away", "ok"]


@pytest.mark.parametrize(("seconds", "part"), [(19, "ok"), (20, "away"), (3600, "away")])
async def test_a_worker_that_was_not_seen_for_a_while_is_away(
    casework: Casework, api: AsyncClient, seconds: int, part: str
) -> None:
    await worker_seen(casework, at=SOON - timedelta(seconds=seconds))

    assert (await api.get("/healthz")).json()["worker"] == part


async def test_a_worker_that_was_never_seen_is_away(api: AsyncClient) -> None:
    assert (await api.get("/healthz")).json()["worker"] == "away"


@pytest.mark.parametrize(
    ("ago", "part"), [(SILENCE - timedelta(seconds=1), "ok"), (SILENCE, "away")]
)
async def test_an_audit_that_misses_three_turns_is_away_itself(
    casework: Casework, api: AsyncClient, ago: timedelta, part: str
) -> None:
    await worker_seen(casework, at=SOON)
    await audited(casework, at=SOON - ago)

    answer = await api.get("/healthz")

    assert answer.json()["audit"] == part
    assert answer.json()["last_audit"] == (SOON - ago).isoformat().replace("+00:00", "Z")


async def test_an_audit_that_never_came_to_its_end_is_away(
    casework: Casework, api: AsyncClient
) -> None:
    async with casework.database.write() as session:
        await begin_audit(session, "run", at=SOON)

    assert (await api.get("/healthz")).json()["audit"] == "away"


async def test_what_the_audit_found_is_counted(casework: Casework, api: AsyncClient) -> None:
    state = await casework.open()
    async with casework.database.write() as session:
        await keep_finding(session, state.case_id, Finding.OVERDUE, at=SOON)

    assert (await api.get("/healthz")).json()["open_alarms"] == 1


async def test_the_database_is_away(unused_tcp_port: int) -> None:
    """Nobody listens there."""
    nowhere = f"postgresql+asyncpg://rappel@127.0.0.1:{unused_tcp_port}/rappel"

    answer = await caller(create_app(settings_with_secrets(nowhere))).get("/healthz")

    assert answer.status_code == 503
    assert (answer.json()["database"], answer.json()["worker"]) == ("away", "away")


async def test_what_waits_is_told_with_its_age(reception: Reception, api: AsyncClient) -> None:
    taken = await reception.casework.hear()
    before = (await api.get("/healthz")).json()
    state = await reception.casework.open()
    reception.clock.now = state.rungs[0].at + timedelta(minutes=3)

    late = (await api.get("/healthz")).json()

    assert taken.case_id == state.case_id
    assert before["oldest_undispatched_response"] == "2027-03-01T09:00:00Z"
    assert before["oldest_unsent_intent"] is None
    assert late["oldest_undispatched_response"] is None
    assert late["oldest_unsent_intent"] == "2027-03-01T09:00:00Z"
    assert late["worst_lateness_seconds"] == 180


async def test_a_token_that_is_refused_is_said(casework: Casework, api: AsyncClient) -> None:
    for source, trouble in (("keys", Trouble.REFUSED), ("hall", Trouble.BUSY)):
        async with casework.database.write() as session:
            await rest(session, source, until=SOON, trouble=trouble, now=SOON)

    assert (await api.get("/healthz")).json()["refused_tokens"] == ["keys"]
