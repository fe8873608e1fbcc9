"""A case climbs a long ladder: who has it, who is told, which level cannot take it, and when it stalls."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

from models.absence import Absence
from models.actions import (
    Acknowledge,
    Act,
    AddAction,
    Attempt,
    HandOver,
    NameCause,
    PromiseKind,
    Reached,
    TakeBack,
)
from models.carrier_errors import Remedy
from models.case import CaseState
from models.ladder import Post, RungKind
from models.levels import Vacancy
from models.posting import Posting
from models.store.absences import keep_absence
from models.store.database import Database
from models.store.organisations import apply_organisation
from models.store.unreachable import unreachable_people
from models.store.vacancies import unfilled_levels
from models.store.views import EntryView
from models.survey import Identity
from models.tables import IntentRow
from models.timeline import EntryKind
from models.vault import Vault
from tests.casework import MONDAY_MORNING, SMALL, Casework, another
from tests.casework_fixture import casework_of
from tests.long_ladder import LONG, UP

LATER = MONDAY_MORNING + timedelta(minutes=5)
FRIDAY = MONDAY_MORNING + timedelta(days=4)


@pytest.fixture
async def long(database: Database, vault: Vault) -> Casework:
    return await casework_of(LONG, database, vault)


async def climb(casework: Casework, state: CaseState) -> CaseState:
    """Until somebody else has it, or nobody stands higher."""
    before = state
    while (state.owner, state.level) == (before.owner, before.level):
        state = await casework.stay_silent(state)
        if state.stalled_since:
            break
    return state


async def climb_to(casework: Casework, person: str) -> CaseState:
    state = await casework.open()
    while state.owner != person:
        state = await climb(casework, state)
    return state


async def told(casework: Casework, state: CaseState) -> Counter[tuple[str, str | None]]:
    """By the latest commit."""
    view = await casework.view(state.case_id)
    of_commit = f"{state.case_id}:{state.seq}:"
    return Counter((m.message, m.person) for m in view.messages if m.id.startswith(of_commit))


async def skips(casework: Casework, state: CaseState) -> list[EntryView]:
    timeline = (await casework.view(state.case_id)).timeline
    return [entry for entry in timeline if entry.kind is EntryKind.LEVEL_SKIPPED]


async def go_away(casework: Casework, person: str) -> None:
    absence = Absence(f"away-{person}", person, LATER, LATER + timedelta(days=30), "nora")
    async with casework.database.write() as session:
        keep_absence(session, absence, by="nora", key=person, at=MONDAY_MORNING)


async def come_back(
    casework: Casework,
    person: str,
    *statuses: Posting,
    at: datetime = MONDAY_MORNING,
    reason: str | None = None,
) -> None:
    """What became of messages to somebody, in their order."""
    async with casework.database.write() as session:
        for n, status in enumerate(statuses):
            session.add(
                IntentRow(
                    id=f"{person}:{at.isoformat()}:{n}",
                    seq=1,
                    message="ask",
                    audience="owner",
                    person=person,
                    channel="sms",
                    language="fr",
                    nags=True,
                    status=status,
                    reason=reason,
                    not_before=at,
                    created_at=at,
                    posted_at=at + timedelta(seconds=n),
                    key_id="…",
                    address_sealed=b"",
                    body_sealed=b"",
                )
            )


async def test_silence_climbs_every_level_of_the_ladder(long: Casework) -> None:
    state, owners = await long.open(), []
    while not state.stalled_since:
        state = await climb(long, state)
        owners.append(state.owner)
    assert owners == [*UP, "eva"]
    assert await skips(long, state) == []


async def test_a_hand_up_tells_everybody_affected_once(long: Casework) -> None:
    """Elsewhere an escalation reaches the next in line only, and those below never hear of it."""
    state, had = await long.open(), ["dora"]
    for person in UP:
        state = await climb(long, state)
        moved_on = {("moved_on", each): 1 for each in had}
        assert await told(long, state) == {("handed_up", person): 1, **moved_on}
        had.append(person)


async def test_who_stands_on_two_levels_is_told_once_of_each_hand_up(
    database: Database, vault: Vault
) -> None:
    twice = LONG.replace("{level: neighbour}", "{level: person, person: denis}")
    casework = await casework_of(twice, database, vault)
    state = await climb_to(casework, "rita")

    state = await climb(casework, state)

    assert (state.owner, state.level) == ("denis", 3)
    assert await told(casework, state) == {
        ("handed_up", "denis"): 1,
        ("moved_on", "rita"): 1,
        ("moved_on", "dora"): 1,
    }


async def test_nobody_is_told_who_is_away_or_has_left(long: Casework) -> None:
    state = await climb_to(long, "sam")
    await go_away(long, "denis")
    without_rita = "".join(
        line for line in LONG.splitlines(keepends=True) if "id: rita" not in line
    )
    await apply_organisation(long.database, without_rita, name=SMALL.name, at=LATER)

    state = await climb(long, state)

    assert await told(long, state) == {
        ("handed_up", "nora"): 1,
        ("moved_on", "sam"): 1,
        ("moved_on", "dora"): 1,
    }


async def test_whom_a_case_is_handed_to_begins_a_climb_of_his_own(long: Casework) -> None:
    state = await climb_to(long, "rita")
    await long.act(state, HandOver("denis"), LATER)
    state = await climb(long, await long.state(state.case_id))
    assert await told(long, state) == {("handed_up", "rita"): 1, ("moved_on", "denis"): 1}


async def test_a_level_has_targets_of_its_own(long: Casework) -> None:
    state = await climb_to(long, "rita")
    lengths = [row.due_at - row.started_at for row in await long.target_rows(state.case_id)]
    assert lengths[:2] == [timedelta(minutes=30), timedelta(minutes=10)]


async def test_a_case_keeps_the_ladder_of_its_version(database: Database, vault: Vault) -> None:
    levels = "[{level: assignee}, {level: executive, repeat_every: 1d}]"
    own = f"ladders: [{{id: keys, touchpoint: keys, levels: {levels}}}]\n"
    casework = await casework_of(LONG + own, database, vault)
    state = await casework.open()
    await apply_organisation(database, LONG, name=SMALL.name, at=LATER)
    state = await climb(casework, state)
    assert (state.owner, state.level) == ("eva", 1)


async def test_a_level_whose_messages_come_back_is_skipped_at_once(long: Casework) -> None:
    await come_back(long, "denis", Posting.ACCEPTED, Posting.FAILED, Posting.FAILED)
    state = await climb(long, await long.open())
    assert state.owner == "rita"
    [skip] = await skips(long, state)
    assert skip.facts == {"level": 1, "post": "deputy", "why": "unreachable", "routed": "dora"}


async def test_a_new_case_does_not_wait_for_somebody_whom_nothing_reaches(long: Casework) -> None:
    await come_back(long, "dora", Posting.FAILED, Posting.FAILED)
    state = await long.open()
    assert (state.owner, state.level, state.assignee) == ("denis", 1, "dora")
    assert [(s.facts["level"], s.facts["why"]) for s in await skips(long, state)] == [
        (0, "unreachable")
    ]


async def test_on_the_last_level_somebody_stands_whatever_happens(long: Casework) -> None:
    await come_back(long, "eva", Posting.FAILED, Posting.FAILED)
    state = await climb_to(long, "eva")
    assert [skip.facts["why"] for skip in await skips(long, state)] == ["unreachable_last"]


async def test_what_could_not_be_filled_is_counted_by_level_reason_and_routed_person(
    long: Casework,
) -> None:
    await come_back(long, "denis", Posting.FAILED, Posting.FAILED)
    for n in range(2):
        await climb(long, await long.open(another(f"r-{n}", customer=Identity(f"c-{n}"))))
    await climb(long, await long.open(another("r-9", customer=Identity("c-9"), region="south")))

    async with long.database.read() as session:
        found = await unfilled_levels(session, FRIDAY)
        later = await unfilled_levels(session, FRIDAY + timedelta(days=30))

    assert [(u.ladder, u.level, u.post, u.why, u.routed, u.n) for u in found] == [
        ("", 1, Post.DEPUTY, Vacancy.UNREACHABLE, "dora", 2),
        ("", 1, Post.DEPUTY, Vacancy.EMPTY, "sam", 1),
    ]
    assert later == []


ROW = (Posting.FAILED, Posting.FAILED)


@pytest.mark.parametrize(
    ("statuses", "lost"),
    [
        (ROW, True),
        ((Posting.FAILED,), False),
        ((Posting.FAILED, Posting.ACCEPTED, Posting.FAILED), False),
        ((*ROW, Posting.ACCEPTED), False),
        ((*ROW, Posting.UNKNOWN), True),
        ((*ROW, Posting.PENDING), True),
        ((Posting.UNKNOWN, Posting.UNKNOWN), False),
        ((Posting.UNDELIVERED, Posting.FAILED), True),
        ((*ROW, Posting.DELIVERED), False),
    ],
)
async def test_two_refused_messages_in_a_row_show_that_nothing_reaches_somebody(
    long: Casework, statuses: tuple[Posting, ...], *, lost: bool
) -> None:
    await come_back(long, "dora", *statuses)
    assert await unreachable(long, LATER) == ({"dora"} if lost else set())


async def test_what_fails_by_our_own_settings_says_nothing_of_him(long: Casework) -> None:
    await come_back(long, "dora", *ROW, reason=Remedy.OPERATOR)
    assert await unreachable(long, LATER) == set()


async def test_after_a_week_or_a_corrected_file_he_is_tried_again(long: Casework) -> None:
    await come_back(long, "dora", *ROW)
    assert await unreachable(long, MONDAY_MORNING + timedelta(days=7)) == {"dora"}
    assert await unreachable(long, MONDAY_MORNING + timedelta(days=7, seconds=1)) == set()
    await apply_organisation(long.database, f"# Corrected\n{LONG}", name=SMALL.name, at=LATER)
    assert await unreachable(long, LATER) == set()


async def unreachable(casework: Casework, at: datetime) -> set[str]:
    async with casework.database.read() as session:
        return set(await unreachable_people(session, at))


async def stalled(casework: Casework) -> CaseState:
    state = await climb_to(casework, "eva")
    while not state.stalled_since:
        state = await casework.stay_silent(state)
    return state


async def test_a_case_whose_last_level_ran_out_of_time_is_stalled_since_then(
    long: Casework,
) -> None:
    state = await climb_to(long, "eva")
    breach = state.rungs[-1].at
    for _ in range(3):
        state = await long.stay_silent(state)
    assert state.stalled_since == breach
    assert (await long.view(state.case_id)).row.stalled_since == breach


@pytest.mark.parametrize("act", [Acknowledge(), HandOver("dora")])
async def test_what_turns_to_colleagues_only_leaves_a_case_stalled(
    long: Casework, act: Act
) -> None:
    """Elsewhere a tap on "I take it" is enough to be off the list."""
    state = await stalled(long)
    after = await long.act(state, act, FRIDAY)
    assert after.stalled_since == state.stalled_since


@pytest.mark.parametrize("outcome", [Reached.REACHED, Reached.VOICEMAIL])
async def test_an_attempt_to_speak_with_the_customer_ends_the_stall(
    long: Casework, outcome: Reached
) -> None:
    state = await stalled(long)
    after = await long.act(state, Attempt(outcome), FRIDAY)
    assert after.stalled_since is None
    assert (await long.view(state.case_id)).row.stalled_since is None


async def test_who_takes_the_attempt_back_has_the_case_stalled_again(long: Casework) -> None:
    state = await stalled(long)
    tried = await long.act(state, Attempt(Reached.VOICEMAIL), FRIDAY)
    assert (await long.act(tried, TakeBack(), FRIDAY)).stalled_since == state.stalled_since


@pytest.mark.parametrize(("promise", "moves"), [(None, False), (PromiseKind.REPAIR, True)])
async def test_only_what_is_promised_in_writing_ends_the_stall(
    long: Casework, promise: PromiseKind | None, *, moves: bool
) -> None:
    state = await long.act(await long.open(), Attempt(Reached.REACHED), MONDAY_MORNING)
    while not state.stalled_since:
        state = await long.stay_silent(state)
    at = state.rungs[0].at - timedelta(hours=1)
    state = await long.act(state, NameCause("delay"), at)
    assert state.stalled_since
    after = await long.act(state, AddAction("dora", at + timedelta(days=3), promise), at)
    assert (after.stalled_since is None) is moves


async def test_acknowledgement_and_then_silence_still_climbs(long: Casework) -> None:
    """Elsewhere who acknowledges is never asked again."""
    state = await long.act(await long.open(), Acknowledge(), LATER)
    assert state.rungs[-1].kind is RungKind.HAND_UP
    assert (await climb(long, state)).owner == "denis"
