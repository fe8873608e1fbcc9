"""What Twilio's forms tell of a call. Numbers and names that they carry too are left where they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

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

Form = Mapping[str, str]

STATUSES: Mapping[str, Status] = MappingProxyType(
    {
        "queued": Status.INITIATED,
        "initiated": Status.INITIATED,
        "ringing": Status.RINGING,
        "in-progress": Status.ANSWERED,
        "answered": Status.ANSWERED,
        "completed": Status.COMPLETED,
        "busy": Status.BUSY,
        "no-answer": Status.NO_ANSWER,
        "failed": Status.FAILED,
        "canceled": Status.CANCELED,
    }
)
MACHINE, FAX = "machine_", "fax"
YES = "1"
"""The key by which a colleague says that it is he, and no machine of his."""


@dataclass(frozen=True, slots=True)
class Told:
    """An event, and the key by which its repetition is known."""

    key: str
    event: CallEvent


def read_leg(leg: Leg, form: Form) -> Told | None:
    """Of a status callback; None where its status is none that we know."""
    status = STATUSES.get(form.get("CallStatus", ""))
    if status is None:
        return None
    number = form.get("SequenceNumber") or status
    event = LegTold(leg, status, _number(form, "CallDuration"), _number(form, "SipResponseCode"))
    return Told(f"{leg}:{form.get('CallSid', '')}:{number}", event)


def read_dialled(form: Form) -> Told | None:
    """Of the action of a dialling. Whether they were connected is told in words, or not at all."""
    status = STATUSES.get(form.get("DialCallStatus", ""))
    if status is None:
        return None
    bridged = {"true": True, "false": False}.get(form.get("DialBridged", "").lower())
    event = Dialled(status, bridged, _number(form, "DialCallDuration"))
    return Told(f"dialled:{form.get('DialCallSid', '')}", event)


def read_answered_by(form: Form) -> Told | None:
    """Of who answered. A person is assumed where the network is not sure."""
    said = form.get("AnsweredBy", "")
    if not said:
        return None
    machine = said == FAX or said.startswith(MACHINE)
    return Told(f"verdict:{form.get('CallSid', '')}", AnsweredBy(machine))


def read_resource(leg: Leg, said: Mapping[str, object]) -> Sequence[Told]:
    """Of a call as Twilio answers who asks after it. In these answers numbers are words, too."""
    told = {
        name: str(said.get(name) or "") for name in ("sid", "status", "duration", "answered_by")
    }
    status, sid = STATUSES.get(told["status"]), told["sid"]
    verdict = read_answered_by({"CallSid": sid, "AnsweredBy": told["answered_by"]})
    events = [] if verdict is None else [verdict]
    if status is not None:
        event = LegTold(leg, status, _number(told, "duration"))
        events.append(Told(f"{leg}:{sid}:asked:{status}", event))
    return events


def read_key(form: Form) -> Accepted | Declined:
    return Accepted() if form.get("Digits", "") == YES else Declined()


def written(event: CallEvent) -> dict[str, Any]:
    """As it is kept: words, numbers and nothing that says who was called."""
    match event:
        case LegTold(leg, status, seconds, sip):
            return {"is": "leg", "leg": leg, "status": status, "seconds": seconds, "sip": sip}
        case Accepted():
            return {"is": "accepted"}
        case Declined():
            return {"is": "declined"}
        case HeldBack(why):
            return {"is": "withheld", "why": why}
        case Dialled(status, bridged, seconds):
            return {"is": "dialled", "status": status, "bridged": bridged, "seconds": seconds}
        case AnsweredBy(machine):
            return {"is": "verdict", "machine": machine}


def read_written(kept: Mapping[str, Any]) -> CallEvent:
    match kept["is"]:
        case "leg":
            leg, status = Leg(kept["leg"]), Status(kept["status"])
            return LegTold(leg, status, kept["seconds"], kept["sip"])
        case "accepted":
            return Accepted()
        case "declined":
            return Declined()
        case "withheld":
            return HeldBack(Held(kept["why"]))
        case "dialled":
            return Dialled(Status(kept["status"]), kept["bridged"], kept["seconds"])
        case _:
            return AnsweredBy(kept["machine"])


def _number(form: Form, name: str) -> int | None:
    text = form.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() else None
