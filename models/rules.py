"""The rules of an organisation, one by one, and what each is good for in the customer's eyes."""

from collections.abc import Iterator, Sized
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from models.causes import walk
from models.labels import Label
from models.organisation import Organisation


class Section(StrEnum):
    """Of the organisation's file, as it is called there."""

    TEAMS = "teams"
    ROUTING = "routing"
    TARGETS = "targets"
    LADDER = "ladder"
    LADDERS = "ladders"
    CALLS = "calls"
    PAUSES = "pauses"
    THRESHOLDS = "unhappy_up_to"
    ZERO_TOLERANCE = "zero_tolerance"
    AUTHORITY = "authority"
    RESURVEY = "resurvey"


@dataclass(frozen=True, slots=True)
class Rule:
    """`name` is its number from 1, or its id; "" where the section is one rule. `repairs.2` is the second
    level of the ladder `repairs`.

    `raises` says how it raises the customer's satisfaction; None where the file does not say it.
    """

    section: Section
    name: str
    raises: Label | None

    @property
    def place(self) -> str:
        return place_of(self.section, self.name)


def place_of(section: Section, name: str | int = "") -> str:
    """As in `routing.3`, `zero_tolerance.safety` and `calls`."""
    return f"{section}.{name}" if name else str(section)


def rules_of(organisation: Organisation) -> tuple[Rule, ...]:
    """In the order of the sections, and within each as they stand in the file."""
    return tuple(
        Rule(section, name, organisation.reasons.get(place_of(section, name)))
        for section in Section
        for name in _names(section, organisation)
    )


def unexplained(organisation: Organisation) -> tuple[str, ...]:
    """The places of the rules that do not say yet what they are good for."""
    return tuple(rule.place for rule in rules_of(organisation) if rule.raises is None)


def without_playbook(organisation: Organisation) -> tuple[str, ...]:
    """The causes that may be named and for which neither they nor a branch above has a playbook."""
    covered = {
        below.id
        for cause in organisation.walk_causes()
        if cause.playbook is not None
        for below in walk((cause,))
    }
    return tuple(cause for cause in organisation.cause_ids() if cause not in covered)


def _names(section: Section, organisation: Organisation) -> Iterator[str]:
    match section:
        case Section.ROUTING:
            yield from _numbers(organisation.routes)
        case Section.LADDER:
            yield from _numbers(organisation.policy.levels)
        case Section.LADDERS:
            for ladder in organisation.ladders:
                yield ladder.id
                yield from (f"{ladder.id}.{number}" for number in _numbers(ladder.levels))
        case Section.TEAMS:
            yield from organisation.teams
        case Section.ZERO_TOLERANCE:
            yield from organisation.topics
        case Section.PAUSES:
            yield from ("", *organisation.pauses.reasons) if organisation.pauses.reasons else ()
        case Section.RESURVEY:
            yield from ("",) if organisation.resurvey else ()
        case Section.TARGETS | Section.CALLS | Section.THRESHOLDS | Section.AUTHORITY:
            yield ""
        case _:
            assert_never(section)


def _numbers(rows: Sized) -> Iterator[str]:
    return map(str, range(1, len(rows) + 1))
