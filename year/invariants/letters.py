"""What leaves, when, and for whom."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from models.opening_hours import OpeningHours
from models.tables import ActRow, IntentRow
from models.timeline import CUSTOMER
from year.invariants.verdict import Wrong, unless
from year.tables import Tables
from year.working_time import hours_of, works

A_MINUTE = timedelta(minutes=1)
MAKES_OBSOLETE = frozenset({"assigned", "level_skipped", "heard_again", "closed"})
"""Besides an act: who has the case, what the customer says, or the end of it."""


def letters_leave_in_the_working_time_of_whom_they_are_for(tables: Tables) -> Iterator[Wrong]:
    """But for zero tolerance where it is so configured. What may leave later is held to it as well."""
    for intent in _posted(tables):
        hours = hours_of_letter(tables, intent)
        at = intent.posted_at or intent.not_before
        good = _may_leave_at_once(tables, intent) or (
            works(hours, at) and works(hours, intent.not_before)
        )
        yield unless(good, f"{intent.message} to {intent.person} left at {_local(hours, at)}")


def nothing_waits_in_the_outbox_that_could_leave(tables: Tables) -> Iterator[Wrong]:
    for intent in tables.intents:
        waits = intent.status == "pending" and intent.not_before > tables.now
        settled = intent.status in {"accepted", "withdrawn"}
        yield unless(waits or settled, f"{intent.id} ({intent.message}) is {intent.status}")


def nobody_is_told_the_same_twice_by_one_move(tables: Tables) -> Iterator[Wrong]:
    """Of two promises that a closing drops, each is told."""
    of_cases = (i for i in tables.intents if i.case_id)
    told = Counter((i.case_id, i.seq, i.message, i.person, i.action) for i in of_cases)
    for (case, seq, message, person, _), times in told.items():
        yield unless(times == 1, f"{message} to {person} of {case}:{seq} {times} times")


def nobody_is_reminded_twice_in_a_minute(tables: Tables) -> Iterator[Wrong]:
    """Of one case: whichever two rungs it were, he reads them as one that was sent twice."""
    told: defaultdict[tuple[str, str], list[IntentRow]] = defaultdict(list)
    for intent in _posted(tables):
        if intent.nags and intent.case_id:
            told[intent.case_id, intent.person or ""].append(intent)
    for nags in told.values():
        in_order = sorted(nags, key=lambda nag: nag.posted_at or nag.not_before)
        for first, then in pairwise(in_order):
            pause = (then.posted_at or then.not_before) - (first.posted_at or first.not_before)
            good = first.message != then.message or pause >= A_MINUTE
            yield unless(good, f"{then.message} {first.id} and {then.id} to {then.person}")


def nobody_is_nagged_after_the_act_that_answered(tables: Tables) -> Iterator[Wrong]:
    nags = _by_case(i for i in _posted(tables) if i.nags)
    for act in _done_by_colleagues(tables):
        for nag in nags[act.case_id]:
            if nag.seq < act.seq and nag.posted_at is not None:
                good = nag.posted_at <= act.at
                yield unless(good, f"{nag.message} {nag.id} left after {act.kind} at {act.at}")


def no_letter_is_withdrawn_without_an_act_a_new_owner_or_the_end(tables: Tables) -> Iterator[Wrong]:
    """Silence makes nothing obsolete, unless the case changes hands or ends by it."""
    acts = {(act.case_id, act.seq) for act in tables.acts}
    moved = {(e.case_id, e.seq) for e in tables.all_entries() if e.kind in MAKES_OBSOLETE}
    for entry in tables.all_entries():
        if entry.kind == "not_sent":
            good = (entry.case_id, entry.seq) in acts | moved
            yield unless(good, f"{entry.facts['message']} of {entry.case_id}:{entry.seq} not sent")


def nothing_leaves_after_the_end_but_the_last_words(tables: Tables) -> Iterator[Wrong]:
    letters = _by_case(_posted(tables))
    for case in tables.cases.values():
        for letter in letters[case.id] if case.closed_at else ():
            if letter.seq < case.seq and letter.posted_at is not None:
                good = letter.posted_at <= (case.closed_at or tables.now)
                yield unless(good, f"{letter.message} {letter.id} left after the end")


def hours_of_letter(tables: Tables, intent: IntentRow) -> OpeningHours:
    """By the version of the case, which may not know yet who came later; a customer's are his region's."""
    today = tables.in_force(intent.created_at)
    case = tables.cases.get(intent.case_id or "")
    pinned, region = (tables.pinned(case), case.region) if case else (today, None)
    person = pinned.people.get(intent.person or "") or today.people.get(intent.person or "")
    if person is not None:
        return hours_of(pinned, person, region)
    known = pinned.regions.get(region or "")
    return known.hours if known else pinned.head_office


def _posted(tables: Tables) -> Iterator[IntentRow]:
    return (intent for intent in tables.intents if intent.posted_at is not None)


def _by_case(intents: Iterable[IntentRow]) -> defaultdict[str, list[IntentRow]]:
    found: defaultdict[str, list[IntentRow]] = defaultdict(list)
    for intent in intents:
        found[intent.case_id or ""].append(intent)
    return found


def _local(hours: OpeningHours, at: datetime) -> str:
    return f"{at.isoformat()} outside the hours in {hours.zone}"


def _may_leave_at_once(tables: Tables, intent: IntentRow) -> bool:
    """To the owner of a case that a topic put at the top, where the organisation wants it so."""
    if intent.case_id is None or intent.audience != "owner":
        return False
    topics = tables.pinned(tables.cases[intent.case_id]).topics
    raised = (e for e in tables.of(intent.case_id, "zero_tolerance") if e.seq <= intent.seq)
    return any(topics[str(e.facts["topic"])].at_once for e in raised)


@dataclass(frozen=True, slots=True)
class _Done:
    """A colleague's act at its instant."""

    case_id: str
    seq: int
    kind: str
    at: datetime


def _done_by_colleagues(tables: Tables) -> Iterator[_Done]:
    for act in tables.acts:
        if act.seq is not None and act.actor != CUSTOMER:
            yield _Done(act.case_id, act.seq, act.kind, _at(tables, act))


def _at(tables: Tables, act: ActRow) -> datetime:
    return next(entry.at for entry in tables.of(act.case_id) if entry.seq == act.seq)
