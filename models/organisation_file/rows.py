"""Walking through the raw document of the organisation's file, past what has not the expected shape."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from models.organisation_file.faults import Place

Row: TypeAlias = tuple[Place, Mapping[str, object]]


def rows_in(rows: object, place: Place) -> Iterator[Row]:
    for number, row in enumerate(rows if isinstance(rows, list) else ()):
        if isinstance(row, Mapping):
            yield (*place, number), row


def causes_in(document: Mapping[str, object]) -> Iterator[Row]:
    """Of any depth."""
    yield from _causes(document.get("root_causes"), ("root_causes",))


def ids_of(document: Mapping[str, object], section: str) -> set[str]:
    return {str(row["id"]) for _, row in rows_in(document.get(section), (section,)) if "id" in row}


def _causes(causes: object, place: Place) -> Iterator[Row]:
    for where, cause in rows_in(causes, place):
        yield where, cause
        yield from _causes(cause.get("children"), (*where, "children"))
