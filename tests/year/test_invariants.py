"""Each invariant holds for two real lives, and finds what is then spoilt in their tables."""

import pickle
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from activities.carriers import ConsoleCarrier
from activities.post_office import PostOffice
from models.absence_tables import AbsenceRow
from models.actions import (
    Acknowledge,
    AddAction,
    Attempt,
    Close,
    Confirm,
    FinishAction,
    NameCause,
    Outcome,
    PromiseKind,
    Reached,
)
from models.audit_tables import FindingRow
from models.case import CaseState
from models.handling import (
    AcceptAction,
    ApproveGesture,
    ChangeAction,
    DropAction,
    RefuseAction,
    RefuseGesture,
)
from models.money import Money
from models.promise_tables import PromiseRow
from models.store.database import Database, migrate
from models.store.outbox import Outbox
from models.survey import Identity
from models.tables import ActRow, CaseRow, EntryRow, IntentRow, ResponseRow
from models.target_tables import TargetRow
from models.vault import Vault
from tests.casework import MONDAY_MORNING, SMALL, UNHAPPY, Casework, another
from tests.casework_fixture import casework_of
from year.invariants import arrivals, clocks, gestures, letters, people, promises
from year.invariants.all import INVARIANTS
from year.invariants.verdict import Invariant, verdict_of
from year.skipped import SkippedClock
from year.tables import Tables, read_tables

MINUTE = timedelta(minutes=1)
NIGHT = MONDAY_MORNING.replace(hour=1)


COST = Money(300_00, "EUR")
AUTHORITY = "authority: {gestures: {director: 100, deputy: 500, national_owner: 5000}}\n"


def after(minutes: float) -> datetime:
    return MONDAY_MORNING + minutes * MINUTE


class Town:
    """Four customers: one is content in the end, another asks not to be called, the third is promised what
    gets another date, is sent back, or is taken back, and for the fourth somebody is asked to say yes.
    """

    def __init__(self, casework: Casework) -> None:
        self._casework = casework
        self._clock = SkippedClock(MONDAY_MORNING)
        outbox = Outbox(casework.database)
        self._post_office = PostOffice(outbox, ConsoleCarrier(), self._clock)

    async def live(self) -> None:
        await self._content(await self._casework.open())
        other = another("r-2", customer=Identity("c-2", phone="+33639981235"))
        await self._silent(await self._casework.open(other))
        third = another("r-5", customer=Identity("c-5", phone="+33639981236"))
        await self._moved(await self._casework.open(third))
        fourth = another("r-6", customer=Identity("c-6", phone="+33639981237"))
        await self._given(await self._casework.open(fourth))
        nobody = another("r-3", customer=Identity(name="Odile Kerverne"))
        await self._casework.hear(nobody)
        await self._casework.hear(replace(UNHAPPY, response_id="r-4", score=10))

    async def _content(self, state: CaseState) -> None:
        await self._post(0)
        for minutes, act in (
            (5, Acknowledge()),
            (10, Attempt(Reached.NO_ANSWER)),
            (20, Attempt(Reached.REACHED)),
            (22, NameCause("delay")),
            (25, AddAction("dora", after(60), PromiseKind.REPAIR)),
        ):
            state = await self._casework.act(state, act, after(minutes))
            await self._post(minutes)
        state = await self._casework.stay_silent(
            state
        )  # what this tells dora is too late by minute 70
        for minutes, last in ((70, FinishAction(1)), (80, Confirm(solved=True))):
            state = await self._casework.act(state, last, after(minutes))
            await self._post(minutes)

    async def _silent(self, state: CaseState) -> None:
        """Two reminders, and it goes up the ladder."""
        await self._post(0)
        for minutes in (15, 27, 30):
            state = await self._casework.stay_silent(state)
            await self._post(minutes)
        await self._casework.act(state, Attempt(Reached.REFUSED), after(40))

    async def _moved(self, state: CaseState) -> None:
        await self._post(0)
        for minutes, by, act in (
            (1, None, Acknowledge()),
            (2, None, Attempt(Reached.REACHED)),
            (3, None, NameCause("delay")),
            (4, None, AddAction("denis", after(85), PromiseKind.REPAIR)),
            (4.1, None, AddAction("dora", after(85), PromiseKind.REPAIR)),
            (4.2, None, AddAction("dora", after(85), PromiseKind.REPAIR)),
            (4.3, None, AddAction("dora", after(7), PromiseKind.REPAIR)),
            (4.4, None, ChangeAction(1, after(86), "denis")),
            (4.5, "denis", FinishAction(1)),
            (4.6, None, RefuseAction(1, after(87))),
            (4.7, "denis", FinishAction(1)),
            (4.8, None, AcceptAction(1)),
            (4.9, None, DropAction(2, agreed=True)),
            (5, None, DropAction(3)),
        ):
            state = await self._casework.act(state, act, after(minutes), by=by)
            await self._post(minutes)
        state = await self._casework.stay_silent(state)
        for minutes, last in ((8, ChangeAction(4, after(88))), (9, Close(Outcome.WITHDRAWN))):
            state = await self._casework.act(state, last, after(minutes))
            await self._post(minutes)

    async def _given(self, state: CaseState) -> None:
        """One gesture is allowed, one is refused, and one waits."""
        gesture = AddAction("dora", after(300), PromiseKind.GESTURE, cost=COST, beyond=True)
        for minutes, by, act in (
            (1, None, Acknowledge()),
            (2, None, Attempt(Reached.REACHED)),
            (3, None, NameCause("delay")),
            (80, None, gesture),
            (81, "denis", ApproveGesture(1)),
            (82, None, gesture),
            (83, "denis", RefuseGesture(2)),
            (84, None, gesture),
        ):
            state = await self._casework.act(state, act, after(minutes), by=by)
            await self._post(minutes)

    async def _post(self, minutes: float) -> None:
        self._clock.now = after(minutes)
        await self._post_office.empty()


@pytest.fixture(scope="module")
async def kept(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    url = f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('year')}/lived.sqlite"
    await migrate(url)
    vault = Vault(bytes(range(32)))
    database = Database(url, vault)
    text = SMALL.read_text().replace("unhappy_up_to:", f"{AUTHORITY}unhappy_up_to:", 1)
    casework = await casework_of(text, database, vault)
    await Town(casework).live()
    tables = await read_tables(database, casework.book, since=MONDAY_MORNING, now=after(90))
    await database.close()
    return pickle.dumps(replace(tables, findings=[_finding(tables)]))


@pytest.fixture
def lived(kept: bytes) -> Tables:
    """Everybody gets rows of his own to spoil."""
    tables: Tables = pickle.loads(kept)  # noqa: S301 - it was written just above
    return tables


def _finding(tables: Tables) -> FindingRow:
    """A workflow was lost, and started again."""
    return FindingRow(
        id="f-1",
        case_id=next(iter(tables.cases)),
        finding="lost",
        found_at=after(1),
        seen_at=after(1),
        repaired_at=after(1),
        ended_at=after(6),
    )


def response(tables: Tables, name: str) -> ResponseRow:
    return next(row for row in tables.responses if row.response_id == name)


def case(tables: Tables, name: str) -> CaseRow:
    return tables.cases[response(tables, name).case_id or ""]


def entry(tables: Tables, name: str, kind: str) -> EntryRow:
    return next(tables.of(case(tables, name).id, kind))


def letter(tables: Tables, name: str, message: str) -> IntentRow:
    of_case = (i for i in tables.intents if i.case_id == case(tables, name).id)
    return next(i for i in of_case if i.message == message)


def promise(tables: Tables, name: str, number: int) -> PromiseRow:
    of_case = (p for p in tables.promises if p.case_id == case(tables, name).id)
    return next(p for p in of_case if p.number == number)


def target(tables: Tables, fate: str | None) -> TargetRow:
    return next(row for row in tables.targets if row.fate == fate)


def act(tables: Tables, kind: str) -> ActRow:
    return next(row for row in tables.acts if row.kind == kind)


def twice(tables: Tables, found: EntryRow) -> None:
    """The same entry once more, as the last of its case."""
    again = EntryRow(**found.model_dump() | {"n": 9})
    tables.entries[found.case_id].append(again)  # type: ignore[attr-defined]  # a list, to be spoilt


def test_what_really_happened_is_sound(lived: Tables) -> None:
    verdicts = [verdict_of(invariant, lived) for invariant in INVARIANTS]
    assert {v.name: v.wrong for v in verdicts if not v.holds} == {}


def test_every_invariant_has_something_to_look_at(lived: Tables) -> None:
    """None of the two cases rests."""
    others = set(INVARIANTS) - {clocks.a_case_that_rests_leaves_everybody_in_peace}
    verdicts = [verdict_of(invariant, lived) for invariant in others]
    assert [v.name for v in verdicts if not v.checked] == []


Spoil = Callable[[Tables], object]


def put(row: object, **values: object) -> None:
    for name, value in values.items():
        setattr(row, name, value)


SPOILT: list[tuple[Invariant, Spoil]] = [
    (
        arrivals.every_detractor_has_a_case_or_a_recorded_reason,
        lambda t: put(response(t, "r-3"), reason=None),
    ),
    (
        arrivals.every_detractor_has_a_case_or_a_recorded_reason,
        lambda t: put(response(t, "r-1"), case_id="gone"),
    ),
    (
        arrivals.every_delivery_became_a_response_or_names_its_fault,
        lambda t: put(t.deliveries[0], response_row=None),
    ),
    (
        arrivals.every_response_of_a_case_was_heard_by_it,
        lambda t: put(response(t, "r-1"), consumed_seq=None),
    ),
    (
        arrivals.a_customer_has_one_open_case_at_a_time,
        lambda t: put(case(t, "r-2"), customer_id=case(t, "r-1").customer_id),
    ),
    (arrivals.a_timeline_misses_no_commit, lambda t: put(case(t, "r-2"), seq=99)),
    (arrivals.every_act_was_answered, lambda t: put(act(t, "cause"), seq=None)),
    (arrivals.what_the_audit_found_was_mended, lambda t: put(t.findings[0], repaired_at=None)),
    (
        arrivals.every_stamp_lies_in_the_time_that_was_played,
        lambda t: t.stamps.update({"cases.opened_at": (after(-999_999), after(1))}),  # type: ignore[attr-defined]
    ),
    (
        letters.letters_leave_in_the_working_time_of_whom_they_are_for,
        lambda t: put(letter(t, "r-1", "ask"), posted_at=NIGHT),
    ),
    (
        letters.letters_leave_in_the_working_time_of_whom_they_are_for,
        lambda t: put(letter(t, "r-1", "confirm"), not_before=NIGHT),
    ),
    (
        letters.nothing_waits_in_the_outbox_that_could_leave,
        lambda t: put(letter(t, "r-1", "ask"), status="pending"),
    ),
    (
        letters.nobody_is_told_the_same_twice_by_one_move,
        lambda t: put(letter(t, "r-2", "handed_up"), message="moved_on", person="dora"),
    ),
    (
        letters.nobody_is_reminded_twice_in_a_minute,
        lambda t: put(letter(t, "r-2", "ask"), message="reminder", posted_at=after(27)),
    ),
    (
        letters.nobody_is_nagged_after_the_act_that_answered,
        lambda t: put(letter(t, "r-2", "handed_up"), posted_at=after(41)),
    ),
    (
        letters.no_letter_is_withdrawn_without_an_act_a_new_owner_or_the_end,
        lambda t: put(entry(t, "r-1", "not_sent"), seq=entry(t, "r-1", "promise_broken").seq),
    ),
    (
        letters.nothing_leaves_after_the_end_but_the_last_words,
        lambda t: put(letter(t, "r-1", "confirm"), posted_at=after(81)),
    ),
    *(
        (
            promises.every_promise_has_its_word,
            lambda t, n=number, w=word: put(promise(t, "r-5", n), word=w),
        )
        for number, word in ((1, "broken"), (2, "broken"), (3, "dropped"), (4, None))
    ),
    (clocks.a_rung_fires_once, lambda t: twice(t, entry(t, "r-2", "reminded"))),
    (
        clocks.a_rung_fires_within_a_second,
        lambda t: put(entry(t, "r-2", "reminded"), at=after(16)),
    ),
    (
        clocks.a_rung_fires_within_a_second,
        lambda t: put(entry(t, "r-2", "reminded"), at=after(14)),
    ),
    (clocks.an_open_case_has_a_next_instant, lambda t: put(case(t, "r-2"), due_at=None)),
    (clocks.an_open_case_has_a_next_instant, lambda t: put(case(t, "r-2"), due_at=after(9))),
    (
        clocks.a_case_that_rests_leaves_everybody_in_peace,
        lambda t: put(entry(t, "r-2", "heard"), kind="paused"),
    ),
    (promises.every_promise_has_its_word, lambda t: put(t.promises[0], word="kept")),
    (
        promises.a_promise_that_passes_is_noted_at_its_date,
        lambda t: twice(t, entry(t, "r-1", "promise_broken")),
    ),
    (
        promises.a_promise_that_passes_is_noted_at_its_date,
        lambda t: put(entry(t, "r-1", "promise_broken"), kind="reminded"),
    ),
    (
        gestures.a_gesture_that_needs_a_yes_is_answered_or_still_asked,
        lambda t: put(entry(t, "r-6", "gesture_refused"), kind="reminded"),
    ),
    (
        gestures.a_gesture_that_needs_a_yes_is_answered_or_still_asked,
        lambda t: put(t.gestures[0], number=1),
    ),
    (
        gestures.who_says_yes_was_asked_or_has_the_authority,
        lambda t: put(entry(t, "r-6", "gesture_approved"), by="dora"),
    ),
    (
        gestures.who_is_asked_and_silent_is_reminded_or_passed_over,
        lambda t: put(t.gestures[0], until=after(85)),
    ),
    (
        gestures.the_customer_hears_of_a_gesture_after_the_yes_only,
        lambda t: put(letter(t, "r-6", "promised"), created_at=after(80)),
    ),
    (
        gestures.the_customer_hears_of_a_gesture_after_the_yes_only,
        lambda t: put(letter(t, "r-6", "promised"), action=3),
    ),
    (
        clocks.a_target_ends_by_timestamps_or_runs,
        lambda t: put(target(t, "met"), ended_at=after(9999)),
    ),
    (
        clocks.a_target_ends_by_timestamps_or_runs,
        lambda t: put(target(t, "met"), fate=None),
    ),
    (
        people.who_gets_a_case_takes_cases_and_is_there,
        lambda t: put(entry(t, "r-1", "assigned"), facts={"to": "nobody"}),
    ),
    (
        people.who_gets_a_case_takes_cases_and_is_there,
        lambda t: t.absences.append(away("dora")),  # type: ignore[attr-defined]
    ),
    (
        people.who_has_an_open_case_takes_cases_and_is_there,
        lambda t: put(case(t, "r-2"), owner=None),
    ),
    (
        people.a_case_that_is_handed_up_changes_hands_or_says_why_not,
        lambda t: put(entry(t, "r-2", "handed_up"), seq=2),
    ),
    (
        people.a_closed_case_has_its_grounds,
        lambda t: put(entry(t, "r-1", "cause_named"), kind="reminded"),
    ),
    (people.a_closed_case_has_its_grounds, lambda t: put(case(t, "r-1"), outcome="unreachable")),
    (
        people.who_asked_not_to_be_called_is_not_called,
        lambda t: twice(t, entry(t, "r-2", "attempted")),
    ),
]


def away(person: str) -> AbsenceRow:
    return AbsenceRow(
        id="a-1",
        person=person,
        since=after(-60),
        until=after(600),
        created_by=person,
        created_at=after(-60),
        key="k",
    )


@pytest.mark.parametrize(
    ("invariant", "spoil"), SPOILT, ids=[f"{n}-{i.__name__}" for n, (i, _) in enumerate(SPOILT)]
)
def test_what_is_spoilt_is_found(lived: Tables, invariant: Invariant, spoil: Spoil) -> None:
    spoil(lived)
    assert verdict_of(invariant, lived).wrong


def test_each_invariant_is_spoilt_here() -> None:
    assert {invariant for invariant, _ in SPOILT} == set(INVARIANTS)
