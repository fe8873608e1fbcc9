"""Attempts to speak with the customer: what each leads to, and how the latest is taken back."""

from dataclasses import replace
from datetime import datetime

from models.actions import Attempt, Contact, Reached, TakeBack
from models.case import TO_CALL, Acted, BeforeAttempt, CaseState, Event, Move, Stage, advance
from models.errors import WrongMove
from models.notices import Audience, Message, Notice
from models.progress import clock_of, settle
from models.timeline import CUSTOMER, Entry, EntryKind

IN_VAIN = frozenset({Reached.VOICEMAIL, Reached.NO_ANSWER, Reached.BUSY, Reached.WRONG_NUMBER})


def in_vain(state: CaseState) -> int:
    """In this round. Who named another time was reached by the call."""
    return state.attempts - state.postponed - state.reach.uncounted


def counts(state: CaseState, at: datetime, act: Attempt) -> bool:
    """Whether an attempt in vain is one of those the policy asks for: three taps within a second are
    not, nor is a letter that nobody has answered yet.
    """
    early = state.reach.next_call_at is not None and at < state.reach.next_call_at
    return act.outcome not in IN_VAIN or (act.channel is not Contact.WRITTEN and not early)


def exhausted(state: CaseState) -> bool:
    """The policy asks for no further attempt to reach him; nor does anybody where there is no way to."""
    if state.stage not in TO_CALL or state.refused:
        return False
    return state.reach.nowhere or (
        in_vain(state) >= state.unreachable_after
        and state.reach.written >= messages_wanted(state, state.unreachable_after)
    )


def messages_wanted(state: CaseState, attempts: int) -> int:
    """How many messages the policy wants to have been written after so many attempts in vain."""
    return sum(number <= attempts for number in state.reach.write_after)


def attempt(state: CaseState, event: Acted, act: Attempt) -> Move:
    """Only a conversation is a contact; any other attempt shows that somebody is at it."""
    _require_allowed(state, event, act)
    if event.by == CUSTOMER:
        return _name_time(state, event, act)
    counted = _counted(state, event.at, act)
    counting = counts(state, event.at, act)
    facts = _facts(counted, act) | ({} if counting else {"counted": 0})
    entry = Entry(EntryKind.ATTEMPTED, event.at, event.by, facts=facts)
    if act.outcome is Reached.REACHED:
        return settle(state, counted, entry)
    if state.stage not in TO_CALL:
        return Move(counted, (entry,))
    after, notices = _write(advance(counted, Stage.ACKNOWLEDGED), act)
    return Move(
        after,
        (entry,),
        notices,
        clock=clock_of(after, event.at),
        answered=state.stage is Stage.ASKED,
        tried_at=event.at if act.outcome in IN_VAIN and counting else None,
    )


def unwanted_call() -> WrongMove:
    """How a call is refused to whoever would make it, once the customer asked for none."""
    return WrongMove("no_calls", "The customer asked not to be called: write or meet.")


def _name_time(state: CaseState, event: Acted, act: Attempt) -> Move:
    """The customer himself writes when he wants a call: nobody tried anything, and nobody took the case."""
    if state.stage not in TO_CALL or act.again_at is None:
        raise WrongMove("stage", "The customer names the time of a call that he waits for.")
    if state.reach.no_calls_since is not None:
        raise unwanted_call()
    reach = replace(state.reach, next_call_at=None)
    after = replace(state, again_at=act.again_at, reach=reach)
    facts = {"again_at": act.again_at.isoformat()}
    entry = Entry(EntryKind.TIME_NAMED, event.at, event.by, facts=facts)
    taken = state.stage is Stage.ACKNOWLEDGED
    return Move(after, (entry,), clock=clock_of(after, event.at) if taken else None)


def take_back(state: CaseState, event: Acted, act: TakeBack) -> Move:
    """As if it had never been recorded, but for the timeline: time did not stop meanwhile, so that a
    rung which passed fires at once.
    """
    before = state.before
    if before is None or act.seq not in {None, before.seq}:
        raise WrongMove(
            "nothing_to_take_back",
            "Only the latest attempt can be taken back, and only until something else happens.",
        )
    if event.by != before.by:
        raise WrongMove("not_yours", "Only who recorded the attempt can take it back.")
    restored = replace(
        advance(state, before.stage),
        attempts=before.attempts,
        postponed=before.postponed,
        again_at=before.again_at,
        reached_at=before.reached_at,
        refused=before.refused,
        rungs=before.rungs,
        clock=before.clock,
        stalled_since=before.stalled_since,
        deadlines=before.deadlines,
        reach=replace(before.reach, written=min(before.reach.written, state.reach.written)),
    )
    entry = Entry(EntryKind.TAKEN_BACK, event.at, event.by, facts={"seq": before.seq})
    return Move(restored, (entry,), takes_back=before.seq)


def kept_back(state: CaseState, event: Event, after: Stage) -> BeforeAttempt | None:
    """What taking the event back would restore. A customer who was asked cannot be unasked."""
    match event:
        case Acted(act=Attempt(), by=by) if after is not Stage.CONFIRMING and by != CUSTOMER:
            return BeforeAttempt(
                seq=state.seq + 1,
                by=event.by,
                stage=state.stage,
                attempts=state.attempts,
                postponed=state.postponed,
                again_at=state.again_at,
                reached_at=state.reached_at,
                refused=state.refused,
                rungs=state.rungs,
                deadlines=state.deadlines,
                reach=state.reach,
                clock=state.clock,
                stalled_since=state.stalled_since,
            )
        case _:
            return None


def _require_allowed(state: CaseState, event: Acted, act: Attempt) -> None:
    if state.stage is Stage.CONFIRMING:
        raise WrongMove("confirming", "The customer was asked: record what he answers.")
    if act.again_at is not None and act.again_at <= event.at:
        raise WrongMove("due_in_the_past", "Nobody can be called again before now.")
    never = state.reach.no_calls_since is not None and act.whom is None
    if never and act.channel is Contact.PHONE and not act.inbound:
        raise unwanted_call()


def _counted(state: CaseState, at: datetime, act: Attempt) -> CaseState:
    """The time at which he wants a call holds until he is spoken to, or names another; and so does the
    earliest time of the next attempt, where this one comes before it or is no call. What one of those who
    share a case wishes for himself, and his number, say nothing of the others.
    """
    reach = replace(state.reach, next_call_at=None, whom=act.whom)
    if not counts(state, at, act):
        reach = replace(state.reach, uncounted=state.reach.uncounted + 1)
    counted = replace(state, attempts=state.attempts + 1, reach=reach)
    match act.outcome:
        case Reached.REACHED:
            return replace(counted, reached_at=at, again_at=None)
        case Reached.WRONG_NUMBER if act.whom is not None:
            strangers = {**reach.misdialled, act.whom: at}
            return replace(counted, reach=replace(reach, misdialled=strangers))
        case Reached.REFUSED if act.whom is not None:
            return counted
        case Reached.REFUSED:
            since = reach.no_calls_since or at
            never = replace(reach, no_calls_since=since)
            return replace(counted, refused=True, again_at=None, reach=never)
        case Reached.LATER:
            return replace(counted, postponed=state.postponed + 1, again_at=act.again_at)
        case Reached.WRONG_NUMBER:
            return replace(counted, reach=replace(reach, wrong_number=True))
        case Reached.VOICEMAIL | Reached.NO_ANSWER | Reached.BUSY:
            return counted


def _write(state: CaseState, act: Attempt) -> tuple[CaseState, tuple[Notice, ...]]:
    """One message at a time, should several be wanted by now."""
    wanted = messages_wanted(state, in_vain(state))
    if act.outcome not in IN_VAIN or state.reach.written >= wanted:
        return state, ()
    after = replace(state, reach=replace(state.reach, written=wanted))
    return after, (Notice(Message.TRIED, Audience.CUSTOMER),)


def came_back(move: Move, lost: int) -> Move:
    """Of the messages of all rounds so many did not arrive by now. What is missing by that is not written,
    and an attempt in vain writes it at once.
    """
    state, reach = move.state, move.state.reach
    if lost <= reach.lost:
        return move
    written = max(0, reach.written - (lost - reach.lost))
    after = replace(state, reach=replace(reach, written=written, lost=lost))
    if not _is_in_vain(move) or any(n.message is Message.TRIED for n in move.notices):
        return replace(move, state=after)
    wanted = messages_wanted(after, in_vain(after))
    if written >= wanted:
        return replace(move, state=after)
    again = replace(after, reach=replace(after.reach, written=wanted))
    notice = Notice(Message.TRIED, Audience.CUSTOMER)
    return replace(move, state=again, notices=(*move.notices, notice))


def _is_in_vain(move: Move) -> bool:
    first = move.entries[0]
    tried = first.kind is EntryKind.ATTEMPTED and first.facts.get("outcome") in IN_VAIN
    return tried and move.state.stage in TO_CALL


def _facts(state: CaseState, act: Attempt) -> dict[str, str | int]:
    facts: dict[str, str | int] = {
        "outcome": act.outcome,
        "channel": act.channel,
        "number": state.attempts,
    }
    facts |= {"customer": act.whom} if act.whom else {}
    facts |= {"direction": "inbound"} if act.inbound else {}
    return facts | ({"again_at": act.again_at.isoformat()} if act.again_at else {})
