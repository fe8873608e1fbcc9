"""What helped others: shared from a closed case, read by all who take cases, naming nobody."""

import pytest

from models.actions import Attempt, Confirm, NameCause, Reached
from models.case import CaseState
from models.store.organisations import apply_organisation
from models.survey import Identity
from tests.casework import MONDAY_MORNING, Casework, another
from tests.web.doors import TOLD
from tests.web.machines.firm import staffed
from tests.web.pages.browser import Browser, Page
from tests.web.pages.reception import Reception, confirming


@pytest.fixture
async def closed(reception: Reception, casework: Casework) -> CaseState:
    """With somebody in every role, and a customer who is satisfied again."""
    database = casework.database
    await apply_organisation(database, staffed(), name="staffed.yaml", at=MONDAY_MORNING)
    state = await confirming(casework)
    return await casework.act(state, Confirm(solved=True), MONDAY_MORNING)


@pytest.fixture
async def dora(reception: Reception, closed: CaseState) -> Browser:
    return await reception.signed_in("dora", closed)


async def share(browser: Browser, state: CaseState, **told: str) -> Page:
    form = (await browser.get(f"/cases/{state.case_id}")).form("/practice")
    return await browser.send(form, **{**TOLD, **told})


async def test_who_closed_the_case_shares_what_helped(dora: Browser, closed: CaseState) -> None:
    sent = await share(dora, closed)

    assert (sent.status, sent.answered.headers["location"]) == (
        303,
        f"/cases/{closed.case_id}#practice",
    )
    found = await dora.get("/practices")
    assert TOLD["title"] in found.words
    assert f'href="/cases/{closed.case_id}"' in found.answered.text


async def test_an_open_case_has_nothing_to_share(reception: Reception) -> None:
    state = await confirming(reception.casework)
    page = await (await reception.signed_in("dora", state)).get(f"/cases/{state.case_id}")
    assert not any(action.endswith("/practice") for action in page.forms)


@pytest.mark.parametrize(
    ("helped", "says"),
    [
        ("Madame KERVERNÉ a été rappelée.", "Le client ou un collègue y est nommé."),
        ("Appelez le 06 39 98 12 34.", "Un numéro de téléphone y figure."),
        ("Écrivez à maison@client.example.", "Une adresse e-mail y figure."),
        ("C'est le dossier 482915.", "Un long numéro ou une référence y figure"),
    ],
)
async def test_what_names_somebody_comes_back_with_a_sentence(
    dora: Browser, closed: CaseState, helped: str, says: str
) -> None:
    refused = await share(dora, closed, helped=helped)

    assert refused.status == 422
    assert says in refused.words
    assert refused.form("/practice").fields["helped"] == helped
    assert TOLD["title"] not in (await dora.get("/practices")).words


@pytest.mark.parametrize("person", ["paul", "eva"])
async def test_partners_and_executives_read_it_but_not_the_case_behind(
    reception: Reception, dora: Browser, closed: CaseState, person: str
) -> None:
    await share(dora, closed)
    page = await (await reception.signed_in(person, closed)).get("/practices")
    assert TOLD["helped"] in page.words
    assert closed.case_id not in page.answered.text


async def test_what_is_typed_into_the_search_stands_in_no_address(
    dora: Browser, closed: CaseState
) -> None:
    await share(dora, closed)
    form = (await dora.get("/practices")).form("/practices")
    found, nothing = [await dora.send(form, q=q) for q in ("TRADES hour", "plumber")]
    assert TOLD["title"] in found.words
    assert "1 bonne pratique trouvée" in found.words
    assert TOLD["title"] not in nothing.words
    assert "Rien n’a été trouvé." in nothing.words


@pytest.mark.parametrize(("cause", "there"), [("delay", True), ("late_works", False)])
async def test_it_is_found_by_its_cause_and_those_above(
    dora: Browser, closed: CaseState, cause: str, *, there: bool
) -> None:
    await share(dora, closed)
    page = await dora.get(f"/practices?cause={cause}")
    assert (TOLD["title"] in page.words) is there


async def test_it_can_be_changed_and_withdrawn_where_it_was_shared(
    dora: Browser, closed: CaseState
) -> None:
    await share(dora, closed)
    form = (await dora.get(f"/cases/{closed.case_id}")).form("/practice")
    assert {name: form.fields[name] for name in TOLD} == TOLD

    await share(dora, closed, title="One visit, at last")
    assert "One visit, at last" in (await dora.get("/practices")).words
    await dora.send((await dora.get(f"/cases/{closed.case_id}")).form("/withdraw"))

    assert "One visit, at last" not in (await dora.get("/practices")).words


async def test_what_is_typed_is_kept_until_it_is_shared(
    reception: Reception, dora: Browser, closed: CaseState
) -> None:
    path = f"/cases/{closed.case_id}"
    page = await dora.get(path)
    assert f'data-drafts="{path}/drafts/practice"' in page.answered.text
    await dora.post(f"{path}/drafts/practice", {**page.form("/practice").fields, **TOLD})

    elsewhere = await reception.signed_in("dora", closed)
    form = (await elsewhere.get(path)).form("/practice")
    assert {name: form.fields[name] for name in TOLD} == TOLD

    await elsewhere.send(form, title="One visit, at last")
    form = (await elsewhere.get(path)).form("/practice")
    assert form.fields["title"] == "One visit, at last"


async def test_it_stands_beside_the_playbook_of_another_case_of_its_cause(
    reception: Reception, dora: Browser, closed: CaseState
) -> None:
    await share(dora, closed)
    casework = reception.casework
    other = await casework.open(another("r-2", customer=Identity("c-2")))
    for act in (Attempt(Reached.REACHED), NameCause("delay")):
        other = await casework.act(other, act, MONDAY_MORNING)
    page = await dora.get(f"/cases/{other.case_id}")
    assert TOLD["title"] in page.words
    own = await dora.get(f"/cases/{closed.case_id}")
    assert "Ce qui a aidé ailleurs" not in own.words


async def test_who_may_not_share_the_case_is_not_asked_to(
    reception: Reception, closed: CaseState
) -> None:
    page = await (await reception.signed_in("denis", closed)).get(f"/cases/{closed.case_id}")
    assert not any(action.endswith("/practice") for action in page.forms)
