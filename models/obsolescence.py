"""Whether a message that was written a while ago should still leave, as its case stands now."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from models.action import Action, Stand
from models.case import TO_CALL, CaseState, Stage
from models.notices import Audience, Message
from models.people import Channel


class Unsent(StrEnum):
    """Why a message did not leave."""

    CLOSED = "closed"
    OTHER_OWNER = "other_owner"
    ACTED = "acted"
    """Somebody has acted since it was to ask for it."""
    PASSED = "passed"
    """What it says was true of where the case stood then."""
    ACTION_OVER = "action_over"
    """What it asks for is done, dropped, answered or accepted."""
    AWAY = "away"
    NO_CONSENT = "no_consent"
    WRONG_NUMBER = "wrong_number"
    FORGOTTEN = "forgotten"
    """The key is deleted by which it could be read."""
    BUNDLED = "bundled"
    """One message told it together with others."""
    NOTHING_WAITS = "nothing_waits"
    HELD_UP = "held_up"
    """Its carrier took nothing for so long that it was told by another way."""


@dataclass(frozen=True, slots=True)
class Written:
    """A message as it lies in the outbox, by commit `seq` of its case, about the action of that number."""

    message: str
    audience: str
    seq: int
    channel: Channel
    person: str | None = None
    action: int | None = None


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """How its case stands by now. `acted`: a colleague has since; `away` are those who are absent.

    Of the customer to whom it goes: whether he lets us write, and whether a stranger has his number.
    """

    state: CaseState
    at: datetime
    acted: bool = False
    away: Collection[str] = ()
    consents: bool = True
    misdialled: bool = False


PENDING_STANDS: Mapping[Message, frozenset[Stand]] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                Message.ACTION_GIVEN,
                Message.ACTION_MOVED,
                Message.ACTION_REFUSED,
                Message.ACTION_REMINDER,
                Message.ACTION_LATE,
                Message.ACTION_OVERDUE,
                Message.TIME_ASKED,
            ),
            frozenset({Stand.TO_APPROVE, Stand.TO_DO}),
        ),
        Message.ACTION_TO_ACCEPT: frozenset({Stand.TO_ACCEPT}),
        Message.GESTURE_TO_APPROVE: frozenset({Stand.TO_APPROVE}),
        Message.GESTURE_REMINDER: frozenset({Stand.TO_APPROVE}),
    }
)
"""Where an action stands as long as it makes sense to say this of it."""


def why_unsent(written: Written, meanwhile: Meanwhile) -> Unsent | None:
    """None where it may leave. The question of the re-survey has rules of its own."""
    if written.audience == Audience.CUSTOMER:
        return _why_not_to_customer(written, meanwhile) or _why_passed(written, meanwhile)
    if _is_away(written, meanwhile):
        return Unsent.AWAY
    return _why_passed(written, meanwhile)


def is_looked_for(state: CaseState, at: datetime) -> bool:
    """That we tried to reach him is no news to who was spoken to, or named a time that is to come."""
    named = state.again_at is not None and state.again_at > at
    return state.stage in TO_CALL and not state.refused and not named


def _why_not_to_customer(written: Written, meanwhile: Meanwhile) -> Unsent | None:
    if not meanwhile.consents:
        return Unsent.NO_CONSENT
    by_phone = written.channel is Channel.SMS
    return Unsent.WRONG_NUMBER if by_phone and meanwhile.misdialled else None


def _is_away(written: Written, meanwhile: Meanwhile) -> bool:
    """Who is away need not learn that somebody else has the case; what he must do goes to who has it."""
    return _is(written, Message.MOVED_ON, Message.STARTS_ABOVE) and written.person in meanwhile.away


def _why_passed(written: Written, meanwhile: Meanwhile) -> Unsent | None:
    """Of what the latest commit itself wrote nothing has passed; one that ends a case still says so."""
    state = meanwhile.state
    if written.message == Message.RESURVEY or written.seq >= state.seq:
        return None
    if state.closed:
        return Unsent.CLOSED
    if _is(written, Message.CONFIRM) and state.stage is not Stage.CONFIRMING:
        return Unsent.PASSED
    if _is(written, Message.TRIED) and not is_looked_for(state, meanwhile.at):
        return Unsent.PASSED
    return _why_not_to_colleague(written, meanwhile)


def _why_not_to_colleague(written: Written, meanwhile: Meanwhile) -> Unsent | None:
    state = meanwhile.state
    if Message(written.message).nags:
        if written.audience == Audience.OWNER and written.person != state.owner:
            return Unsent.OTHER_OWNER
        return Unsent.ACTED if meanwhile.acted else None
    stands = PENDING_STANDS.get(Message(written.message))
    action = _action_of(written, state)
    over = stands is not None and action is not None and action.stand not in stands
    return Unsent.ACTION_OVER if over else None


def _action_of(written: Written, state: CaseState) -> Action | None:
    return next((each for each in state.actions if each.number == written.action), None)


def _is(written: Written, *messages: Message) -> bool:
    return written.message in messages
