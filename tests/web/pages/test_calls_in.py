"""The operator's page of the calls to our number: what became of each, and nobody's number or name."""

from datetime import timedelta

import pytest

from models.inbound import Fate
from models.inbound_tables import InboundCallRow
from models.store.organisations import apply_organisation
from tests.casework import SMALL
from tests.web.machines.firm import MORE_PEOPLE
from tests.web.pages.browser import Browser
from tests.web.pages.reception import SOON, Reception


@pytest.fixture
async def operator(reception: Reception) -> Browser:
    state = await reception.casework.open()
    people, rest = SMALL.read_text().split("\nrouting:")
    text = f"{people}{MORE_PEOPLE}routing:{rest}"
    await apply_organisation(reception.casework.database, text, name="calls.yaml", at=SOON)
    return await reception.signed_in("oscar", state)


async def keep(reception: Reception, *calls: InboundCallRow) -> None:
    async with reception.casework.database.write() as session:
        session.add_all(calls)


def call(
    number: int, fate: Fate | None, *, index: str | None = None, case_id: str | None = None
) -> InboundCallRow:
    return InboundCallRow(
        id=f"call-{9 - number}",
        sid=f"CA{number}",
        came_at=SOON - timedelta(hours=number),
        fate=fate,
        number_index=index,
        case_id=case_id,
    )


async def test_it_says_what_became_of_each_and_how_often_a_stranger_called(
    reception: Reception, operator: Browser
) -> None:
    strangers = [call(n, Fate.UNKNOWN, index="the-same") for n in (1, 2)]
    await keep(reception, *strangers, call(3, Fate.WITHHELD), call(4, None))

    page = await operator.get("/operations/calls")

    assert "A number that no customer has 2 A caller who hides the number 1" in page.words
    assert page.words.count("called 2 times") == 2
    assert "not settled yet" in page.words
    assert "the-same" not in page.answered.text


async def test_only_who_takes_cases_is_led_to_the_customers(
    reception: Reception, operator: Browser
) -> None:
    state = await reception.casework.open()
    await keep(reception, call(1, Fate.NOTED, case_id=state.case_id))
    owner = await reception.signed_in("nora", state)

    assert state.case_id not in (await operator.get("/operations/calls")).answered.text
    assert state.case_id in (await owner.get("/operations/calls")).answered.text


async def test_without_calls_and_without_a_number_it_says_so(operator: Browser) -> None:
    page = await operator.get("/operations/calls")

    assert "None in the last 30 days." in page.words
    assert "No number is set up" in page.words
