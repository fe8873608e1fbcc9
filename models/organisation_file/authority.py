"""Whose word binds the company, and how far: as it is written, and what must hold of it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Annotated, TypeAlias

from pydantic import BaseModel, Field

from models.organisation import COMMIT_TO_REPAIR
from models.organisation_file.faults import Place, Remark
from models.organisation_file.fields import STRICT, CaseWorkersRole, Label, Limit, Part
from models.organisation_file.grammar import read_limit
from models.organisation_file.rows import roles_in
from models.people import Role

Document: TypeAlias = Mapping[str, object]

PLACE: Place = ("authority", "gestures")
AT_THE_TOP = (Role.NATIONAL_OWNER, Role.EXECUTIVE)
NO_LIMIT = float("inf")


class WrittenAuthority(BaseModel):
    """Which roles may do what binds the company, and what a gesture of each may cost.

    `review_share` of the gestures that needed nobody's yes are looked at afterwards.
    """

    model_config = STRICT
    commit_to_repair: Annotated[list[CaseWorkersRole], Field(min_length=1)] = sorted(
        COMMIT_TO_REPAIR
    )
    gestures: Annotated[dict[CaseWorkersRole, Limit], Field(min_length=1)] | None = None
    review_share: Part = 0.0
    raises: Label | None = None


def _limits(document: Document) -> Mapping[Role, float]:
    """Those that can be read; what is wrong with the others the shape says."""
    section = document.get("authority")
    written = section.get("gestures") if isinstance(section, Mapping) else None
    found: dict[Role, float] = {}
    for role, amount in written.items() if isinstance(written, Mapping) else ():
        with suppress(ValueError):
            limit = read_limit(amount)
            found[Role(role)] = NO_LIMIT if limit is None else limit
    return found


def _forgotten_roles(document: Document) -> Iterator[Remark]:
    limits, held = _limits(document), roles_in(document)
    for role in Role:
        if limits and role in held and role not in limits and role is not Role.OPERATOR:
            yield Remark(PLACE, f"says nothing of {role}, which somebody is: an amount, or any")


def _nobody_high_enough(document: Document) -> Iterator[Remark]:
    limits, held = _limits(document), roles_in(document)
    top = [limits[role] for role in AT_THE_TOP if role in held and role in limits]
    if top and max(top) < max(limits.values()):
        yield Remark(PLACE, "nobody at the top may say yes to the largest amount of others")


AUTHORITY_CHECKS: tuple[Callable[[Document], Iterator[Remark]], ...] = (
    _forgotten_roles,
    _nobody_high_enough,
)
