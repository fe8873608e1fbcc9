"""What must hold of the teams in the organisation's file, beside the names that they refer to."""

from collections.abc import Callable, Iterator, Mapping
from itertools import chain

from models.organisation_file.faults import Remark
from models.organisation_file.rows import names, rows
from models.people import Role


def _hollow_teams(document: Mapping[str, object]) -> Iterator[Remark]:
    """Who sees no customer's words can be given no case, and nobody stands twice in the same turn."""
    operators = {
        str(row.get("id"))
        for _, row in rows(document, "people")
        if row.get("role") == Role.OPERATOR
    }
    for place, row in rows(document, "teams"):
        met: set[str] = set()
        for where, name in names(row.get("members"), (*place, "members")):
            if name in met:
                yield Remark(where, f"{name!r} stands in this team twice")
            met.add(name)
        for where, name in chain(
            names(row.get("members"), (*place, "members")),
            names(row.get("overflow"), (*place, "overflow")),
        ):
            if name in operators:
                yield Remark(where, f"{name!r} is an operator, who takes no cases")


def _circling_overflows(document: Mapping[str, object]) -> Iterator[Remark]:
    """Said once of each circle, at the team of it that stands first."""
    leads = {str(row.get("id")): row.get("overflow") for _, row in rows(document, "teams")}
    told: set[str] = set()
    for place, row in rows(document, "teams"):
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
