"""What each event does to a case, wherever it stands."""

from datetime import datetime

import pytest

from models.actions import (
    Acknowledge,
    Act,
    AddAction,
    Attempt,
    CallMe,
    Confirm,
    Contact,
    FinishAction,
    HandOver,
    Outcome,
    Reached,
    TakeBack,
)
from models.case import AWAITS, CaseState, Confirmation, Event, Opened, Silence, Stage
from models.errors import WrongMove
from models.ladder import Clock, Rung, RungKind, Target
from models.moves import apply
from models.notices import Audience, Message, Notice
from models.timeline import EntryKind
from models.transfers import ByHand, ByRouting
from tests.models.rehearsal import (
    CAUSE,
    DIRECTOR,
    HAPPY,
    HOUR,
    MONDAY,
    NO_ANSWER,
    REACHED,
    REPAIR,
    after,
    did,
    minted,
    opened,
    silence,
    words,
)

REFUSED = Attempt(Reached.REFUSED)
STAGES = list(Stage)[1:]
AT = dict(zip(STAGES, (after(*HAPPY[:done]) for done in range(len(HAPPY) + 1)), strict=True))
"""A case on each stage, as the happy path passes through it."""

ASKED, ACKNOWLEDGED, CONTACTED, UNDERSTOOD, REPAIRING, CONFIRMING, CLOSED = STAGES
TABLE: dict[Act, tuple[Stage | str, ...]] = {
    Acknowledge(): (ACKNOWLEDGED, *["already_acknowledged"] * 5),
    NO_ANSWER: (ACKNOWLEDGED, ACKNOWLEDGED, CONTACTED, UNDERSTOOD, REPAIRING, "confirming"),
    REFUSED: (ACKNOWLEDGED, ACKNOWLEDGED, CONTACTED, UNDERSTOOD, REPAIRING, "confirming"),
    REACHED: (CONTACTED, CONTACTED, CONTACTED, UNDERSTOOD, REPAIRING, "confirming"),
    CAUSE: ("no_contact", "no_contact", UNDERSTOOD, UNDERSTOOD, REPAIRING, CONFIRMING),
    REPAIR: ("no_contact", "no_contact", CONTACTED, REPAIRING, REPAIRING, REPAIRING),
    FinishAction(1): (*["no_such_action"] * 4, CONFIRMING, "already_done"),
    HandOver("colleague"): (ASKED, ASKED, CONTACTED, UNDERSTOOD, REPAIRING, CONFIRMING),
    HandOver(DIRECTOR): ("already_owner",) * 6,
    TakeBack(): (*["nothing_to_take_back"] * 2, ACKNOWLEDGED, *["nothing_to_take_back"] * 3),
    Confirm(solved=True): (*["not_asked"] * 5, CLOSED),
    Confirm(solved=False): (*["not_asked"] * 5, ASKED),
    CallMe(): (*["not_asked"] * 5, ACKNOWLEDGED),
    CallMe(unasked=True): (ASKED, *[ACKNOWLEDGED] * 5),
    CallMe(Contact.PHONE): (ASKED, *[ACKNOWLEDGED] * 5),
}
ROWS = [
    pytest.param(act, stage, expected, id=f"{act}-{stage}")
    for act, row in TABLE.items()
    for stage, expected in zip(STAGES, (*row, "closed"), strict=True)
]


@pytest.mark.parametrize(("act", "stage", "expected"), ROWS)
def test_an_act_moves_the_case_or_is_refused_with_its_rule(
    act: Act, stage: Stage, expected: Stage | str
) -> None:
    assert AT[stage].stage is stage

    try:
        outcome: Stage | str = apply(AT[stage], did(act)).state.stage
    except WrongMove as wrong:
        outcome = wrong.rule

    assert outcome == expected


@pytest.mark.parametrize(
    ("event", "state", "rule"),
    [
        (did(Acknowledge()), minted(), "opening"),
        (words(submitted_at=MONDAY), minted(), "opening"),
        (Silence(Rung(RungKind.REMIND, MONDAY), MONDAY), minted(), "opening"),
        (Opened(MONDAY), opened(), "opening"),
        (Opened(MONDAY), after(Acknowledge()), "opening"),
        (Opened(MONDAY), after(*HAPPY), "closed"),
        (words(submitted_at=MONDAY), after(*HAPPY), "closed"),
        (silence(opened()), after(*HAPPY), "closed"),
        (silence(opened()), after(Acknowledge()), "rung_gone"),
    ],
)
def test_an_event_which_the_case_has_outrun_is_refused(
    event: Event, state: CaseState, rule: str
) -> None:
    with pytest.raises(WrongMove) as refused:
        apply(state, event)

    assert refused.value.rule == rule


def test_opening_asks_whoever_answers_and_starts_the_first_clock() -> None:
    move = apply(minted(), Opened(MONDAY))

    assert move.transfer == ByRouting()
    assert move.notices == (Notice(Message.ASK, Audience.OWNER),)
    assert move.clock == Clock(Target.ACKNOWLEDGE, MONDAY)


def test_six_acts_close_a_case_as_recovered_and_confirmed() -> None:
    state = after(*HAPPY)

    assert (state.outcome, state.confirmation) == (Outcome.RECOVERED, Confirmation.CONFIRMED)
    assert state.seq == 7
    assert state.rungs == ()


def test_every_act_of_the_happy_path_but_the_cause_answers_the_running_target() -> None:
    answered = [apply(after(*HAPPY[:done]), did(act)).answered for done, act in enumerate(HAPPY)]

    assert answered == [True, True, False, True, True, True]


def test_the_last_action_done_asks_the_customer_whether_it_is_solved() -> None:
    move = apply(AT[Stage.REPAIRING], did(FinishAction(1)))

    assert move.notices == (Notice(Message.CONFIRM, Audience.CUSTOMER),)
    assert [entry.kind for entry in move.entries] == [
        EntryKind.ACTION_DONE,
        EntryKind.CONFIRMATION_ASKED,
    ]


def test_a_failed_attempt_shows_that_somebody_is_at_it() -> None:
    move = apply(opened(), did(NO_ANSWER, at=MONDAY + HOUR))

    assert move.state.stage is Stage.ACKNOWLEDGED
    assert move.answered
    assert move.clock == Clock(Target.CONTACT, MONDAY + HOUR)


def test_a_further_failed_attempt_starts_the_wait_for_a_contact_anew() -> None:
    move = apply(after(NO_ANSWER), did(NO_ANSWER, at=MONDAY + HOUR))

    assert move.state.attempts == 2
    assert move.clock == Clock(Target.CONTACT, MONDAY + HOUR)
    assert not move.answered


def test_a_refusal_is_remembered() -> None:
    assert after(REFUSED, Attempt(Reached.NO_ANSWER, Contact.VISIT)).refused


def test_the_earliest_promise_drives_the_clock_of_the_repair() -> None:
    sooner = AddAction("painter", MONDAY + 24 * HOUR)

    clock = apply(after(*HAPPY[:4]), did(sooner)).clock

    assert clock == Clock(Target.REPAIR, MONDAY, by=MONDAY + 24 * HOUR, watched=True)


def test_a_new_promise_is_no_answer_to_the_old_one() -> None:
    assert not apply(AT[Stage.REPAIRING], did(REPAIR)).answered


def test_one_of_two_actions_done_answers_and_leaves_the_case_in_repair() -> None:
    move = apply(after(*HAPPY[:4], REPAIR), did(FinishAction(2)))

    assert move.state.stage is Stage.REPAIRING
    assert move.answered
    assert move.clock == Clock(Target.REPAIR, MONDAY, by=REPAIR.due, watched=True)


def test_a_broken_promise_gives_no_time_and_takes_none() -> None:
    overdue = REPAIR.due + HOUR
    fresh = AddAction("painter", overdue + 240 * HOUR)

    clock = apply(AT[Stage.REPAIRING], did(fresh, at=overdue)).clock

    assert clock == Clock(Target.REPAIR, overdue)


@pytest.mark.parametrize("due", [MONDAY, MONDAY - HOUR])
def test_an_action_is_due_after_it_was_written_down(due: datetime) -> None:
    with pytest.raises(WrongMove) as refused:
        apply(AT[Stage.UNDERSTOOD], did(AddAction("plumber", due)))

    assert refused.value.rule == "due_in_the_past"


def test_an_action_added_while_the_customer_is_asked_goes_back_to_repair_unanswered() -> None:
    move = apply(AT[Stage.CONFIRMING], did(REPAIR))

    assert move.state.stage is Stage.REPAIRING
    assert not move.answered


def test_a_better_cause_named_while_the_customer_is_asked_does_not_ask_him_twice() -> None:
    move = apply(AT[Stage.CONFIRMING], did(CAUSE))

    assert move.notices == ()
    assert move.clock is None


def test_an_action_before_the_cause_waits_for_the_cause() -> None:
    assert after(REACHED, REPAIR).stage is Stage.CONTACTED
    assert after(REACHED, REPAIR, CAUSE).stage is Stage.REPAIRING
    assert after(REACHED, REPAIR, FinishAction(1), CAUSE).stage is Stage.CONFIRMING


def test_a_hand_over_names_a_new_assignee_who_is_asked() -> None:
    move = apply(after(Acknowledge()), did(HandOver("colleague"), at=MONDAY + HOUR))

    assert move.transfer == ByHand("colleague")
    assert move.clock == Clock(Target.ACKNOWLEDGE, MONDAY + HOUR)


def test_a_hand_over_while_the_customer_is_asked_leaves_his_time_to_answer_alone() -> None:
    assert apply(AT[Stage.CONFIRMING], did(HandOver("colleague"))).clock is None


@pytest.mark.parametrize("stage", STAGES[:-1])
def test_the_clock_that_starts_measures_what_the_stage_awaits(stage: Stage) -> None:
    move = apply(AT[stage], did(HandOver("colleague")))

    assert move.clock is None or move.clock.target is AWAITS[move.state.stage]
