"""Nobody acts: the case climbs the ladder by itself, and everybody on the way is told."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.stories.callers import DEPUTY, DIRECTOR, NATIONAL, Json, unhappy
from tests.stories.household import Household, eventually, household_in, quick

pytestmark = pytest.mark.story

IMPATIENT = {"acknowledge": "2s", "contact": "2s", "plan": "2s", "repair": "2s"}


async def test_silence_reminds_hands_up_to_the_national_owner_and_repeats(tmp_path: Path) -> None:
    often = quick(IMPATIENT).replace("repeat_every: 10s", "repeat_every: 1s")
    async with household_in(tmp_path, often) as household:
        await household.up()
        case = (await household.survey.deliver(unhappy("dubois")))["case_id"]

        told = await eventually(lambda: repeated(household, case, times=2))

    rungs = [entry for entry in told["timeline"] if entry["due"]]
    assert [rung["kind"] for rung in rungs[:7]] == [
        *("reminded", "reminded", "handed_up"),
        *("reminded", "handed_up"),
        *("reminded", "repeated"),
    ]
    assert {rung["kind"] for rung in rungs[7:]} == {"repeated"}
    assert [e["facts"]["to"] for e in told["timeline"] if e["kind"] == "assigned"] == [
        *(DIRECTOR, DEPUTY, NATIONAL)
    ]
    assert all(rung["due"] <= rung["at"] for rung in rungs)
    assert letters_of(told)[:8] == [
        *(("ask", DIRECTOR), ("reminder", DIRECTOR), ("reminder", DIRECTOR)),
        *(("handed_up", DEPUTY), ("moved_on", DIRECTOR), ("reminder", DEPUTY)),
        *(("handed_up", NATIONAL), ("moved_on", DEPUTY)),
    ]


async def test_an_acknowledged_case_that_nobody_calls_back_climbs_too(tmp_path: Path) -> None:
    forgetful = quick(IMPATIENT | {"acknowledge": "1h"})
    async with household_in(tmp_path, forgetful) as household:
        await household.up()
        case = (await household.survey.deliver(unhappy("dubois")))["case_id"]
        await household.office.act_surely(case, "acknowledge")

        told = await eventually(lambda: handed_up(household, case))

    assert (told["owner"], told["level"], told["state"]) == (DEPUTY, 1, "asked")


async def test_a_customer_who_stays_silent_leaves_the_case_closed_unconfirmed(
    tmp_path: Path,
) -> None:
    async with household_in(tmp_path, quick({"confirmation": "1s", "repair": "1h"})) as household:
        await household.up()
        case = (await household.survey.deliver(unhappy("dubois")))["case_id"]
        for path, said in (
            ("attempts", {"outcome": "reached"}),
            ("cause", {"cause": "price"}),
            ("actions", {"what": "Refund the fee."}),
            ("actions/1/done", {}),
        ):
            await household.office.act_surely(case, path, **said)

        told = await eventually(lambda: closed(household, case))

    assert (told["outcome"], told["confirmation"]) == ("recovered", "unconfirmed")


async def test_a_message_that_waits_for_the_opening_is_not_sent_after_the_act(
    tmp_path: Path,
) -> None:
    shut = f"{{{_weekday_in_three_days()}: '09:00-12:00'}}"
    async with household_in(tmp_path, quick({}, hours=shut)) as household:
        await household.up()
        case = (await household.survey.deliver(unhappy("dubois")))["case_id"]
        waiting = await eventually(lambda: asked(household, case))

        told = await household.office.act_surely(case, "acknowledge")

    assert [m["status"] for m in waiting["messages"]] == ["pending"]
    assert [m["status"] for m in told["messages"]] == ["withdrawn"]
    assert [(e["kind"], e["facts"]) for e in told["timeline"]][-1] == (
        "not_sent",
        {"message": "ask", "stage": "acknowledged"},
    )


async def repeated(household: Household, case: str, *, times: int) -> Json | None:
    return await _with_entries(household, case, "repeated", times)


async def handed_up(household: Household, case: str) -> Json | None:
    return await _with_entries(household, case, "handed_up", 1)


async def closed(household: Household, case: str) -> Json | None:
    return await _with_entries(household, case, "closed", 1)


async def asked(household: Household, case: str) -> Json | None:
    return await _with_entries(household, case, "asked", 1)


async def _with_entries(household: Household, case: str, kind: str, times: int) -> Json | None:
    found = await household.office.case(case)
    kinds = [entry["kind"] for entry in found["timeline"]]
    return found if kinds.count(kind) >= times else None


def letters_of(case: Json) -> list[tuple[str, str]]:
    in_order = sorted(case["messages"], key=lambda m: [int(n) for n in m["id"].split(":")[1:]])
    return [(letter["message"], letter["person"]) for letter in in_order]


def _weekday_in_three_days() -> str:
    return (datetime.now(UTC) + timedelta(days=3)).strftime("%a").lower()
