"""Levels of a ladder that nobody can fill, as the organisation's file alone tells: advice, no fault.

Whoever is away, or whom nothing reaches, is not known here.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from models.conditions import About
from models.ladder import Post
from models.levels import people_named, standing_on
from models.organisation import Organisation, answering


@dataclass(frozen=True, slots=True)
class Vacant:
    """`rule` is the place in the routing table (None: no rule fits), `ladder` "" where it is the one
    without conditions. `regions` and `trades` are those whose cases find the level empty; none: of all.
    """

    ladder: str
    level: int
    post: Post
    rule: int | None
    person: str
    regions: tuple[str, ...] = ()
    trades: tuple[str, ...] = ()


def vacancies(organisation: Organisation) -> Iterator[Vacant]:
    """Whatever a case may be about, by the words of the file."""
    met: defaultdict[Vacant, list[About]] = defaultdict(list)
    filled: defaultdict[Vacant, list[About]] = defaultdict(list)
    for about in _abouts(organisation):
        for vacant, empty in _levels(organisation, about):
            (met if empty else filled)[vacant].append(about)
    for vacant, abouts in sorted(met.items(), key=lambda found: _place(found[0])):
        yield _narrowed(vacant, abouts, filled.get(vacant, ()))


def _abouts(organisation: Organisation) -> Iterator[About]:
    choices = (
        organisation.regions,
        organisation.trades,
        organisation.touchpoints,
        organisation.languages,
    )
    return map(About._make, product(*(tuple(choice) or (None,) for choice in choices)))


def _levels(organisation: Organisation, about: About) -> Iterator[tuple[Vacant, bool]]:
    answers = answering(organisation, about)
    policy = organisation.policy_for(about)
    for number, level in enumerate(policy.levels):
        for person in people_named(organisation, answers.named):
            standing = standing_on(organisation, level, person, about)
            yield (
                Vacant(policy.ladder, number, level.post, answers.rule, person.id),
                not standing,
            )


def _place(vacant: Vacant) -> tuple[str, int, int]:
    return vacant.ladder, vacant.level, vacant.rule or 0


def _narrowed(vacant: Vacant, empty: Sequence[About], filled: Sequence[About]) -> Vacant:
    """To the regions and trades that it is about, where other cases of the rule find somebody."""
    if not filled:
        return vacant
    regions = tuple(dict.fromkeys(about.region or "" for about in empty))
    trades = tuple(dict.fromkeys(about.trade or "" for about in empty))
    every = (*empty, *filled)
    return Vacant(
        vacant.ladder,
        vacant.level,
        vacant.post,
        vacant.rule,
        vacant.person,
        regions if set(regions) != {about.region for about in every} else (),
        trades if set(trades) != {about.trade for about in every} else (),
    )
