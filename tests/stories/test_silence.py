"""Nobody acts: the case climbs the ladder by itself, and everybody on the way is told."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from tests.stories.callers import DEPUTY, DIRECTOR, NATIONAL, Json, unhappy
from tests.stories.household import CALM, Household, eventually, quick

pytestmark = pytest.mark.story


def targets(**lengths: str) -> Callable[[Callable[..., object]], object]:
    return with_organisation(quick({**CALM, **lengths}, repeat_every="1s"))


def with_organisation(text: str) -> Callable[[Callable[..., object]], object]:
    return pytest.mark.parametrize("organisation", [text], ids=["quick"])


def shut_today() -> str:
    weekday = (datetime.now(UTC) + timedelta(days=3)).strftime("%a").lower()
    return f"{{{weekday}: '09:00-12:00'}}"


@targets(acknowledge="2s")
async def test_silence_reminds_hands_up_to_the_national_owner_and_repeats(
    household: Household,
) -> None:
    case = await opened(household)

    told = await reads(household, case, "repeated", times=2)

    rungs = [entry for entry in told["timeline"] if entry["due"]]
    assert [rung["kind"] for rung in rungs[:8]] == [
        *("reminded", "reminded", "handed_up"),
        *("reminded", "handed_up"),
        *("reminded", "repeated", "repeated"),
    ]
    assert all(rung["due"] <= rung["at"] for rung in rungs)


@targets(acknowledge="2s")
async def test_everybody_on_the_ladder_is_told(household: Household) -> None:
    case = await opened(household)

    told = await reads(household, case, "repeated")

    assert letters_of(told)[:10] == [
        *(("ask", DIRECTOR), ("reminder", DIRECTOR), ("reminder", DIRECTOR)),
        *(("handed_up", DEPUTY), ("moved_on", DIRECTOR), ("reminder", DEPUTY)),
        *(("handed_up", NATIONAL), ("moved_on", DEPUTY), ("moved_on", DIRECTOR)),
        ("reminder", NATIONAL),
    ]


@targets(contact="2s")
async def test_an_acknowledged_case_that_nobody_calls_back_climbs_too(
    household: Household,
) -> None:
    case = await opened(household)
    await household.office.act_surely(case, "acknowledge")

    told = await reads(household, case, "handed_up")

    assert (told["owner"], told["level"], told["state"]) == (DEPUTY, 1, "asked")


@targets(confirmation="1s")
async def test_a_customer_who_stays_silent_leaves_the_case_closed_unconfirmed(
    household: Household,
) -> None:
    case, act = await opened(household), household.office.act_surely
    await act(case, "attempts", outcome="reached")
    await act(case, "cause", cause="price")
    await act(case, "actions", what="Refund the fee.")
    await act(case, "actions/1/done")

    told = await reads(household, case, "closed")

    assert (told["outcome"], told["confirmation"]) == ("recovered", "unconfirmed")


@with_organisation(quick(CALM, hours=shut_today()))
async def test_a_message_that_waits_for_the_opening_is_not_sent_after_the_act(
    household: Household,
) -> None:
    case = await opened(household)
    waiting = await reads(household, case, "waits_for_opening")

    told = await household.office.act_surely(case, "acknowledge")

    assert [letter["status"] for letter in waiting["messages"]] == ["pending"]
    assert [letter["status"] for letter in told["messages"]] == ["withdrawn"]
    last = told["timeline"][-1]
    assert last["kind"] == "not_sent"
    assert last["facts"] == {"message": "ask", "stage": "acknowledged"}


async def opened(household: Household) -> str:
    await household.up()
    return str((await household.survey.deliver(unhappy("dubois")))["case_id"])


async def reads(household: Household, case: str, kind: str, *, times: int = 1) -> Json:
    """The case, as soon as its timeline has so many entries of a kind."""

    async def look() -> Json | None:
        found = await household.office.case(case)
        kinds = [entry["kind"] for entry in found["timeline"]]
        return found if kinds.count(kind) >= times else None

    return await eventually(look)


def letters_of(case: Json) -> list[tuple[str, str]]:
    """In the order in which they were written: their ids end with commit and number."""

    def order(letter: Mapping[str, str]) -> list[int]:
        return [int(number) for number in letter["id"].split(":")[1:]]

    in_order = sorted(case["messages"], key=order)
    return [(letter["message"], letter["person"]) for letter in in_order]
