"""Why a case may rest, and how long, as it is written; and the same, once it is known to be good."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import BaseModel, Field

from models.organisation_file.fields import STRICT, Duration, Id, Label, label_of
from models.organisation_file.rows import Row, rows_of
from models.pauses import IN_ALL, PausePolicy, PauseReason


class WrittenPause(BaseModel):
    model_config = STRICT
    id: Id
    name: Label
    longest: Duration
    raises: Label | None = None


class WrittenPauses(BaseModel):
    model_config = STRICT
    longest_in_all: Duration = IN_ALL
    reasons: Annotated[list[WrittenPause], Field(min_length=1)]
    raises: Label | None = None


def pauses_of(written: WrittenPauses | None, languages: tuple[str, ...]) -> PausePolicy:
    """Without the section nobody's case rests."""
    if written is None:
        return PausePolicy()
    reasons = (
        PauseReason(each.id, label_of(each.name, languages), each.longest)
        for each in written.reasons
    )
    return PausePolicy({reason.id: reason for reason in reasons}, written.longest_in_all)


def pauses_in(document: Mapping[str, object]) -> Iterator[Row]:
    """The raw rows."""
    section = document.get("pauses")
    reasons = section.get("reasons") if isinstance(section, Mapping) else None
    return rows_of(reasons, ("pauses", "reasons"))
