"""The JSON API: the figures of the board."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AfterValidator, RootModel

from models.figures import DAYS, Asked, Figures
from models.store.figures import read_figures
from models.store.target_periods import read_targets_over_time
from models.target_periods import TargetsOverTime
from web.api.schemas import kept_days
from web.provided import InHouse

router = APIRouter()

Month = Annotated[
    str,
    Query(pattern=r"^(19|2\d)\d\d-(0[1-9]|1[0-2])$", description="`2026-11`, of the head office."),
]


@router.get("/figures", tags=["figures"])
async def figures(
    house: InHouse,
    *,
    first: Annotated[Month | None, Query(alias="from")] = None,
    last: Annotated[Month | None, Query(alias="to")] = None,
    region: str | None = None,
    trade: str | None = None,
    days: Annotated[
        int,
        AfterValidator(kept_days),
        Query(
            description=f"d of the closed-loop rate: one of {DAYS}.",
            json_schema_extra={"enum": list(DAYS)},
        ),
    ] = 30,
) -> RootModel[Figures]:
    """Of the answers submitted in these months, both included. Definitions: docs/figures.md."""
    asked = Asked(first, last, region, trade, days)
    async with house.database.read() as session:
        found = await read_figures(session, asked, now=house.clock(), book=house.book)
    return RootModel(found)


@router.get("/figures/targets", tags=["figures"])
async def targets_over_time(
    house: InHouse,
    *,
    first: Annotated[Month | None, Query(alias="from")] = None,
    last: Annotated[Month | None, Query(alias="to")] = None,
    region: str | None = None,
    trade: str | None = None,
) -> RootModel[TargetsOverTime]:
    """How each target was met while it was as long as it was, by the versions that made it so."""
    asked = Asked(first, last, region, trade)
    async with house.database.read() as session:
        found = await read_targets_over_time(session, asked, now=house.clock(), book=house.book)
    return RootModel(found)
