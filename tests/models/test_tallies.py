"""What one answer counts for."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from models.actions import Outcome, Reached
from models.case import Confirmation
from models.courses import Attempted, CaseCourse, Heard, TargetRun
from models.ladder import Target
from models.submissions import Way
from models.survey import Feeling, Origin, Reason
from models.tallies import Awaited, Cut, Place, Standing, measures_of, pending, places, standing_of
from models.targets import Fate

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OPEN = CaseCourse()
RECOVERED = CaseCourse(
    closed_at=AT + 3 * DAY,
    outcome=Outcome.RECOVERED,
    confirmation=Confirmation.CONFIRMED,
    attempts=(Attempted(AT + HOUR, Reached.VOICEMAIL), Attempted(AT + 2 * HOUR, Reached.REACHED)),
)


def heard(case: CaseCourse | None = OPEN, *, opened: bool = True) -> Heard:
    return Heard(AT, Feeling.UNHAPPY, case=case, opened=opened)


def measured(answer: Heard) -> dict[str, int]:
    """Half of all time is working time."""
    return dict(measures_of(answer, lambda start, end: (end - start) / 2))


def words(answer: Heard, *measures: str) -> set[str]:
    """Those of the measured words that are of one of these measures."""
    return {word for word in measured(answer) if word.partition(":")[0] in measures}


def test_a_happy_answer_is_an_answer_and_nothing_else() -> None:
    happy = Heard(AT, Feeling.PROMOTER, Reason.PROMOTER)

    assert measured(happy) == {"answers": 1}
    assert standing_of(happy) == Standing()


def test_one_who_cannot_be_reached_counts_with_his_reason_only() -> None:
    lost = Heard(AT, Feeling.UNHAPPY, Reason.NO_WAY_TO_REACH)

    assert measured(lost) == {"answers": 1, "responses": 1, "other:no_way_to_reach": 1}
    assert standing_of(lost) == Standing()


def test_what_one_of_us_wrote_down_counts_beside_all_else() -> None:
    by_hand = replace(heard(RECOVERED), by_hand=Origin.MEETING)

    assert words(by_hand, "by_hand", "by_hand_contacted") == {
        "by_hand:meeting",
        "by_hand_contacted:meeting",
    }
    assert measured(by_hand).items() > measured(heard(RECOVERED)).items()


def test_what_was_heard_late_counts_beside_all_else() -> None:
    late = replace(heard(RECOVERED), back_filed=Way.IMPORTED)

    assert words(late, "back_filed", "back_filed_covered") == {
        "back_filed:imported",
        "back_filed_covered:imported",
    }
    assert measured(late).items() > measured(heard(RECOVERED)).items()


def test_who_was_heard_too_late_to_be_called_back_counts_apart_only() -> None:
    late = Heard(AT, Feeling.UNHAPPY, Reason.TOO_OLD, back_filed=Way.IMPORTED)

    assert measured(late) == {"answers": 1, "back_filed:imported": 1}
    assert standing_of(late) == Standing()


def test_an_answer_that_nothing_explains_waits_for_everything() -> None:
    forgotten = heard(None)

    assert words(forgotten, "other", "reachable") == {"other:unexplained", "reachable"}
    assert standing_of(forgotten).awaited is Awaited.ATTEMPT


def test_an_answer_that_joined_leaves_the_case_to_the_one_that_opened_it() -> None:
    climbed = replace(OPEN, highest_level=2, cause="delay")
    of_case = ("cases", "open", "level", "cause")

    assert words(heard(climbed), *of_case) == {"cases", "open", "level:2", "cause:delay"}
    assert words(heard(climbed, opened=False), *of_case) == set()


def test_waits_are_counted_on_both_clocks() -> None:
    waits = {word for word in measured(heard(RECOVERED)) if "." in word}

    assert waits == {
        *("attempt.wall:60", "attempt.working:30"),
        *("contact.wall:120", "contact.working:60"),
        *("close.wall:4320", "close.working:2160"),
    }


def test_what_did_not_happen_until_the_end_is_lost_then() -> None:
    voicemails = replace(RECOVERED, attempts=RECOVERED.attempts[:1])

    assert "contact.wall.lost:4320" in measured(heard(voicemails))
    assert words(heard(voicemails), "contacted", "contact.wall") == set()


def test_a_contact_before_the_answer_is_none_for_it() -> None:
    early = replace(OPEN, attempts=(Attempted(AT, Reached.REACHED),))

    assert words(heard(early), "contacted", "attempt.wall") == set()
    assert standing_of(heard(early)).awaited is Awaited.ATTEMPT


def test_the_first_contact_after_the_answer_counts() -> None:
    attempts = tuple(Attempted(AT + n * HOUR, Reached.REACHED) for n in (3, -1, 2))

    assert words(heard(replace(OPEN, attempts=attempts)), "contact.wall") == {"contact.wall:120"}


@pytest.mark.parametrize(
    ("attempts", "awaited"),
    [(0, Awaited.ATTEMPT), (1, Awaited.CONTACT), (2, Awaited.CLOSE)],
)
def test_an_open_case_waits_for_what_did_not_happen_yet(attempts: int, awaited: Awaited) -> None:
    case = replace(OPEN, attempts=RECOVERED.attempts[:attempts])

    assert standing_of(heard(case)).awaited is awaited


def test_who_waits_for_one_thing_waits_for_what_comes_after_it() -> None:
    assert set(pending(Awaited.CONTACT, wall=90, working=30)) == {
        *("contact.wall.waiting:90", "contact.working.waiting:30"),
        *("close.wall.waiting:90", "close.working.waiting:30"),
    }


@pytest.mark.parametrize(
    ("after", "within"),
    [(7 * DAY, ":7"), (7 * DAY + HOUR, ":14"), (90 * DAY, ":90")],
)
def test_a_loop_is_closed_within_the_shortest_time_that_is_kept(
    after: timedelta, within: str
) -> None:
    late = heard(replace(RECOVERED, closed_at=AT + after))

    assert words(late, "closed", "confirmed") == {f"closed{within}", f"confirmed{within}"}


def test_a_loop_that_took_longer_than_any_time_kept_was_closed_in_none() -> None:
    late = heard(replace(RECOVERED, closed_at=AT + 91 * DAY))

    assert words(late, "closed", "confirmed", "good") == {"good"}


@pytest.mark.parametrize(
    ("outcome", "loop"),
    [
        (Outcome.NOT_RECOVERED, {"closed:7"}),
        (Outcome.DECLINED, {"closed:7"}),
        (Outcome.UNREACHABLE, {"closed:7", "unreachable:7"}),
        (Outcome.WITHDRAWN, {"withdrawn:7"}),
    ],
)
def test_a_loop_is_closed_with_contact_or_exhausted_attempts(
    outcome: Outcome, loop: set[str]
) -> None:
    case = replace(RECOVERED, outcome=outcome, confirmation=Confirmation.NOT_ASKED)

    assert words(heard(case), "closed", "confirmed", "unreachable", "withdrawn") == loop


@pytest.mark.parametrize(
    ("case", "reopened"),
    [
        (replace(OPEN, said_no=True), True),
        (replace(RECOVERED, followed_at=AT + 33 * DAY), True),
        (replace(RECOVERED, followed_at=AT + 34 * DAY), False),
        (RECOVERED, False),
    ],
    ids=["said no", "30 days after the end", "31 days after the end", "never"],
)
def test_reopened_is_a_no_or_a_new_case_soon_after_the_end(
    case: CaseCourse, *, reopened: bool
) -> None:
    assert ("reopened" in measured(heard(case))) is reopened
    assert ("good" in measured(heard(case))) is (case.outcome is not None and not reopened)


def test_targets_count_by_how_they_ended_and_the_first_that_runs_stands() -> None:
    runs = (
        TargetRun(Target.CONTACT, AT, Fate.MISSED),
        TargetRun(Target.CONTACT, AT, Fate.MISSED),
        TargetRun(Target.CONTACT, AT, Fate.MET),
        TargetRun(Target.PLAN, AT, Fate.DROPPED),
        TargetRun(Target.CLOSURE, AT + 9 * DAY, None),
        TargetRun(Target.REPAIR, AT + DAY, None),
    )
    found = heard(replace(OPEN, targets=runs))

    assert measured(found)["missed:contact"] == 2
    assert words(found, "met", "missed", "dropped") == {"met:contact", "missed:contact"}
    assert standing_of(found).due_at == AT + DAY


def test_lateness_is_of_every_step_that_a_clock_fired() -> None:
    late = tuple(timedelta(seconds=s) for s in (0, 0.2, 1, 4, 61))

    assert words(heard(replace(OPEN, lateness=late)), "late") == {
        *("late:0", "late:1", "late:5", "late:90")
    }


def test_every_answer_is_counted_for_its_region_for_its_trade_and_for_both() -> None:
    assert places("2026-11", "alsace", "") == (
        Place(Cut.REGION, "2026-11", "alsace", ""),
        Place(Cut.TRADE, "2026-11", "", ""),
        Place(Cut.EACH, "2026-11", "alsace", ""),
    )
