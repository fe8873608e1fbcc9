"""The teams of the organisation's file: as they are written, what must hold of them, what they become."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Annotated

from pydantic import BaseModel, Field, PlainValidator

from models.organisation_file.faults import Remark
from models.organisation_file.fields import STRICT, Ceiling, Id, Label, label_of
from models.organisation_file.grammar import one_of
from models.organisation_file.rows import names_of, operators_in, rows_in
from models.teams import Share, Team


class WrittenTeam(BaseModel):
    """`overflow` is a person or another team."""

    model_config = STRICT
    id: Id
    name: Label
    members: Annotated[list[Id], Field(min_length=1)]
    share: Annotated[Share, PlainValidator(one_of(Share))] = Share.ROUND_ROBIN
    overflow: Id | None = None
    ceiling: Ceiling | None = None
    raises: Label | None = None


def teams_of(written: Sequence[WrittenTeam], languages: tuple[str, ...]) -> Mapping[str, Team]:
    return {
        team.id: Team(
            team.id,
            label_of(team.name, languages),
            tuple(team.members),
            team.share,
            team.overflow,
            team.ceiling,
        )
        for team in written
    }


def _hollow_teams(document: Mapping[str, object]) -> Iterator[Remark]:
    """Who sees no customer's words can be given no case, and nobody stands twice in the same turn."""
    operators = operators_in(document)
    for place, row in rows_in(document, "teams"):
        met: set[str] = set()
        for where, name in names_of(row.get("members"), (*place, "members")):
            if name in met:
                yield Remark(where, f"{name!r} stands in this team twice")
            met.add(name)
        for where, name in chain(
            names_of(row.get("members"), (*place, "members")),
            names_of(row.get("overflow"), (*place, "overflow")),
        ):
            if name in operators:
                yield Remark(where, f"{name!r} is an operator, who takes no cases")


def _circling_overflows(document: Mapping[str, object]) -> Iterator[Remark]:
    """Said once of each circle, at the team of it that stands first."""
    leads = {str(row.get("id")): row.get("overflow") for _, row in rows_in(document, "teams")}
    told: set[str] = set()
    for place, row in rows_in(document, "teams"):
        start = str(row.get("id"))
        way, found = [start], leads.get(start)
        while isinstance(found, str) and found in leads and found not in way:
            way.append(found)
            found = leads[found]
        if found == start and start not in told:
            told |= set(way)
            circle = " → ".join((*way, start))
            yield Remark((*place, "overflow"), f"the overflow comes back: {circle}")


TEAM_CHECKS: tuple[Callable[[Mapping[str, object]], Iterator[Remark]], ...] = (
    _hollow_teams,
    _circling_overflows,
)
