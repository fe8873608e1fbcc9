"""Targets over time on the board: what stands there, and what opens from it."""

from datetime import timedelta

import pytest

from models.ladder import Span
from templates.speaking import speaking
from tests.models.store.test_target_periods import live
from tests.web.pages.browser import Browser
from tests.web.pages.reception import SOON, Reception
from tests.web.pages.test_board import NUMBER, add_up


@pytest.fixture
async def owner(reception: Reception) -> Browser:
    state = await reception.casework.open()
    await live(reception.casework)
    reception.clock.now = SOON.replace(month=4)
    return await reception.signed_in("nora", state)


async def test_each_length_of_a_target_stands_with_its_versions(owner: Browser) -> None:
    words = (await owner.get("/board/targets")).words
    assert "30 min de temps de travail · versions 1, 3" in words
    assert "10 min de temps de travail · version 2" in words


async def test_a_picture_says_in_words_what_it_shows(owner: Browser) -> None:
    text = (await owner.get("/board/targets")).answered.text
    assert 'aria-labelledby="target-acknowledge-title target-acknowledge-told"' in text


async def test_every_number_opens_down_to_as_many(owner: Browser) -> None:
    found = set(NUMBER.findall((await owner.get("/board/targets")).answered.text))
    opened = {link: str(await add_up(owner, link)) for link, _number in found}
    assert len(opened) > 5
    assert opened == dict(found)


async def test_the_list_says_which_versions_it_is_of(owner: Browser) -> None:
    page = await owner.get("/board/cases?which=met&detail=acknowledge:1.3")
    assert "Prendre le dossier · versions 1, 3" in page.words


async def test_what_is_asked_for_is_kept_on_the_way_to_the_board(owner: Browser) -> None:
    text = (await owner.get("/board/targets?region=north")).answered.text
    assert 'action="/board/targets"' in text
    assert "region=south" not in text
    assert 'href="/board?from=' in text


def test_a_minute_and_a_half_is_not_called_two() -> None:
    spans = speaking("en", "pages").get_template("spans.html").module
    said = spans.length(Span(time=timedelta(seconds=90)))  # type: ignore[attr-defined]
    assert said.strip() == "90 s of working time"


async def test_each_number_has_its_name_where_a_row_stands_for_itself(owner: Browser) -> None:
    text = (await owner.get("/board/targets")).answered.text
    assert '<td data-head="Calculé sur">' in text
