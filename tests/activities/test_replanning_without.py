"""The other rules know less: a case of before follows them all the same, and the same again moves nothing."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from models.messages import Verdict
from models.replan_difference import Changed
from models.replans import Replan, Replanned
from models.store.organisations import apply_organisation
from models.store.replanning import Asked, preview
from tests.casework import SMALL, Casework

MINUTE = timedelta(minutes=1)
TEXT = SMALL.read_text()
DORA = TEXT[TEXT.index("  - id: dora") : TEXT.index("  - {id: denis")]
RULE = "  - {region: north, trade: works, touchpoint: keys, language: fr, to: dora}\n"
NORTH = TEXT[TEXT.index("  - id: north") : TEXT.index("  - id: south")]
WITHOUT = {
    "its owner": TEXT.replace(DORA, "").replace(RULE, "") + "successors: {dora: nora}\n",
    "its region": TEXT.replace(NORTH, "")
    .replace("*closed, ", "")
    .replace(RULE, "")
    .replace("    regions: [north]\n", ""),
    "its level": TEXT.replace("  - {level: deputy, remind_at: 50%}\n", ""),
    "reminders": TEXT.replace("[50%, 90%]", "[]").replace(", remind_at: 50%", ""),
}


@pytest.mark.parametrize("silences", [0, 3, 5])
@pytest.mark.parametrize("gone", WITHOUT)
async def test_what_the_new_rules_do_not_know_keeps_no_case_from_following(
    casework: Casework, gone: str, silences: int
) -> None:
    state = await casework.open()
    for _ in range(silences):
        state = await casework.stay_silent(state)
    at = max(rung.at for rung in state.rungs) - MINUTE
    await apply_organisation(casework.database, WITHOUT[gone], name=SMALL.name, at=at)
    shown = await changed(casework, at)
    done = await casework.take(state, Replanned("1", Replan(2), at))
    left = await changed(casework, at)
    again = await casework.take(done.state, Replanned("2", Replan(2), at + MINUTE))

    assert [each.case_id for each in shown] == [state.case_id]
    assert shown[0].next_after == done.state.rungs[0].at
    assert (done.verdict, left, again.verdict) == (Verdict.APPLIED, (), Verdict.STALE)


async def changed(casework: Casework, at: datetime) -> Sequence[Changed]:
    async with casework.database.read() as session:
        now = await casework.book.in_force(session)
        asked = Asked(now.organisation, now.number, at)
        return (await preview(session, casework.book, asked)).changed
