"""The forms of a case: what is sent is kept, and what cannot be taken comes back as it was typed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from models.actions import Acknowledge, Attempt, HandOver, Reached
from models.case import CaseState
from models.errors import NotUnderstood, WrongMove
from models.survey import Identity
from tests.casework import MONDAY_MORNING, UNHAPPY
from tests.web.pages.browser import Browser, Page
from tests.web.pages.reception import Reception, promised
from web.pages.forms import read_due, read_moment

ANOTHER = replace(UNHAPPY, response_id="r-2", customer=Identity("c-2", "Somebody Else"))
NOTE = "Elle préfère le soir, après 18 h."


@pytest.fixture
async def state(reception: Reception) -> CaseState:
    """The customer was reached, and an action is promised: most forms are on the page."""
    return await promised(reception.casework)


@pytest.fixture
async def dora(reception: Reception, state: CaseState) -> Browser:
    return await reception.signed_in("dora", state)


@pytest.fixture
async def page(dora: Browser, state: CaseState) -> Page:
    return await dora.get(f"/cases/{state.case_id}")


async def test_each_form_of_a_page_has_a_key_of_its_own(page: Page) -> None:
    keys = [form.fields["key"] for form in page.forms.values()]
    assert len(set(keys)) == len(keys) > 1


async def test_while_temporal_is_away_the_act_is_kept_and_the_page_says_so(
    reception: Reception, dora: Browser, page: Page
) -> None:
    form = page.form("/attempts")
    away = await dora.send(form, outcome="voicemail", note=NOTE)
    assert away.status == 503
    assert "pas encore appliqué" in away.words
    assert [act.kind for act in await reception.kept()] == ["attempt"]
    assert away.form("/attempts").fields == form.fields | {"note": NOTE}


async def test_what_was_kept_and_is_sent_again_counts_once(
    reception: Reception, dora: Browser
) -> None:
    opened = await reception.casework.open(ANOTHER)
    page = await dora.get(f"/cases/{opened.case_id}")
    form = page.form("/acknowledge")
    away = await dora.send(form)
    await reception.apply_kept(opened, Acknowledge())
    again = await dora.send(away.form("/acknowledge"))
    assert (again.status, again.answered.headers["location"]) == (
        303,
        f"/cases/{opened.case_id}",
    )


async def test_a_refused_act_comes_back_with_a_sentence_and_another_key(
    reception: Reception, dora: Browser, page: Page
) -> None:
    form = page.form("/close")
    await dora.send(form, outcome="recovered", note=NOTE)
    await reception.refuse_kept(WrongMove("open_actions", "Actions are still open."))
    refused = await dora.send(form, outcome="recovered", note=NOTE)
    assert refused.status == 409
    assert "Des actions sont encore ouvertes." in refused.words
    assert refused.form("/close").fields["note"] == NOTE
    assert refused.form("/close").fields["key"] != form.fields["key"]


async def test_a_form_sent_again_with_other_words_is_not_taken_for_the_first(
    dora: Browser, page: Page
) -> None:
    form = page.form("/attempts")
    await dora.send(form, outcome="voicemail")
    other = await dora.send(form, outcome="reached")
    assert other.status == 409
    assert "avec d’autres mots" in other.words


@pytest.mark.parametrize(
    ("ending", "written", "sentence"),
    [
        ("/attempts", {"note": NOTE}, "Choisissez un des résultats possibles."),
        ("/attempts", {"note": NOTE, "outcome": "reached", "channel": "fax"}, "comment"),
        ("/attempts", {"note": NOTE, "outcome": "later", "again_at": "soon"}, "Une heure va"),
        (
            "/attempts",
            {"note": NOTE, "outcome": "reached", "again_at": "2027-03-02T10:00"},
            "heure",
        ),
        ("/cause", {"cause": "", "words": NOTE}, "Choisissez une cause."),
        ("/cause", {"cause": "unheard_of", "words": NOTE}, "Choisissez une cause."),
        ("/actions", {"what": " ", "due": "2027-05-01"}, "Notez ce qui sera fait."),
        ("/actions", {"what": NOTE, "due": "Thursday"}, "Ce n’est pas une date"),
        ("/actions", {"what": NOTE, "due": "2900-01-01"}, "dans les deux ans à venir"),
        ("/actions", {"what": NOTE, "owner": "nobody"}, "Choisissez qui s’en charge."),
        ("/hand-over", {"to": "", "reason": NOTE}, "Choisissez une personne."),
        ("/hand-over", {"to": "denis", "reason": ""}, "Dites pourquoi"),
        ("/close", {"outcome": "withdrawn", "note": ""}, "ouvert par erreur"),
        ("/attempts", {"outcome": "reached", "note": "x" * 8001}, "trop long"),
    ],
)
async def test_what_is_not_understood_comes_back_as_it_was_typed(
    dora: Browser, page: Page, ending: str, written: dict[str, str], sentence: str
) -> None:
    form = page.form(ending)
    refused = await dora.send(form, **written)
    assert refused.status == 422
    assert sentence in refused.words
    stays = {name: text.strip() for name, text in written.items() if name in ("note", "reason")}
    assert refused.form(ending).fields.items() >= (stays | {"key": form.fields["key"]}).items()


async def test_who_may_not_commit_to_a_repair_is_told_who_may(reception: Reception) -> None:
    """Neither is he offered it: he wrote it by hand."""
    opened = await reception.casework.open(ANOTHER)
    state = await reception.casework.act(opened, HandOver("denis"), MONDAY_MORNING)
    state = await reception.casework.act(state, Attempt(Reached.REACHED), MONDAY_MORNING)
    denis = await reception.signed_in("denis", state)
    page = await denis.get(f"/cases/{state.case_id}")
    refused = await denis.send(page.form("/actions"), what=NOTE, promise="commitment_to_repair")
    assert "commitment_to_repair" not in page.answered.text
    assert (refused.status, await reception.kept()) == (403, [])
    assert "These may: regional director, national owner" in refused.words
    assert refused.form("/actions").fields["what"] == NOTE


async def test_a_promise_is_one_act_with_its_kind_its_date_and_its_time(
    reception: Reception, dora: Browser, page: Page
) -> None:
    form = page.form("/actions")
    await dora.send(form, what=NOTE, promise="call", due="2027-03-04", time="14:30")
    [kept] = await reception.kept()
    assert kept.kind == "action"
    refused = await dora.send(form, what=NOTE, promise="call", time="14:30", key="another")
    assert refused.status == 422


async def test_what_is_not_understood_is_not_kept(
    reception: Reception, dora: Browser, page: Page
) -> None:
    await dora.send(page.form("/cause"), cause="unheard_of", words=NOTE)
    assert await reception.kept() == []


async def test_a_wrap_up_that_is_not_understood_comes_back_whole(
    reception: Reception,
) -> None:
    opened = await reception.casework.open(ANOTHER)
    await reception.casework.act(opened, Attempt(Reached.REACHED), MONDAY_MORNING)
    dora = await reception.signed_in("dora", opened)
    form = (await dora.get(f"/cases/{opened.case_id}")).form("/wrap-up")
    refused = await dora.send(form, cause="delay", what=NOTE, answer="perhaps")
    assert (refused.status, await reception.kept()) == (422, [])
    assert refused.form("/wrap-up").fields == form.fields | {"cause": "delay", "what": NOTE}


async def test_the_call_round_goes_on_after_an_act(reception: Reception, dora: Browser) -> None:
    opened = await reception.casework.open(ANOTHER)
    form = (await dora.get(f"/cases/{opened.case_id}")).form("/acknowledge")
    await dora.send(form, onward="round")
    await reception.apply_kept(opened, Acknowledge())
    done = await dora.send(form, onward="round")
    assert done.answered.headers["location"] == f"/round?did={opened.case_id}"


def test_a_time_to_call_again_is_meant_on_the_clocks_of_the_region() -> None:
    at = read_moment("2027-07-01T14:30", ZoneInfo("Europe/Paris"))
    assert at.astimezone(UTC) == datetime(2027, 7, 1, 12, 30, tzinfo=UTC)


async def test_finishing_names_the_action(reception: Reception, dora: Browser, page: Page) -> None:
    await dora.send(page.form("/actions/1/done"))
    assert [act.kind for act in await reception.kept()] == ["action_done"]


async def test_without_a_date_the_usual_time_counts(
    reception: Reception, dora: Browser, page: Page
) -> None:
    kept = await dora.send(page.form("/actions"), what="Change the seal.")
    assert kept.status == 503
    assert [act.kind for act in await reception.kept()] == ["action"]


def test_a_promised_day_lasts_until_its_end_in_the_region() -> None:
    end = read_due({"due": "2027-07-01"}, ZoneInfo("Europe/Paris"))
    assert end.astimezone(UTC) == datetime(2027, 7, 1, 21, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "read",
    [
        lambda zone: read_due({"due": "2027-03-28", "time": "02:30"}, zone),
        lambda zone: read_moment("2027-03-28T02:30", zone),
    ],
)
def test_a_time_that_the_spring_skips_is_the_moment_of_the_skip(
    read: Callable[[ZoneInfo], datetime],
) -> None:
    assert read(ZoneInfo("Europe/Paris")).isoformat() == "2027-03-28T03:00:00+02:00"


def test_a_day_that_is_not_in_the_calendar_is_not_understood() -> None:
    for day in ("2027-02-30", "0001-01-01"):
        with pytest.raises(NotUnderstood):
            read_due({"due": day, "time": "00:00"}, ZoneInfo("Europe/Paris"))


async def test_there_is_no_other_act(dora: Browser, state: CaseState) -> None:
    assert (await dora.post(f"/cases/{state.case_id}/forget")).status == 404


async def test_a_form_has_a_limit(dora: Browser, state: CaseState) -> None:
    novel = {"note": "x" * 70_000}
    assert (await dora.post(f"/cases/{state.case_id}/acknowledge", novel)).status == 413


async def test_nobody_acts_without_a_session(browser: Browser, state: CaseState) -> None:
    assert (await browser.post(f"/cases/{state.case_id}/acknowledge")).status == 401


async def test_who_has_not_got_the_case_takes_it_over_instead_of_acknowledging(
    reception: Reception,
) -> None:
    """Two people would each believe that the other one has it."""
    state = await reception.casework.open()
    nora, dora = await reception.signed_in("nora", state), await reception.signed_in("dora", state)
    stale = (await dora.get(f"/cases/{state.case_id}")).form("/acknowledge")
    await reception.casework.act(state, HandOver("nora"), MONDAY_MORNING)

    page = await dora.get(f"/cases/{state.case_id}")
    refused = await dora.send(stale)

    assert f"/cases/{state.case_id}/acknowledge" not in page.forms
    assert "Pour le prendre, transmettez-le à vous-même ci-dessous" in page.words
    assert "Ce dossier n’est pas à vous" in refused.words
    theirs = await nora.get(f"/cases/{state.case_id}")
    assert f"/cases/{state.case_id}/acknowledge" in theirs.forms
    assert await reception.kept() == []
