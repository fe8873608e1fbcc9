"""A zero-tolerance topic stands first wherever its case is shown, and its words only to who may read."""

import pytest

from models.case import CaseState
from tests.casework import SMALL
from tests.grave import LEGAL, have_topics
from tests.web.pages.browser import Page
from tests.web.pages.reception import Reception

EXECUTIVE = (
    "  - {id: eva, name: Eva, role: executive, language: en, email: eva@small.example}\nrouting:\n"
)


@pytest.fixture
async def state(reception: Reception) -> CaseState:
    organisation = SMALL.read_text().replace("routing:\n", EXECUTIVE)
    await have_topics(reception.casework, organisation=organisation)
    return await reception.casework.open(LEGAL)


async def look(reception: Reception, person: str, state: CaseState, path: str = "") -> Page:
    browser = await reception.signed_in(person, state)
    return await browser.get(path or f"/cases/{state.case_id}")


async def test_the_page_says_why_the_case_stands_where_it_stands(
    reception: Reception, state: CaseState
) -> None:
    page = await look(reception, "nora", state)

    for said in (
        "Odile Kerverne Tolérance zéro\u00a0: Menace de poursuites North",
        "d’après les mots\u00a0: mon avocate · MISE-EN-DEMEURE",
        "Tolérance zéro (Menace de poursuites)\u00a0: le dossier va directement à Nora National. ",
        "Sinon, ce serait Dora Director. mon avocate · MISE-EN-DEMEURE",
    ):
        assert said in page.words


@pytest.mark.parametrize("path", ["/inbox", "/round"])
async def test_a_card_begins_with_the_topic(
    reception: Reception, state: CaseState, path: str
) -> None:
    words = (await look(reception, "nora", state, path)).words

    assert "Tolérance zéro\u00a0: Menace de poursuites" in words
    assert words.index("Tolérance zéro") < words.index("NPS 2")


async def test_the_director_reads_on_whose_desk_it_is(
    reception: Reception, state: CaseState
) -> None:
    page = await look(reception, "dora", state)

    assert "Le dossier est chez Nora National." in page.words


async def test_who_reads_without_the_customer_sees_the_topic_and_none_of_the_words(
    reception: Reception, state: CaseState
) -> None:
    page = await look(reception, "eva", state)

    assert "Zero tolerance: Legal threat" in page.words
    assert "avocate" not in page.answered.text
    assert "DEMEURE" not in page.answered.text
