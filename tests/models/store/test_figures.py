"""Figures of cases that really lived; how rows are counted is tests/models/test_figures.py."""

from collections.abc import Iterator, Sized
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import event

from models.actions import (
    Acknowledge,
    Act,
    AddAction,
    Attempt,
    CallMe,
    Close,
    Confirm,
    FinishAction,
    NameCause,
    Outcome,
    Pause,
    PromiseKind,
    Reached,
    TakeBack,
)
from models.case import CaseState
from models.figures import Asked, Figures, Measured, OfCause
from models.ladder import Target
from models.rates import rate
from models.store.database import Database
from models.store.figures import read_figures
from models.survey import Identity
from tests.casework import MONDAY_MORNING, UNHAPPY, Casework, another

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOW = MONDAY_MORNING + 40 * DAY
WEEK = Asked(days=7)


async def figures(casework: Casework, asked: Asked | None = None) -> Figures:
    async with casework.database.read() as session:
        return await read_figures(session, asked or WEEK, now=NOW, book=casework.book)


async def overall(casework: Casework) -> Measured:
    return (await figures(casework)).overall


async def confirming(casework: Casework) -> CaseState:
    """A case whose customer was reached, helped and asked."""
    state = await casework.open()
    at = MONDAY_MORNING
    for act in (
        Acknowledge(),
        Attempt(Reached.REACHED),
        NameCause("delay"),
        AddAction("dora", NOW),
        FinishAction(1),
    ):
        at += MINUTE
        state = await casework.act(state, act, at)
    return state


async def test_an_empty_database_gives_empty_figures(casework: Casework) -> None:
    found = await figures(casework)

    assert (found.overall.responses, found.by_region, found.by_period) == (0, (), ())


async def test_a_case_that_went_well_counts_in_every_figure(casework: Casework) -> None:
    state = await confirming(casework)
    await casework.act(state, Confirm(solved=True), MONDAY_MORNING + DAY)

    found = await overall(casework)

    assert found.coverage.covered == found.contact == rate(1, 1)
    assert found.closed_loop.closed == found.closed_loop.confirmed == rate(1, 1)
    assert found.closed_loop.reopened == found.closed_loop.unreachable == rate(0, 1)
    assert found.attainment.by_target[Target.ACKNOWLEDGE] == rate(1, 1)
    assert found.attainment.by_target[Target.CONTACT] == rate(1, 1)


async def test_only_unhappy_responses_count_and_those_without_a_case_say_why(
    casework: Casework,
) -> None:
    await casework.hear()
    await casework.hear(another("joined"))
    await casework.hear(another("promoter", score=10))
    await casework.hear(another("nobody", customer=Identity(name="Odile Kerverne")))

    found = await overall(casework)

    assert (found.responses, found.reachable, found.cases) == (3, 2, 1)
    assert found.coverage.covered == rate(2, 3)
    assert found.coverage.others == {"no_way_to_reach": 1}


async def test_a_voicemail_is_no_contact(casework: Casework) -> None:
    state = await casework.open()
    await casework.act(state, Attempt(Reached.VOICEMAIL), MONDAY_MORNING + MINUTE)

    assert (await overall(casework)).contact == rate(0, 1)


async def test_a_contact_before_the_response_does_not_count_for_it(casework: Casework) -> None:
    state = await casework.open()
    await casework.act(state, Attempt(Reached.REACHED), MONDAY_MORNING + MINUTE)
    await casework.hear(another("later", submitted_at=MONDAY_MORNING + 2 * MINUTE))

    assert (await overall(casework)).contact == rate(1, 2)


async def test_a_customer_who_says_no_reopens_his_case(casework: Casework) -> None:
    state = await confirming(casework)
    await casework.act(state, Confirm(solved=False), MONDAY_MORNING + DAY)

    assert (await overall(casework)).closed_loop.reopened == rate(1, 1)


async def test_who_asks_for_a_call_has_neither_confirmed_nor_reopened_his_case(
    casework: Casework,
) -> None:
    state = await confirming(casework)
    await casework.act(state, CallMe(), state.rungs[-1].at - timedelta(seconds=1))

    found = await overall(casework)
    assert found.closed_loop.reopened == found.closed_loop.confirmed == rate(0, 1)
    assert found.attainment.by_target[Target.CONFIRMATION] == rate(0, 0)
    assert found.backlog == 1


async def test_promises_are_kept_by_their_date_or_broken_overdue_ones_included(
    casework: Casework,
) -> None:
    state = await casework.open()
    dates = (HOUR, HOUR, HOUR, 50 * DAY)
    promises = (AddAction("dora", MONDAY_MORNING + d, PromiseKind.REPAIR) for d in dates)
    acts: tuple[Act, ...] = (Attempt(Reached.REACHED), NameCause("delay"), *promises)
    for act in acts:
        state = await casework.act(state, act, MONDAY_MORNING)
    state = await casework.act(state, FinishAction(1), MONDAY_MORNING + HOUR)
    await casework.act(state, FinishAction(2), MONDAY_MORNING + 2 * HOUR)

    assert (await overall(casework)).promises == rate(1, 3)


async def test_a_new_case_soon_after_the_end_reopens_the_first_one_only(
    casework: Casework,
) -> None:
    state = await casework.open()
    await casework.act(state, Close(Outcome.WITHDRAWN), MONDAY_MORNING + MINUTE)
    await casework.open(another("again", submitted_at=MONDAY_MORNING + 5 * DAY))

    found = await overall(casework)

    assert found.closed_loop.reopened == found.closed_loop.withdrawn == rate(1, 2)
    assert found.closed_loop.closed == rate(0, 2)


async def test_silence_shows_in_escalation_attainment_and_lateness(casework: Casework) -> None:
    state = await casework.open()
    for _ in range(3):
        state = await casework.stay_silent(state)

    found = await overall(casework)

    assert [(e.level, e.reached) for e in found.escalation] == [(1, rate(1, 1))]
    assert found.attainment.overall == rate(0, 2)
    assert (found.lateness.count, found.lateness.max) == (3, 0.0)


async def test_figures_are_of_the_answers_submitted_in_these_months(casework: Casework) -> None:
    """March begins in Paris while it is still February in UTC."""
    for hours in (-24 * 35, -11, -10, 24 * 31):
        at = MONDAY_MORNING + hours * HOUR
        await casework.hear(another(f"hour {hours}", submitted_at=at))

    found = await figures(casework, Asked("2027-02", "2027-03"))

    assert [(of.period, of.measured.responses) for of in found.by_period] == [
        ("2027-02", 1),
        ("2027-03", 1),
    ]


async def test_figures_of_a_region_leave_the_others_out(casework: Casework) -> None:
    await casework.hear()
    await casework.hear(replace(UNHAPPY, response_id="far", region="south"))

    found = await figures(casework, Asked(region="south"))

    assert [(of.region, of.small, of.measured.responses) for of in found.by_region] == [
        ("south", True, 1)
    ]


async def test_a_response_that_joined_finds_a_case_of_an_earlier_month(casework: Casework) -> None:
    state = await casework.open()
    joined_at = MONDAY_MORNING + 31 * DAY
    await casework.hear(another("joined", submitted_at=joined_at))
    await casework.act(state, Attempt(Reached.REACHED), joined_at + MINUTE)

    found = (await figures(casework, Asked("2027-04"))).overall

    assert (found.responses, found.cases) == (1, 0)
    assert found.contact == rate(1, 1)


async def test_a_contact_that_was_taken_back_never_was(casework: Casework) -> None:
    state = await casework.open()
    state = await casework.act(state, Attempt(Reached.REACHED), MONDAY_MORNING + MINUTE)
    assert (await overall(casework)).contact == rate(1, 1)

    await casework.act(state, TakeBack(), MONDAY_MORNING + 2 * MINUTE)

    found = await overall(casework)
    assert found.contact == rate(0, 1)
    assert (found.waits.attempt.wall.happened, found.waits.attempt.wall.waiting) == (0, 1)


async def test_time_to_contact_runs_on_both_clocks_for_those_who_still_wait_too(
    casework: Casework,
) -> None:
    """Called on Tuesday at 10:00, after eight working hours and a night; another one waits on."""
    state = await casework.open()
    await casework.act(state, Attempt(Reached.REACHED), MONDAY_MORNING + DAY)
    await casework.open(another("waits", customer=Identity("c-2")))

    waits = (await figures(casework)).overall.waits.contact

    assert (waits.wall.happened, waits.wall.waiting) == (1, 1)
    assert waits.wall.median == DAY.total_seconds()
    assert waits.working.median == 8 * HOUR.total_seconds()
    assert waits.wall.p90 is None


async def test_backlog_and_late_cases_are_those_of_now(casework: Casework) -> None:
    state = await casework.open()
    await casework.act(state, Close(Outcome.WITHDRAWN), MONDAY_MORNING + MINUTE)
    await casework.open(another("open", customer=Identity("c-2")))

    found = await overall(casework)

    assert (found.cases, found.backlog, found.late) == (2, 1, 1)
    assert found.quality == rate(0, 1)


async def test_causes_are_of_cases_and_the_latest_counts(casework: Casework) -> None:
    state = await casework.open()
    state = await casework.act(state, Attempt(Reached.REACHED), MONDAY_MORNING + MINUTE)
    for cause in ("delay", "late_works"):
        state = await casework.act(state, NameCause(cause), MONDAY_MORNING + 2 * MINUTE)
    await casework.hear(another("joined"))

    assert (await figures(casework)).causes == (OfCause("late_works", 1),)


async def test_happy_answers_arecounted_as_answers(casework: Casework) -> None:
    await casework.hear(another("happy", score=10, trade="sales"))
    await casework.hear()

    found = await figures(casework)

    assert (found.overall.answers, found.overall.responses) == (2, 1)
    assert [(of.trade, of.measured.answers) for of in found.by_trade] == [
        ("sales", 1),
        ("works", 1),
    ]


async def test_many_cases_take_no_more_statements_than_one_nor_longer_ones(
    casework: Casework,
) -> None:
    """PostgreSQL takes 32 767 values at most, and a house has more cases than that."""
    await rested(casework, 1)
    with counted(casework.database) as for_one:
        await figures(casework)
    for number in range(2, 6):
        await rested(casework, number)

    with counted(casework.database) as for_five:
        await figures(casework)

    assert for_five == for_one


async def rested(casework: Casework, number: int) -> None:
    """A case that rests, of another customer each."""
    who = Identity(f"c-{number}")
    state = await casework.open(replace(UNHAPPY, response_id=f"r-{number}", customer=who))
    await casework.act(state, Pause("customer_away", NOW), MONDAY_MORNING)


@contextmanager
def counted(database: Database) -> Iterator[list[int]]:
    """The statements that really reach the database, each as how many values it is sent with."""
    statements: list[int] = []

    def note(_connection: object, _cursor: object, _text: str, sent: Sized, *_rest: object) -> None:
        statements.append(len(sent))

    engine = database._engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)
