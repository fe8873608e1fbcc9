"""What must hold of the ladders: each ends with a level where somebody always stands, and repeats."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from models.conditions import About
from models.ladder import Post
from models.organisation_file.faults import KEY, Place, Remark
from models.organisation_file.rows import (
    Row,
    ids_in,
    names_of,
    operators_in,
    roles_in,
    rows_in,
    rows_of,
)
from models.people import Role
from models.spelling import did_you_mean

Document: TypeAlias = Mapping[str, object]

PERHAPS_EMPTY = frozenset({Post.DEPUTY, Post.REFERENT, Post.NEIGHBOUR})


def _ladders(document: Document) -> Iterator[Sequence[Row]]:
    """The levels of each, from the lowest to the last."""
    yield list(rows_in(document, "ladder"))
    for place, ladder in rows_in(document, "ladders"):
        yield list(rows_of(ladder.get("levels"), (*place, "levels")))


def _no_last_rung(document: Document) -> Iterator[Remark]:
    held = roles_in(document)
    for levels in _ladders(document):
        for place, level in levels[-1:]:
            if "repeat_every" not in level:
                yield Remark(place, "the last level never ends: say how often with repeat_every")
            post = level.get("level")
            if post in PERHAPS_EMPTY or (post == Post.EXECUTIVE and Role.EXECUTIVE not in held):
                yield Remark((*place, "level"), f"nobody may stand on the last level, {post}")


def _wrong_people(document: Document) -> Iterator[Remark]:
    known, operators = ids_in(document, "people"), operators_in(document)
    for levels in _ladders(document):
        for place, level in levels:
            person, named = level.get("person"), level.get("level") == Post.PERSON
            if named and person is None:
                yield Remark(place, "this level is a person's: name him with person")
            elif not named and "person" in level:
                yield Remark((*place, "person", KEY), "only the level 'person' names one")
            elif isinstance(person, str):
                yield from _stranger((*place, "person"), person, known, operators)


def _stranger(place: Place, person: str, known: set[str], operators: set[str]) -> Iterator[Remark]:
    if person not in known:
        yield Remark(place, f"unknown person {person!r}{did_you_mean(person, known)}")
    if person in operators:
        yield Remark(place, "an operator takes no cases")


def _ladders_for_everything(document: Document) -> Iterator[Remark]:
    for place, ladder in rows_in(document, "ladders"):
        if not any(condition in ladder for condition in About._fields):
            yield Remark(
                place, "this one would be for every case: that is the one under 'ladder' already"
            )


def _own_neighbours(document: Document) -> Iterator[Remark]:
    for place, region in rows_in(document, "regions"):
        for where, neighbour in names_of(region.get("neighbours"), (*place, "neighbours")):
            if neighbour == region.get("id"):
                yield Remark(where, "a region is not its own neighbour")


def _referents_without_cases(document: Document) -> Iterator[Remark]:
    operators = operators_in(document)
    for place, row in rows_in(document, "people"):
        if row.get("referent_of") and row.get("id") in operators:
            yield Remark((*place, "referent_of", KEY), "an operator takes no cases")


LADDER_CHECKS: tuple[Callable[[Document], Iterator[Remark]], ...] = (
    _no_last_rung,
    _wrong_people,
    _ladders_for_everything,
    _own_neighbours,
    _referents_without_cases,
)
