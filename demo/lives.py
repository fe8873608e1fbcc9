"""What becomes of a case: the acts of its people and its customer, one after the other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import Any

from demo import notes
from demo.group import Habit
from demo.voices import Theme

WORKING_DAY = 15.0
"""Opening hours of a day in demo/organisation.yaml."""
SPACED = 3.2
"""Hours from one attempt to the next: sooner it would not count."""

Said = Mapping[str, Any]
"""As the API takes it."""


@dataclass(frozen=True, slots=True)
class Step:
    """An act, by the API's name of it. `after` is in opening hours since the step before.

    A promise is due `promised` days after it was made; `again` hours later a customer wants his call; a case
    rests for `rests` days. `by` does it in place of who has the case, or whoever is asked to say yes to
    gesture `asked_of`.
    """

    act: str
    after: timedelta
    said: Said = field(default_factory=dict)
    by_customer: bool = False
    promised: int | None = None
    again: int | None = None
    rests: int | None = None
    by: str | None = None
    asked_of: int | None = None


Life = Sequence[Step]


@dataclass(frozen=True, slots=True)
class Author:
    """Writes lives: by chance, but by the same chance each time."""

    rng: Random

    def whole(self, habit: Habit, theme: Theme) -> Life:
        life = tuple(self._whole(habit, theme))
        dropped = self.rng.random() < habit.drops
        return life[: self.rng.randrange(1, len(life))] if dropped else life

    def taken(self) -> Life:
        """Somebody is at it, and has not reached the customer."""
        return self.acknowledge(2), self.attempt("voicemail", 3)

    def promised(self, theme: Theme, days: int) -> Life:
        return (
            self.acknowledge(1),
            self.attempt("reached", 4),
            self.cause(theme),
            self.promise(theme, days),
        )

    def played(self, theme: Theme) -> Life:
        """As the playbook of its cause suggests it."""
        suggested = {"suggested": f"{theme.cause}:1"}
        *before, promise = self.promised(theme, 5)
        return (*before, replace(promise, said={**promise.said, **suggested}))

    def given(self, theme: Theme, euros: int) -> Life:
        """A gesture: above the limit of who promises it, it waits for somebody's yes."""
        *before, promise = self.promised(theme, 6)
        said: Said = {
            "what": self.rng.choice(notes.GESTURES),
            "promise": "gesture",
            "cost": {"cents": euros * 100},
        }
        return (*before, replace(promise, said=said))

    def asked(self, theme: Theme) -> Life:
        """The customer has yet to say whether it is solved."""
        return (*self.promised(theme, 4), self.done(30))

    def acknowledge(self, hours: float) -> Step:
        return Step("acknowledge", _hours(hours), {"note": self.rng.choice(notes.TAKEN)})

    def attempt(self, outcome: str, hours: float) -> Step:
        channel = "meeting" if outcome == "reached" and self.rng.random() < 0.08 else "phone"
        note = self.rng.choice(notes.ATTEMPTS[outcome])
        said = {"outcome": outcome, "channel": channel, "note": note}
        return Step("attempts", _hours(hours), said, again=5 if outcome == "later" else None)

    def cause(self, theme: Theme) -> Step:
        return Step("cause", _hours(0.1), {"cause": theme.cause})

    def hand_over(self, to: str) -> Step:
        reason = self.rng.choice(notes.HANDED_OVER)
        return Step("hand-over", _hours(1), {"to": to, "reason": reason})

    def promise(self, theme: Theme, days: int) -> Step:
        what = {"what": self.rng.choice(theme.repairs), "promise": "repair"}
        return Step("actions", _hours(0.2), what, promised=days)

    def done(self, hours: float, number: int = 1) -> Step:
        said = {"note": self.rng.choice(notes.DONE)}
        return Step(f"actions/{number}/done", _hours(hours), said)

    def answer(self, word: str) -> Step:
        note = self.rng.choice(notes.YES if word == "yes" else notes.NO)
        said = {"answer": word, "note": note}
        return Step("confirmation", _hours(self.rng.uniform(2, 40)), said, by_customer=True)

    def close(self, outcome: str, note: str) -> Step:
        return Step("close", _hours(1), {"outcome": outcome, "note": note})

    def _whole(self, habit: Habit, theme: Theme) -> Iterator[Step]:
        chance = self.rng.random
        yield from self._taking(habit)
        if chance() < 0.03:
            yield self.attempt("refused", 3)
            yield self.close("declined", "")
            return
        for number, outcome in enumerate(tries := self._tries(habit)):
            soonest = SPACED if number else 1
            yield self.attempt(outcome, self.rng.uniform(soonest, max(soonest, habit.takes[1])))
        if tries[-1] != "reached":
            yield self.close("unreachable", self.rng.choice(notes.GAVE_UP))
            return
        yield self.cause(theme)
        if chance() < 0.07:
            yield self.hand_over(habit.colleague)
        if chance() < 0.04:
            yield self.close("not_recovered", self.rng.choice(notes.STAYS))
            return
        yield from self._repairing(habit, theme, number=1)
        yield from self._confirming(habit, theme)

    def _taking(self, habit: Habit) -> Iterator[Step]:
        """Who calls at once need not say first that he will; what is forgotten goes up the ladder."""
        usual, longest = habit.takes
        if self.rng.random() < habit.forgets:
            yield self.acknowledge(WORKING_DAY * self.rng.choice((2.3, 2.5, 3, 4.4)))
        elif self.rng.random() < 0.3:
            yield self.acknowledge(self.rng.triangular(0.1, longest, usual))

    def _tries(self, habit: Habit) -> Sequence[str]:
        """Three in vain are enough to give up; who wants to be called later is reached then."""
        if self.rng.random() < 0.06:
            return "later", "reached"
        in_vain = ("voicemail", "voicemail", "no_answer", "no_answer", "wrong_number")
        tries: list[str] = []
        while len(tries) < 3:
            if self.rng.random() < habit.reaches:
                return *tries, "reached"
            tries.append(self.rng.choice(in_vain))
        return tries

    def _repairing(self, habit: Habit, theme: Theme, *, number: int) -> Iterator[Step]:
        days = self.rng.randint(*habit.promises)
        late = self.rng.random() < habit.late
        share = self.rng.uniform(1.05, 1.5) if late else self.rng.uniform(0.4, 0.9)
        yield self.promise(theme, days)
        yield self.done(days * WORKING_DAY * share, number)

    def _confirming(self, habit: Habit, theme: Theme) -> Iterator[Step]:
        """A quarter of those who are not content with the repair say so; the others stay silent."""
        if self.rng.random() < habit.solves:
            yield self.answer("yes")
        elif self.rng.random() < 0.25:
            yield self.answer("no")
            yield self.attempt("reached", self.rng.uniform(2, 9))
            yield from self._repairing(habit, theme, number=2)
            yield self.answer("yes")


def _hours(length: float) -> timedelta:
    return timedelta(hours=length)
