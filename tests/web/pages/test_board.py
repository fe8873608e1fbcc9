"""The board over the real figures: who may see it, what stands on it, and what opens from it."""

import gzip
import re
from collections.abc import Iterable
from dataclasses import replace

import pytest

from models.actions import Confirm
from models.by_hand import WrittenDown, response_of
from models.case import CaseState
from models.store.organisations import apply_organisation
from models.survey import Identity, Origin
from tests.casework import MONDAY_MORNING, SMALL, UNHAPPY, another
from tests.models.store.test_back_files import take
from tests.web.pages.browser import Browser
from tests.web.pages.reception import WEEK, Reception, confirming

ROOMS = (
    "/board",
    "/board/definitions",
    "/board/cases",
    "/board/targets",
    "/board/stalled",
    "/board.csv",
    "/board.xlsx",
    "/board/cases.csv",
)
NO_QUESTIONS = (
    "/board?d=31",
    "/board?from=2027-13",
    "/board?to=yesterday",
    "/board/cases?which=everything",
    "/board/cases?which=level&detail=x",
    "/board/cases?which=missed&detail=x",
    "/board/cases?which=missed&detail=contact:x",
    "/board/cases?which=by_hand&detail=survey",
    "/board/cases?which=back_filed&detail=delivered",
    "/board/cases?which=waiting",
    "/board/cases?which=uncovered&detail=x",
    "/board/cases?which=cause&detail=a%22b",
    "/board/cases?which=judged&detail=x",
    "/board/cases?which=open&detail=x",
    "/board/cases?before=x",
)
PERSONAL = ("Odile", "Kerverne", "odile@", "+33639981234", "Nobody calls back")
HEAVIEST = 60_000
LINK = re.compile(r'href="(/board[^"]*)"')
NUMBER = re.compile(r'<a href="(/board/cases\?[^"]*)">(?:<data value="(\d+)">)?')
LISTED = re.compile(r"<li>\s*<p>(?:(?!</p>).)*?(?: × (\d+))?</p>")


@pytest.fixture
async def closed(reception: Reception) -> CaseState:
    """One case, confirmed by its customer five weeks ago."""
    state = await confirming(reception.casework)
    state = await reception.casework.act(state, Confirm(solved=True), MONDAY_MORNING)
    reception.clock.now += 5 * WEEK
    return state


@pytest.fixture
async def owner(reception: Reception, closed: CaseState) -> Browser:
    return await reception.signed_in("nora", closed)


async def answers(browser: Browser, paths: Iterable[str]) -> dict[str, int]:
    return {path: (await browser.http.get(path)).status_code for path in paths}


async def test_nobody_sees_the_board_without_a_session(browser: Browser) -> None:
    assert await answers(browser, ROOMS) == dict.fromkeys(ROOMS, 401)


async def test_directors_and_deputies_have_no_board(
    reception: Reception, closed: CaseState
) -> None:
    for person in ("dora", "denis"):
        visitor = await reception.signed_in(person, closed)
        assert await answers(visitor, ROOMS) == dict.fromkeys(ROOMS, 403)


async def test_the_five_figures_stand_first(owner: Browser) -> None:
    words = (await owner.get("/board")).words
    five = ("Qualité", "Niveau de service", "Réponses insatisfaites", "Délai moyen", "en cours")
    places = [words.index(figure) for figure in (*five, "Boucles fermées")]
    assert places == sorted(places)


async def test_every_name_and_file_on_the_board_opens(owner: Browser) -> None:
    links = set(LINK.findall((await owner.get("/board")).answered.text))
    links = {link for link in links if not link.startswith("/board/cases?")}
    assert len(links) > 15
    for link in links:
        path, _, place = link.replace("&amp;", "&").partition("#")
        answer = await owner.http.get(path)
        assert answer.status_code == 200, link
        assert not place or f'id="{place}"' in answer.text, link


async def test_every_number_on_the_board_opens_down_to_as_many(
    reception: Reception, owner: Browser
) -> None:
    await live(reception)
    found = set(NUMBER.findall((await owner.get("/board?d=7")).answered.text))
    opened = {link: await add_up(owner, link) for link, _number in found}

    assert len(opened) > 30
    assert {link: str(n) for link, n in opened.items()} == dict(found)


async def live(reception: Reception) -> None:
    """Beside the case that is closed: one on its way up, an answer that joins, one without a case,
    a happy one, one that names no region.
    """
    casework, south = reception.casework, {"region": "south", "customer": Identity("s", "+33639")}
    state = await casework.open(another("s-1", **south))
    for _ in range(3):
        state = await casework.stay_silent(state)
    await casework.hear(another("s-2", **south))
    await casework.hear(another("s-3", customer=Identity(name="Odile Kerverne"), trade=None))
    await casework.hear(another("s-4", score=10))
    await casework.hear(another("s-5", region=None, customer=Identity("n", "+33640")))


async def add_up(browser: Browser, link: str) -> int:
    """How often the cases of the list count."""
    text = (await browser.get(link.replace("&amp;", "&"))).answered.text
    _, _, listed = text.partition('<ol class="behind">')
    return sum(int(times or 1) for times in LISTED.findall(listed.partition("</ol>")[0]))


async def test_an_answer_without_a_case_says_why(reception: Reception, owner: Browser) -> None:
    await live(reception)
    page = await owner.get("/board/cases?which=uncovered&detail=no_way_to_reach")
    file = (await owner.http.get("/board/cases.csv?which=uncovered&detail=no_way_to_reach")).text
    assert "Aucun dossier" in page.words
    assert "Aucun moyen" in page.words
    assert 'href="/cases/' not in page.answered.text
    assert file.splitlines()[1].endswith(";;;;;;no_way_to_reach;1")


async def test_what_was_written_down_by_hand_stands_apart(
    reception: Reception, owner: Browser
) -> None:
    told = WrittenDown(Origin.MEETING, "Nobody calls back.", Identity("by-hand"), "north")
    by_hand = response_of(told, by="dora", response_id="by-hand", at=MONDAY_MORNING)
    case = (await reception.casework.hear(by_hand)).case_id
    page = await owner.get("/board")
    listed = await owner.get("/board/cases?which=by_hand&detail=meeting")
    spoken_to = await owner.get("/board/cases?which=by_hand_contacted&detail=meeting")
    assert "Noté à la main" in page.words
    assert "which=by_hand&amp;detail=meeting" in page.answered.text
    assert f"/cases/{case}" in listed.answered.text
    assert f"/cases/{case}" not in spoken_to.answered.text
    assert "by_hand,meeting,0,1" in (await owner.http.get("/board.csv")).text.replace(";", ",")


async def test_a_back_file_stands_apart_and_changes_no_coverage(
    reception: Reception, owner: Browser
) -> None:
    await reception.casework.hear()
    for response, too_old in (("new", False), ("old", True)):
        late = replace(UNHAPPY, response_id=response, customer=Identity(response), too_old=too_old)
        await take(reception.casework, late)
    page = await owner.get("/board")
    listed = await owner.get("/board/cases?which=back_filed&detail=imported")
    rows = (await owner.http.get("/board.csv")).text.replace(";", ",")
    assert "Entendues tard" in page.words
    assert "which=back_filed&amp;detail=imported" in page.answered.text
    assert listed.answered.text.count("<li>") >= 2
    assert "back_filed,imported,1,2" in rows
    assert "coverage,covered,2,2" in rows


async def test_a_number_opens_down_to_its_cases(owner: Browser, closed: CaseState) -> None:
    behind = await owner.get("/board/cases?which=confirmed")
    others = await owner.get("/board/cases?which=reopened")
    assert f"/cases/{closed.case_id}" in behind.answered.text
    assert f"/cases/{closed.case_id}" not in others.answered.text


async def test_nobody_is_named_at_the_board(owner: Browser) -> None:
    for path in ROOMS:
        content = (await owner.http.get(path)).content.decode(errors="replace")
        assert not [secret for secret in PERSONAL if secret in content], path


async def test_what_is_asked_for_is_in_the_address(owner: Browser, closed: CaseState) -> None:
    counted = {
        "": True,
        "region=north": True,
        "region=south": False,
        "trade=works": True,
        "trade=sales": False,
        "from=2027-03&to=2027-03": True,
        "from=2027-04": False,
        "to=2026-03&from=2028-01": True,
    }
    for asked, expected in counted.items():
        page = await owner.get(f"/board/cases?which=closed&{asked}")
        assert (f"/cases/{closed.case_id}" in page.answered.text) is expected, asked


async def test_the_form_keeps_what_is_asked_for(owner: Browser) -> None:
    page = await owner.get("/board?from=2027-01&to=2027-03&region=north&trade=works&d=14")
    assert page.form("/board").fields == {
        "from": "2027-01",
        "to": "2027-03",
        "region": "north",
        "trade": "works",
        "d": "14",
    }


async def test_a_question_that_is_none_is_refused(owner: Browser) -> None:
    assert await answers(owner, NO_QUESTIONS) == dict.fromkeys(NO_QUESTIONS, 422)


async def test_what_a_survey_calls_a_region_cannot_break_the_page(
    reception: Reception, owner: Browser
) -> None:
    heard = another("r-2", region='<b>"x', trade="=1+1", submitted_at=MONDAY_MORNING)
    await reception.casework.hear(heard)
    text = (await owner.get("/board")).answered.text
    assert "<b>" not in text
    assert "'=1+1" in (await owner.http.get("/board.csv")).text


async def test_the_board_is_light(owner: Browser) -> None:
    assert len(gzip.compress((await owner.http.get("/board")).content)) < HEAVIEST


async def test_a_cause_that_left_the_tree_keeps_its_name_on_the_board_and_on_its_case(
    reception: Reception, owner: Browser, closed: CaseState
) -> None:
    text = SMALL.read_text().replace("id: delay", "id: lateness").replace("en: Delay", "en: Late")
    database = reception.casework.database
    await apply_organisation(database, text, name=SMALL.name, at=MONDAY_MORNING)

    for path in ("/board", "/board/cases?which=cause&detail=delay", f"/cases/{closed.case_id}"):
        assert "Retard" in (await owner.get(path)).words.replace("En retard", "")
    assert "Retard" in (await owner.http.get("/board.csv")).text


async def test_the_board_shows_where_playbooks_are_applied_and_who_recommends_us(
    owner: Browser,
) -> None:
    page = await owner.get("/board")
    assert "Guides appliqués" in page.words
    assert "which=unplayed&amp;detail=delay" in page.answered.text
    assert "Recommandations" in page.words
    listed = await owner.get("/board/cases?which=unplayed&detail=delay")
    assert "Dossiers où aucun guide n’a servi" in listed.words
