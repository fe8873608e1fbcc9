"""What people type into the forms of a case, read strictly, and given back when it was refused."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated, TypeVar
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from fastapi import Depends, Request

from models.actions import (
    Acknowledge,
    Act,
    ActKind,
    AddAction,
    Attempt,
    Close,
    Confirm,
    Contact,
    FinishAction,
    HandOver,
    NameCause,
    Outcome,
    Reached,
)
from models.errors import NotUnderstood, RappelError, TooLarge, WrongMove
from models.people import Person
from web.pages.rendering import new_key

LARGEST = 64 * 1024
LONGEST = 8000
LONGEST_KEY = 200
KEY = "key"

Written = Mapping[str, str]
Option = TypeVar("Option", bound=StrEnum)


async def _read_form(request: Request) -> Written:
    """Stops reading at the limit, whatever the sender said about the length."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise TooLarge(f"A form may have {LARGEST} bytes at most.")
    fields = parse_qsl(body.decode(errors="replace"), keep_blank_values=True)
    written = {name: text.strip() for name, text in fields}
    if len(written.get(KEY, "")) > LONGEST_KEY or "\x00" in "".join(written.values()):
        raise NotUnderstood("This was not sent by our form.")
    return written


Form = Annotated[Written, Depends(_read_form)]


@dataclass(frozen=True, slots=True)
class Tried:
    """A form that was sent: which one, with which words, and why it was refused, if it was."""

    kind: ActKind
    written: Written
    number: int | None = None
    why: str = ""
    key: str = field(default_factory=new_key)

    @property
    def asked(self) -> str:
        """The request as it was sent, but for its key."""
        fields = {name: text for name, text in self.written.items() if name != KEY}
        return json.dumps([self.kind, self.number, fields], sort_keys=True, ensure_ascii=False)

    def refused(self, fault: RappelError) -> "Tried":
        """What may still be applied keeps its key; a final refusal needs another one."""
        return Tried(self.kind, self.written, self.number, why(fault), self._next_key(fault))

    def _next_key(self, fault: RappelError) -> str:
        final = fault.status == 409
        return new_key() if final else self.written.get(KEY) or new_key()


def why(fault: RappelError) -> str:
    """By which the page finds its sentence: the broken rule, the place in the form, or the code."""
    match fault:
        case WrongMove():
            return fault.rule
        case NotUnderstood():
            return fault.place
        case _:
            return fault.code


def read_act(tried: Tried, me: Person, *, due: datetime | None = None) -> Act:
    """`due` is for an action. Raises NotUnderstood with the name of the field."""
    written = tried.written
    match tried.kind:
        case ActKind.ACKNOWLEDGE:
            return Acknowledge()
        case ActKind.ATTEMPT:
            channel = _option(Contact, {"channel": Contact.PHONE, **written}, "channel")
            return Attempt(_option(Reached, written, "outcome"), channel)
        case ActKind.CAUSE:
            return NameCause(_needed(written, "cause"))
        case ActKind.ACTION:
            if due is None:
                raise NotUnderstood("No date.", place="due")
            return AddAction(written.get("owner") or me.id, due)
        case ActKind.ACTION_DONE:
            return FinishAction(tried.number or 0)
        case ActKind.HAND_OVER:
            return HandOver(_needed(written, "to"))
        case ActKind.CONFIRMATION:
            return read_answer(written)
        case ActKind.CLOSE:
            return Close(_option(Outcome, written, "outcome"))


def read_answer(written: Written) -> Confirm:
    match written.get("answer"):
        case "yes":
            return Confirm(solved=True)
        case "no":
            return Confirm(solved=False)
        case _:
            raise NotUnderstood("The answer is yes or no.", place="answer")


def read_words(written: Written) -> Written:
    """The free texts, which are kept apart from the act. Raises NotUnderstood for one too long."""
    words = {name: written.get(name, "") for name in ("note", "words", "what", "reason")}
    if any(len(text) > LONGEST for text in words.values()):
        raise NotUnderstood(f"A text may have {LONGEST} characters at most.", place="length")
    return {name: text for name, text in words.items() if text}


def read_end_of_day(written: str, zone: ZoneInfo) -> datetime:
    """Who promises Thursday has the whole of it."""
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise NotUnderstood("A date is written 2026-12-31.", place="due") from None
    return datetime.combine(day, time(23, 59), zone)


def _needed(written: Written, name: str) -> str:
    text = written.get(name, "")
    if not text:
        raise NotUnderstood("This field is empty.", place=name)
    return text


def _option(options: type[Option], written: Written, name: str) -> Option:
    try:
        return options(written.get(name, ""))
    except ValueError:
        raise NotUnderstood("This is none of the choices.", place=name) from None
