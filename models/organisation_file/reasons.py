"""How each rule raises the customer's satisfaction, as the file says it under `raises`."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import TypeAlias

from models.labels import Label
from models.organisation_file.faults import Place
from models.organisation_file.fields import label_of
from models.organisation_file.pauses import pauses_in
from models.organisation_file.rows import Row, rows_in, rows_of
from models.organisation_file.shape import WrittenLevel, WrittenOrganisation
from models.rules import Section, place_of

LISTED = (
    *(Section.TEAMS, Section.ROUTING, Section.LADDER, Section.LADDERS),
    Section.ZERO_TOLERANCE,
)
"""Sections of many rules. Each of the others is one; those for which a case may rest stand in it."""

Said: TypeAlias = tuple[str, Mapping[str, str] | None]


def reasons_of(written: WrittenOrganisation, languages: tuple[str, ...]) -> Mapping[str, Label]:
    """By the rule's place. A rule that does not say it is not among them."""
    said = dict(chain(_listed(written), _single(written)))
    return {place: label_of(label, languages) for place, label in said.items() if label}


def reasons_in(document: Mapping[str, object]) -> Iterator[tuple[Place, object]]:
    """Of the raw document, with the place of each."""
    for place, rule in _rules_in(document):
        yield (*place, "raises"), rule.get("raises")


def _rules_in(document: Mapping[str, object]) -> Iterator[Row]:
    for section in Section:
        rule = document.get(section)
        if section in LISTED:
            yield from rows_in(document, section)
        elif isinstance(rule, Mapping):
            yield (str(section),), rule
    for place, ladder in rows_in(document, Section.LADDERS):
        yield from rows_of(ladder.get("levels"), (*place, "levels"))
    yield from pauses_in(document)


def _listed(written: WrittenOrganisation) -> Iterator[Said]:
    for team in written.teams:
        yield place_of(Section.TEAMS, team.id), team.raises
    for number, route in enumerate(written.routing, start=1):
        yield place_of(Section.ROUTING, number), route.raises
    yield from _levels(str(Section.LADDER), written.ladder)
    for ladder in written.ladders:
        place = place_of(Section.LADDERS, ladder.id)
        yield place, ladder.raises
        yield from _levels(place, ladder.levels)
    for topic in written.zero_tolerance:
        yield place_of(Section.ZERO_TOLERANCE, topic.id), topic.raises


def _levels(ladder: str, levels: Sequence[WrittenLevel]) -> Iterator[Said]:
    for number, level in enumerate(levels, start=1):
        yield f"{ladder}.{number}", level.raises


def _single(written: WrittenOrganisation) -> Iterator[Said]:
    yield place_of(Section.TARGETS), written.targets.raises
    yield place_of(Section.CALLS), written.calls.raises
    yield place_of(Section.THRESHOLDS), written.unhappy_up_to.raises
    yield place_of(Section.AUTHORITY), written.authority.raises
    if written.resurvey:
        yield place_of(Section.RESURVEY), written.resurvey.raises
    if written.pauses:
        yield place_of(Section.PAUSES), written.pauses.raises
        for pause in written.pauses.reasons:
            yield place_of(Section.PAUSES, pause.id), pause.raises
