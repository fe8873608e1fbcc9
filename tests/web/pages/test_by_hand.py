"""The page on which somebody writes down what a customer told him."""

from collections.abc import Mapping

import pytest
from sqlmodel import select

from models.case import CaseState
from models.survey import Identity
from models.tables import KeyRow, ResponseRow
from tests.casework import Casework, another
from tests.web.pages.browser import Browser, Page
from tests.web.pages.neighbours import move_in
from tests.web.pages.reception import Reception

SAID: Mapping[str, str] = {
    "channel": "meeting",
    "words": "Personne n’est venu.",
    "name": "Gwenn Le Hir",
    "phone": "06 39 98 77 01",
    "region": "north",
    "trade": "works",
}


@pytest.fixture
async def state(reception: Reception, casework: Casework) -> CaseState:
    await move_in(reception)
    return await casework.open()


@pytest.fixture
async def dora(reception: Reception, state: CaseState) -> Browser:
    return await reception.signed_in("dora", state)


async def write(browser: Browser, **changes: str) -> Page:
    form = (await browser.get("/responses/new")).form("/responses/new")
    return await browser.send(form, **{**SAID, **changes})


async def rows(casework: Casework) -> list[ResponseRow]:
    """What was written down by hand."""
    by_hand = select(ResponseRow).where(ResponseRow.source == "rappel:by_hand")
    async with casework.database.read() as session:
        return list((await session.exec(by_hand)).all())


async def test_it_leads_to_the_case(dora: Browser, casework: Casework, state: CaseState) -> None:
    sent = await write(dora)

    [row] = await rows(casework)
    assert (sent.status, sent.answered.headers["location"]) == (303, f"/cases/{row.case_id}")
    page = await dora.get(f"/cases/{row.case_id}")
    assert "Dit en rendez-vous noté par Dora Director" in page.words
    assert "Personne n’est venu." in page.words
    assert "None" not in page.words


async def test_sent_twice_it_is_one(dora: Browser, casework: Casework) -> None:
    form = (await dora.get("/responses/new")).form("/responses/new")
    first, again = await dora.send(form, **SAID), await dora.send(form, **SAID)

    assert first.answered.headers["location"] == again.answered.headers["location"]
    assert len(await rows(casework)) == 1


async def test_a_director_of_one_region_finds_it_chosen(dora: Browser) -> None:
    form = (await dora.get("/responses/new")).form("/responses/new")
    assert (form.fields["region"], form.fields["trade"]) == ("north", "works")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"channel": ""}, "Dites comment vous l’avez entendu."),
        ({"channel": "survey"}, "Dites comment vous l’avez entendu."),
        ({"words": " "}, "Notez ce que le client a dit."),
        ({"phone": "chez lui"}, "Ce n’est pas un numéro de téléphone."),
        ({"email": "chez lui"}, "Ce n’est pas une adresse e-mail."),
        ({"region": "nowhere"}, "Choisissez une des régions."),
        ({"topic": "nothing"}, "Choisissez un des sujets."),
        ({"name": "x" * 300}, "Le texte est trop long."),
    ],
)
async def test_what_is_refused_comes_back_as_it_was_typed(
    dora: Browser, casework: Casework, changes: Mapping[str, str], says: str
) -> None:
    refused = await write(dora, **changes)

    assert (refused.status, says in refused.words) == (422, True)
    fields = refused.form("/responses/new").fields
    assert fields["name"] == {**SAID, **changes}["name"]
    assert fields["words"] == {**SAID, **changes}["words"].strip()
    assert await rows(casework) == []


async def test_another_thing_under_the_same_key_needs_a_second_look(dora: Browser) -> None:
    form = (await dora.get("/responses/new")).form("/responses/new")
    await dora.send(form, **SAID)

    refused = await dora.send(form, **{**SAID, "words": "Autre chose."})

    assert (refused.status, "avec d’autres mots" in refused.words) == (409, True)
    again = await dora.send(refused.form("/responses/new"), channel="meeting")
    assert again.status == 303


async def test_who_may_not_open_the_case_is_told_that_it_is_kept(
    reception: Reception, casework: Casework, state: CaseState
) -> None:
    paul = await reception.signed_in("paul", state)

    sent = await write(paul)

    onward = sent.answered.headers["location"]
    assert (onward, len(await rows(casework))) == ("/responses/new?kept=1", 1)
    assert "It is kept." in (await paul.get(onward)).words


async def test_what_was_said_again_joins_the_case(
    dora: Browser, casework: Casework, state: CaseState
) -> None:
    told = another("r-7", customer=Identity(phone="+33639987701"))
    known = (await casework.hear(told)).case_id

    sent = await write(dora)

    assert sent.answered.headers["location"] == f"/cases/{known}"


async def test_in_the_stream_it_stands_without_a_score(dora: Browser) -> None:
    await write(dora)

    page = await dora.get("/feedback?source=rappel:by_hand")

    assert "Dit en rendez-vous noté par Dora Director" in page.words
    assert 'aria-label="mécontent"' in page.answered.text


async def type_(browser: Browser, **typed: str) -> int:
    """As the script does, which wants no page for an answer."""
    sent = await browser.http.post("/responses/draft", data=typed, headers={"accept": "*/*"})
    return sent.status_code


async def test_what_is_typed_is_there_again_on_another_device(
    reception: Reception, dora: Browser, state: CaseState
) -> None:
    assert await type_(dora, words="Personne", phone="06", channel="phone", key="k") == 204

    elsewhere = await reception.signed_in("dora", state)
    form = (await elsewhere.get("/responses/new")).form("/responses/new")
    assert (form.fields["words"], form.fields["phone"]) == ("Personne", "06")
    assert form.fields["key"] != "k"
    nora = await reception.signed_in("nora", state)
    assert "Personne" not in (await nora.get("/responses/new")).answered.text


async def test_what_was_sent_stands_on_the_sheet_no_more_nor_does_its_key(
    casework: Casework, dora: Browser
) -> None:
    keys = await _keys(casework)
    await type_(dora, words="Personne")
    await type_(dora, words="Personne n’est venu")
    assert len(await _keys(casework)) == len(keys) + 1

    await write(dora)

    assert "Personne" not in (await dora.get("/responses/new")).answered.text
    raw_and_customer = 2
    assert len(await _keys(casework)) == len(keys) + raw_and_customer


async def test_an_empty_sheet_leaves_nothing(casework: Casework, dora: Browser) -> None:
    keys = await _keys(casework)
    await type_(dora, words="Personne")
    await type_(dora, words="", region="north", trade="works")
    assert await _keys(casework) == keys


async def test_without_a_script_a_button_keeps_it(dora: Browser) -> None:
    kept = await dora.post("/responses/draft", {"words": "Personne"})
    assert (kept.status, kept.answered.headers["location"]) == (303, "/responses/new")


async def _keys(casework: Casework) -> set[str]:
    async with casework.database.read() as session:
        return {key.id for key in (await session.exec(select(KeyRow))).all()}
