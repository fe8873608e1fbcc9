"""A case that is lived in any order by the real decisions: what may happen to it.

`apply` and `decide` with a real organisation, its hours, ladder and team, people who go away, come back,
leave, cannot be reached or have enough to do. Every state goes over the wire before it is lived on.
What always holds is asserted after every event: `tests.models.what_holds`.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pydantic import TypeAdapter

from models.absence import Absence, ByRoster, RosterChanged
from models.actions import Act
from models.assignment import Circumstances
from models.case import Acted, CaseState, Event, Move, Silence, next_due
from models.conditions import About
from models.decision import Decided, decide
from models.errors import WrongMove
from models.moves import apply
from models.organisation import Organisation
from models.organisation_file.reading import read_as_known
from models.paused_time import later, taken
from models.replanning import Course, Rules, plan_anew
from models.replans import Replan, Replanned
from models.roster import check_absence
from models.targets import Running, goes_on
from models.teams import Loads
from models.timeline import Entry
from models.versions import Versions
from models.workday import hours_at_work
from tests.casework import MONDAY_MORNING, SMALL
from tests.models.what_holds import Step, check_state, check_step

WIRE = TypeAdapter(CaseState)
MOVES = TypeAdapter(Move)

_DENIS = (
    '  - {id: denis, name: Denis Deputy, role: deputy, language: en, phone: "+33 6 39 98 00 42"}\n'
)
_RITA = """\
  - {id: rita, name: Rita, role: director, language: fr, email: rita@small.example, referent_of: [works]}
"""
_DESK = """\
teams:
  - {id: desk, name: Desk, members: [dora, rita, denis], ceiling: 2, overflow: nora}
routing:
  - {region: south, to: desk}
"""
_REFERENT = "  - {level: referent, remind_at: 50%, repeat_every: 4h, targets: {acknowledge: 20m}}\n"
_FILE = (
    SMALL.read_text()
    .replace("hours: 24/7", 'hours: {mon-fri: "09:00-17:00"}\n  public_holidays: FR')
    .replace("routing:\n", f"{_RITA}{_DESK}")
    .replace("  - {level: national_owner, ", f"{_REFERENT}  - {{level: national_owner, ")
    .replace("confirmation: 20s", "confirmation: 2d\n  attempt: 2h\n  closure: 10d")
)
_HASTY = _FILE.replace(_REFERENT, "").replace("contact: 4h", "contact: 1h")
_PATIENT = _FILE.replace("acknowledge: 30m", "acknowledge: 2h").replace("\n  attempt: 2h", "")


def _read(text: str) -> Organisation:
    return read_as_known(text, name="life.yaml", at=MONDAY_MORNING)


WHOLE = _read(_FILE)
VERSIONS = (WHOLE, _read(_HASTY), _read(_PATIENT))
"""The second has shorter targets and one level less, the third no target for an attempt."""
WITHOUT_DEPUTY = _read(
    _FILE.replace(_DENIS, "").replace("    deputy: denis\n", "").replace(", denis]", "]")
    + "successors: {denis: nora}\n"
)
"""Denis has left: nobody stands on the second level."""


@dataclass(slots=True)
class Life:
    """`timeline` holds every entry in the order of the commits, `now` never goes back.

    `version` is that of `VERSIONS` which the case follows, `running` the stage's target that runs.
    """

    region: str = "north"
    topic: str | None = None
    now: datetime = MONDAY_MORNING
    version: int = 0
    today: Organisation = WHOLE
    absences: tuple[Absence, ...] = ()
    unreachable: frozenset[str] = frozenset()
    loads: Loads = field(default_factory=Loads)
    state: CaseState = field(default_factory=lambda: CaseState("case-1", MONDAY_MORNING))
    timeline: list[Entry] = field(default_factory=list)
    running: Running | None = None
    ran_before: Running | None = None
    rests: list[tuple[datetime, datetime]] = field(default_factory=list)
    lived: Counter[str] = field(default_factory=Counter)

    @property
    def away(self) -> tuple[Absence, ...]:
        return tuple(absence for absence in self.absences if absence.covers(self.now))

    @property
    def versions(self) -> Versions:
        return self.by_version(self.version)

    def by_version(self, number: int) -> Versions:
        return Versions(VERSIONS[number], self.today, self.away, self.unreachable)

    @property
    def found(self) -> Circumstances:
        return Circumstances(
            About(self.region, "works", "keys", "fr"),
            today=self.today,
            policy=VERSIONS[self.version].policy,
            at=self.now,
            topic=self.topic,
            absences=self.away,
            loads=self.loads,
            unreachable=self.unreachable,
        )

    def present(self) -> list[str]:
        """Who takes cases and is there."""
        people = self.today.people.values()
        there = (p for p in people if p.takes_cases and self.found.stand_in(p).person is p)
        return sorted(p.id for p in there)

    def live(self, event: Event) -> bool:
        """Whether it was taken. Afterwards everything holds that always holds."""
        before, found, versions = self.state, self.found, self.versions
        try:
            move = apply_over_the_wire(before, event)
        except WrongMove:
            return False
        decided = decide(move, found, versions)
        if isinstance(move.transfer, ByRoster) and decided.state.owner == before.owner:
            check_state(self.state, self.found)
            return False
        self._commit(move, decided)
        check_step(Step(before, event, move, decided, found, versions))
        check_state(self.state, found)
        return True

    def _commit(self, move: Move, decided: Decided) -> None:
        self.state = over_the_wire(decided.state)
        self.timeline += decided.entries
        self.lived.update(str(entry.kind) for entry in decided.entries)
        self._keep_target(move, decided)

    def _keep_target(self, move: Move, decided: Decided) -> None:
        """As the commit does with its rows."""
        if move.takes_back is not None:
            self.running = self.ran_before
            return
        self.ran_before, state, over = self.running, decided.state, move.over
        self.rests += [(over.pause.since, over.at)] if over else []
        if self.running and not goes_on(self.running, replace(move, state=state)):
            self.running = None
        if self.running and over and not move.clock:
            owner, region = over.pause.owner, self.region
            hours = hours_at_work(self.versions.pinned, self.today, owner, region=region)
            due = later(hours, self.running.due_at, taken(hours, over, state.clock))
            self.running = replace(self.running, due_at=due)
        if move.clock and decided.plan and not move.clock.again and self.running is None:
            due, start = decided.plan.due, move.clock.start
            self.running = Running(move.clock.target, state.round, due, start)

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
        for absence in sorted(self.away, key=lambda each: each.until):
            if absence.until <= instant:
                self.now = absence.until
                self.live(RosterChanged(absence.id, self.now))
        self.now = max(self.now, instant)

    def go_away(self, person: str, length: timedelta, *, gives_back: bool) -> None:
        name = f"absence-{len(self.absences)}"
        new = Absence(name, person, self.now, self.now + length, gives_back=gives_back)
        try:
            check_absence(self.today, self.away, new, self.today.people[person])
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

    def replan(self, version: int, *, overdue_now: bool) -> None:
        """Nobody is late by it who was not late before, and what moves on moves on."""
        if self.state.closed or self.state.pause:
            return
        before = self.state
        replan = Replan(version, overdue_now=overdue_now)
        move = apply_over_the_wire(before, Replanned("command", replan, self.now))
        rules = Rules(self.versions, self.by_version(version), overdue_now=overdue_now)
        course = self._course()
        found = replace(self.found, policy=VERSIONS[version].policy)
        anew = plan_anew(move.state, course, found, rules)
        if version == self.version:
            assert overdue_now or anew.changes_nothing(move.state, course)
            return
        self.version, self.state = version, over_the_wire(anew.state)
        if self.running and anew.due:
            self.running = replace(self.running, due_at=anew.due)
        self.timeline += move.entries
        self.lived.update(str(entry.kind) for entry in move.entries)
        overdue = [rung for rung in before.rungs if rung.at <= self.now]
        assert overdue or all(rung.at > self.now for rung in self.state.rungs)
        check_state(self.state, self.found)

    def _course(self) -> Course | None:
        running = self.running
        return Course(running.started_at, running.due_at, tuple(self.rests)) if running else None


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
