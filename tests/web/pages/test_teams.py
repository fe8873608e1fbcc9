"""Teams on the pages: the roster, the form for handing over, and what is said where nobody has room."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from models.absence import Absence
from models.actions import HandOver
from models.case import CaseState
from models.posting import Posting
from models.store.absences import keep_absence
from models.store.database import Database
from models.survey import Identity
from models.vault import Vault
from tests.activities.test_climbing import come_back
from tests.casework import MONDAY_MORNING, Casework, another
from tests.casework_fixture import casework_of
from tests.line import FULL
from tests.web.pages.arrivals import signed_in
from tests.web.pages.reception import Reception, settings_for

ROSTERED = FULL.replace("petra, name: Petra", "petra, ceiling: 5, name: Petra").replace(
    "denis, name", "denis, ceiling: 1, name"
)
OPERATOR = (
    "  - {id: oscar, name: Oscar, role: operator, language: en, email: oscar@small.example}\n"
)


@pytest.fixture
async def casework(database: Database, vault: Vault) -> Casework:
    """Paula takes one case at once, Petra five; Denis, who is in no team, one."""
    text = ROSTERED.replace("teams:\n", f"{OPERATOR}teams:\n")
    return await casework_of(text, database, vault)


@pytest.fixture
async def reception(casework: Casework, database_url: str) -> AsyncIterator[Reception]:
    reception = Reception(casework, settings_for(database_url))
    yield reception
    await reception.app.state.house.database.close()


async def opened(reception: Reception, number: int, **changes: object) -> CaseState:
    who = Identity(id=f"c-{number}")
    return await reception.casework.open(another(f"r-{number}", customer=who, **changes))


async def go_away(reception: Reception, person: str) -> None:
    until = MONDAY_MORNING + timedelta(days=4)
    absence = Absence(f"away-{person}", person, MONDAY_MORNING, until)
    async with reception.casework.database.write() as session:
        keep_absence(session, absence, by="nora", key=absence.id, at=MONDAY_MORNING)


async def test_the_timeline_says_how_the_team_came_to_its_member(reception: Reception) -> None:
    state = await opened(reception, 1)
    paula = await signed_in(reception, "paula")
    page = await paula.get(f"/cases/{state.case_id}")
    assert "The case is with Paula. Team Line shares in turn." in page.words


async def test_the_roster_tells_who_has_the_next_case_and_who_is_away(
    reception: Reception,
) -> None:
    await opened(reception, 1)
    await go_away(reception, "dora")
    page = await (await signed_in(reception, "petra")).get("/roster")
    assert "Petra has the next case of team Line." in page.words
    assert "Paula there, at the ceiling" in page.words
    assert "North · Works · Keys · French" in page.words
    assert "Everything else Nora National" in page.words


async def test_on_another_day_the_roster_is_that_day_s(reception: Reception) -> None:
    await go_away(reception, "paula")
    petra = await signed_in(reception, "petra")
    assert "Paula away until Friday 5 March" in (await petra.get("/roster")).words
    assert "Paula there, has the next case" in (await petra.get("/roster?on=2027-03-09")).words
    assert (await petra.get("/roster?on=tomorrow")).status == 200


async def test_a_number_of_cases_is_shown_to_himself_and_to_who_shares_the_work_out(
    reception: Reception,
) -> None:
    """And nobody is ranked by it: members stand in the order of the file."""
    await opened(reception, 1)
    own = (await (await signed_in(reception, "petra")).get("/roster")).words
    all_ = (await (await signed_in(reception, "nora")).get("/roster")).words
    others = (await (await signed_in(reception, "denis")).get("/roster")).words
    assert "0 open cases of at most 5" in own
    assert "1 open case of at most 1" not in own
    assert "1 dossier ouvert sur 1 au plus" in all_
    assert all_.index("Paula") < all_.index("Petra", all_.index("Paula"))
    assert "open case" not in others


async def test_the_account_leads_to_the_roster(reception: Reception) -> None:
    page = await (await signed_in(reception, "oscar")).get("/account")
    assert 'href="/roster"' in page.answered.text


async def test_a_case_is_handed_to_a_team(reception: Reception) -> None:
    state = await opened(reception, 1, trade="roof")
    nora = await signed_in(reception, "nora")
    page = await nora.get(f"/cases/{state.case_id}")
    assert "Ligne" in page.words
    await nora.send(page.form("/hand-over"), to="line", reason="Elle parle anglais.")
    [kept] = await reception.kept()
    await reception.apply_kept(state, HandOver("line"))
    assert kept.kind == "hand_over"
    words = (await nora.get(f"/cases/{state.case_id}")).words
    assert "Nora National a transmis le dossier à Ligne." in words


async def test_who_is_at_the_ceiling_is_marked_before_and_named_after(
    reception: Reception,
) -> None:
    """He gets it all the same: a person decided so, knowing."""
    first, second = [await opened(reception, n, trade="roof") for n in (1, 2)]
    await reception.casework.act(first, HandOver("denis"), MONDAY_MORNING)
    nora = await signed_in(reception, "nora")
    page = await nora.get(f"/cases/{second.case_id}")
    assert "Denis Deputy (au plafond)" in page.words.replace("( ", "(").replace(" )", ")")
    after = await reception.casework.act(second, HandOver("denis"), MONDAY_MORNING)
    assert after.owner == "denis"
    denis = await signed_in(reception, "denis")
    assert (
        "The ceiling was passed: Denis Deputy had as many open cases as the organisation allows."
        in (await denis.get(f"/cases/{second.case_id}")).words
    )


async def test_nothing_is_handed_to_a_team_of_which_nobody_else_is_there(
    reception: Reception,
) -> None:
    state = await opened(reception, 1)
    paula = await signed_in(reception, "paula")
    form = (await paula.get(f"/cases/{state.case_id}")).form("/hand-over")
    await go_away(reception, "petra")
    page = await paula.get(f"/cases/{state.case_id}")
    assert 'value="line"' not in page.answered.text
    refused = await paula.send(form, to="line", reason="I am off.")
    assert refused.status == 409
    assert "Nobody else of that team is there." in refused.words


async def test_nothing_is_handed_to_a_team_whose_others_nothing_reaches(
    reception: Reception,
) -> None:
    """The commit would pass them over, and the case would end elsewhere."""
    state = await opened(reception, 1)
    paula = await signed_in(reception, "paula")
    form = (await paula.get(f"/cases/{state.case_id}")).form("/hand-over")
    await come_back(reception.casework, "petra", Posting.FAILED, Posting.FAILED)
    assert 'value="line"' not in (await paula.get(f"/cases/{state.case_id}")).answered.text
    assert (await paula.send(form, to="line", reason="I am off.")).status == 409


async def test_operations_says_which_team_had_to_pass_its_ceiling(reception: Reception) -> None:
    oscar = await signed_in(reception, "oscar")
    await go_away(reception, "petra")
    await opened(reception, 1)
    assert "ceiling" not in (await oscar.get("/operations")).words
    await opened(reception, 2)
    page = await oscar.get("/operations")
    assert "Team Line had to pass its ceiling 5 minutes ago" in page.words
    reception.clock.now += timedelta(days=2)
    assert "ceiling" not in (await oscar.get("/operations")).words
