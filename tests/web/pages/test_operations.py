"""The operator's page: what is wrong stands first, and nobody's words stand anywhere."""

from datetime import timedelta

import pytest

from models.absence import Absence
from models.audit import Finding, Progress, Repair
from models.organisation import SPOKEN
from models.store.absences import keep_absence
from models.store.audits import begin_audit, end_audit, keep_finding
from models.store.deliveries import Delivery
from models.store.health import beat
from models.store.organisations import apply_organisation
from models.survey import Identity
from tests.casework import MONDAY_MORNING, SMALL, another
from tests.models.store.test_target_periods import TIGHTER, apply
from tests.web.machines.firm import staffed
from tests.web.pages.browser import Browser, Page
from tests.web.pages.reception import SOON, Reception
from web.pages.operations import Alarm, Trouble
from web.rendering import Pages

SOMEBODY_ELSE = another("r-2", customer=Identity("c-2"))
SECRETS = ("Odile", "Kerverne", "Nobody calls back", "odile@client", "39981234", "39980041")


@pytest.fixture
async def operator(reception: Reception) -> Browser:
    """An operator joins, so that there is a second version."""
    state = await reception.casework.open()
    database = reception.casework.database
    await apply_organisation(database, staffed(), name=SMALL.name, at=SOON)
    return await reception.signed_in("oscar", state)


async def seen(reception: Reception, operator: Browser, *, alive: bool) -> Page:
    if alive:
        async with reception.casework.database.write() as session:
            await beat(session, name="worker", at=reception.clock())
    return await operator.get("/operations")


@pytest.mark.parametrize("path", ["/operations", "/operations/versions/1"])
async def test_only_who_runs_rappel_comes_in(
    reception: Reception, browser: Browser, path: str
) -> None:
    director = await reception.signed_in("dora", await reception.casework.open())

    assert (await browser.get(path)).status == 401
    assert (await director.get(path)).status == 403


async def test_what_is_wrong_stands_first(reception: Reception, operator: Browser) -> None:
    """Nothing runs here but the web process."""
    page = await seen(reception, operator, alive=False)

    assert "Temporal does not answer" in page.words
    assert "No worker has ever been seen." in page.words
    assert "A message should have left 5 minutes ago and still waits." in page.words
    assert page.words.index("No worker") < page.words.index("Sources")


async def test_a_worker_that_was_just_seen_is_no_trouble(
    reception: Reception, operator: Browser
) -> None:
    page = await seen(reception, operator, alive=True)

    assert "worker" not in page.words.partition("Parts")[0]


async def test_a_worker_that_went_silent_was_seen_last(
    reception: Reception, operator: Browser
) -> None:
    await seen(reception, operator, alive=True)
    reception.clock.now += timedelta(minutes=3)

    page = await seen(reception, operator, alive=False)

    assert "No worker is running: the last was seen 3 minutes ago." in page.words


async def test_a_level_that_could_not_be_filled_is_told_with_whom_it_concerned(
    reception: Reception, operator: Browser
) -> None:
    casework = reception.casework
    state = await casework.open(another("r-3", customer=Identity("c-3"), region="south"))
    while state.level == 0:
        state = await casework.stay_silent(state)

    page = await seen(reception, operator, alive=True)

    assert "a level of a ladder could not take a case 1 time" in page.words.partition("Parts")[0]
    assert (
        "Ladder, level 1: the deputy · nobody stands there · for cases of nora · 1 time"
        in page.words
    )
    assert (await operator.http.get("/healthz")).json()["database"] == "ok"


async def test_whoever_was_away_stands_in_the_list_and_raises_no_alarm(
    reception: Reception, operator: Browser
) -> None:
    casework, day = reception.casework, timedelta(days=1)
    holiday = Absence("away", "denis", MONDAY_MORNING, MONDAY_MORNING + 30 * day, "nora")
    async with casework.database.write() as session:
        keep_absence(session, holiday, by="nora", key="away", at=MONDAY_MORNING)
    state = await casework.open()
    while state.level == 0:
        state = await casework.stay_silent(state)

    page = await seen(reception, operator, alive=True)

    assert "could not take a case" not in page.words
    assert "level 1: the deputy" in page.words


async def test_after_thirty_days_a_level_is_forgotten(
    reception: Reception, operator: Browser
) -> None:
    casework = reception.casework
    state = await casework.open(another("r-3", customer=Identity("c-3"), region="south"))
    while state.level == 0:
        state = await casework.stay_silent(state)
    reception.clock.now += timedelta(days=32)

    assert "Levels that could not be filled" not in (await operator.get("/operations")).words


async def test_a_delivery_that_was_not_understood_tells_where_and_not_what(
    reception: Reception, operator: Browser
) -> None:
    delivery = Delivery("survey", b'{"score": "Odile"}', MONDAY_MORNING)
    async with reception.casework.database.write() as session:
        await reception.app.state.house.intake.quarantine(session, delivery, "score")

    page = await operator.get("/operations")

    assert "1 delivery of the last 24 hours was not understood" in page.words
    assert "survey · fault at score · 18 bytes" in page.words
    assert "Odile" not in page.answered.text


async def test_a_delivery_that_is_not_taken_for_long_is_told(
    reception: Reception, operator: Browser
) -> None:
    delivery = Delivery("survey", b'{"score": "Odile"}', SOON)
    await reception.app.state.house.door.keep(delivery)
    fresh = (await operator.get("/operations")).words
    reception.clock.now += timedelta(minutes=3)
    late = (await operator.get("/operations")).words

    assert "Deliveries received and not taken yet 1, the oldest" in fresh
    assert "is kept, and not taken yet" not in fresh
    assert "A delivery that came 3 minutes ago is kept, and not taken yet" in late


async def test_nobodys_words_and_no_address_stand_on_it(operator: Browser) -> None:
    pages = [await operator.get("/operations")]
    pages += [await operator.get(f"/operations/versions/{number}") for number in (1, 2)]

    for page in pages:
        assert page.status == 200
        assert [secret for secret in SECRETS if secret in page.answered.text] == []
    assert "The request to call back" in pages[0].words


async def test_a_version_shows_what_it_changed(operator: Browser) -> None:
    page = await operator.get("/operations/versions/2")

    assert "3 lines added, 0 lines removed." in page.words
    assert "+   - {id: oscar, name: Oscar Operator, role: operator" in page.words
    assert "o•••@•••" in page.words


async def test_a_version_that_was_never_applied_is_no_page(operator: Browser) -> None:
    assert (await operator.get("/operations/versions/3")).status == 404


async def audited(reception: Reception, finding: Finding | None) -> str:
    """An audit that ends now; the case of which it may have found something."""
    now, state = reception.clock(), await reception.casework.open(SOMEBODY_ELSE)
    found = {finding: 1} if finding else {}
    async with reception.casework.database.write() as session:
        await begin_audit(session, "run", at=now)
        if finding:
            await keep_finding(session, state.case_id, finding, at=now)
        await end_audit(session, "run", Progress("", 2, found), at=now)
    return state.case_id


async def test_an_audit_says_when_it_looked_at_how_many_cases(
    reception: Reception, operator: Browser
) -> None:
    await audited(reception, None)
    reception.clock.now += timedelta(minutes=4)

    page = await operator.get("/operations")

    assert "The last one ended 4 minutes ago: 2 open cases were compared" in page.words
    assert "All were as they should be." in page.words
    assert "audit" not in page.words.partition("Parts")[0]


async def test_a_lost_case_is_named_with_what_was_done_about_it(
    reception: Reception, operator: Browser
) -> None:
    case = await audited(reception, Finding.MISSING)

    page = await operator.get("/operations")

    assert "1 open case had lost its workflow" in page.words.partition("Parts")[0]
    assert f"case {case} lost its workflow · started again" in page.words


async def test_without_an_audit_the_watchdog_is_said_to_be_off(
    reception: Reception, operator: Browser
) -> None:
    page = await seen(reception, operator, alive=True)

    assert "No audit has come to its end yet" in page.words.partition("Parts")[0]


@pytest.mark.parametrize("language", SPOKEN)
def test_every_finding_and_every_repair_has_its_words(language: str) -> None:
    template = Pages()._environments[language].get_template("operations_words.html")
    words = template.make_module({"now": SOON, "local": lambda at: at})

    assert (set(words.FINDINGS), set(words.REPAIRS)) == (set(Finding), set(Repair))  # type: ignore[attr-defined]
    assert {Trouble(finding) for finding in Finding} <= set(Trouble)


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_has_a_sentence(trouble: Trouble, language: str) -> None:
    template = Pages()._environments[language].get_template("operations_words.html")
    words = template.make_module({"now": SOON, "local": lambda at: at})

    said = words.sentence(Alarm(trouble, MONDAY_MORNING, 2, "account"))  # type: ignore[attr-defined]

    assert len(str(said).split()) > 5


@pytest.fixture
async def nora(reception: Reception) -> Browser:
    """An open case was planned by the version before."""
    state = await reception.casework.open(another("r-1", region=None))
    await apply(reception.casework, TIGHTER)
    return await reception.signed_in("nora", state)


async def test_the_version_in_force_plans_no_case_until_somebody_asks(nora: Browser) -> None:
    page = await nora.get("/operations/versions/2")
    assert "Voir ce qui changerait" in page.words
    assert "changerait s’il était replanifié" not in page.words


async def test_the_version_in_force_shows_what_planning_anew_would_change(nora: Browser) -> None:
    form = (await nora.get("/operations/versions/2")).form("#open-cases")
    asked = await nora.send(form)
    assert "1 des 1 dossiers ouverts changerait" in asked.words
    assert "Prendre le dossier · 30 min de temps de travail → 10 min" in asked.words


async def test_a_version_of_before_is_compared_with_no_open_case(nora: Browser) -> None:
    pages = [await ask("/operations/versions/1") for ask in (nora.get, nora.post)]
    assert not any("replan" in page.answered.text for page in pages)
