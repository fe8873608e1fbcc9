"""What later tellings of a response do to the figures: nobody leaves them, and all add up."""

from dataclasses import replace
from datetime import timedelta

from models.actions import Attempt, Close, Outcome, Reached
from models.case import CaseState
from models.figures import Asked
from models.rates import rate
from models.store.figures import read_figures
from models.submissions import Progress
from models.survey import Identity, Reason
from tests.casework import MONDAY_MORNING, UNHAPPY, Casework, another
from tests.models.store.test_figures import overall
from tests.plain_figures import asked_for, plain, read_log, told

MINUTE = timedelta(minutes=1)
LATER = MONDAY_MORNING + timedelta(hours=1)
NOW = MONDAY_MORNING + timedelta(days=40)


async def test_a_better_answer_and_one_taken_back_stay_in_the_figures(casework: Casework) -> None:
    await casework.open()
    await casework.hear(replace(UNHAPPY, score=10, changed_at=LATER), at=LATER)
    found = await overall(casework)
    assert (found.responses, found.cases, found.coverage.covered) == (1, 1, rate(1, 1))

    await casework.withdraw("r-1", LATER + MINUTE)
    found = await overall(casework)
    assert (found.responses, found.coverage.others) == (1, {})


async def test_who_has_no_case_says_why(casework: Casework) -> None:
    nobody = replace(UNHAPPY, customer=Identity(name="Odile"))
    await casework.hear(replace(nobody, response_id="unreachable"))
    await casework.hear(replace(UNHAPPY, response_id="not asked", consent=False))
    await casework.hear(replace(UNHAPPY, response_id="staff", excluded=True))
    await casework.hear(replace(UNHAPPY, response_id="answering", progress=Progress.PARTIAL))
    await casework.withdraw("gone", LATER)
    await casework.hear(replace(UNHAPPY, response_id="gone"))

    found = await overall(casework)

    no_case = (
        Reason.NO_WAY_TO_REACH,
        Reason.NO_CONSENT,
        Reason.EXCLUDED,
        Reason.UNFINISHED,
        Reason.WITHDRAWN,
    )
    assert (found.responses, found.reachable, found.cases) == (5, 0, 0)
    assert found.coverage.others == dict.fromkeys(no_case, 1)


async def test_an_answer_counts_where_its_last_telling_puts_it(casework: Casework) -> None:
    partial = replace(UNHAPPY, progress=Progress.PARTIAL, region=None, changed_at=MONDAY_MORNING)
    await casework.hear(partial)
    in_april = MONDAY_MORNING + timedelta(days=32)
    await casework.hear(replace(UNHAPPY, submitted_at=in_april, changed_at=LATER), at=in_april)

    async with casework.database.read() as session:
        found = await read_figures(session, Asked(), now=NOW, book=casework.book)

    assert [(r.region, r.measured.responses) for r in found.by_region] == [("north", 1)]
    assert [(p.period, p.measured.responses) for p in found.by_period] == [("2027-04", 1)]


async def test_after_all_that_can_be_told_the_sums_are_those_of_the_event_log(
    casework: Casework,
) -> None:
    await _lived(casework)
    log = await read_log(casework, NOW)
    async with casework.database.read() as session:
        found = await read_figures(session, Asked(), now=NOW, book=casework.book)

    assert told(found.overall) == plain(log, asked_for(log, Asked()), Asked().days)
    for region in found.by_region:
        some = [r for r in log.responses if r.region == region.region]
        assert told(region.measured) == plain(log, some, Asked().days)


async def _lived(casework: Casework) -> None:
    """A case each that became better, worse, worse after its end, withdrawn; and some without one."""
    for n, score in enumerate((9, 0, 1)):
        customer = Identity(id=f"c-{n}", phone="+33639981234")
        answer = another(f"r-{n}", customer=customer)
        state = await casework.open(answer)
        state = await casework.act(state, Attempt(Reached.REACHED), MONDAY_MORNING + MINUTE)
        if n == 2:
            await casework.act(state, Close(Outcome.DECLINED), MONDAY_MORNING + 2 * MINUTE)
        await casework.hear(replace(answer, score=score, changed_at=LATER), at=LATER)
        if n < 2:
            await casework.listen(state, LATER)
    await _withdrawn(casework)
    await casework.hear(another("passive", score=8, region="south"))
    await casework.hear(another("passive", score=9, region="north", changed_at=LATER))
    await casework.hear(another("answering", progress=Progress.PARTIAL))


async def _withdrawn(casework: Casework) -> CaseState:
    state = await casework.open(another("gone", customer=Identity(id="c-gone")))
    await casework.withdraw("gone", LATER)
    return await casework.listen(state, LATER)
