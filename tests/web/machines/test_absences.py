"""Absences and the roster, as a trusted server asks for them."""

from datetime import datetime, timedelta

from httpx2 import AsyncClient, Response

from models.actions import AddAction, Attempt, NameCause, Reached
from models.store.absences import untold_absences
from tests.casework import MONDAY_MORNING, Casework

AWAY = {"by": "dora", "first": "2027-05-03", "last": "2027-05-07"}


async def send(api: AsyncClient, key: str = "k-1", **changes: str) -> Response:
    return await api.post("/api/absences", json=AWAY | changes, headers={"idempotency-key": key})


async def test_an_absence_is_recorded_once_however_often_it_is_sent(api: AsyncClient) -> None:
    first = (await send(api)).json()
    assert (await send(api)).json() == first
    assert (await send(api, "k-2")).json() == first
    assert (await api.get("/api/absences", params={"person": "dora"})).json() == [first]
    assert datetime.fromisoformat(first["until"]).isoformat() == "2027-05-07T22:00:00+00:00"


async def test_a_key_stands_for_one_absence(api: AsyncClient) -> None:
    await send(api)
    assert (await send(api, last="2027-05-08")).json()["error"]["code"] == "key_reused"


async def test_a_refusal_shows_the_way_that_comes_back(api: AsyncClient) -> None:
    await send(api)
    refused = await send(api, by="denis", stand_in="dora")
    error = refused.json()["error"]
    assert (refused.status_code, error["rule"]) == (409, "comes_back")
    assert "denis → dora → denis" in error["detail"]


async def test_a_misspelt_stand_in_is_named(api: AsyncClient) -> None:
    refused = await send(api, stand_in="deniss")
    error = refused.json()["error"]
    assert (error["place"], "'denis'" in error["detail"]) == ("stand_in", True)


async def test_the_roster_of_a_day_says_who_stands_in_and_which_rule_decided(
    api: AsyncClient,
) -> None:
    await send(api)
    then, before = [
        (await api.get("/api/roster", params={"on": on})).json()[0]
        for on in ("2027-05-03", "2027-05-02")
    ]
    assert (then["rule"], then["named"], then["answers"]) == (1, "dora", "denis")
    assert (before["answers"], before["away_until"]) == ("dora", None)
    assert (then["then"], before["then"]) == (["nora"], ["denis", "nora"])


async def test_of_an_action_it_says_who_does_it_while_its_owner_is_away(
    api: AsyncClient, casework: Casework
) -> None:
    state = await casework.open()
    repair = AddAction("denis", MONDAY_MORNING + timedelta(days=3))
    for act in (Attempt(Reached.REACHED), NameCause("delay"), repair):
        state = await casework.act(state, act, MONDAY_MORNING)
    path, by = f"/api/cases/{state.case_id}/actions/1", {"by": "dora"}
    before = (await api.get(path, params=by)).json()["stands_in"]
    await send(api, by="denis", first="2027-03-01", last="2027-03-01", stand_in="nora")
    assert (before, (await api.get(path, params=by)).json()["stands_in"]) == (None, "nora")


async def test_what_is_called_off_is_told_to_temporal_again(
    api: AsyncClient, casework: Casework
) -> None:
    absence = (await send(api)).json()["id"]
    ended = await api.delete(f"/api/absences/{absence}", params={"by": "nora"})
    assert ended.json()["id"] == absence
    assert (await api.get("/api/absences")).json() == []
    async with casework.database.read() as session:
        untold = await untold_absences(session, "file", now=MONDAY_MORNING, limit=9)
    assert [found.id for found in untold] == [absence]
