"""What Twilio's forms tell of a call, by forms such as it sends; the people are invented."""

import json

import pytest

from models.bridge import (
    Accepted,
    AnsweredBy,
    CallEvent,
    Declined,
    Dialled,
    Held,
    HeldBack,
    Leg,
    LegTold,
    Status,
)
from models.call_forms import (
    read_answered_by,
    read_dialled,
    read_key,
    read_leg,
    read_written,
    written,
)

PARENT, CHILD = "CA" + "1" * 32, "CA" + "2" * 32
COMMON = {
    "AccountSid": "AC" + "0" * 32,
    "ApiVersion": "2010-04-01",
    "From": "+33937000002",
    "To": "+33639980041",
    "ToCity": "",
}


@pytest.mark.parametrize(
    ("said", "event"),
    [
        ({"CallStatus": "initiated"}, LegTold(Leg.CUSTOMER, Status.INITIATED)),
        ({"CallStatus": "ringing"}, LegTold(Leg.CUSTOMER, Status.RINGING)),
        ({"CallStatus": "in-progress"}, LegTold(Leg.CUSTOMER, Status.ANSWERED)),
        (
            {"CallStatus": "completed", "CallDuration": "49", "Duration": "1"},
            LegTold(Leg.CUSTOMER, Status.COMPLETED, 49),
        ),
        (
            {"CallStatus": "busy", "CallDuration": "0", "SipResponseCode": "486"},
            LegTold(Leg.CUSTOMER, Status.BUSY, 0, 486),
        ),
        ({"CallStatus": "no-answer"}, LegTold(Leg.CUSTOMER, Status.NO_ANSWER)),
        ({"CallStatus": "canceled"}, LegTold(Leg.CUSTOMER, Status.CANCELED)),
        (
            {"CallStatus": "failed", "CallDuration": "", "SipResponseCode": "x"},
            LegTold(Leg.CUSTOMER, Status.FAILED),
        ),
    ],
)
def test_a_leg_tells_its_status_and_its_seconds(said: dict[str, str], event: CallEvent) -> None:
    told = read_leg(Leg.CUSTOMER, {**COMMON, "CallSid": CHILD, "SequenceNumber": "2", **said})
    assert told is not None
    assert (told.key, told.event) == (f"customer:{CHILD}:2", event)


def test_without_a_number_the_status_tells_repetitions_apart() -> None:
    told = read_leg(Leg.DIRECTOR, {"CallSid": PARENT, "CallStatus": "ringing"})
    assert told is not None
    assert told.key == f"director:{PARENT}:ringing"


@pytest.mark.parametrize("form", [{}, {"CallStatus": "dancing"}])
def test_what_we_do_not_know_is_nothing(form: dict[str, str]) -> None:
    assert (read_leg(Leg.DIRECTOR, form), read_dialled(form), read_answered_by(form)) == (None,) * 3


@pytest.mark.parametrize(
    ("said", "event"),
    [
        (
            {"DialCallStatus": "completed", "DialBridged": "true", "DialCallDuration": "142"},
            Dialled(Status.COMPLETED, True, 142),
        ),
        (
            {"DialCallStatus": "completed", "DialBridged": "false"},
            Dialled(Status.COMPLETED, False),
        ),
        ({"DialCallStatus": "answered"}, Dialled(Status.ANSWERED)),
        ({"DialCallStatus": "no-answer", "DialBridged": ""}, Dialled(Status.NO_ANSWER)),
    ],
)
def test_the_end_of_a_dialling_says_whether_they_were_connected(
    said: dict[str, str], event: CallEvent
) -> None:
    form = {**COMMON, "CallSid": PARENT, "CallStatus": "in-progress", "DialCallSid": CHILD, **said}
    told = read_dialled(form)
    assert told is not None
    assert (told.key, told.event) == (f"dialled:{CHILD}", event)


@pytest.mark.parametrize(
    ("said", "machine"),
    [
        ("human", False),
        ("unknown", False),
        ("fax", True),
        ("machine_start", True),
        ("machine_end_beep", True),
        ("machine_end_silence", True),
        ("machine_end_other", True),
    ],
)
def test_a_machine_is_told_from_a_person(said: str, machine: bool) -> None:  # noqa: FBT001
    told = read_answered_by(
        {"CallSid": CHILD, "AnsweredBy": said, "MachineDetectionDuration": "3500"}
    )
    assert told is not None
    assert told.event == AnsweredBy(machine)


@pytest.mark.parametrize("digits", ["", "2", "11", "١"])
def test_only_the_one_key_says_yes(digits: str) -> None:
    assert read_key({"Digits": digits}) == Declined()
    assert read_key({"Digits": "1"}) == Accepted()


@pytest.mark.parametrize(
    "event",
    [
        LegTold(Leg.CUSTOMER, Status.BUSY, 0, 486),
        LegTold(Leg.DIRECTOR, Status.RINGING),
        Accepted(),
        Declined(),
        HeldBack(Held.HOURS),
        Dialled(Status.COMPLETED, True, 142),
        Dialled(Status.FAILED),
        AnsweredBy(machine=True),
    ],
)
def test_what_is_kept_is_read_as_it_was(event: CallEvent) -> None:
    assert read_written(json.loads(json.dumps(written(event)))) == event
