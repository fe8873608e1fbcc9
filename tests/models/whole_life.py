"""A case that is lived in any order by the real decisions: what may happen to it, and what always holds.

`apply` and `decide` with a real organisation, its hours and ladder, people who go away, come back and
leave. Every state goes over the wire before it is lived on.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pydantic import TypeAdapter

from models.absence import Absence, ByRoster, RosterChanged
from models.actions import Act, Attempt, Close, Confirm, Contact, Outcome, TakeBack
from models.assignment import Circumstances
from models.attempts import in_vain
from models.case import (
    Acted,
    CaseState,
    Event,
    Move,
    Opened,
    Silence,
    Stage,
    next_due,
    next_turn,
)
from models.conditions import About
from models.decision import decide
from models.errors import WrongMove
from models.hours import between
from models.ladder import Rung, RungKind
from models.moves import apply
from models.organisation import Organisation
from models.organisation_file.reading import read_as_known
from models.roster import check_absence
from models.timeline import CUSTOMER, Entry
from models.versions import Versions
from models.workday import hours_at_work
from tests.casework import MONDAY_MORNING, SMALL

INSTANT = timedelta(seconds=1)
WIRE = TypeAdapter(CaseState)
MOVES = TypeAdapter(Move)
MOVING = frozenset({RungKind.HAND_UP, RungKind.REPEAT, RungKind.CLOSE_UNCONFIRMED})

_DENIS = (
    '  - {id: denis, name: Denis Deputy, role: deputy, language: en, phone: "+33 6 39 98 00 42"}\n'
)
_FILE = SMALL.read_text().replace(
    "hours: 24/7", 'hours: {mon-fri: "09:00-17:00"}\n  public_holidays: FR'
)
_FILE = _FILE.replace("confirmation: 20s", "confirmation: 2d\n  attempt: 2h\n  closure: 10d")


def _read(text: str) -> Organisation:
    return read_as_known(text, name="life.yaml", at=MONDAY_MORNING)


WHOLE = _read(_FILE)
WITHOUT_DEPUTY = _read(
    _FILE.replace(_DENIS, "").replace("    deputy: denis\n", "") + "successors: {denis: nora}\n"
)
"""Denis has left: nobody stands on the second level."""


@dataclass(slots=True)
class Life:
    """`timeline` holds every entry in the order of the commits, `now` never goes back."""

    region: str = "north"
    topic: str | None = None
    now: datetime = MONDAY_MORNING
    today: Organisation = WHOLE
    absences: tuple[Absence, ...] = ()
    state: CaseState = field(default_factory=lambda: CaseState("case-1", MONDAY_MORNING))
    timeline: list[Entry] = field(default_factory=list)

    @property
    def running(self) -> tuple[Absence, ...]:
        return tuple(absence for absence in self.absences if absence.covers(self.now))

    @property
    def versions(self) -> Versions:
        return Versions(WHOLE, self.today, self.running)

    @property
    def found(self) -> Circumstances:
        return Circumstances(
            About(self.region, "works", "keys", "fr"),
            today=self.today,
            policy=WHOLE.policy,
            at=self.now,
            topic=self.topic,
            absences=self.running,
        )

    def present(self) -> list[str]:
        """Who takes cases and is there."""
        people = self.today.people.values()
        there = (p for p in people if p.takes_cases and self.found.stand_in(p).person is p)
        return sorted(p.id for p in there)

    def live(self, event: Event) -> bool:
        """Whether it was taken. Afterwards everything holds that always holds."""
        before = self.state
        try:
            move = apply_over_the_wire(before, event)
        except WrongMove:
            return False
        decided = decide(move, self.found, self.versions)
        if isinstance(move.transfer, ByRoster) and decided.state.owner == before.owner:
            self.holds()
            return False
        self.state = over_the_wire(decided.state)
        self.timeline += decided.entries
        _grew(before, self.state, decided.entries, event)
        _was_allowed(before, event, self.state)
        self._laid_well(before, event)
        self.holds()
        return True

    def act(self, act: Act, by: str) -> bool:
        return self.live(Acted(act, by, self.now, draft="draft"))

    def stay_silent(self, late: timedelta) -> None:
        """Until the next instant, and as long as nobody looks; who comes back meanwhile is heard of first."""
        due = next_due(self.state)
        assert due is not None
        self.wait_until(max(self.now, due) + late)
        if self.state.rungs and self.state.rungs[0].at <= self.now:
            silence = Silence(self.state.rungs[0], self.now)
            assert self.live(silence)
            assert is_refused(self.state, silence)

    def wait_until(self, instant: datetime) -> None:
        for absence in sorted(self.running, key=lambda each: each.until):
            if absence.until <= instant:
                self.now = absence.until
                self.live(RosterChanged(absence.id, self.now))
        self.now = max(self.now, instant)

    def go_away(self, person: str, length: timedelta, *, gives_back: bool) -> None:
        name = f"absence-{len(self.absences)}"
        new = Absence(name, person, self.now, self.now + length, gives_back=gives_back)
        try:
            check_absence(self.today, self.running, new, self.today.people[person])
        except WrongMove:
            return
        self.absences = (*self.absences, new)
        self.live(RosterChanged(name, self.now))

    def call_off(self, absence: Absence) -> None:
        over = replace(absence, until=self.now)
        self.absences = tuple(over if each == absence else each for each in self.absences)
        self.live(RosterChanged(absence.id, self.now))

    def leave(self) -> None:
        """The deputy leaves the organisation, with a successor for what is his."""
        self.today = WITHOUT_DEPUTY
        self.live(RosterChanged("left", self.now))

    def holds(self) -> None:
        state = self.state
        instants = [rung.at for rung in state.rungs]
        assert instants == sorted(instants)
        assert 0 <= state.level < len(WHOLE.policy.levels)
        if state.closed:
            assert (state.outcome is not None, state.rungs, state.deadlines) == (True, (), ())
            return
        owner = self.today.people[state.owner or ""]
        assert owner.takes_cases
        standing = self.found.stand_in(owner)
        assert standing.person is owner or standing.broken
        assert next_turn(state) is not None
        assert set(promised(state)) <= set(state.rungs)

    def _laid_well(self, before: CaseState, event: Event) -> None:
        """New rungs are to come, and what moves the case comes while somebody works."""
        if isinstance(event, Acted) and isinstance(event.act, TakeBack):
            return
        asked = self.state.stage is Stage.CONFIRMING
        acts = None if asked else self.state.owner
        for rung in set(self.state.rungs) - set(before.rungs):
            assert rung.at > event.at
            if rung.kind in MOVING:
                hours = hours_at_work(WHOLE, self.today, acts, region=self.region)
                assert between(hours, rung.at - INSTANT, rung.at + INSTANT)


def apply_over_the_wire(state: CaseState, event: Event) -> Move:
    move = apply(state, event)
    again: Move = MOVES.validate_json(MOVES.dump_json(move))
    assert again == move
    return again


def over_the_wire(state: CaseState) -> CaseState:
    again: CaseState = WIRE.validate_json(WIRE.dump_json(state))
    assert again == state
    return again


def is_refused(state: CaseState, event: Event) -> bool:
    try:
        apply_over_the_wire(state, event)
    except WrongMove:
        return True
    return False


def promised(state: CaseState) -> Iterator[Rung]:
    """The rung of each promise that can still be kept."""
    for action in state.open_actions:
        if action.promise and action.broken_at is None:
            yield Rung(RungKind.BREAK, action.due)


def _grew(before: CaseState, after: CaseState, entries: tuple[Entry, ...], event: Event) -> None:
    assert after.seq == before.seq + 1
    assert entries
    assert {entry.at for entry in entries} == {event.at}


def _was_allowed(before: CaseState, event: Event, after: CaseState) -> None:
    assert not before.closed
    assert (before.seq == 0) is isinstance(event, Opened)
    match event:
        case Acted(act=Attempt(channel=Contact.PHONE), by=by) if by != CUSTOMER:
            assert before.reach.no_calls_since is None
        case _:
            pass
    if after.closed:
        _has_grounds(before, event, after)


def _has_grounds(before: CaseState, event: Event, after: CaseState) -> None:
    match event:
        case Silence(rung=rung):
            assert rung.kind is RungKind.CLOSE_UNCONFIRMED
        case Acted(act=act):
            assert isinstance(act, Close | Confirm)
        case _:
            raise AssertionError(event)
    match after.outcome:
        case Outcome.RECOVERED:
            assert before.reached_at
            assert before.cause
            assert before.remedied
        case Outcome.NOT_RECOVERED:
            assert before.reached_at
            assert before.cause
            assert not before.open_actions
        case Outcome.UNREACHABLE:
            assert before.reached_at is None
            assert in_vain(before) >= before.unreachable_after
        case Outcome.DECLINED:
            assert before.reached_at or before.refused
        case _:
            assert after.outcome is Outcome.WITHDRAWN
