"""What customers say, as a director reads it: everything of his, newest first, and what came of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.case import CaseState
from models.survey import Identity
from tests.casework import MONDAY_MORNING, UNHAPPY, Casework, another
from tests.web.pages.browser import Browser
from tests.web.pages.neighbours import move_in
from tests.web.pages.reception import Reception
from web.pages.feedback import SHOWN


@pytest.fixture
async def state(reception: Reception, casework: Casework) -> CaseState:
    """An unhappy answer of the north, a glad one after it, and one of the south."""
    await move_in(reception)
    state = await casework.open()
    glad = another(
        "glad",
        score=10,
        comment="Merci <b>mille fois</b>",
        customer=Identity(id="glad", name="Gladys Content", email="gladys@client.example"),
        submitted_at=MONDAY_MORNING + timedelta(minutes=1),
    )
    await casework.hear(glad)
    away = {"region": "south", "comment": "The south speaks.", "customer": Identity(id="south")}
    await casework.hear(another("south", **away))
    return state


@pytest.fixture
async def dora(reception: Reception, state: CaseState) -> Browser:
    return await reception.signed_in("dora", state)


async def test_a_director_hears_the_happy_ones_too_the_newest_first(
    dora: Browser, state: CaseState
) -> None:
    page = await dora.get("/feedback")

    assert 0 < page.words.index("Merci") < page.words.index("Nobody calls back.")
    assert "The south speaks." not in page.words
    assert 'aria-label="nous recommande"' in page.answered.text
    assert "Pas de dossier. Promoteur" in page.words
    assert f'href="/cases/{state.case_id}"' in page.answered.text


async def test_nobody_reads_there_who_the_customer_is(dora: Browser) -> None:
    text = (await dora.get("/feedback")).answered.text

    assert not [w for w in ("Kerverne", "Gladys", "gladys@", "33639981234") if w in text]


async def test_what_was_written_stays_text(dora: Browser) -> None:
    assert "<b>mille" not in (await dora.get("/feedback")).answered.text


async def test_it_is_narrowed_by_a_plain_form(dora: Browser) -> None:
    form = (await dora.get("/feedback")).form("/feedback")
    asked = form.fields | {"feeling": "promoter", "since": "2027-03-01", "until": "2027-03-01"}

    page = Browser.get(dora, "/feedback?" + "&".join(f"{k}={v}" for k, v in asked.items()))

    found = await page
    assert ("Merci" in found.words, "Nobody calls back." in found.words) == (True, False)
    assert found.form("/feedback").fields == asked


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("since=2027-03-02", 200),
        ("region=nowhere&words=1", 200),
        ("since=soon", 422),
        ("feeling=sad", 422),
        ("before=x", 422),
    ],
)
async def test_what_finds_nothing_says_so(dora: Browser, query: str, status: int) -> None:
    page = await dora.get(f"/feedback?{query}")

    assert (page.status, "Merci" in page.words) == (status, False)


async def test_older_ones_stand_on_the_next_page(
    casework: Casework, dora: Browser, state: CaseState
) -> None:
    for n in range(SHOWN):
        said = replace(UNHAPPY, response_id=f"more-{n}", comment=f"Number {n}.", score=9)
        await casework.hear(replace(said, submitted_at=MONDAY_MORNING + timedelta(hours=n + 1)))

    first = await dora.get("/feedback?words=1")
    onward = next(w for w in first.answered.text.split('"') if "before=" in w)
    second = await dora.get(onward.replace("&amp;", "&"))

    assert (first.words.count("Number "), "Merci" in first.words) == (SHOWN, False)
    assert ("Number " in second.words, "Merci" in second.words) == (False, True)
    assert "words=1" in onward


async def test_an_executive_sees_how_customers_feel_without_their_words(
    reception: Reception, state: CaseState
) -> None:
    page = await (await reception.signed_in("eva", state)).get("/feedback")

    assert "recommends us" in page.answered.text
    assert not [w for w in ("Merci", "Nobody calls", "The south speaks") if w in page.words]


async def test_a_partner_hears_nothing_of_the_cases_of_others(
    reception: Reception, state: CaseState
) -> None:
    page = await (await reception.signed_in("paul", state)).get("/feedback")
    assert "Nobody said anything here yet." in page.words


async def test_the_way_there_starts_in_the_inbox(dora: Browser) -> None:
    assert 'href="/feedback"' in (await dora.get("/inbox")).answered.text
