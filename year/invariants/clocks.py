"""Rungs, targets and promises: all that time itself brings."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from models.tables import EntryRow
from year.invariants.verdict import Wrong, name_of, open_cases, unless
from year.tables import Tables

PROMPT = timedelta(seconds=1)


def a_rung_fires_once(tables: Tables) -> Iterator[Wrong]:
    """A promise is noted by its number, a deadline beside the stage's by its target."""
    fired = Counter(
        (entry.case_id, entry.kind, entry.due, _which(entry))
        for entry in tables.all_entries()
        if entry.due is not None
    )
    for (case, kind, due, which), times in fired.items():
        yield unless(times == 1, f"{kind} {which} of case {case} at {due} {times} times")


def a_rung_fires_within_a_second(tables: Tables) -> Iterator[Wrong]:
    """Not one that time passed while an attempt was recorded that is then taken back."""
    for entries in tables.entries.values():
        back = {entry.seq for entry in entries if entry.kind == "taken_back"}
        for entry in entries:
            if entry.due is not None and entry.seq - 1 not in back:
                late = entry.at - entry.due
                good = timedelta() <= late <= PROMPT
                yield unless(good, f"{entry.kind} of {entry.case_id} was {late} late")


def an_open_case_has_a_next_instant(tables: Tables) -> Iterator[Wrong]:
    for case in open_cases(tables):
        rungs = (case.snapshot or {}).get("rungs") or [{"at": "1970-01-01T00:00:00+00:00"}]
        planned = datetime.fromisoformat(rungs[0]["at"])
        good = case.due_at is not None and case.due_at > tables.now and planned == case.due_at
        yield unless(good, f"{name_of(case)} is open and waits for nothing")


def a_case_that_rests_leaves_everybody_in_peace(tables: Tables) -> Iterator[Wrong]:
    """Nobody is reminded, and nothing climbs; only a promise to the customer may pass meanwhile."""
    for entries in tables.entries.values():
        resting = False
        for entry in entries:
            if entry.kind == "pause_over":
                resting = False
            disturbs = resting and entry.kind in {"reminded", "handed_up", "repeated"}
            if entry.kind == "paused" or resting:
                yield unless(not disturbs, f"{entry.kind} of case {entry.case_id} while it rests")
            resting = resting or entry.kind == "paused"


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
        told = f"promise {promise.number} of {name_of(case)} is {promise.word}, not {wanted}"
        yield unless(promise.word == wanted, told)


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
        yield unless(good, f"promise {promise.number} of {name_of(case)} was noted at {noted}")


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
        yield unless(good, f"{target.target} of {name_of(case)} is {target.fate}, ended {ended}")


def _done_at(tables: Tables, case_id: str, number: int) -> datetime | None:
    done = (e for e in tables.of(case_id, "action_done") if e.facts["number"] == number)
    return next((entry.at for entry in done), None)


def _which(entry: EntryRow) -> str:
    return " ".join(f"{name} {word}" for name, word in sorted(entry.facts.items()))
