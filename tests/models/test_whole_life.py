"""Any order of acts, words, silences and changes of the roster keeps what a case promises."""

from datetime import timedelta

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
    PromiseKind,
    Reached,
    TakeBack,
)
from models.case import HeardAgain, Opened
from models.timeline import CUSTOMER
from tests.lives import LIVES
from tests.models.whole_life import WHOLE, Life, is_refused

HOURS = st.integers(0, 60).map(lambda hours: timedelta(hours=hours))
LATE = st.sampled_from([timedelta(), timedelta(), timedelta(seconds=40), timedelta(days=3)])
WHO = st.sampled_from(["owner", "owner", "owner", "nora", "denis", CUSTOMER])
PERSONS = st.sampled_from(sorted(WHOLE.people))


class WholeLife(RuleBasedStateMachine):
    """What is drawn is what happens; that everything holds afterwards is asserted in `Life`."""

    def __init__(self) -> None:
        super().__init__()
        self.life = Life()
        self.answers = 1

    @initialize(region=st.sampled_from(["north", "south", "nowhere"]))
    def opens(self, region: str) -> None:
        self.life.region = region
        assert self.life.live(Opened(self.life.now))
        assert is_refused(self.life.state, Opened(self.life.now))

    @rule(hours=HOURS)
    def waits(self, hours: timedelta) -> None:
        """What falls due meanwhile is noticed late."""
        self.life.wait_until(self.life.now + hours)

    @precondition(lambda self: not self.life.state.closed)
    @rule(late=LATE, instants=st.integers(1, 6))
    def nobody_acts(self, late: timedelta, instants: int) -> None:
        for _ in range(instants):
            if not self.life.state.closed:
                self.life.stay_silent(late)

    @rule(who=WHO, outcome=st.sampled_from(Reached), channel=st.sampled_from(Contact), in_=HOURS)
    def tries(self, who: str, outcome: Reached, channel: Contact, in_: timedelta) -> None:
        again_at = self.life.now + in_ if outcome is Reached.LATER else None
        self._act(who, Attempt(outcome, channel, again_at=again_at))

    @rule(who=WHO)
    def speaks(self, who: str) -> None:
        self._act(who, Attempt(Reached.REACHED, Contact.VISIT))
        self._act(who, NameCause("delay"))

    @rule(who=WHO, in_=HOURS, promise=st.none() | st.sampled_from(PromiseKind))
    def promises(self, who: str, in_: timedelta, promise: PromiseKind | None) -> None:
        self._act(who, AddAction("denis", self.life.now + in_, promise))

    @rule(who=WHO)
    def solves(self, who: str) -> None:
        """As far as the question to the customer, where nothing else is open."""
        self.speaks(who)
        self._act(who, AddAction("denis", self.life.now + timedelta(days=2)))
        for action in self.life.state.open_actions:
            self._act(who, FinishAction(action.number))

    @rule(who=WHO, number=st.integers(1, 4), asks=st.booleans())
    def finishes(self, who: str, number: int, asks: bool) -> None:  # noqa: FBT001 - hypothesis names it
        self._act(who, FinishAction(number, asks))

    @rule(
        who=WHO,
        act=st.one_of(
            st.just(Acknowledge()),
            st.just(TakeBack()),
            st.just(CallMe()),
            st.builds(Confirm, st.booleans()),
            st.builds(Close, st.sampled_from(Outcome)),
        ),
    )
    def acts(self, who: str, act: Acknowledge | TakeBack | CallMe | Confirm | Close) -> None:
        self._act(who, act)

    @rule(data=st.data(), who=WHO)
    def hands_over(self, data: st.DataObject, who: str) -> None:
        self._act(who, HandOver(data.draw(st.sampled_from(self.life.present()))))

    @rule(ago=HOURS, topic=st.none() | st.just("safety"))
    def answers_again(self, ago: timedelta, topic: str | None) -> None:
        self.answers += 1
        self.life.topic = topic or self.life.topic
        now, told = self.life.now, f"response-{self.answers}"
        self.life.live(HeardAgain(told, 1, now - ago, now, topic))

    @rule(person=PERSONS, length=HOURS, gives_back=st.booleans())
    def goes_away(self, person: str, length: timedelta, gives_back: bool) -> None:  # noqa: FBT001 - the same
        if person in self.life.today.people and length:
            self.life.go_away(person, length, gives_back=gives_back)

    @precondition(lambda self: self.life.running)
    @rule(data=st.data())
    def comes_back_early(self, data: st.DataObject) -> None:
        self.life.call_off(data.draw(st.sampled_from(self.life.running)))

    @rule()
    def the_deputy_leaves(self) -> None:
        self.life.leave()

    def teardown(self) -> None:
        """Whoever has it, silence alone brings it on."""
        instants = [entry.at for entry in self.life.timeline]
        assert instants == sorted(instants)
        seq = self.life.state.seq
        if not self.life.state.closed:
            self.life.stay_silent(timedelta())
            assert self.life.state.seq > seq

    def _act(self, who: str, act: object) -> None:
        by = (self.life.state.owner or "") if who == "owner" else who
        self.life.act(act, by)  # type: ignore[arg-type]


@pytest.mark.timeout(120 * LIVES)
def test_any_order_of_whatever_happens_keeps_what_a_case_promises() -> None:
    enough = settings(
        max_examples=40 * LIVES,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(WholeLife, settings=enough)
