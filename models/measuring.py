"""Reads the figures that `models.figures` defines from tallies. Pure: counts in, figures out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from models.fetching import Unread
from models.figures import (
    SMALL,
    Attainment,
    ClosedLoop,
    Coverage,
    Escalation,
    Figures,
    Lateness,
    Measured,
    OfCause,
    OfPeriod,
    OfRegion,
    OfTrade,
    OnBothClocks,
    Recovery,
    Wait,
    Waits,
)
from models.ladder import Target
from models.money import Money, sums
from models.rates import Rate, rate
from models.resurvey_policy import Resurveyed
from models.submissions import BACK_FILED, Way
from models.survey import Origin
from models.tallies import Awaited, Tally
from models.waits import wait_of


@dataclass(frozen=True, slots=True)
class Tallied:
    """The tallies of what was asked for: of everything, and by group. A name "" is unknown."""

    everything: Tally = field(default_factory=Counter)
    by_region: Mapping[str, Tally] = field(default_factory=dict)
    by_trade: Mapping[str, Tally] = field(default_factory=dict)
    by_month: Mapping[str, Tally] = field(default_factory=dict)


def figures_of(tallied: Tallied, *, days: int) -> Figures:
    """`days` is the d of the closed-loop rate: one of `models.figures.DAYS`."""
    overall = _Read(tallied.everything, days)
    levels = max(map(int, overall.by("level")), default=0)

    def measured(tally: Tally) -> tuple[bool, Measured]:
        found = _measured(_Read(tally, days), levels)
        return found.responses < SMALL, found

    return Figures(
        overall=_measured(overall, levels),
        by_region=tuple(OfRegion(n or None, *measured(t)) for n, t in _sorted(tallied.by_region)),
        by_trade=tuple(OfTrade(n or None, *measured(t)) for n, t in _sorted(tallied.by_trade)),
        by_period=tuple(OfPeriod(n, measured(t)[1]) for n, t in _sorted(tallied.by_month)),
        causes=tuple(_causes(overall)),
    )


def _sorted(groups: Mapping[str, Tally]) -> list[tuple[str, Tally]]:
    """Without those that were counted once and are not there any more."""
    return sorted((name, tally) for name, tally in groups.items() if tally["answers"])


def _causes(read: "_Read") -> Iterable[OfCause]:
    """Costs are by cause and currency."""
    by_cause, played = read.by("cause"), read.by("played")
    costs: dict[str, dict[str, int]] = {}
    for word, cents in read.by("cost_of").items():
        cause, _, currency = word.rpartition(":")
        costs.setdefault(cause, {})[currency] = cents
    for cause, cases in sorted(by_cause.items(), key=lambda found: (-found[1], found[0])):
        yield OfCause(cause or None, cases, played.get(cause, 0), _money(costs.get(cause, {})))


def _money(by_currency: Mapping[str, int]) -> tuple[Money, ...]:
    return sums(Money(cents, currency) for currency, cents in by_currency.items())


class _Read:
    """A tally with its words taken apart once."""

    def __init__(self, tally: Tally, days: int) -> None:
        self.days = days
        self._by: dict[str, dict[str, int]] = {}
        for word, n in tally.items():
            if n:
                measure, _, detail = word.partition(":")
                self._by.setdefault(measure, {})[detail] = n

    def by(self, measure: str) -> Mapping[str, int]:
        return self._by.get(measure, {})

    def total(self, measure: str) -> int:
        return sum(self.by(measure).values())

    def steps(self, measure: str) -> Mapping[int, int]:
        return {int(step): n for step, n in self.by(measure).items()}

    def old_enough(self, measure: str) -> int:
        """Within the days of those that are at least as many days old."""
        within = sum(n for d, n in self.by(measure).items() if not d or int(d) <= self.days)
        return within - self.total(f"young.{measure}")


def _measured(read: _Read, levels: int) -> Measured:
    cases, backlog, reachable = read.total("cases"), read.total("open"), read.total("reachable")
    attainment = _attainment(read)
    return Measured(
        answers=read.total("answers"),
        responses=read.total("responses"),
        reachable=reachable,
        cases=cases,
        backlog=backlog,
        late=read.total("behind"),
        stalled=read.total("stalled"),
        quality=rate(read.total("good"), cases - backlog),
        service_level=attainment.by_target[Target.CONTACT],
        coverage=_coverage(read),
        contact=rate(read.total("contacted"), reachable),
        waits=Waits(*(_on_both_clocks(read, awaited) for awaited in Awaited)),
        closed_loop=_closed_loop(read),
        attainment=attainment,
        escalation=tuple(_escalation(read.steps("level"), levels, cases)),
        lateness=_lateness(read.steps("late")),
        promises=_promises(read),
        in_time=_in_time(read),
        refusals=_refusals(read),
        cost=_money(read.by("cost")),
        referrals=rate(read.total("referred"), read.total("recovered")),
        recovery=_recovery(read, closed=cases - backlog),
        by_hand=_by_hand(read),
        back_filed=_back_filed(read),
    )


def _coverage(read: _Read) -> Coverage:
    responses, others = read.total("responses"), read.by("other")
    unread = {Unread(word): n for word, n in sorted(read.by("unread").items())}
    covered = rate(responses - sum(others.values()), responses)
    return Coverage(covered, dict(sorted(others.items())), unread)


def _on_both_clocks(read: _Read, awaited: Awaited) -> OnBothClocks:
    return OnBothClocks(_wait(read, f"{awaited}.wall"), _wait(read, f"{awaited}.working"))


def _wait(read: _Read, name: str) -> Wait:
    return wait_of(
        read.steps(name), waiting=read.steps(f"{name}.waiting"), lost=read.steps(f"{name}.lost")
    )


def _closed_loop(read: _Read) -> ClosedLoop:
    old_enough = read.old_enough("reachable")

    def share(measure: str) -> Rate:
        return rate(read.old_enough(measure), old_enough)

    return ClosedLoop(
        days=read.days,
        closed=share("closed"),
        confirmed=share("confirmed"),
        unreachable=share("unreachable"),
        withdrawn=share("withdrawn"),
        reopened=share("reopened"),
    )


def _attainment(read: _Read) -> Attainment:
    by_target = {target: _kept(read, target) for target in Target}
    met, judged = sum(k.n for k in by_target.values()), sum(k.d for k in by_target.values())
    return Attainment(rate(met, judged), by_target)


def _kept(read: _Read, target: Target) -> Rate:
    met, missed, overdue = (read.by(kind).get(target, 0) for kind in ("met", "missed", "overdue"))
    return rate(met, met + missed + overdue)


def _promises(read: _Read) -> Rate:
    kept, broken, unkept = (read.total(word) for word in ("kept", "broken", "unkept"))
    return rate(kept, kept + broken + unkept)


def _in_time(read: _Read) -> Rate:
    done, missed = read.total("in_time"), read.total("too_late") + read.total("undone")
    return rate(done, done + missed)


def _refusals(read: _Read) -> Rate:
    refused = read.total("refused")
    return rate(refused, refused + read.total("accepted"))


def _by_hand(read: _Read) -> Mapping[Origin, Rate]:
    heard, contacted = read.by("by_hand"), read.by("by_hand_contacted")
    return {o: rate(contacted.get(o, 0), heard[o]) for o in Origin if o in heard}


def _back_filed(read: _Read) -> Mapping[Way, Rate]:
    heard, covered = read.by("back_filed"), read.by("back_filed_covered")
    return {way: rate(covered.get(way, 0), heard[way]) for way in BACK_FILED if way in heard}


def _recovery(read: _Read, *, closed: int) -> Recovery:
    answered, won_back, asked, heard = (
        read.total(word)
        for word in (
            Resurveyed.RESURVEYED,
            Resurveyed.WON_BACK,
            Resurveyed.ASKED_AGAIN,
            Resurveyed.HEARD_AGAIN,
        )
    )
    return Recovery(rate(won_back, answered), rate(heard, asked), rate(won_back, closed))


def _escalation(highest: Mapping[int, int], levels: int, cases: int) -> Iterable[Escalation]:
    for level in range(1, levels + 1):
        reached = sum(n for stood_on, n in highest.items() if stood_on >= level)
        yield Escalation(level, rate(reached, cases))


def _lateness(late: Mapping[int, int]) -> Lateness:
    steps = sorted(late)
    if not steps:
        return Lateness(0, None, None, None)
    up_to = list(accumulate(late[step] for step in steps))
    p50, p99 = (_nth(steps, up_to, share) for share in (0.5, 0.99))
    return Lateness(up_to[-1], p50, p99, float(steps[-1]))


def _nth(steps: Sequence[int], up_to: Sequence[int], share: float) -> float:
    """By nearest rank."""
    return float(next(step for step, n in zip(steps, up_to, strict=True) if n >= share * up_to[-1]))
