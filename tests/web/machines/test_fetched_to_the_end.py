"""From an event at the door to a case: the web process, Temporal, a worker, and the vendor's API."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
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


async def test_an_event_becomes_a_case(
    casework: Casework, database_url: str, vendor: Vendor, env: WorkflowEnvironment
) -> None:
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
        answer = await http.post(f"/webhooks/{SOURCE}", content=event(), headers=signed(event()))
        assert answer.json()["fate"] == "to_fetch"
        async with make_worker(env.client, fetching.fetch, casework.records.commit):
            while (known := await http.get(f"/api/responses/{SOURCE}/{RESPONSE}")).is_error:
                await asyncio.sleep(0.05)
    await vendors.aclose()

    assert known.json()["case_id"]
    assert len(vendor.calls) == 1
