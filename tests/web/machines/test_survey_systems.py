"""The same door for each survey system: its own signature, its own format, its own manners."""

import json
from collections.abc import AsyncIterator, Mapping

import pytest
from httpx2 import AsyncClient, Response
from pydantic import SecretStr
from sqlmodel import select

from models.store.database import Database
from models.store.organisations import apply_organisation
from models.tables import DeliveryRow
from tests.casework import MONDAY_MORNING, Casework
from tests.surveys import test_formbricks, test_tally, test_typeform, test_zendesk
from tests.surveys.signing import SIGNED
from tests.web.machines.faults import Refusal, refusal
from tests.web.machines.firm import SECRET, caller, staffed
from tests.web.pages.reception import Reception, settings_for
from web.door import CALM

NEW_SECRET = "whsec_" + "YW5vdGhlciBvbmUgb2YgdGhlbQ=="
ONLY = "  - {id: survey, kind: generic}\n"
SOURCES = """
  - id: typeform
    kind: typeform
    surveys:
      - id: hY7kLm2Q
        metric: nps
        score: recommend
        fields: {contract: hidden.contract, customer.id: hidden.contract}
  - id: formbricks
    kind: formbricks
    surveys: [{id: surv1, metric: nps, score: nps, fields: {customer.id: contact.userId}}]
  - id: tally
    kind: tally
    surveys: [{id: n0Ab12, metric: nps, score: question_nps, fields: {customer.id: hidden.who}}]
  - id: zendesk
    kind: zendesk
    surveys:
      - id: ticket.csat_received
        metric: csat
        score: event.satisfaction_score.score
        words: {bad: 1, good: 5}
        fields: {customer.id: detail.requester_id}
  - id: reviews
    kind: generic
    surveys:
      - id: reviews
        metric: csat
        score: "events[*].stars"
        fields: {response_id: "events[*].id", customer.id: "events[*].id"}
"""
ANSWERS: Mapping[str, Mapping[str, object]] = {
    "typeform": test_typeform.delivery(),
    "formbricks": test_formbricks.delivery(),
    "tally": test_tally.delivery(
        {"key": "question_nps", "type": "RATING", "value": 2},
        {"key": "question_h", "label": "who", "type": "HIDDEN_FIELDS", "value": "C-7"},
    ),
    "zendesk": test_zendesk.RATED,
}
OF_ANOTHER_SURVEY: Mapping[str, Mapping[str, object]] = {
    "typeform": test_typeform.delivery(form_id="another"),
    "formbricks": test_formbricks.delivery(surveyId="another"),
    "tally": test_tally.delivery(formId="another"),
}
KINDS = pytest.mark.parametrize("kind", sorted(ANSWERS))


@pytest.fixture
async def reception(
    casework: Casework, database: Database, database_url: str
) -> AsyncIterator[Reception]:
    """With a source of each kind, whose secrets are being changed: two are good."""
    text = staffed().replace(ONLY, SOURCES)
    await apply_organisation(database, text, name="systems.yaml", at=MONDAY_MORNING)
    secrets = dict.fromkeys((*ANSWERS, "reviews"), SecretStr(f"{SECRET} {NEW_SECRET}"))
    settings = settings_for(database_url).model_copy(update={"webhook_secrets": secrets})
    reception = Reception(casework, settings)
    yield reception
    await reception.app.state.house.database.close()


async def send(
    reception: Reception, kind: str, sent: Mapping[str, object], *, secret: str = SECRET
) -> Response:
    """Survey systems have no token."""
    client: AsyncClient = caller(reception.app)
    del client.headers["authorization"]
    body = json.dumps(sent).encode()
    headers = SIGNED.get(kind, SIGNED["formbricks"])(body, secret, reception.clock())
    return await client.post(f"/webhooks/{kind}", content=body, headers=headers)


@KINDS
async def test_an_unhappy_answer_of_each_system_has_a_case_and_the_same_again_has_no_other(
    reception: Reception, kind: str
) -> None:
    first, again = [await send(reception, kind, ANSWERS[kind]) for _ in range(2)]

    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json()["case_id"]
    assert again.json()["case_id"] == first.json()["case_id"]


@KINDS
async def test_while_a_secret_is_changed_the_old_and_the_new_one_are_good(
    reception: Reception, kind: str
) -> None:
    answers = [
        await send(reception, kind, ANSWERS[kind], secret=secret)
        for secret in (SECRET, NEW_SECRET, "whsec_YSB0aGlyZCBvbmU=")
    ]

    assert [answer.status_code for answer in answers] == [202, 200, 401]
    assert refusal(answers[-1]) == Refusal(401, "bad_credential")


@pytest.mark.parametrize("kind", sorted(OF_ANOTHER_SURVEY))
async def test_a_survey_that_nobody_mapped_is_kept_and_never_answered_404(
    reception: Reception, kind: str
) -> None:
    answer = await send(reception, kind, OF_ANOTHER_SURVEY[kind])

    assert (answer.status_code, answer.json()["fate"]) == (202, "quarantined")
    assert answer.json()["problem"] == "survey"


async def test_an_event_of_zendesk_that_is_no_answer_waits_to_be_looked_at(
    reception: Reception,
) -> None:
    event = {**test_zendesk.RATED, "type": "zen:event-type:user.created"}
    answer = await send(reception, "zendesk", event)

    assert (answer.status_code, answer.json()["problem"]) == (202, "type")


async def test_the_ping_of_formbricks_is_answered_and_kept_nowhere(reception: Reception) -> None:
    answer = await send(reception, "formbricks", {"event": "testEndpoint"})

    assert (answer.status_code, answer.json()) == (200, {})


async def test_a_test_of_tally_calls_nobody(reception: Reception) -> None:
    test = {key: value for key, value in ANSWERS["tally"].items() if key != "eventType"}
    answer = await send(reception, "tally", test)

    assert (answer.json()["fate"], answer.json()["case_id"]) == ("test", None)


async def test_of_several_responses_in_one_body_the_broken_one_waits_and_the_others_are_taken(
    reception: Reception,
) -> None:
    events = [{"id": f"e-{n}", "stars": stars} for n, stars in enumerate((1, 9, 1))]
    answer, again = [await send(reception, "reviews", {"events": events}) for _ in range(2)]

    first = answer.json()
    second, third = first["rest"]
    assert (answer.status_code, second["problem"]) == (202, "events[1].stars")
    assert first["case_id"]
    assert third["response_id"] != first["response_id"]
    assert again.json() == answer.json()
    async with reception.casework.database.read() as session:
        fates = (await session.exec(select(DeliveryRow.fate).order_by(DeliveryRow.id))).all()
    assert list(fates) == ["understood", "quarantined", "understood", "repeat", "repeat"]


async def test_so_many_responses_in_one_body_press_the_door_as_so_many_deliveries_would(
    reception: Reception,
) -> None:
    """What is wrong with one of them is told all the same."""
    stars = (*[1] * CALM, 9)
    events = [{"id": f"e-{n}", "stars": given} for n, given in enumerate(stars)]

    answer = await send(reception, "reviews", {"events": events})

    told = [answer.json(), *answer.json()["rest"]]
    assert [each["fate"] for each in told] == ["received"] * CALM + ["quarantined"]
