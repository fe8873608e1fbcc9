"""Any order of acts, words, silences and changes of the roster keeps what a case promises."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from models.actions import (
    Acknowledge,
    Act,
    AddAction,
    Attempt,
    CallMe,
    Close,
    Confirm,
    Contact,
    FinishAction,
    HandOver,
    NameCause,
    Outcome,
    Pause,
    PromiseKind,
    Reached,
    Resume,
    TakeBack,
)
from models.case import CaseState, HeardAgain, Opened, Stage
from models.handling import AcceptAction, AskTime, ChangeAction, DropAction, RefuseAction
from models.revisions import Change
from models.teams import Loads
from models.timeline import CUSTOMER, EntryKind
from tests.lives import LIVES
from tests.models.whole_life import WHOLE, Life, is_refused

HOURS = st.integers(0, 60).map(lambda hours: timedelta(hours=hours))
MINUTES = st.sampled_from([timedelta(), timedelta(minutes=20), timedelta(minutes=90)])
LATE = st.sampled_from([timedelta(), timedelta(), timedelta(seconds=40), timedelta(days=3)])
WHO = st.sampled_from(["owner", "owner", "owner", "nora", "denis", CUSTOMER])
PERSONS = st.sampled_from(sorted(WHOLE.people))
REGIONS = st.sampled_from(["north", "south", "south", "nowhere"])
WORK = st.sampled_from(["finish", "ask", "change", "drop"])
FULL = st.sampled_from(["nobody", "dora", "rita"])
LOST = st.sampled_from(["nobody", "denis", "denis", "rita"])
TO = st.sampled_from(["desk", "desk", "dora", "denis", "rita", "nora"])
ANSWERS: st.SearchStrategy[Act] = st.sampled_from(
    [
        *(Confirm(True), Confirm(False), Confirm(True, referral=2), Confirm(False, referral=1)),
        *(CallMe(), CallMe(unasked=True)),
    ]
)
CLOSURES: st.SearchStrategy[Act] = st.sampled_from(
    [
        *(Close(outcome) for outcome in Outcome),
        *(Close(Outcome.RECOVERED, referral=0), Close(Outcome.UNREACHABLE, referral=0)),
    ]
)
OFTEN = frozenset(
    {
        *(EntryKind.HANDED_UP, EntryKind.LEVEL_SKIPPED, EntryKind.REPEATED, EntryKind.CLOSED),
        *(EntryKind.HANDED_OVER, EntryKind.PAUSED, EntryKind.PAUSE_OVER, EntryKind.REPLANNED),
        *(EntryKind.ACTION_DONE, EntryKind.ACTION_ACCEPTED, EntryKind.CONFIRMATION_ASKED),
    }
)
NOW_AND_THEN = frozenset(
    {
        *(EntryKind.ACTION_REFUSED, EntryKind.ACTION_CHANGED, EntryKind.ACTION_DROPPED),
        *(EntryKind.ACTION_LATE, EntryKind.TIME_ASKED, EntryKind.PROMISE_BROKEN),
        *(EntryKind.TAKEN_BACK, EntryKind.TIME_NAMED, EntryKind.CONFIRMED, EntryKind.REOPENED),
        *(EntryKind.CALL_WANTED, EntryKind.CEILING_PASSED, EntryKind.ROSTER_CHANGED),
    }
)
"""At least once in so many lives as a deep run has. What no life ever meets is not shown."""
LIVED: Counter[str] = Counter()

lives_on = precondition(lambda self: not self.life.state.closed)
repairs = precondition(lambda self: bool(self.life.state.open_actions))


class WholeLife(RuleBasedStateMachine):
    """What is drawn is what happens; that everything holds afterwards is asserted in `Life`."""

    def __init__(self) -> None:
        super().__init__()
        self.life = Life()
        self.heard = 1

    @initialize(region=REGIONS, full=FULL, lost=LOST)
    def opens(self, region: str, full: str, lost: str) -> None:
        self.life.region = region
        self.life.loads, self.life.unreachable = Loads({full: 2}), frozenset({lost})
        assert self.life.live(Opened(self.life.now))
        assert is_refused(self.life.state, Opened(self.life.now))

    @precondition(lambda self: self.life.state.closed)
    @rule(region=REGIONS, full=FULL, lost=LOST)
    def opens_another(self, region: str, full: str, lost: str) -> None:
        """Whatever comes afterwards, what is closed stays closed."""
        life = self.life
        for who in ("dora", CUSTOMER):
            for act in (Acknowledge(), Confirm(False), Attempt(Reached.REACHED), Resume()):
                assert not life.act(act, who)
        self._ends()
        life.state, life.timeline = CaseState("case-2", life.now), []
        life.version, life.running, life.topic = 0, None, None
        self.opens(region, full, lost)

    @rule(hours=HOURS)
    def waits(self, hours: timedelta) -> None:
        """What falls due meanwhile is noticed late."""
        self.life.wait_until(self.life.now + hours)

    @lives_on
    @rule(late=LATE, instants=st.integers(1, 8))
    def nobody_acts(self, late: timedelta, instants: int) -> None:
        for _ in range(instants):
            if not self.life.state.closed:
                self.life.stay_silent(late)

    @lives_on
    @rule(outcome=st.sampled_from(Reached), in_=HOURS, back=st.booleans())
    def tries(self, outcome: Reached, in_: timedelta, back: bool) -> None:  # noqa: FBT001 - the same
        """And finds that it was another customer, if `back`."""
        again_at = self.life.now + in_ if outcome is Reached.LATER else None
        self._act("owner", Attempt(outcome, again_at=again_at))
        if back:
            self.life.wait_until(self.life.now + in_)
            self._act(self.life.state.before.by if self.life.state.before else "", TakeBack())

    @lives_on
    @rule(who=WHO, outcome=st.sampled_from(Reached), channel=st.sampled_from(Contact), in_=HOURS)
    def somebody_tries(self, who: str, outcome: Reached, channel: Contact, in_: timedelta) -> None:
        """The customer too: then he names a time."""
        self._act(who, Attempt(outcome, channel, again_at=self.life.now + in_))

    @lives_on
    @rule(who=WHO)
    def speaks(self, who: str) -> None:
        self._act(who, Attempt(Reached.REACHED, Contact.VISIT))
        self._act(who, NameCause("delay"))

    @lives_on
    @rule(who=WHO, doer=PERSONS, in_=HOURS, promise=st.none() | st.sampled_from(PromiseKind))
    def promises(self, who: str, doer: str, in_: timedelta, promise: PromiseKind | None) -> None:
        if self.life.state.cause is None:
            self.speaks(who)
        self._act(who, AddAction(doer, self.life.now + in_, promise))

    @lives_on
    @rule(doer=PERSONS, asks=st.booleans(), answer=st.none() | ANSWERS)
    def solves(self, doer: str, asks: bool, answer: Act | None) -> None:  # noqa: FBT001 - hypothesis names it
        """As far as the question to the customer, where somebody accepts what was done, or to his answer."""
        self.speaks("owner")
        self._act("owner", AddAction(doer, self.life.now + timedelta(days=2)))
        for action in self.life.state.open_actions:
            self._act(action.owner, FinishAction(action.number, asks))
            self._act("owner", AcceptAction(action.number))
        if answer is not None:
            self._act(CUSTOMER, answer)

    @lives_on
    @rule(doer=PERSONS, in_=HOURS, good=st.booleans(), himself=st.booleans())
    def judges(self, doer: str, in_: timedelta, good: bool, himself: bool) -> None:  # noqa: FBT001 - the same
        """Of what nobody has done, that it is done: then that it is good or not, perhaps of his own work."""
        if not self.life.state.open_actions:
            self.promises("owner", doer, in_, PromiseKind.REPAIR)
        for action in self.life.state.open_actions[:1]:
            self._act(action.owner, FinishAction(action.number))
            again = RefuseAction(action.number, self.life.now + in_)
            said = AcceptAction(action.number) if good else again
            self._act(action.owner if himself else "owner", said)

    @repairs
    @rule(work=WORK, which=st.integers(0, 3), doer=PERSONS, in_=HOURS, by_doer=st.booleans())
    def works(
        self,
        work: str,
        which: int,
        doer: str,
        in_: timedelta,
        by_doer: bool,  # noqa: FBT001 - the same
    ) -> None:
        """On one of what is open: by who has it, or by who has the case."""
        open_ = self.life.state.open_actions
        action, due = open_[which % len(open_)], self.life.now + in_
        act = _work(work, action.number, doer, due)
        self._act(action.owner if by_doer else "owner", act)

    @lives_on
    @rule(who=WHO, act=CLOSURES)
    def closes(self, who: str, act: Act) -> None:
        self._act(who, act)

    @precondition(lambda self: self.life.state.stage is Stage.ASKED)
    @rule(who=WHO)
    def takes_it(self, who: str) -> None:
        self._act(who, Acknowledge())

    @precondition(lambda self: self.life.state.stage is Stage.CONFIRMING)
    @rule(who=WHO, act=ANSWERS)
    def answers(self, who: str, act: Act) -> None:
        self._act(who, act)

    @lives_on
    @rule()
    def rings_us(self) -> None:
        """And nobody takes the call."""
        self._act(CUSTOMER, CallMe(Contact.PHONE))

    @lives_on
    @rule(times=st.integers(1, 4))
    def gives_up(self, times: int) -> None:
        for _ in range(times):
            self._act("owner", Attempt(Reached.NO_ANSWER))
        self._act("owner", Close(Outcome.UNREACHABLE))

    @lives_on
    @rule(to=TO, full=FULL)
    def hands_over(self, to: str, full: str) -> None:
        self.life.loads = Loads({**self.life.loads.open, full: 2})
        if to == "desk" or to in self.life.present():
            self._act("owner", HandOver(to))

    @lives_on
    @rule(days=st.integers(1, 5), resumes=st.booleans())
    def rests(self, days: int, resumes: bool) -> None:  # noqa: FBT001 - the same
        """By hand it goes on at the half of that time."""
        length = timedelta(days=days)
        self._act("owner", Pause("customer_away", self.life.now + length))
        if resumes:
            self.life.wait_until(self.life.now + length / 2)
            self._act("owner", Resume())

    @lives_on
    @rule(
        ago=HOURS,
        topic=st.sampled_from([None, None, "safety"]),
        phone=st.booleans(),
        change=st.sampled_from([Change.JOINED] * 4 + list(Change)),
    )
    def answers_again(
        self,
        ago: timedelta,
        topic: str | None,
        phone: bool,  # noqa: FBT001 - the same
        change: Change,
    ) -> None:
        """Another survey, or the same one otherwise."""
        self.heard += 1
        self.life.topic = topic or self.life.topic
        if phone:
            self._act("owner", Attempt(Reached.WRONG_NUMBER))
        now, told = self.life.now, f"response-{self.heard}"
        self.life.live(HeardAgain(told, 1, now - ago, now, topic, phone, change))

    @rule(person=PERSONS, length=HOURS, gives_back=st.booleans())
    def goes_away(self, person: str, length: timedelta, gives_back: bool) -> None:  # noqa: FBT001 - the same
        if person in self.life.today.people and length:
            self.life.go_away(person, length, gives_back=gives_back)

    @precondition(lambda self: self.life.away)
    @rule(which=st.integers(0, 3))
    def comes_back_early(self, which: int) -> None:
        away = self.life.away
        self.life.call_off(away[which % len(away)])

    @rule(person=st.sampled_from(["dora", "rita", "nora", "denis"]), cases=st.integers(0, 3))
    def has_much_to_do_or_cannot_be_reached(self, person: str, cases: int) -> None:
        """The deputy's post is given up after all."""
        self.life.loads = Loads({**self.life.loads.open, person: cases})
        self.life.unreachable ^= {person}
        if person == "denis" and cases == 0 and self.life.today is WHOLE:
            self.life.leave()

    @rule(version=st.sampled_from([0, 1, 1, 2]), in_=MINUTES, now=st.booleans())
    def is_planned_anew(self, version: int, in_: timedelta, now: bool) -> None:  # noqa: FBT001 - the same
        self.life.wait_until(self.life.now + in_)
        self.life.replan(version, overdue_now=now)

    def teardown(self) -> None:
        self._ends()
        LIVED.update(self.life.lived)

    def _ends(self) -> None:
        """Whoever has it, silence alone brings it on."""
        instants = [entry.at for entry in self.life.timeline]
        assert instants == sorted(instants)
        seq = self.life.state.seq
        if not self.life.state.closed:
            self.life.stay_silent(timedelta())
            assert self.life.state.seq > seq

    def _act(self, who: str, act: Act) -> None:
        self.life.act(act, (self.life.state.owner or "") if who == "owner" else who)


def _work(work: str, number: int, doer: str, due: datetime) -> Act:
    known: dict[str, Act] = {
        "finish": FinishAction(number),
        "ask": AskTime(number, due),
        "change": ChangeAction(number, due, doer),
        "drop": DropAction(number, agreed=True),
    }
    return known[work]


@pytest.mark.story
@pytest.mark.timeout(120 * LIVES)
def test_any_order_of_whatever_happens_keeps_what_a_case_promises() -> None:
    enough = settings(
        max_examples=60 * LIVES,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(WholeLife, settings=enough)

    assert not [kind for kind in OFTEN if LIVED[kind] < LIVES]
    assert LIVES == 1 or not [kind for kind in NOW_AND_THEN if not LIVED[kind]]
