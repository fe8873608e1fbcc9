"""A case with a zero-tolerance topic starts at the top, or is raised there by a further answer."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.actions import (
    Acknowledge,
    AddAction,
    Attempt,
    Confirm,
    FinishAction,
    HandOver,
    NameCause,
    Reached,
)
from models.case import CaseState, HeardAgain, Opened
from models.figures import Asked
from models.ladder import RungKind
from models.messages import CommitReceipt, Verdict
from models.store.organisations import apply_organisation
from models.store.topics import topic_to_hear
from models.survey import SurveyResponse
from models.tables import CaseRow, ResponseRow
from models.timeline import EntryKind
from tests.casework import MONDAY_MORNING, SMALL, UNHAPPY, Casework
from tests.grave import AT_ONCE, LEGAL, TOPICS, grave, have_topics
from tests.models.store.test_figures import overall
from tests.plain_figures import asked_for, plain, read_log

LATER = MONDAY_MORNING + timedelta(minutes=5)
EXECUTIVE = "  - {id: eva, name: Eva, role: executive, language: fr, email: eva@small.example}\n"
SUNDAY_NIGHT = MONDAY_MORNING - timedelta(hours=12)


@pytest.fixture
async def casework(casework: Casework) -> Casework:
    await have_topics(casework)
    return casework


async def join(casework: Casework, state: CaseState, said: SurveyResponse) -> CommitReceipt:
    """As the web tells it: a further answer joins, and its case hears it."""
    taken = await casework.hear(said)
    async with casework.database.read() as session:
        row = await session.get_one(ResponseRow, taken.response_id)
        case = await session.get_one(CaseRow, state.case_id)
    topic = topic_to_hear(row, case.topic)
    heard = HeardAgain(row.id, row.revision, row.submitted_at, LATER, topic)
    return await casework.take(state, heard)


async def told(casework: Casework, state: CaseState) -> list[tuple[str, str | None]]:
    return [(m.message, m.person) for m in (await casework.view(state.case_id)).messages]


async def test_a_topic_puts_a_case_on_the_last_level_and_leaves_it_to_its_director(
    casework: Casework,
) -> None:
    state = await casework.open(LEGAL)

    assert (state.owner, state.level, state.assignee) == ("nora", 2, "dora")
    assert (state.topic, state.raised) == ("law", True)
    assert await told(casework, state) == [("ask", "nora"), ("starts_above", "dora")]


async def test_a_case_without_a_topic_starts_with_its_director(casework: Casework) -> None:
    state = await casework.open()

    assert (state.owner, state.level, state.topic) == ("dora", 0, None)


async def test_the_timeline_says_why_in_the_customer_s_own_words(casework: Casework) -> None:
    state = await casework.open(LEGAL)

    view = await casework.view(state.case_id)

    [entry] = [e for e in view.timeline if e.kind is EntryKind.ZERO_TOLERANCE]
    assert entry.facts == {"topic": "law", "to": "nora", "routed": "dora"}
    assert list(entry.words.values()) == ["mon avocate · MISE-EN-DEMEURE"]
    assert view.responses[0].topic_words == ["mon avocate", "MISE-EN-DEMEURE"]


async def test_its_targets_are_the_topic_s_where_it_has_some(casework: Casework) -> None:
    safe = await casework.open(grave("r-1", "Nobody calls back, the stairs are unsafe."))
    [row] = await casework.target_rows(safe.case_id)
    assert row.due_at - row.started_at == timedelta(minutes=10)

    called = await casework.act(safe, Acknowledge(), LATER)

    assert called.rungs[-1].at == LATER + timedelta(minutes=20)


async def test_silence_at_the_top_repeats(casework: Casework) -> None:
    state = await casework.open(LEGAL)
    assert [rung.kind for rung in state.rungs] == [RungKind.REPEAT]

    again = await casework.stay_silent(state)

    assert (again.owner, again.level) == ("nora", 2)
    assert [rung.kind for rung in again.rungs] == [RungKind.REPEAT]


async def test_a_start_at_the_top_is_no_escalation(casework: Casework) -> None:
    state = await casework.open(LEGAL)

    row = (await casework.view(state.case_id)).row

    assert (row.level, row.highest_level) == (2, 0)


async def test_the_survey_may_name_the_topic_by_its_label(casework: Casework) -> None:
    state = await casework.open(replace(UNHAPPY, topic="menace de POURSUITES"))

    assert (state.owner, state.topic) == ("nora", "law")
    assert (await casework.view(state.case_id)).responses[0].topic_words == ()


async def test_a_topic_that_nobody_knows_loses_no_answer(casework: Casework) -> None:
    state = await casework.open(replace(UNHAPPY, topic="weather", facts={"topic": "weather"}))

    view = await casework.view(state.case_id)

    assert (state.owner, view.row.topic) == ("dora", None)
    assert view.responses[0].facts == {"topic": "weather"}


async def test_an_answer_that_joins_raises_the_case_with_a_new_target(casework: Casework) -> None:
    state = await casework.open()

    raised = (await join(casework, state, grave("r-2", "Nous sommes en danger."))).state

    assert (raised.owner, raised.level, raised.topic) == ("nora", 2, "danger")
    assert {("raised", "nora"), ("moved_on", "dora")} <= set(await told(casework, state))
    assert await casework.targets(state.case_id) == [
        ("acknowledge", "dropped"),
        ("acknowledge", None),
    ]
    assert raised.rungs[-1].at == LATER + timedelta(minutes=10)


async def test_one_that_joins_without_a_topic_lowers_nothing(casework: Casework) -> None:
    state = await casework.open(LEGAL)

    after = (await join(casework, state, grave("r-2", "Toujours rien."))).state

    assert (after.owner, after.level, after.topic, after.rungs) == ("nora", 2, "law", state.rungs)


async def test_the_same_topic_again_gives_the_top_no_more_time(casework: Casework) -> None:
    state = await casework.open(LEGAL)

    after = (await join(casework, state, grave("r-2", "Mon avocat attend."))).state

    assert after.rungs == state.rungs
    assert ("heard_again", "nora") in await told(casework, state)


async def test_the_gravest_topic_stays(casework: Casework) -> None:
    state = await casework.open(grave("r-1", "C'est unsafe."))

    after = (await join(casework, state, grave("r-2", "Mon avocat attend."))).state

    assert (after.topic, (await casework.view(state.case_id)).row.topic) == ("danger", "danger")


async def test_a_lighter_topic_asks_for_nothing_anew(casework: Casework) -> None:
    state = await casework.open(grave("r-1", "C'est unsafe."))
    taken = await casework.act(state, Acknowledge(), LATER)

    after = (await join(casework, taken, grave("r-2", "Mon avocat attend."))).state

    assert (after.stage, after.rungs) == (taken.stage, taken.rungs)


async def test_a_case_given_back_to_the_director_rises_again(casework: Casework) -> None:
    state = await casework.open(LEGAL)
    given = await casework.act(state, HandOver("dora"), LATER)
    assert (given.owner, given.level, given.raised) == ("dora", 0, False)

    after = (await join(casework, given, grave("r-2", "Mon avocat attend."))).state

    assert (after.owner, after.level) == ("nora", 2)


async def test_what_befalls_a_raised_case_is_no_climbing_by_the_log_either(
    casework: Casework,
) -> None:
    state = await casework.open(LEGAL)
    repair = AddAction("nora", LATER + timedelta(days=1)), FinishAction(1, settled=True)
    for act in (Attempt(Reached.REACHED), NameCause("late_works"), *repair):
        state = await casework.act(state, act, LATER)
    state = await casework.act(state, Confirm(solved=False), LATER)
    assert EntryKind.LEVEL_SKIPPED in [
        entry.kind for entry in (await casework.view(state.case_id)).timeline
    ]

    found, log = await overall(casework), await read_log(casework, LATER)
    by_the_log = plain(log, asked_for(log, Asked()), Asked().days)
    assert found.escalation == ()
    assert [name for name in by_the_log if name.startswith("level")] == []


async def test_an_answer_delivered_or_told_twice_raises_once(casework: Casework) -> None:
    state = await casework.open()
    said = grave("r-2", "Nous sommes en danger.")
    raised = (await join(casework, state, said)).state

    again = await join(casework, raised, said)

    assert (again.verdict, again.state) == (Verdict.STALE, raised)


async def test_an_opening_hears_the_topic_of_what_joined_before_it(casework: Casework) -> None:
    first = await casework.hear()
    await casework.hear(replace(LEGAL, response_id="r-2"))

    minted = CaseState(first.case_id or "", MONDAY_MORNING)
    state = (await casework.take(minted, Opened(MONDAY_MORNING))).state

    assert (state.owner, state.topic) == ("nora", "law")
    view = await casework.view(state.case_id)
    assert [e.words for e in view.timeline if e.kind is EntryKind.ZERO_TOLERANCE] != [{}]


async def test_where_the_last_level_is_empty_today_the_national_owner_stands_there(
    casework: Casework,
) -> None:
    with_executive = SMALL.read_text().replace("routing:\n", f"{EXECUTIVE}routing:\n") + TOPICS
    at_her = with_executive.replace("level: national_owner", "level: executive")
    await apply_organisation(casework.database, at_her, name="hers.yaml", at=MONDAY_MORNING)
    taken = await casework.hear(LEGAL)
    await have_topics(casework)

    minted = CaseState(taken.case_id or "", MONDAY_MORNING)
    state = (await casework.take(minted, Opened(MONDAY_MORNING))).state

    assert (state.owner, state.level) == ("nora", 2)
    kinds = [entry.kind for entry in (await casework.view(state.case_id)).timeline]
    assert EntryKind.LEVEL_SKIPPED in kinds


async def test_the_night_is_quiet_for_a_topic_too(casework: Casework) -> None:
    state = await casework.open(replace(LEGAL, submitted_at=SUNDAY_NIGHT))

    messages = (await casework.view(state.case_id)).messages

    assert all(m.not_before > SUNDAY_NIGHT for m in messages)


async def test_a_topic_that_is_told_at_once_wakes_the_top_and_nobody_else(
    casework: Casework,
) -> None:
    await have_topics(casework, topics=AT_ONCE)
    night = grave("r-1", "On est en danger.", submitted_at=SUNDAY_NIGHT)
    state = await casework.open(night)

    asked, informed = (await casework.view(state.case_id)).messages

    assert (asked.person, asked.not_before) == ("nora", SUNDAY_NIGHT)
    assert (informed.person, informed.not_before > SUNDAY_NIGHT) == ("dora", True)
