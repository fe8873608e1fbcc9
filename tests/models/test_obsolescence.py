"""What was written a while ago leaves only while it is still true."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.action import Action
from models.case import CaseState, Stage
from models.notices import Audience, Message
from models.obsolescence import Meanwhile, Unsent, Written, why_unsent
from models.people import Channel
from tests.casework import MONDAY_MORNING as NOW

ASK = Written(Message.ASK, Audience.OWNER, 1, Channel.SMS, person="dora")
CONFIRM = Written(Message.CONFIRM, Audience.CUSTOMER, 1, Channel.SMS)
TRIED = replace(CONFIRM, message=Message.TRIED)
STATE = CaseState("case-1", NOW, seq=2, stage=Stage.ASKED, owner="dora")
ACTION = Action(1, "dora", NOW + timedelta(days=1))


def judged(written: Written, state: CaseState = STATE, **meanwhile: object) -> Unsent | None:
    return why_unsent(written, Meanwhile(state, NOW, **meanwhile))  # type: ignore[arg-type]


def test_what_is_still_asked_leaves() -> None:
    assert judged(ASK) is None


def test_nothing_of_before_leaves_once_the_case_is_closed() -> None:
    closed = replace(STATE, stage=Stage.CLOSED)
    assert judged(ASK, closed) is Unsent.CLOSED
    assert judged(replace(CONFIRM, message=Message.PROMISED), closed) is Unsent.CLOSED


def test_what_the_end_itself_says_leaves() -> None:
    closed = replace(STATE, stage=Stage.CLOSED)
    assert judged(replace(CONFIRM, message=Message.UNREACHED, seq=2), closed) is None


def test_the_question_some_time_later_is_for_closed_cases() -> None:
    asked = replace(CONFIRM, message=Message.RESURVEY)
    assert judged(asked, replace(STATE, stage=Stage.CLOSED)) is None


def test_who_has_the_case_no_more_is_not_asked() -> None:
    assert judged(ASK, replace(STATE, owner="denis")) is Unsent.OTHER_OWNER


def test_who_has_the_case_no_more_still_learns_who_has_it() -> None:
    told = replace(ASK, message=Message.MOVED_ON, audience=Audience.FORMER_OWNER)
    assert judged(told, replace(STATE, owner="denis")) is None


def test_nobody_is_asked_for_what_somebody_has_done() -> None:
    assert judged(ASK, acted=True) is Unsent.ACTED


def test_the_newest_request_leaves_whoever_acted_before() -> None:
    assert judged(replace(ASK, seq=2), acted=True) is None


def test_who_is_away_need_not_learn_who_has_the_case() -> None:
    told = replace(ASK, message=Message.MOVED_ON, audience=Audience.FORMER_OWNER, seq=2)
    assert judged(told, away={"dora"}) is Unsent.AWAY
    assert judged(ASK, away={"dora"}) is None


def test_the_customer_is_asked_while_we_want_to_know_only() -> None:
    assert judged(CONFIRM, replace(STATE, stage=Stage.CONFIRMING)) is None
    assert judged(CONFIRM) is Unsent.PASSED


@pytest.mark.parametrize(
    ("state", "unsent"),
    [
        (STATE, None),
        (replace(STATE, stage=Stage.CONTACTED), Unsent.PASSED),
        (replace(STATE, refused=True), Unsent.PASSED),
        (replace(STATE, again_at=NOW + timedelta(hours=1)), Unsent.PASSED),
        (replace(STATE, again_at=NOW - timedelta(hours=1)), None),
    ],
)
def test_that_we_tried_is_news_while_we_look_for_him_only(
    state: CaseState, unsent: Unsent | None
) -> None:
    assert judged(TRIED, state) is unsent


def test_a_customer_who_lets_us_write_no_more_gets_nothing() -> None:
    assert judged(replace(TRIED, seq=2), consents=False) is Unsent.NO_CONSENT


def test_a_stranger_who_answers_under_his_number_reads_nothing() -> None:
    assert judged(replace(TRIED, seq=2), misdialled=True) is Unsent.WRONG_NUMBER
    assert judged(replace(TRIED, channel=Channel.EMAIL), misdialled=True) is None


@pytest.mark.parametrize(
    ("message", "action", "unsent"),
    [
        (Message.ACTION_REMINDER, ACTION, None),
        (Message.ACTION_REMINDER, replace(ACTION, done_at=NOW), Unsent.ACTION_OVER),
        (Message.ACTION_LATE, replace(ACTION, dropped_at=NOW), Unsent.ACTION_OVER),
        (Message.ACTION_TO_ACCEPT, replace(ACTION, done_at=NOW, to_accept=True), None),
        (Message.ACTION_TO_ACCEPT, replace(ACTION, done_at=NOW), Unsent.ACTION_OVER),
        (Message.GESTURE_TO_APPROVE, ACTION, Unsent.ACTION_OVER),
        (Message.GESTURE_REFUSED, replace(ACTION, dropped_at=NOW), None),
    ],
)
def test_an_action_is_spoken_of_while_it_stands_so(
    message: Message, action: Action, unsent: Unsent | None
) -> None:
    asked = Written(message, Audience.DOER, 1, Channel.SMS, person="dora", action=1)
    assert judged(asked, replace(STATE, actions=(action,))) is unsent
