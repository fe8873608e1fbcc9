"""The door for systems that only point at an answer: kept, answered at once, and given to the dispatcher."""

from collections.abc import AsyncIterator

import pytest
from httpx2 import AsyncClient, Response
from pydantic import SecretStr
from sqlmodel import select

from models.fetch_tables import FetchRow
from models.store.organisations import apply_organisation
from tests.casework import MONDAY_MORNING, SMALL, Casework
from tests.databases import ENGINES
from tests.surveys import qualtrics_bodies, surveymonkey_bodies
from tests.surveys.qualtrics_bodies import SURVEY
from tests.web.machines.faults import fault_of
from tests.web.machines.firm import caller
from tests.web.pages.reception import Reception, settings_for

SOURCES = f"""
sources:
  - id: hall
    kind: qualtrics
    fetch: {{host: fra1.qualtrics.com}}
    surveys: [{{id: {SURVEY}, metric: nps, score: QID1}}]
  - id: keys
    kind: surveymonkey
    surveys: [{{id: "{surveymonkey_bodies.SURVEY}", metric: nps, score: "71001"}}]
"""
SECRETS = {"hall": qualtrics_bodies.SECRET, "keys": surveymonkey_bodies.SECRET}


@pytest.fixture
async def reception(casework: Casework, database_url: str) -> AsyncIterator[Reception]:
    """Without Temporal."""
    organisation = SMALL.read_text().replace("\nsources:\n", SOURCES)
    await apply_organisation(casework.database, organisation, name="hall.yaml", at=MONDAY_MORNING)
    secrets = {source: SecretStr(secret) for source, secret in SECRETS.items()}
    settings = settings_for(database_url).model_copy(update={"webhook_secrets": secrets})
    reception = Reception(casework, settings)
    yield reception
    await reception.app.state.house.database.close()


@pytest.fixture
def api(reception: Reception) -> AsyncClient:
    return caller(reception.app)


async def sent(api: AsyncClient, body: bytes = qualtrics_bodies.event()) -> Response:
    return await api.post("/webhooks/hall", content=body)


async def asked_for(casework: Casework) -> list[tuple[str, str, str]]:
    async with casework.database.read() as session:
        rows = (await session.exec(select(FetchRow))).all()
        return [(row.source, row.survey_id, row.response_id) for row in rows]


@pytest.mark.parametrize("database_url", ENGINES, indirect=True)
async def test_an_event_is_kept_with_what_is_to_be_fetched(
    casework: Casework, api: AsyncClient
) -> None:
    answer = await sent(api)

    assert answer.status_code == 202
    assert answer.json()["fate"] == "to_fetch"
    assert await asked_for(casework) == [("hall", SURVEY, qualtrics_bodies.RESPONSE)]


async def test_who_asks_for_its_response_is_told_that_it_is_waited_for(api: AsyncClient) -> None:
    await sent(api)

    known = await api.get(f"/api/responses/hall/{qualtrics_bodies.RESPONSE}")
    unknown = await api.get("/api/responses/hall/R_unheard")

    assert (known.status_code, unknown.status_code) == (404, 404)
    assert fault_of(known).detail.endswith("its answer waits to be fetched.")
    assert fault_of(unknown).detail == "This response never arrived."


async def test_the_same_event_again_tells_nothing_new(casework: Casework, api: AsyncClient) -> None:
    await sent(api)
    again = await sent(api)

    assert (again.status_code, again.json()["fate"]) == (200, "repeat")
    assert len(await asked_for(casework)) == 1


async def test_an_event_that_is_signed_otherwise_is_refused(
    casework: Casework, api: AsyncClient
) -> None:
    answer = await sent(api, qualtrics_bodies.event(secret="of-somebody-else"))

    assert answer.status_code == 401
    assert await asked_for(casework) == []


async def test_an_event_of_a_survey_that_nobody_mapped_lies_in_quarantine(
    casework: Casework, api: AsyncClient
) -> None:
    answer = await sent(api, qualtrics_bodies.event(qualtrics_bodies.message(SurveyID="SV_other")))

    assert (answer.status_code, answer.json()["fate"]) == (202, "quarantined")
    assert await asked_for(casework) == []


async def test_surveymonkey_looks_whether_anybody_listens_and_then_points(
    casework: Casework, api: AsyncClient
) -> None:
    body = surveymonkey_bodies.event()

    probed = await api.head("/webhooks/keys")
    answer = await api.post(
        "/webhooks/keys", content=body, headers=surveymonkey_bodies.signed(body)
    )

    assert probed.status_code == 200
    assert (answer.status_code, answer.json()["fate"]) == (202, "to_fetch")
    assert await asked_for(casework) == [
        ("keys", surveymonkey_bodies.SURVEY, surveymonkey_bodies.RESPONSE)
    ]
