"""A rehearsal is what a real case does: the same commits, lived through in a database."""

from datetime import timedelta

from models.rehearsal import rehearse
from tests.casework import MONDAY_MORNING, UNHAPPY, Casework

FOR_TWO_DAYS = timedelta(days=2)


async def test_a_silent_case_goes_the_way_that_was_rehearsed(casework: Casework) -> None:
    async with casework.database.read() as session:
        today = (await casework.book.in_force(session)).organisation
    steps = rehearse(UNHAPPY, today, MONDAY_MORNING, until=MONDAY_MORNING + FOR_TWO_DAYS).steps

    state = await casework.open()
    for _ in steps[1:]:
        state = await casework.stay_silent(state)
    view = await casework.view(state.case_id)

    rehearsed = [(entry.kind, entry.at) for step in steps for entry in step.entries]
    lived = [(line.kind, line.at) for line in view.timeline]
    assert [line for line in lived if line in rehearsed] == rehearsed
    letters = [(told.message, told.person, told.leaves_at) for s in steps for told in s.told]
    assert sorted(letters) == sorted((m.message, m.person, m.not_before) for m in view.messages)
