"""How messages do, for machines: counts and enumerated words."""

from datetime import timedelta

from httpx2 import AsyncClient

from models.posting import Posting
from tests.casework import Casework
from tests.outbox_rows import keep, letter, letters, resting
from tests.web.machines.faults import Refusal, refusal
from tests.web.pages.reception import SOON


async def test_it_says_what_waits_what_failed_and_what_is_used(
    casework: Casework, api: AsyncClient
) -> None:
    north = (await casework.open()).case_id
    lost = letters(1, Posting.UNDELIVERED, reason="blocked", code=30007)
    await keep(casework.database, letter("taken", case_id=north, segments=2), *lost)

    found = (await api.get("/api/messages/health")).json()

    assert found["queues"][0]["due"] == 1
    assert found["oldest_unsent"] == "2027-03-01T09:00:00Z"
    assert found["breaker"]["state"] == "closed"
    assert (found["failed_last_hour"]["n"], found["failed_last_hour"]["d"]) == (1, 2)
    assert (found["failed"][0]["reason"], found["failed"][0]["code"]) == ("blocked", 30007)
    [used] = found["used"]
    assert (used["usage"]["region"], used["usage"]["segments"], used["cost"]) == ("north", 2, None)
    assert found["silenced"] == {"opted_out": 0, "dead_number": 0}


async def test_it_says_how_the_carrier_stands(casework: Casework, api: AsyncClient) -> None:
    await keep(casework.database, resting(SOON, SOON + timedelta(minutes=5)))

    breaker = (await api.get("/api/messages/health")).json()["breaker"]
    health = (await api.get("/healthz")).json()

    assert breaker == {
        "state": "open",
        "cause": "account",
        "code": 20003,
        "since": "2027-03-01T09:05:00Z",
        "until": "2027-03-01T09:10:00Z",
    }
    parts = ("sms_carrier", "sms_carrier_cause", "sms_carrier_until")
    assert [health[part] for part in parts] == ["open", "account", "2027-03-01T09:10:00Z"]


async def test_the_front_door_of_machines_counts_what_waits_and_what_failed(
    casework: Casework, api: AsyncClient
) -> None:
    await casework.open()
    await keep(casework.database, letter("taken"), *letters(1, Posting.FAILED, reason="operator"))

    health = (await api.get("/healthz")).json()

    assert (health["due_intents"], health["sms_carrier"]) == (1, "closed")
    assert (health["failed_last_hour"], health["failed_last_day"]) == (0.5, 0.5)


async def test_only_for_whom_the_operations_are_open(api: AsyncClient) -> None:
    assert refusal(await api.get("/api/messages/health?by=dora")) == Refusal(403, "not_allowed")
    assert (await api.get("/api/messages/health?by=oscar")).status_code == 200
