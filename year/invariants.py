"""What must hold after any year, seen in the tables alone.

Nothing here asks the product what it would have decided: a rule that is wrong there would be found right
here. Each invariant is told as a sentence by its name, and yields for each thing it looks at what is wrong
with it, or None.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TypeAlias

from models.opening_hours import OpeningHours
from models.people import Person, Role
from models.tables import ActRow, CaseRow, EntryRow, IntentRow
from models.timeline import CUSTOMER
from year.tables import Tables
from year.working_time import hours_of, works

Wrong: TypeAlias = str | None
Invariant: TypeAlias = Callable[[Tables], Iterator[Wrong]]

PROMPT = timedelta(seconds=1)
IN_VAIN = frozenset({"voicemail", "no_answer", "busy", "wrong_number"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of so many things that were looked at, these are wrong."""

    name: str
    checked: int
    wrong: Sequence[str] = ()

    @property
    def holds(self) -> bool:
        return not self.wrong


def judge(tables: Tables) -> Sequence[Verdict]:
    return [verdict_of(invariant, tables) for invariant in INVARIANTS]


def verdict_of(invariant: Invariant, tables: Tables) -> Verdict:
    found = list(invariant(tables))
    name = invariant.__name__.replace("_", " ").capitalize()
    return Verdict(name, len(found), [wrong for wrong in found if wrong])


def every_detractor_has_a_case_or_a_recorded_reason(tables: Tables) -> Iterator[Wrong]:
    for response in tables.responses:
        thresholds = tables.in_force(response.received_at).unhappy_up_to
        limits = {str(metric): limit for metric, limit in thresholds.items()}
        if response.score <= limits[response.metric]:
            has_case = response.case_id in tables.cases
            told = has_case is not (response.reason == "no_way_to_reach")
            yield _unless(told, f"{response.response_id} has neither a case nor a reason")


def every_delivery_became_a_response_or_names_its_fault(tables: Tables) -> Iterator[Wrong]:
    known = {response.id for response in tables.responses}
    for delivery in tables.deliveries:
        good = delivery.response_row in known or bool(delivery.problem)
        yield _unless(good, f"delivery {delivery.id} came to nothing")


def every_response_of_a_case_was_heard_by_it(tables: Tables) -> Iterator[Wrong]:
    for response in tables.responses:
        if case := tables.cases.get(response.case_id or ""):
            heard = response.consumed_seq is not None and 1 <= response.consumed_seq <= case.seq
            yield _unless(heard, f"{response.response_id} was not heard by {_name(case)}")


def a_customer_has_one_open_case_at_a_time(tables: Tables) -> Iterator[Wrong]:
    by_customer: defaultdict[str, list[CaseRow]] = defaultdict(list)
    for case in tables.cases.values():
        by_customer[case.customer_id].append(case)
    for cases in by_customer.values():
        lives = sorted((case.opened_at, case.closed_at or tables.now) for case in cases)
        alone = all(ended <= begins for (_, ended), (begins, _) in pairwise(lives))
        yield _unless(alone, f"{_name(cases[0])} was open beside another case of its customer")


def a_timeline_misses_no_commit(tables: Tables) -> Iterator[Wrong]:
    for case in tables.cases.values():
        numbers = sorted({entry.seq for entry in tables.of(case.id)})
        whole = numbers == list(range(1, case.seq + 1))
        yield _unless(whole, f"the timeline of {_name(case)} has a hole")


def letters_leave_in_the_working_time_of_whom_they_are_for(tables: Tables) -> Iterator[Wrong]:
    """But for zero tolerance where it is so configured. What may leave later is held to it as well."""
    for intent in _posted(tables):
        hours = _hours_of(tables, intent)
        at = intent.posted_at or intent.not_before
        good = _may_leave_at_once(tables, intent) or (
            works(hours, at) and works(hours, intent.not_before)
        )
        yield _unless(good, f"{intent.message} to {intent.person} left at {_local(hours, at)}")


def nothing_waits_in_the_outbox_that_could_leave(tables: Tables) -> Iterator[Wrong]:
    for intent in tables.intents:
        waits = intent.status == "pending" and intent.not_before > tables.now
        settled = intent.status in {"accepted", "withdrawn"}
        yield _unless(waits or settled, f"{intent.id} ({intent.message}) is {intent.status}")


def nobody_is_told_the_same_twice_by_one_move(tables: Tables) -> Iterator[Wrong]:
    told = Counter((i.case_id, i.seq, i.message, i.person) for i in tables.intents if i.case_id)
    for (case, seq, message, person), times in told.items():
        yield _unless(times == 1, f"{message} to {person} of {case}:{seq} {times} times")


def a_rung_fires_once(tables: Tables) -> Iterator[Wrong]:
    """A promise is noted by its number: two may have the same date."""
    fired = Counter(
        (entry.case_id, entry.kind, entry.due, entry.facts.get("number"))
        for entry in tables.all_entries()
        if entry.due is not None
    )
    for (case, kind, due, _), times in fired.items():
        yield _unless(times == 1, f"{kind} of {case} at {due} {times} times")


def a_rung_fires_within_a_second(tables: Tables) -> Iterator[Wrong]:
    """Not one that time passed while an attempt was recorded that is then taken back."""
    for entries in tables.entries.values():
        back = {entry.seq for entry in entries if entry.kind == "taken_back"}
        for entry in entries:
            if entry.due is not None and entry.seq - 1 not in back:
                late = entry.at - entry.due
                good = timedelta() <= late <= PROMPT
                yield _unless(good, f"{entry.kind} of {entry.case_id} was {late} late")


def nobody_is_nagged_after_the_act_that_answered(tables: Tables) -> Iterator[Wrong]:
    nags = _by_case(i for i in _posted(tables) if i.nags)
    for act in _done_by_colleagues(tables):
        for nag in nags[act.case_id]:
            if nag.seq < act.seq and nag.posted_at is not None:
                good = nag.posted_at <= act.at
                yield _unless(good, f"{nag.message} {nag.id} left after {act.kind} at {act.at}")


def nothing_leaves_after_the_end_but_the_last_words(tables: Tables) -> Iterator[Wrong]:
    letters = _by_case(_posted(tables))
    for case in tables.cases.values():
        for letter in letters[case.id] if case.closed_at else ():
            if letter.seq < case.seq and letter.posted_at is not None:
                good = letter.posted_at <= (case.closed_at or tables.now)
                yield _unless(good, f"{letter.message} {letter.id} left after the end")


def an_open_case_has_a_next_instant(tables: Tables) -> Iterator[Wrong]:
    for case in _open(tables):
        rungs = (case.snapshot or {}).get("rungs") or [{"at": "1970-01-01T00:00:00+00:00"}]
        planned = datetime.fromisoformat(rungs[0]["at"])
        good = case.due_at is not None and case.due_at > tables.now and planned == case.due_at
        yield _unless(good, f"{_name(case)} is open and waits for nothing")


def who_gets_a_case_takes_cases_and_is_there(tables: Tables) -> Iterator[Wrong]:
    """Where a chain of stand-ins is broken it is the national owner, whoever is away."""
    for entry in tables.all_entries():
        if entry.kind not in {"assigned", "handed_over"}:
            continue
        to = str(entry.facts["to"])
        person = tables.in_force(entry.at).people.get(to)
        last_resort = bool(entry.facts.get("broken")) and _is(person, Role.NATIONAL_OWNER)
        good = _takes_cases(person) and (last_resort or not _away(tables, to, entry.at))
        yield _unless(good, f"{entry.case_id} was given to {to} at {entry.at}")


def who_has_an_open_case_takes_cases_and_is_there(tables: Tables) -> Iterator[Wrong]:
    people = tables.in_force(tables.now).people
    for case in _open(tables):
        person = people.get(case.owner or "")
        there = not _away(tables, case.owner or "", tables.now) or _is(person, Role.NATIONAL_OWNER)
        yield _unless(_takes_cases(person) and there, f"{_name(case)} is with {case.owner}")


def a_case_that_is_handed_up_changes_hands_or_says_why_not(tables: Tables) -> Iterator[Wrong]:
    for entry in tables.all_entries():
        if entry.kind == "handed_up":
            same = [e for e in tables.of(entry.case_id) if e.seq == entry.seq]
            good = any(e.kind in {"assigned", "level_skipped"} for e in same)
            yield _unless(good, f"{entry.case_id} was handed up to nobody at {entry.at}")


def every_promise_has_its_word(tables: Tables) -> Iterator[Wrong]:
    """Kept or broken by timestamps; dropped if the case ended first; none while it is still open."""
    for promise in tables.promises:
        case = tables.cases[promise.case_id]
        done = _done_at(tables, case.id, promise.number)
        ended = case.closed_at
        if done is not None:
            wanted: str | None = "kept" if done <= promise.due_at else "broken"
        elif ended is not None:
            wanted = "broken" if promise.due_at < ended else "dropped"
        else:
            wanted = None
        told = f"promise {promise.number} of {_name(case)} is {promise.word}, not {wanted}"
        yield _unless(promise.word == wanted, told)


def a_promise_that_passes_is_noted_at_its_date(tables: Tables) -> Iterator[Wrong]:
    """Once, and only while its case is open and nobody has kept it."""
    for promise in tables.promises:
        case = tables.cases[promise.case_id]
        ends = [_done_at(tables, case.id, promise.number), case.closed_at]
        passed = promise.due_at < min([at for at in ends if at], default=tables.now)
        noted = [
            entry.due
            for entry in tables.of(case.id, "promise_broken")
            if entry.facts["number"] == promise.number
        ]
        good = noted == ([promise.due_at] if passed else [])
        yield _unless(good, f"promise {promise.number} of {_name(case)} was noted at {noted}")


def a_target_ends_by_timestamps_or_runs(tables: Tables) -> Iterator[Wrong]:
    for target in tables.targets:
        case, ended = tables.cases[target.case_id], target.ended_at
        match target.fate:
            case None:
                good = ended is None and case.open
            case "met":
                good = ended is not None and ended <= target.due_at
            case "missed":
                good = ended is not None and ended >= target.due_at
            case _:
                good = ended is not None and ended <= target.due_at
        yield _unless(good, f"{target.target} of {_name(case)} is {target.fate}, ended {ended}")


def a_closed_case_has_its_grounds(tables: Tables) -> Iterator[Wrong]:
    for case in tables.cases.values():
        if case.closed_at is not None:
            good = _has_grounds(tables, case)
            yield _unless(good, f"{_name(case)} was closed as {case.outcome} without grounds")


def who_asked_not_to_be_called_is_not_called(tables: Tables) -> Iterator[Wrong]:
    """Until he asks for a call himself. What was taken back never was."""
    by_customer: defaultdict[str, list[EntryRow]] = defaultdict(list)
    for case in tables.cases.values():
        by_customer[case.customer_id] += _standing(tables, case.id)
        by_customer[case.customer_id] += tables.of(case.id, "call_wanted")
    for customer, entries in by_customer.items():
        asked = False
        for entry in sorted(entries, key=lambda entry: (entry.at, entry.seq)):
            called = entry.facts.get("channel") == "phone" and entry.by != CUSTOMER
            yield _unless(not (asked and called), f"{customer} was called at {entry.at}")
            asked = (asked or entry.facts.get("outcome") == "refused") and (
                entry.kind != "call_wanted"
            )


def every_act_was_answered(tables: Tables) -> Iterator[Wrong]:
    for act in tables.acts:
        answered = (act.seq is None) is not (act.refusal is None)
        yield _unless(answered, f"{act.kind} of {act.actor} at {act.received_at}")


def what_the_audit_found_was_mended(tables: Tables) -> Iterator[Wrong]:
    for finding in tables.findings:
        mended = finding.repaired_at is not None and finding.ended_at is not None
        yield _unless(mended, f"{finding.finding} of {finding.case_id} since {finding.found_at}")


def every_stamp_lies_in_the_time_that_was_played(tables: Tables) -> Iterator[Wrong]:
    """A real clock somewhere would show another year. What people plan may lie ahead."""
    ahead = timedelta(days=60)
    for column, (first, last) in tables.stamps.items():
        good = tables.since - timedelta(days=1) <= first and last <= tables.now + ahead
        yield _unless(good, f"{column} goes from {first} to {last}")


INVARIANTS: Sequence[Invariant] = (
    every_detractor_has_a_case_or_a_recorded_reason,
    every_delivery_became_a_response_or_names_its_fault,
    every_response_of_a_case_was_heard_by_it,
    a_customer_has_one_open_case_at_a_time,
    a_timeline_misses_no_commit,
    letters_leave_in_the_working_time_of_whom_they_are_for,
    nothing_waits_in_the_outbox_that_could_leave,
    nobody_is_told_the_same_twice_by_one_move,
    a_rung_fires_once,
    a_rung_fires_within_a_second,
    nobody_is_nagged_after_the_act_that_answered,
    nothing_leaves_after_the_end_but_the_last_words,
    an_open_case_has_a_next_instant,
    who_gets_a_case_takes_cases_and_is_there,
    who_has_an_open_case_takes_cases_and_is_there,
    a_case_that_is_handed_up_changes_hands_or_says_why_not,
    every_promise_has_its_word,
    a_promise_that_passes_is_noted_at_its_date,
    a_target_ends_by_timestamps_or_runs,
    a_closed_case_has_its_grounds,
    who_asked_not_to_be_called_is_not_called,
    every_act_was_answered,
    what_the_audit_found_was_mended,
    every_stamp_lies_in_the_time_that_was_played,
)


@dataclass(frozen=True, slots=True)
class _Done:
    """A colleague's act at its instant."""

    case_id: str
    seq: int
    kind: str
    at: datetime


def _unless(good: bool, told: str) -> Wrong:  # noqa: FBT001 - it reads as a sentence
    return None if good else told


def _name(case: CaseRow) -> str:
    return f"case {case.id}"


def _open(tables: Tables) -> Iterator[CaseRow]:
    return (case for case in tables.cases.values() if case.open)


def _posted(tables: Tables) -> Iterator[IntentRow]:
    return (intent for intent in tables.intents if intent.posted_at is not None)


def _by_case(intents: Iterable[IntentRow]) -> defaultdict[str, list[IntentRow]]:
    found: defaultdict[str, list[IntentRow]] = defaultdict(list)
    for intent in intents:
        found[intent.case_id or ""].append(intent)
    return found


def _done_by_colleagues(tables: Tables) -> Iterator[_Done]:
    for act in tables.acts:
        if act.seq is not None and act.actor != CUSTOMER:
            yield _Done(act.case_id, act.seq, act.kind, _at(tables, act))


def _at(tables: Tables, act: ActRow) -> datetime:
    return next(entry.at for entry in tables.of(act.case_id) if entry.seq == act.seq)


def _hours_of(tables: Tables, intent: IntentRow) -> OpeningHours:
    """By the version of the case, which may not know yet who came later; a customer's are his region's."""
    today = tables.in_force(intent.created_at)
    case = tables.cases.get(intent.case_id or "")
    pinned, region = (tables.pinned(case), case.region) if case else (today, None)
    person = pinned.people.get(intent.person or "") or today.people.get(intent.person or "")
    if person is not None:
        return hours_of(pinned, person, region)
    known = pinned.regions.get(region or "")
    return known.hours if known else pinned.head_office


def _local(hours: OpeningHours, at: datetime) -> str:
    return f"{at.isoformat()} outside the hours in {hours.zone}"


def _may_leave_at_once(tables: Tables, intent: IntentRow) -> bool:
    """To the owner of a case that a topic put at the top, where the organisation wants it so."""
    if intent.case_id is None or intent.audience != "owner":
        return False
    topics = tables.pinned(tables.cases[intent.case_id]).topics
    raised = (e for e in tables.of(intent.case_id, "zero_tolerance") if e.seq <= intent.seq)
    return any(topics[str(e.facts["topic"])].at_once for e in raised)


def _takes_cases(person: Person | None) -> bool:
    return person is not None and person.role is not Role.OPERATOR


def _is(person: Person | None, role: Role) -> bool:
    return person is not None and person.role is role


def _away(tables: Tables, person: str, at: datetime) -> bool:
    return any(
        absence.person == person
        and absence.since <= at < min(absence.until, absence.ended_at or absence.until)
        for absence in tables.absences
    )


def _done_at(tables: Tables, case_id: str, number: int) -> datetime | None:
    done = (e for e in tables.of(case_id, "action_done") if e.facts["number"] == number)
    return next((entry.at for entry in done), None)


def _standing(tables: Tables, case_id: str) -> Iterator[EntryRow]:
    """The attempts that were not taken back."""
    back = {entry.facts["seq"] for entry in tables.of(case_id, "taken_back")}
    return (e for e in tables.of(case_id, "attempted") if e.seq not in back)


def _has_grounds(tables: Tables, case: CaseRow) -> bool:
    outcomes = Counter(str(entry.facts["outcome"]) for entry in _standing(tables, case.id))
    kinds = {entry.kind for entry in tables.of(case.id)}
    if case.confirmation == "confirmed" and "confirmed" not in kinds:
        return False
    match case.outcome:
        case "recovered":
            return bool(outcomes["reached"]) and {"cause_named", "action_done"} <= kinds
        case "not_recovered":
            return bool(outcomes["reached"]) and "cause_named" in kinds
        case "declined":
            return bool(outcomes["reached"] or outcomes["refused"])
        case "unreachable":
            in_vain = sum(outcomes[each] for each in IN_VAIN)
            return in_vain >= tables.pinned(case).policy.calls.at_most
        case "withdrawn":
            return any(act.words_sealed for act in tables.acts if act.case_id == case.id)
        case _:
            return False
