"""What people type into the forms of a case, read strictly, and given back when it was refused."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated, Literal, TypeAlias, TypeVar
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from fastapi import Depends, Request

from models.actions import (
    MOST_NAMES,
    Acknowledge,
    Act,
    ActKind,
    AddAction,
    Attempt,
    CallMe,
    Close,
    Confirm,
    Contact,
    FinishAction,
    HandOver,
    NameCause,
    OnAction,
    Outcome,
    Pause,
    PromiseKind,
    Reached,
    Resume,
    TakeBack,
)
from models.errors import NotUnderstood, RappelError, WrongMove
from models.handling import (
    AcceptAction,
    ApproveGesture,
    AskTime,
    ChangeAction,
    DropAction,
    RefuseAction,
    RefuseGesture,
)
from models.hours import meant_by
from models.money import Money, read_cents
from models.people import Person
from web.bodies import read_body

LARGEST = 64 * 1024
LONGEST = 8000
LONGEST_KEY = 200
LAST_MINUTE = "23:59"
KEY = "key"
ONWARD = "onward"
ROUND, WORK = "round", "work"
"""Where to go on once the act is done, to the call round or to the page of the action; without it to
the page of the case."""

CALL_ME = "call_me"
"""The third answer to "is it solved?"."""

WRAP_UP = "wrap_up"
"""The name of the one form that is several acts; every other one is named after its kind of act."""

PRACTICE = "practice"
"""The name of the form of a closed case that is no act: what helped."""

NUMBER = re.compile(r"[0-9]{0,9}")
TEXTS = ("note", "words", "what", "reason")
SHARED = ("title", "helped")
CHOSEN = (
    *("again_at", "agreed", "cause", "cost", "due", "outcome", "owner", "pause", "promise"),
    *("referral", "suggested", "time", "to", "until"),
)

Written = Mapping[str, str]
Option = TypeVar("Option", bound=StrEnum)


async def _read_form(request: Request) -> Written:
    body = await read_body(request, largest=LARGEST, what="form")
    fields = parse_qsl(body.decode(errors="replace"), keep_blank_values=True)
    written = {name: text.strip() for name, text in fields}
    if len(written.get(KEY, "")) > LONGEST_KEY or "\x00" in "".join(written.values()):
        raise NotUnderstood("This was not sent by our form.")
    return written


Form = Annotated[Written, Depends(_read_form)]


def name_of(kind: ActKind, number: int | None = None) -> str:
    """A form's name: there is one per open action."""
    return kind if number is None else f"{kind}-{number}"


def why(fault: RappelError) -> str:
    """By which the page finds its sentence: the broken rule, the place in the form, or the code."""
    match fault:
        case WrongMove():
            return fault.rule
        case NotUnderstood():
            return fault.place
        case _:
            return fault.code


def read_act(
    kind: ActKind,
    written: Written,
    me: Person,
    *,
    at: datetime | None = None,
    number: int | None = None,
    cost: Money | None = None,
) -> Act:
    """`at` is when an action is due, when the customer wants to be called again, or a pause ends; `cost`
    is that of an action, and `number` which one it is.

    Raises NotUnderstood with the name of the field.
    """
    match kind:
        case ActKind.ACKNOWLEDGE:
            return Acknowledge()
        case ActKind.ATTEMPT:
            channel = _option(Contact, {"channel": Contact.PHONE, **written}, "channel")
            whom = written.get("whom") or None
            return Attempt(_option(Reached, written, "outcome"), channel, at, whom)
        case ActKind.TAKE_BACK:
            return TakeBack(_number(written, "seq"))
        case ActKind.CAUSE:
            return NameCause(_needed(written, "cause"))
        case ActKind.ACTION:
            promise = _option(PromiseKind, written, "promise") if written.get("promise") else None
            suggested = written.get("suggested") or None
            return AddAction(written.get("owner") or me.id, _dated(at), promise, suggested, cost)
        case ActKind.HAND_OVER:
            return HandOver(_needed(written, "to"))
        case ActKind.CONFIRMATION | ActKind.CALL_ME:
            return read_answer(written)
        case ActKind.CLOSE:
            return Close(_option(Outcome, written, "outcome"), read_referral(written))
        case ActKind.PAUSE | ActKind.RESUME:
            return _read_rest(kind, written, at)
        case _:
            return _read_work(kind, written, number or 0, at=at, cost=cost)


def _read_rest(kind: ActKind, written: Written, until: datetime | None) -> Pause | Resume:
    if kind is ActKind.RESUME:
        return Resume()
    if until is None:
        raise NotUnderstood("No date.", place="until")
    return Pause(_needed(written, "pause"), until)


Deed: TypeAlias = Literal[
    ActKind.ACTION_DONE,
    ActKind.ACTION_ACCEPT,
    ActKind.ACTION_REFUSE,
    ActKind.ACTION_TIME,
    ActKind.ACTION_CHANGE,
    ActKind.ACTION_DROP,
    ActKind.GESTURE_APPROVE,
    ActKind.GESTURE_REFUSE,
]


def _read_work(
    kind: Deed, written: Written, number: int, *, at: datetime | None, cost: Money | None
) -> OnAction:
    match kind:
        case ActKind.ACTION_DONE:
            return FinishAction(number, cost=cost)
        case ActKind.ACTION_ACCEPT:
            return AcceptAction(number)
        case ActKind.ACTION_REFUSE:
            return RefuseAction(number, _dated(at))
        case ActKind.ACTION_TIME:
            return AskTime(number, _dated(at))
        case ActKind.ACTION_CHANGE:
            return ChangeAction(number, at, written.get("owner") or None, cost)
        case ActKind.ACTION_DROP:
            return DropAction(number, agreed=written.get("agreed") == "yes")
        case ActKind.GESTURE_APPROVE:
            return ApproveGesture(number, at)
        case ActKind.GESTURE_REFUSE:
            return RefuseGesture(number)


def _dated(at: datetime | None) -> datetime:
    if at is None:
        raise NotUnderstood("No date.", place="due")
    return at


def read_cost(written: Written, language: str) -> int | None:
    """In cents. Raises NotUnderstood with how the reader's language writes an amount."""
    if not written.get("cost"):
        return None
    try:
        return read_cents(written["cost"], language)
    except ValueError as error:
        raise NotUnderstood(str(error), place="cost") from None


def read_answer(written: Written) -> Confirm | CallMe:
    return CallMe() if written.get("answer") == CALL_ME else _read_confirmation(written)


def _read_confirmation(written: Written) -> Confirm:
    match written.get("answer"):
        case "yes":
            return Confirm(solved=True, referral=read_referral(written))
        case "no":
            return Confirm(solved=False, referral=read_referral(written))
        case _:
            raise NotUnderstood("The answer is yes or no.", place="answer")


def read_solved(written: Written) -> bool | None:
    """None when the customer shall be asked in writing."""
    return None if written.get("answer") == "ask" else _read_confirmation(written).solved


def read_referral(written: Written) -> int | None:
    """How many names the customer gave, if he recommends us at all."""
    names = _number(written, "referral")
    if names is not None and names > MOST_NAMES:
        raise NotUnderstood(f"{MOST_NAMES} names at most.", place="referral")
    return names


def read_words(written: Written) -> Written:
    """The free texts, which are kept apart from the act. Raises NotUnderstood for one too long."""
    return _fields(written, TEXTS)


def read_draft(written: Written) -> Written:
    """Everything that a person fills in, good or not. Raises NotUnderstood for a text too long."""
    return _fields(written, TEXTS + SHARED + CHOSEN)


def read_due(written: Written, zone: ZoneInfo) -> datetime:
    """Who promises Thursday has the whole of it; who promises a call at half past two does not."""
    try:
        day = date.fromisoformat(written.get("due", ""))
        hour = time.fromisoformat(written.get("time") or LAST_MINUTE)
        return meant_by(datetime.combine(day, hour), zone)
    except (ValueError, OverflowError):
        raise NotUnderstood("A date is written 2026-12-31, a time 14:30.", place="due") from None


def read_moment(written: str, zone: ZoneInfo) -> datetime:
    """As a browser's field for date and time writes it, on the region's clocks."""
    try:
        return meant_by(datetime.fromisoformat(written), zone)
    except (ValueError, OverflowError):
        raise NotUnderstood("A time is written 2026-12-31T14:30.", place="again_at") from None


def read_day(written: str, zone: ZoneInfo) -> datetime:
    """From the beginning of that day on, on the region's clocks."""
    try:
        return meant_by(datetime.combine(date.fromisoformat(written), time.min), zone)
    except (ValueError, OverflowError):
        raise NotUnderstood("A date is written 2026-12-31.", place="until") from None


def _fields(written: Written, names: tuple[str, ...]) -> Written:
    """Those that are not empty."""
    fields = {name: written.get(name, "") for name in names}
    if any(len(text) > LONGEST for text in fields.values()):
        raise NotUnderstood(f"A text may have {LONGEST} characters at most.", place="length")
    return {name: text for name, text in fields.items() if text}


def _needed(written: Written, name: str) -> str:
    text = written.get(name, "")
    if not text:
        raise NotUnderstood("This field is empty.", place=name)
    return text


def _number(written: Written, name: str) -> int | None:
    text = written.get(name, "")
    if not NUMBER.fullmatch(text):
        raise NotUnderstood("This is no number.", place=name)
    return int(text) if text else None


def _option(options: type[Option], written: Written, name: str) -> Option:
    try:
        return options(written.get(name, ""))
    except ValueError:
        raise NotUnderstood("This is none of the choices.", place=name) from None
