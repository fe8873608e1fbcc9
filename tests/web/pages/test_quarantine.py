"""The operator's quarantine: where the fault is, the shape of what was sent, and hearing it again."""

import pytest

from models.organisation import SPOKEN
from models.store.deliveries import DeliveryFate
from models.store.organisations import apply_organisation
from surveys.shapes import Content, Kind
from tests.casework import Casework
from tests.models.store.test_quarantine import BY_ITS_NAME, BY_THE_WRONG_NAME, send
from tests.web.machines.firm import MORE_PEOPLE
from tests.web.pages.browser import Browser
from tests.web.pages.reception import SOON, Reception
from web.rendering import Pages

SHOWN = {Kind.TRUTH: "true"}
SECRETS = ("odile@client", "Nobody came")


def staffed(organisation: str) -> str:
    people, rest = organisation.split("\nrouting:")
    return f"{people}{MORE_PEOPLE}routing:{rest}"


async def bring(casework: Casework, organisation: str) -> None:
    await apply_organisation(casework.database, staffed(organisation), name="q.yaml", at=SOON)


@pytest.fixture
async def operator(reception: Reception) -> Browser:
    state = await reception.casework.open()
    await bring(reception.casework, BY_THE_WRONG_NAME)
    return await reception.signed_in("oscar", state)


async def test_it_says_how_many_have_their_fault_where(
    reception: Reception, operator: Browser
) -> None:
    kept = [await send(reception.casework, id=name) for name in ("r-7", "r-8")]

    page = await operator.get("/operations/quarantine")

    assert "survey fault at recommendation · 2 deliveries Replay all of survey" in page.words
    assert f'href="/operations/quarantine/{kept[0]}"' in page.answered.text
    assert kept[0] in (await operator.get("/operations")).answered.text


async def test_a_source_whose_mapping_finds_no_score_says_so(
    reception: Reception, operator: Browser
) -> None:
    await send(reception.casework)

    page = await operator.get("/operations")

    said = "Its mapping finds no score: 1 delivery in quarantine has no good answer to"
    assert f"{said} “recommendation”." in page.words


async def test_an_empty_one_says_so(operator: Browser) -> None:
    assert (
        "Empty: every delivery was understood."
        in (await operator.get("/operations/quarantine")).words
    )


async def test_one_shows_its_shape_and_nobodys_words(
    reception: Reception, operator: Browser
) -> None:
    kept = await send(reception.casework)

    page = await operator.get(f"/operations/quarantine/{kept}")

    assert "recommendation · There is no answer to recommendation" in page.words
    assert "recommend · 2 mail · text (20 characters) words · text" in page.words
    assert [secret for secret in SECRETS if secret in page.answered.text] == []


async def test_one_that_stays_says_so_where_it_was_replayed(
    reception: Reception, operator: Browser
) -> None:
    kept = await send(reception.casework)
    form = (await operator.get(f"/operations/quarantine/{kept}")).form("/replay")

    assert "is still not understood" in (await operator.send(form)).words


async def test_one_is_understood_once_its_mapping_is_corrected(
    reception: Reception, operator: Browser
) -> None:
    kept = await send(reception.casework)
    await bring(reception.casework, BY_ITS_NAME)
    page = await operator.get(f"/operations/quarantine/{kept}")
    assert "it would be understood" in page.words

    after = await operator.send(page.form("/replay"))

    assert "It is understood now. It has a case." in after.words
    assert (await operator.get(f"/operations/quarantine/{kept}")).status == 404


async def test_all_of_a_source_are_replayed_part_by_part(
    reception: Reception, operator: Browser
) -> None:
    for n in range(101):
        await send(reception.casework, id=f"r-{n}")
    await bring(reception.casework, BY_ITS_NAME)
    form = (await operator.get("/operations/quarantine")).form("/replay")

    first = await operator.send(form)
    rest = await operator.send(next(iter(first.forms.values())))

    assert "100 deliveries were understood. 0 stay in quarantine." in first.words
    assert "1 delivery was understood. 0 stay in quarantine." in rest.words
    assert "Go on" not in rest.words


@pytest.mark.parametrize("language", SPOKEN)
def test_every_fate_and_every_kind_has_its_words(language: str) -> None:
    template = Pages()._environments[language].get_template("operations_words.html")
    words = template.make_module({"now": SOON, "local": lambda at: at})

    assert set(words.FATES) == set(DeliveryFate) - {DeliveryFate.QUARANTINED}  # type: ignore[attr-defined]
    say = words.content  # type: ignore[attr-defined]
    for kind in Kind:
        seen = Content(kind, 2, SHOWN.get(kind, ""), (Content(Kind.TEXT, 1),))
        assert str(say(seen)).strip()
