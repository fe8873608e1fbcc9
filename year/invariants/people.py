"""Who has a case, on what grounds it ends, and who is left in peace."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime

from models.people import Person, Role
from models.tables import CaseRow, EntryRow
from models.timeline import CUSTOMER
from year.invariants.verdict import Wrong, name_of, open_cases, unless
from year.tables import Tables

IN_VAIN = frozenset({"voicemail", "no_answer", "busy", "wrong_number"})


def who_gets_a_case_takes_cases_and_is_there(tables: Tables) -> Iterator[Wrong]:
    """Where a chain of stand-ins is broken it is the national owner, whoever is away."""
    for entry in tables.all_entries():
        if entry.kind not in {"assigned", "handed_over"}:
            continue
        to = str(entry.facts["to"])
        person = tables.in_force(entry.at).people.get(to)
        last_resort = bool(entry.facts.get("broken")) and _is(person, Role.NATIONAL_OWNER)
        good = _takes_cases(person) and (last_resort or not _away(tables, to, entry.at))
        yield unless(good, f"{entry.case_id} was given to {to} at {entry.at}")


def who_has_an_open_case_takes_cases_and_is_there(tables: Tables) -> Iterator[Wrong]:
    people = tables.in_force(tables.now).people
    for case in open_cases(tables):
        person = people.get(case.owner or "")
        there = not _away(tables, case.owner or "", tables.now) or _is(person, Role.NATIONAL_OWNER)
        yield unless(_takes_cases(person) and there, f"{name_of(case)} is with {case.owner}")


def a_case_that_is_handed_up_changes_hands_or_says_why_not(tables: Tables) -> Iterator[Wrong]:
    for entry in tables.all_entries():
        if entry.kind == "handed_up":
            same = [e for e in tables.of(entry.case_id) if e.seq == entry.seq]
            good = any(e.kind in {"assigned", "level_skipped"} for e in same)
            yield unless(good, f"{entry.case_id} was handed up to nobody at {entry.at}")


def a_closed_case_has_its_grounds(tables: Tables) -> Iterator[Wrong]:
    for case in tables.cases.values():
        if case.closed_at is not None:
            good = _has_grounds(tables, case)
            yield unless(good, f"{name_of(case)} was closed as {case.outcome} without grounds")


def who_asked_not_to_be_called_is_not_called(tables: Tables) -> Iterator[Wrong]:
    """Until he asks for a call himself. What was taken back never was."""
    by_customer: defaultdict[str, list[EntryRow]] = defaultdict(list)
    for case in tables.cases.values():
        by_customer[case.customer_id] += _standing(tables, case.id)
        by_customer[case.customer_id] += tables.of(case.id, "call_wanted")
    for customer, entries in by_customer.items():
        asked = False
        for entry in sorted(entries, key=lambda entry: (entry.at, entry.seq)):
            by_phone = entry.facts.get("channel") == "phone"
            called = by_phone and entry.by != CUSTOMER and "direction" not in entry.facts
            yield unless(not (asked and called), f"{customer} was called at {entry.at}")
            asked = (asked or entry.facts.get("outcome") == "refused") and (
                entry.kind != "call_wanted"
            )


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
