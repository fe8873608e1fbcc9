"""When a carrier is left alone, and how it is tried again: a circuit breaker that all processes share.

Closed: everything leaves. Open: nothing does until an instant. Half open: one message is tried, and its
answer closes it or leaves the carrier alone for longer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from models.carrier_errors import Remedy, is_listed, remedy_of_answer


class Cause(StrEnum):
    """Why a carrier is left alone."""

    ACCOUNT = "account"
    """It refuses our account: it would refuse every message, and every call."""
    SETTINGS = "settings"
    """One message after another fails by our settings, or is filtered: more would only make it worse."""
    FAULTS = "faults"
    """It has faults, and of each message nobody can say any more whether it left."""
    PATIENCE = "patience"
    """It asked for patience: no trouble, and over by itself."""


class Standing(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Said(StrEnum):
    """What an answer says of the carrier, whatever it says of the message."""

    TAKEN = "taken"
    OTHER = "other"
    """It is there and knows our account, but refused this one for its own sake."""
    CALLED = "called"
    """It took a call, or refused one for its own sake: our account is good, our sender may not be."""
    SETTINGS = "settings"
    ACCOUNT = "account"
    PATIENCE = "patience"
    FAULT = "fault"
    NOT_REACHED = "not_reached"
    """Nothing left, and nothing is lost by trying again soon."""


FIRST_REST, LONGEST_REST = timedelta(minutes=5), timedelta(minutes=60)
"""Each rest lasts twice as long as the one before it."""
RELAPSE = timedelta(hours=1)
"""What opens again so soon after it closed goes on where it was: a filter lets single messages pass."""
TRY_LIFE = timedelta(minutes=1)
"""Whoever tries has died if nothing was heard of it by then. Longer than a POST may take."""
SOON = timedelta(seconds=30)
"""Until the next try, where one told nothing."""
FAULTS_IN_A_ROW = 3
"""Each leaves a message of which nobody knows whether it left. Where one answer in a hundred is a fault by
chance, three in a row are one chance in a million.
"""
LOOKS_AT, TOO_MANY, LATELY = 10, 5, timedelta(hours=24)
"""Of the latest ten messages since it was last closed, a day at most, so many failed by our settings or were
filtered. Where one in twenty does by chance, five of ten are one chance in sixteen thousand; and a house
that sends five messages a day, of which each fails, notices after the fifth. Only codes count of which we
know that they mean this: what is new to us may be a fault of the carrier's.
"""
OF_ONE_COUNTRY = frozenset({13227, 21215, 21408})
"""The country of one number is not allowed: that says nothing of the others."""


@dataclass(frozen=True, slots=True)
class Rest:
    """How one carrier stands, as it is kept. `cause` None: nothing is wrong.

    `since` is when its trouble began, `until` when it may be tried next, or, while somebody is `trying`, when
    he must have come back. `times` is how often it was left alone in a row, `faults` how many answers
    in a row were none.
    """

    cause: Cause | None = None
    code: int = 0
    since: datetime | None = None
    until: datetime | None = None
    trying: bool = False
    times: int = 0
    faults: int = 0
    closed_at: datetime | None = None

    def standing(self, now: datetime) -> Standing:
        if self.cause is None:
            return Standing.CLOSED
        if self.trying or self.until is None:
            return Standing.HALF_OPEN
        if now < self.until:
            return Standing.OPEN
        return Standing.CLOSED if self.cause is Cause.PATIENCE else Standing.HALF_OPEN

    def trouble(self, now: datetime) -> Cause | None:
        """What somebody should see to: who asked for patience is no trouble."""
        closed = self.standing(now) is Standing.CLOSED
        return None if closed or self.cause is Cause.PATIENCE else self.cause

    def refuses_calls(self, now: datetime) -> bool:
        """A call is somebody who waits: what holds up messages alone does not hold up him."""
        return self.cause is Cause.ACCOUNT and self.standing(now) is Standing.OPEN


NEVER_RESTED = Rest()


@dataclass(frozen=True, slots=True)
class Answered:
    """`code` is the carrier's error, or the HTTP status where it told none; `wait` is for how long it asked
    to be left alone.
    """

    said: Said
    code: int = 0
    wait: timedelta | None = None


TOOK_IT = Answered(Said.TAKEN)


@dataclass(frozen=True, slots=True)
class Change:
    """For the log, which tells each once."""

    event: str
    told: Mapping[str, str | int]


def admit(rest: Rest, now: datetime) -> Rest | timedelta:
    """For how long a message has to wait; else it may leave, once the rest is kept as it is returned."""
    left = max(rest.until - now, timedelta(0)) if rest.until else timedelta(0)
    match rest.standing(now):
        case Standing.CLOSED:
            return rest
        case Standing.HALF_OPEN if not (rest.trying and left):
            return replace(rest, trying=True, until=now + TRY_LIFE)
        case _:
            return left


def read_refusal(status: int, code: int, wait: timedelta | None = None) -> Answered:
    """Of an answer to a POST that did not take it; `code` is 0 where its body tells none."""
    told = code or status
    match remedy_of_answer(status, code):
        case None:
            return Answered(Said.FAULT, told)
        case Remedy.BREAK:
            return Answered(Said.ACCOUNT, told)
        case Remedy.LATER if status == 429:
            return Answered(Said.PATIENCE, told, wait)
        case Remedy.OPERATOR as remedy if _is_ours(remedy, code):
            return Answered(Said.SETTINGS, told)
        case _:
            return Answered(Said.OTHER, told)


def after(rest: Rest, answered: Answered, now: datetime) -> Rest:
    match rest.standing(now):
        case Standing.CLOSED:
            return _after_usual(rest, answered, now)
        case Standing.HALF_OPEN:
            return _after_try(rest, answered, now)
        case _ if answered.said is Said.ACCOUNT and rest.cause is not Cause.ACCOUNT:
            return _opened(rest, Cause.ACCOUNT, answered.code, now)
        case _:
            return rest  # it was on its way before


def judged(rest: Rest, latest: Sequence[tuple[str | None, int]], now: datetime) -> Rest:
    """By the reason and code of the messages judged latest, as `judges_from` says; None is no failure.

    A suspended account is told of a message that was taken before: one is enough.
    """
    refused = [code for reason, code in latest[:LOOKS_AT] if reason == Remedy.BREAK]
    if refused and rest.cause is not Cause.ACCOUNT:
        return _opened(rest, Cause.ACCOUNT, refused[0], now)
    if rest.standing(now) is not Standing.CLOSED:
        return rest
    ours = [code for reason, code in latest[:LOOKS_AT] if _is_ours(reason, code)]
    return _opened(rest, Cause.SETTINGS, ours[0], now) if len(ours) >= TOO_MANY else rest


def judges_from(rest: Rest, now: datetime) -> datetime:
    """Only what was posted since then counts: what closed it is forgotten with it."""
    a_day_ago = now - LATELY
    return max(a_day_ago, rest.closed_at or a_day_ago)


def try_now(rest: Rest, now: datetime) -> Rest:
    """Somebody has seen to it: the next message is tried. Who asked for patience has it."""
    if rest.cause in {None, Cause.PATIENCE}:
        return rest
    return replace(rest, until=now, trying=False, times=0)


def forgotten(now: datetime) -> Rest:
    """It was another account's, and so is what may be told of its messages yet."""
    return Rest(closed_at=now)


def compare(was: Rest, stands: Rest, now: datetime) -> Change | None:
    """None for what is no change of state."""
    told: dict[str, str | int] = {"cause": str(stands.cause), "code": stands.code}
    match stands.standing(now):
        case Standing.CLOSED if was.standing(now) is not Standing.CLOSED:
            return Change("carrier_is_back", {"cause": str(was.cause)})
        case Standing.HALF_OPEN if stands.trying and was.until != stands.until:
            return Change("carrier_is_tried", told)
        case Standing.OPEN if (was.cause, was.until) != (stands.cause, stands.until):
            until = stands.until.isoformat(timespec="seconds") if stands.until else ""
            return Change("carrier_rests", told | {"until": until})
        case _:
            return None


def _after_usual(rest: Rest, answered: Answered, now: datetime) -> Rest:
    code, wait = answered.code, answered.wait
    match answered.said:
        case Said.ACCOUNT:
            return _opened(rest, Cause.ACCOUNT, code, now)
        case Said.PATIENCE if wait:
            return replace(rest, cause=Cause.PATIENCE, code=code, since=now, until=now + wait)
        case Said.PATIENCE | Said.NOT_REACHED:
            return rest
        case Said.FAULT if rest.faults + 1 >= FAULTS_IN_A_ROW:
            return _opened(rest, Cause.FAULTS, code, now)
        case Said.FAULT:
            return replace(rest, faults=rest.faults + 1)
        case _:
            return replace(rest, faults=0)


def _after_try(rest: Rest, answered: Answered, now: datetime) -> Rest:
    of_settings = rest.cause is Cause.SETTINGS
    match answered.said:
        case Said.ACCOUNT:
            return _opened(rest, Cause.ACCOUNT, answered.code, now)
        case Said.FAULT:
            return _opened(rest, rest.cause or Cause.FAULTS, rest.code, now)
        case Said.SETTINGS if of_settings:
            return _opened(rest, Cause.SETTINGS, answered.code, now)
        case Said.CALLED if of_settings:
            return rest  # whoever tries a text is still at it
        case Said.OTHER if of_settings:
            return replace(rest, trying=False, until=now)
        case Said.PATIENCE | Said.NOT_REACHED:
            return replace(rest, trying=False, until=now + (answered.wait or SOON))
        case _:
            return Rest(times=rest.times, closed_at=_began_to_try(rest, now))


def _began_to_try(rest: Rest, now: datetime) -> datetime:
    """News of the message that was tried may be here before its answer, and counts."""
    return rest.until - TRY_LIFE if rest.trying and rest.until else now


def _opened(rest: Rest, cause: Cause, code: int, now: datetime) -> Rest:
    in_trouble = rest.cause not in {None, Cause.PATIENCE}
    relapsed = rest.closed_at is not None and now - rest.closed_at < RELAPSE
    times = rest.times + 1 if in_trouble or relapsed else 1
    lasts = min(FIRST_REST * 2 ** min(times - 1, 4), LONGEST_REST)
    since = rest.since if in_trouble else now
    return Rest(cause, code, since, now + lasts, times=times, closed_at=rest.closed_at)


def _is_ours(reason: str | None, code: int) -> bool:
    ours = reason in {Remedy.OPERATOR, Remedy.BLOCKED}
    return ours and is_listed(code) and code not in OF_ONE_COUNTRY
