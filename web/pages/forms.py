"""What people type into the forms of a case, read strictly, and given back when it was refused."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated, TypeVar
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
    Outcome,
    Pause,
    PromiseKind,
    Reached,
    Resume,
    TakeBack,
)
from models.errors import NotUnderstood, RappelError, WrongMove
from models.people import Person
from web.bodies import read_body
from web.rendering import new_key

LARGEST = 64 * 1024
LONGEST = 8000
LONGEST_KEY = 200
LAST_MINUTE = "23:59"
KEY = "key"
ONWARD = "onward"
ROUND = "round"
"""Where to go on once the act is done; without it to the page of the case."""

CALL_ME = "call_me"
"""The third answer to "is it solved?"."""

WRAP_UP = "wrap_up"
"""The name of the one form that is several acts; every other one is named after its kind of act."""

NUMBER = re.compile(r"[0-9]{0,9}")
TEXTS = ("note", "words", "what", "reason")
CHOSEN = (
    *("again_at", "cause", "due", "outcome", "owner", "pause", "promise", "referral"),
    *("suggested", "time", "to", "until"),
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


@dataclass(frozen=True, slots=True)
class Tried:
    """A form that was sent: its name, with which words, and why it was refused, if it was."""

    form: str
    written: Written
    why: str = ""
    key: str = field(default_factory=new_key)

    @property
    def asked(self) -> str:
        """The request as it was sent, but for its key."""
        fields = {n: text for n, text in self.written.items() if n not in {KEY, ONWARD}}
        return json.dumps([self.form, fields], sort_keys=True, ensure_ascii=False)

    def refused(self, fault: RappelError) -> "Tried":
        """What may still be applied keeps its key; a final refusal needs another one."""
        return Tried(self.form, self.written, why(fault), self._next_key(fault))

    def _next_key(self, fault: RappelError) -> str:
        final = fault.status == 409
        return new_key() if final else self.written.get(KEY) or new_key()


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in a person's forms: what was refused just now, else what he typed and did not send."""

    tried: Tried | None = None
    kept: Mapping[str, Written] = field(default_factory=dict)

    def key(self, form: str) -> str:
        return self.tried.key if self.tried and self.tried.form == form else new_key()

    def text(self, form: str, name: str) -> str:
        return self._written(form).get(name, "")

    def started(self, form: str) -> bool:
        """Something stands in it, so that it must not be folded away."""
        return bool(self._written(form))

    def _written(self, form: str) -> Written:
        if self.tried and self.tried.form == form:
            return self.tried.written
        return self.kept.get(form, {})


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
) -> Act:
    """`at` is when an action is due, when the customer wants to be called again, or a pause ends.

    Raises NotUnderstood with the name of the field.
    """
    match kind:
        case ActKind.ACKNOWLEDGE:
            return Acknowledge()
        case ActKind.ATTEMPT:
            channel = _option(Contact, {"channel": Contact.PHONE, **written}, "channel")
            return Attempt(_option(Reached, written, "outcome"), channel, again_at=at)
        case ActKind.TAKE_BACK:
            return TakeBack(_number(written, "seq"))
        case ActKind.CAUSE:
            return NameCause(_needed(written, "cause"))
        case ActKind.ACTION:
            if at is None:
                raise NotUnderstood("No date.", place="due")
            promise = _option(PromiseKind, written, "promise") if written.get("promise") else None
            suggested = written.get("suggested") or None
            return AddAction(written.get("owner") or me.id, at, promise, suggested)
        case ActKind.ACTION_DONE:
            return FinishAction(number or 0)
        case ActKind.HAND_OVER:
            return HandOver(_needed(written, "to"))
        case ActKind.CONFIRMATION | ActKind.CALL_ME:
            return read_answer(written)
        case ActKind.CLOSE:
            return Close(_option(Outcome, written, "outcome"), read_referral(written))
        case ActKind.PAUSE | ActKind.RESUME:
            return _read_rest(kind, written, at)


def _read_rest(kind: ActKind, written: Written, until: datetime | None) -> Pause | Resume:
    if kind is ActKind.RESUME:
        return Resume()
    if until is None:
        raise NotUnderstood("No date.", place="until")
    return Pause(_needed(written, "pause"), until)


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
    return _fields(written, TEXTS + CHOSEN)


def read_due(written: Written, zone: ZoneInfo) -> datetime:
    """Who promises Thursday has the whole of it; who promises a call at half past two does not."""
    try:
        day = date.fromisoformat(written.get("due", ""))
        hour = time.fromisoformat(written.get("time") or LAST_MINUTE)
    except ValueError:
        raise NotUnderstood("A date is written 2026-12-31, a time 14:30.", place="due") from None
    return datetime.combine(day, hour.replace(tzinfo=None), zone)


def read_moment(written: str, zone: ZoneInfo) -> datetime:
    """As a browser's field for date and time writes it, on the region's clocks."""
    try:
        return datetime.fromisoformat(written).replace(tzinfo=zone)
    except ValueError:
        raise NotUnderstood("A time is written 2026-12-31T14:30.", place="again_at") from None


def read_day(written: str, zone: ZoneInfo) -> datetime:
    """From the beginning of that day on, on the region's clocks."""
    try:
        return datetime.combine(date.fromisoformat(written), time.min, zone)
    except ValueError:
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
