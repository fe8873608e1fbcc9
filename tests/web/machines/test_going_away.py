"""An absence from the door to the case: Temporal, the worker and the database are real."""

import asyncio
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.web.machines.firm import Firm

pytestmark = pytest.mark.story


async def owned_by(firm: Firm, case: str, person: str) -> None:
    """Waits until it is so."""
    while (await firm.office.case(case))["owner"] != person:
        await asyncio.sleep(0.05)


async def test_the_open_cases_of_an_away_director_are_somebody_s_and_come_back(firm: Firm) -> None:
    case = await firm.asked()
    today = str(datetime.now(ZoneInfo("Europe/Paris")).date())
    away = {"by": "dora", "first": today, "last": today}

    sent = await firm.http.post("/api/absences", json=away, headers={"idempotency-key": "k"})
    await owned_by(firm, case, "denis")
    await firm.http.delete(f"/api/absences/{sent.json()['id']}", params={"by": "dora"})
    await owned_by(firm, case, "dora")

    told = [entry["kind"] for entry in (await firm.office.case(case))["timeline"]]
    assert told.count("roster_changed") == 2
