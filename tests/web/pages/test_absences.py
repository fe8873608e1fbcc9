"""Going away, from the account page: for oneself, and as the national owner for anybody."""

from models.absence import RosterChanged
from models.actions import Attempt, NameCause, Reached
from models.store.absences import absences_after
from tests.casework import MONDAY_MORNING
from tests.web.pages.arrivals import signed_in
from tests.web.pages.browser import Browser, Page
from tests.web.pages.reception import Reception

FIRST, LAST = "2027-03-01", "2027-03-07"


async def go_away(browser: Browser, **written: str) -> Page:
    form = (await browser.get("/account")).form("/absences")
    return await browser.send(form, **{"first": FIRST, "last": LAST, **written})


async def kept(reception: Reception) -> list[tuple[str, str | None, bool]]:
    async with reception.casework.database.read() as session:
        found = await absences_after(session, reception.clock())
    return [(absence.person, absence.stand_in, absence.gives_back) for absence in found]


async def test_going_away_takes_two_dates(reception: Reception) -> None:
    dora = await signed_in(reception, "dora")
    await go_away(dora)
    assert await kept(reception) == [("dora", None, True)]
    page = await dora.get("/account")
    assert "du lundi 1 mars au dimanche 7 mars" in page.words


async def test_days_are_the_person_s_own(reception: Reception) -> None:
    dora = await signed_in(reception, "dora")
    await go_away(dora)
    async with reception.casework.database.read() as session:
        [absence] = await absences_after(session, MONDAY_MORNING)
    assert str(absence.since) == "2027-02-28 23:00:00+00:00"
    assert str(absence.until) == "2027-03-07 23:00:00+00:00"


async def test_a_double_tap_records_one_absence(reception: Reception) -> None:
    dora = await signed_in(reception, "dora")
    await go_away(dora)
    await go_away(dora)
    assert len(await kept(reception)) == 1


async def test_whom_and_for_good_are_chosen(reception: Reception) -> None:
    dora = await signed_in(reception, "dora")
    await go_away(dora, stand_in="nora", afterwards="stay")
    assert await kept(reception) == [("dora", "nora", False)]


async def test_a_loop_is_refused_and_what_was_typed_stays(reception: Reception) -> None:
    await go_away(await signed_in(reception, "dora"))
    denis = await signed_in(reception, "denis")
    page = await go_away(denis, stand_in="dora")
    assert page.status == 409
    assert "Then nobody would be there" in page.words
    assert page.form("/absences").fields["stand_in"] == "dora"


async def test_the_last_day_does_not_come_before_the_first(reception: Reception) -> None:
    dora = await signed_in(reception, "dora")
    page = await go_away(dora, last="2027-02-28")
    assert (page.status, await kept(reception)) == (422, [])


async def test_an_absence_is_called_off(reception: Reception) -> None:
    dora = await signed_in(reception, "dora")
    await go_away(dora)
    await dora.send((await dora.get("/account")).form("/end"))
    assert await kept(reception) == []


async def test_the_national_owner_speaks_for_anybody(reception: Reception) -> None:
    nora = await signed_in(reception, "nora")
    await go_away(nora, person="dora")
    assert await kept(reception) == [("dora", None, True)]
    assert "Dora Director" in (await nora.get("/account")).words


async def test_nobody_else_does(reception: Reception) -> None:
    denis = await signed_in(reception, "denis")
    page = await go_away(denis, person="dora")
    assert (page.status, await kept(reception)) == (403, [])


async def test_the_inbox_of_the_stand_in_says_for_whom(reception: Reception) -> None:
    await go_away(await signed_in(reception, "dora"))
    denis = await signed_in(reception, "denis")
    words = (await denis.get("/inbox")).words
    assert "You stand in for Dora Director until Sunday 7 March." in words


async def test_the_case_says_why_it_is_with_the_stand_in(reception: Reception) -> None:
    state = await reception.casework.open()
    await go_away(await signed_in(reception, "dora"))
    await reception.casework.take(state, RosterChanged("away", reception.clock()))
    denis = await signed_in(reception, "denis")
    words = (await denis.get(f"/cases/{state.case_id}")).words
    assert "The case is with Denis Deputy, because Dora Director is away." in words


async def test_nothing_is_handed_over_to_who_is_away(reception: Reception) -> None:
    state = await reception.casework.open()
    await go_away(await signed_in(reception, "nora"), stand_in="dora")
    dora = await signed_in(reception, "dora")
    page = await dora.get(f"/cases/{state.case_id}")
    form = page.form("/hand-over")
    refused = await dora.send(form, to="nora", reason="You know them.")
    assert "nora" not in page.answered.text.partition('name="to"')[2].partition("</select>")[0]
    assert refused.status == 409


async def test_nothing_to_do_is_given_to_who_is_away(reception: Reception) -> None:
    state = await reception.casework.open()
    for act in (Attempt(Reached.REACHED), NameCause("delay")):
        state = await reception.casework.act(state, act, MONDAY_MORNING)
    await go_away(await signed_in(reception, "nora"), stand_in="dora")
    dora = await signed_in(reception, "dora")
    form = (await dora.get(f"/cases/{state.case_id}")).form("/actions")

    refused = await dora.send(form, owner="nora", what="The seal.", promise="")

    assert refused.status == 409
    assert "Cette personne est absente" in refused.words
    assert (await dora.send(form, owner="dora", what="The seal.", promise="")).status == 503
