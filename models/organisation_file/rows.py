"""The raw document as the checks walk through it: rows, ids and names, each with its place.

What has not the expected shape is passed over: the shape itself finds fault with that.
"""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from models.organisation_file.faults import Place
from models.people import Role

Row: TypeAlias = tuple[Place, Mapping[str, object]]


def rows_in(document: Mapping[str, object], section: str) -> Iterator[Row]:
    return rows_of(document.get(section), (section,))


def rows_of(written: object, place: Place) -> Iterator[Row]:
    for number, row in enumerate(written if isinstance(written, list) else ()):
        if isinstance(row, Mapping):
            yield (*place, number), row


def causes_in(document: Mapping[str, object]) -> Iterator[Row]:
    """Of any depth."""
    yield from _causes(document.get("root_causes"), ("root_causes",))


def names_of(written: object, place: Place) -> Iterator[tuple[Place, str]]:
    match written:
        case str():
            yield place, written
        case list():
            for number, name in enumerate(written):
                yield from names_of(name, (*place, number))


def ids_in(document: Mapping[str, object], section: str) -> set[str]:
    return {str(row["id"]) for _, row in rows_in(document, section) if "id" in row}


def roles_in(document: Mapping[str, object]) -> set[object]:
    return {str(row.get("role")) for _, row in rows_in(document, "people")}


def operators_in(document: Mapping[str, object]) -> set[str]:
    """Who see no customer's words, and so take no cases."""
    operators = (r for _, r in rows_in(document, "people") if r.get("role") == Role.OPERATOR)
    return {str(row["id"]) for row in operators if "id" in row}


def _causes(written: object, place: Place) -> Iterator[Row]:
    for where, cause in rows_of(written, place):
        yield where, cause
        yield from _causes(cause.get("children"), (*where, "children"))
