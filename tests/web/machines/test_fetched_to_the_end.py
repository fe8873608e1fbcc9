"""From an event at the door to a case: the web process, Temporal, a worker, and the vendor's API."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from httpx2 import AsyncClient
from pydantic import SecretStr
from temporalio.testing import WorkflowEnvironment

from activities.fetched_answers import FetchedAnswers
from activities.fetching import Fetching
from activities.vendors import Vendors
from models.store.intake import Intake
from models.store.organisations import apply_organisation
from tests.activities.survey_house import PATH, SOURCE, with_source
from tests.casework import MONDAY_MORNING, Casework
from tests.surveys.surveymonkey_bodies import RESPONSE, SECRET, details, event, signed
from tests.surveys.vendor import TOKEN, Vendor, vendor_at_work
from tests.web.machines.firm import caller
from tests.web.pages.reception import settings_for
from tests.workflows.engine import skipping_server
from web.app import create_app
from worker import make_worker


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    async with vendor_at_work() as vendor:
        vendor.answers[PATH] = details(date_modified=datetime.now(UTC).isoformat())
        yield vendor


@pytest.fixture
async def env() -> AsyncIterator[WorkflowEnvironment]:
    async with await skipping_server() as env:
        yield env


@dataclass(frozen=True, slots=True)
class Hall:
    """A house at whose door SurveyMonkey knocks; nobody works in it yet."""

    http: AsyncClient
    fetching: Fetching

    async def knock(self) -> None:
        body = event()
        answer = await self.http.post(f"/webhooks/{SOURCE}", content=body, headers=signed(body))
        assert answer.json()["fate"] == "to_fetch"

    async def case(self) -> str:
        """Once there is one."""
        while (known := await self.http.get(f"/api/responses/{SOURCE}/{RESPONSE}")).is_error:
            await asyncio.sleep(0.05)
        return str(known.json()["case_id"])

    async def put_off(self) -> str:
        """The id of the fetch, once it was tried in vain."""
        while not (item := (await self.http.get("/api/fetches")).json()["items"][0])["problem"]:
            await asyncio.sleep(0.05)
        return str(item["id"])


@pytest.fixture
async def hall(
    casework: Casework, database_url: str, vendor: Vendor, env: WorkflowEnvironment
) -> AsyncIterator[Hall]:
    database, book = casework.database, casework.book
    await apply_organisation(database, with_source(vendor), name="keys.yaml", at=MONDAY_MORNING)
    answers = FetchedAnswers(book, Intake(database.vault, book))
    vendors = Vendors(database, {SOURCE: TOKEN})
    fetching = Fetching(database, book, answers, vendors)
    port = int(env.client.service_client.config.target_host.rpartition(":")[2])
    secrets = {SOURCE: SecretStr(SECRET), "survey": SecretStr("whsec_AAAA")}
    told = {"temporal_port": port, "webhook_secrets": secrets}
    app = create_app(settings_for(database_url).model_copy(update=told))
    async with app.router.lifespan_context(app), caller(app) as http:
        yield Hall(http, fetching)
    await vendors.aclose()


async def test_an_event_becomes_a_case(
    hall: Hall, casework: Casework, vendor: Vendor, env: WorkflowEnvironment
) -> None:
    await hall.knock()
    async with make_worker(env.client, hall.fetching.fetch, casework.records.commit):
        assert await hall.case()

    assert len(vendor.calls) == 1


async def test_what_waits_for_its_next_try_is_had_at_once_when_it_is_asked_for_again(
    hall: Hall, casework: Casework, vendor: Vendor, env: WorkflowEnvironment
) -> None:
    """Its token may not read it for ten minutes; then somebody mends that and does not wait."""
    vendor.moods = [(403, "")]
    await hall.knock()
    async with make_worker(env.client, hall.fetching.fetch, casework.records.commit):
        fetch = await hall.put_off()
        again = await hall.http.post(f"/api/fetches/{fetch}/again", json={})
        assert again.json() == {"waits": True}
        assert await asyncio.wait_for(hall.case(), 60)

    assert len(vendor.calls) == 2
