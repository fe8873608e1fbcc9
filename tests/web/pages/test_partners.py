"""A partner's agent sees his own cases, by whatever door he comes: not his team's, nor his director's."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from models.absence import Absence, RosterChanged
from models.case import CaseState
from models.store.absences import keep_absence
from models.store.database import Database
from models.survey import Identity
from models.vault import Vault
from tests.casework import MONDAY_MORNING, Casework, another
from tests.casework_fixture import casework_of
from tests.line import WITH_A_TEAM
from tests.web.machines.firm import caller
from tests.web.pages.arrivals import signed_in
from tests.web.pages.reception import Reception, settings_for

DEPUTISING = WITH_A_TEAM.replace("    deputy: denis\n", "    deputy: petra\n")


@pytest.fixture
async def casework(database: Database, vault: Vault) -> Casework:
    """Petra, an agent of the line, deputises for Dora, to whom the south goes."""
    text = DEPUTISING.replace("routing:\n", "routing:\n  - {region: south, to: dora}\n")
    return await casework_of(text, database, vault)


@pytest.fixture
async def reception(casework: Casework, database_url: str) -> AsyncIterator[Reception]:
    reception = Reception(casework, settings_for(database_url))
    yield reception
    await reception.app.state.house.database.close()


async def opened(reception: Reception, name: str, **changes: object) -> CaseState:
    who = Identity(id=name, name=name, phone="+33639985501")
    return await reception.casework.open(another(f"r-{name}", customer=who, **changes))


async def seen_by(reception: Reception, person: str, *states: CaseState) -> dict[str, set[str]]:
    """Which of these cases stand behind each door."""
    browser, api = await signed_in(reception, person), caller(reception.app)
    search = (await browser.get("/search")).form("/search")
    by = {"by": person}
    shown = {
        "inbox": (await browser.get("/inbox")).answered.text,
        "round": (await browser.get("/round")).answered.text,
        "search": (await browser.send(search, q="+33639985501")).answered.text,
        "list": (await api.get("/api/cases", params=by)).text,
        "waiting": (await api.get(f"/api/people/{person}/inbox")).text,
    }
    found = {door: {s.case_id for s in states if s.case_id in text} for door, text in shown.items()}
    for state in states:
        page = await browser.get(f"/cases/{state.case_id}")
        read = await api.get(f"/api/cases/{state.case_id}", params=by)
        found.setdefault("page", set()).update({state.case_id} if page.status == 200 else ())
        found.setdefault("api", set()).update({state.case_id} if read.status_code == 200 else ())
    return found


async def test_every_door_shows_a_member_his_cases_and_not_his_colleague_s(
    reception: Reception,
) -> None:
    paulas = await opened(reception, "Anne")
    petras = await opened(reception, "Beate")
    assert (paulas.owner, petras.owner) == ("paula", "petra")
    for person, own in (("paula", paulas), ("petra", petras)):
        found = await seen_by(reception, person, paulas, petras)
        assert found == {door: {own.case_id} for door in found}
        assert len(found) == 7


@pytest.mark.parametrize("path", ["/board", "/board.csv", "/board/cases.csv", "/board.xlsx"])
async def test_board_and_exports_are_closed(reception: Reception, path: str) -> None:
    assert (await (await signed_in(reception, "paula")).get(path)).status == 403


async def test_a_deputy_of_a_partner_s_sees_the_cases_that_he_has_and_no_others(
    reception: Reception,
) -> None:
    """A deputy of the house sees those of whom he deputises for at any time."""
    doras = await opened(reception, "Claire", region="south")
    assert doras.owner == "dora"
    before = await seen_by(reception, "petra", doras)
    assert before == {door: set() for door in before}

    at = MONDAY_MORNING + timedelta(minutes=1)
    absence = Absence("away", "dora", at, at + timedelta(days=3))
    async with reception.casework.database.write() as session:
        keep_absence(session, absence, by="dora", key="away", at=at)
    moved = (await reception.casework.take(doras, RosterChanged("away", at))).state

    assert moved.owner == "petra"
    found = await seen_by(reception, "petra", doras)
    assert found == {door: {doras.case_id} for door in found}


async def test_a_case_that_silence_took_up_is_no_longer_hers(reception: Reception) -> None:
    state = await opened(reception, "Diane")
    while state.owner == "paula":
        state = await reception.casework.stay_silent(state)
    found = await seen_by(reception, "paula", state)
    assert found == {door: set() for door in found}
