"""What becomes of a case in the year: as in the demo, and whatever goes wrong besides.

A life is data: acts by the API's names, with the opening hours between them. Whoever owns the case does
them, or who has the action; where the case has moved on meanwhile it refuses. A further act of the product
is a further step.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from demo.answers import PLAYED
from demo.group import Habit
from demo.lives import Author, Life, Said, Step
from demo.notes import ATTEMPTS
from demo.voices import Theme

A_DAY = 5.5
"""Opening hours in a day, Sundays counted."""
SPACED = 3.2
"""Hours from one attempt to the next: sooner it would not count."""
PROMISED = ("repair", "call", "enquiry", "commitment_to_repair")
WORTH = (4_000, 9_000, 30_000, 30_000, 150_000, 250_000)
"""Of a gesture, in cents: two within the limit of a director, four of a deputy, five of the owner."""
PRACTICE = "practice"
"""No act of the case: what helped is shared once it has ended well, and refused where it has not."""
HELPED: Sequence[Said] = (
    {
        "title": "Une date qui tient",
        "helped": "Une seule date, par écrit, puis un appel chaque semaine.",
    },
    {
        "title": "Sur place, ensemble",
        "helped": "Faire le tour du logement, pièce par pièce, liste en main.",
    },
)
IN_VAIN = ("voicemail", "voicemail", "no_answer", "no_answer", "busy", "wrong_number")
TEMPERS: Mapping[str, Habit] = {
    "quick": Habit(1, 0.36, (0.3, 2), 0.01, 0.02, 0.72, (2, 5), 0.06, 0.8, ""),
    "steady": Habit(1, 0.40, (1, 6), 0.06, 0.06, 0.62, (3, 9), 0.16, 0.66, ""),
    "slow": Habit(1, 0.44, (4, 14), 0.12, 0.12, 0.54, (4, 12), 0.3, 0.56, ""),
    "forgetful": Habit(1, 0.48, (2, 10), 0.4, 0.22, 0.56, (3, 10), 0.3, 0.5, ""),
}
"""How directors are; `answers` and `colleague` are told apart elsewhere."""


@dataclass(frozen=True, slots=True)
class Fates:
    """Draws lives: the same chance draws the same ones."""

    rng: Random
    author: Author

    def draw(self, habit: Habit, theme: Theme, *, colleague: str) -> Life:
        life = tuple(self._life(habit, theme, colleague))
        if self.rng.random() < habit.drops:
            dropped = self.rng.randrange(len(life))
            life = tuple(
                self._put_off(step) if n == dropped else step for n, step in enumerate(life)
            )
        return life

    def _life(self, habit: Habit, theme: Theme, colleague: str) -> Iterator[Step]:
        yield from self._taking(habit)
        if self.rng.random() < 0.04:
            yield from self._refusing()
            return
        reached = yield from self._calling(habit)
        if not reached:
            yield from self._giving_up()
            return
        yield self.author.cause(theme)
        if self.rng.random() < 0.08:
            yield self.author.hand_over(colleague)
        if self.rng.random() < 0.04:
            yield self.author.close("not_recovered", "")
        yield from self._repairing(habit, theme, colleague, number=1)
        yield from self._confirming(habit, theme, colleague)
        if self.rng.random() < 0.8:
            yield replace(self.author.close("withdrawn", "Sans suite."), after=_hours(90))
        if self.rng.random() < 0.5:
            yield Step(PRACTICE, _hours(5), self.rng.choice(HELPED))

    def _put_off(self, step: Step) -> Step:
        return replace(step, after=step.after + _hours(self.rng.uniform(30, 160)))

    def _taking(self, habit: Habit) -> Iterator[Step]:
        """What is forgotten is taken by whoever has it by then."""
        usual, longest = habit.takes
        if self.rng.random() < habit.forgets:
            yield self.author.acknowledge(self.rng.uniform(5, 40))
        elif self.rng.random() < 0.5:
            yield self.author.acknowledge(self.rng.triangular(0.1, longest, usual))

    def _refusing(self) -> Iterator[Step]:
        """Some ask not to be called, and are spoken to in another way all the same."""
        yield self._attempt("refused", 2)
        if self.rng.random() < 0.5:
            yield replace(
                self._attempt("reached", 3),
                said={"outcome": "reached", "channel": "visit", "note": ""},
            )
        yield self.author.close("declined", "")

    def _calling(self, habit: Habit) -> Generator[Step, None, bool]:
        """Three in vain, at most; whether he was reached is what it returns."""
        longest = habit.takes[1]
        for number in range(3):
            soonest = SPACED if number else 0.5
            if self.rng.random() < habit.reaches:
                yield self._attempt("reached", self.rng.uniform(0.2, longest))
                return True
            if self.rng.random() < 0.15:
                yield self._attempt("later", self.rng.uniform(0.2, longest))
                continue
            yield self._attempt(
                self.rng.choice(IN_VAIN), self.rng.uniform(soonest, max(soonest, longest))
            )
            if self.rng.random() < 0.08:
                yield Step("take-back", _hours(0.05))
                yield self._attempt("no_answer", 0.1)
            if self.rng.random() < 0.12:
                yield self._names_a_time()
                yield self._attempt("reached", self.rng.uniform(5, 9))
                return True
        return False

    def _names_a_time(self) -> Step:
        said = {"outcome": "later", "channel": "written"}
        return Step("attempts", _hours(1), said, by_customer=True, again=6)

    def _giving_up(self) -> Iterator[Step]:
        """Who took something back has one attempt less than he thinks."""
        for _ in range(2):
            yield self.author.close("unreachable", "")
            yield self._attempt("no_answer", 5)
        yield self.author.close("unreachable", "")

    def _repairing(
        self, habit: Habit, theme: Theme, colleague: str, *, number: int
    ) -> Iterator[Step]:
        if self.rng.random() < 0.12:
            yield from self._resting()
        days = self.rng.randint(*habit.promises)
        late = self.rng.random() < habit.late
        share = self.rng.uniform(1.2, 2.2) if late else self.rng.uniform(0.3, 0.85)
        promise = self.author.promise(theme, days)
        said = self._promised(theme, promise.said["what"])
        if said.get("promise") == "gesture":
            yield from self._giving(replace(promise, said=said), number, days * A_DAY * share)
            return
        chance = self.rng.random()
        given = colleague if chance < 0.25 else None
        yield replace(promise, said={**said, **({"owner": given} if given else {})})
        if 0.2 < chance < 0.4:
            yield self._moved(number, days)
        elif 0.4 < chance < 0.45:
            yield self._taken_back(number)
        yield replace(self.author.done(days * A_DAY * share, number), by=given)
        if given:
            yield from self._judged(number, given)

    def _promised(self, theme: Theme, what: str) -> Said:
        if theme.cause in PLAYED and self.rng.random() < 0.3:
            return {"what": what, "suggested": f"{theme.cause}:1"}
        if self.rng.random() < 0.2:
            cost = {"cents": self.rng.choice(WORTH)}
            return {"what": what, "promise": "gesture", "cost": cost}
        promised = {"promise": self.rng.choice(PROMISED)} if self.rng.random() < 0.8 else {}
        return {"what": what, **promised}

    def _giving(self, promise: Step, number: int, hours: float) -> Iterator[Step]:
        """Where it needs nobody's yes the answer is refused; some are asked, and are silent for ever."""
        yield promise
        chance, after = self.rng.random(), _hours(self.rng.uniform(0.5, 12))
        if chance < 0.6:
            yield Step(f"actions/{number}/approve", after, asked_of=number)
        elif chance < 0.8:
            said = {"reason": "Trop cher pour ce qui est arrivé."}
            yield Step(f"actions/{number}/decline", after, said, asked_of=number)
        yield self.author.done(hours, number)

    def _moved(self, number: int, days: int) -> Step:
        """Before its date or after it."""
        said = {"reason": "La pièce manque."}
        after = _hours(days * A_DAY * self.rng.uniform(0.1, 0.9))
        return Step(f"actions/{number}/change", after, said, promised=days)

    def _taken_back(self, number: int) -> Step:
        said = {"reason": "Sans objet.", "agreed": self.rng.choice(("true", "false"))}
        return Step(f"actions/{number}/drop", _hours(2), said)

    def _judged(self, number: int, doer: str) -> Iterator[Step]:
        """Who has the case accepts what somebody else did, sometimes at the second time only."""
        if self.rng.random() < 0.3:
            said = {"reason": "Il reste à finir."}
            yield Step(f"actions/{number}/refuse", _hours(2), said, promised=3)
            yield replace(self.author.done(A_DAY, number), by=doer)
        yield Step(f"actions/{number}/accept", _hours(2))

    def _resting(self) -> Iterator[Step]:
        """For some days; half of those who let a case rest wake it before its time."""
        reason = self.rng.choice(("customer_away", "supplier"))
        said = {"reason": reason, "words": "Jusqu'à son retour."}
        yield Step("pause", _hours(0.5), said, rests=self.rng.randint(2, 9))
        if self.rng.random() < 0.5:
            yield Step("resume", _hours(self.rng.uniform(2, 12)))

    def _confirming(self, habit: Habit, theme: Theme, colleague: str) -> Iterator[Step]:
        """Who is not content says no, asks for a call, or is silent as others are."""
        share = self.rng.random()
        if share < habit.solves:
            yield self.author.answer("yes")
        elif share < habit.solves + 0.12:
            answer = "no" if self.rng.random() < 0.6 else "call_me"
            yield self._answer(answer)
            yield self._attempt("reached", self.rng.uniform(1, habit.takes[1]))
            yield from self._repairing(habit, theme, colleague, number=2)
            if self.rng.random() < 0.7:
                yield self.author.answer("yes")

    def _answer(self, word: str) -> Step:
        said = {"answer": word}
        return Step("confirmation", _hours(self.rng.uniform(1, 30)), said, by_customer=True)

    def _attempt(self, outcome: str, hours: float) -> Step:
        notes: Sequence[str] = ATTEMPTS.get(outcome, ("",))
        channel = "meeting" if outcome == "reached" and self.rng.random() < 0.06 else "phone"
        said = {"outcome": outcome, "channel": channel, "note": self.rng.choice(notes)}
        return Step("attempts", _hours(hours), said, again=6 if outcome == "later" else None)


def _hours(length: float) -> timedelta:
    return timedelta(hours=length)
