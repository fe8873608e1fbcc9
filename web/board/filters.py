"""What the board looks at: it stands in the address, so that a view can be kept and sent on."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query

from models.errors import NotUnderstood
from models.figures import DAYS, Asked

YEAR = 12
OFFERED = 36
"""Months that a reader may choose from."""
MONTH = r"^(20\d\d-(0[1-9]|1[0-2]))?$"
LONGEST_ID = 64
USUAL_DAYS = 30
UNNAMED = " "
"""In the address: answers that name no region, or no trade. A name never has a blank around it."""


@dataclass(frozen=True, slots=True)
class Filters:
    """`asked` has both its months; `this_month` is where the head office stands now."""

    asked: Asked
    this_month: str

    def to(self, path: str, **changes: str | None) -> str:
        """An address that looks at the same, but for the changes; a region or trade as in `asked`."""
        asked = self.asked
        said = {
            "from": asked.first,
            "to": asked.last,
            "region": asked.region,
            "trade": asked.trade,
            "d": str(asked.days),
            **changes,
        }
        said |= {place: self.written(said[place]) for place in ("region", "trade")}
        return f"{path}?{urlencode({k: v for k, v in said.items() if v})}"

    @staticmethod
    def written(place: str | None) -> str:
        """A region or trade of `Asked`, as it stands in the address: "" is any."""
        return "" if place is None else place or UNNAMED

    @property
    def months(self) -> tuple[str, ...]:
        """The newest first; with those that are looked at, however old."""
        offered = {month_before(self.this_month, n) for n in range(OFFERED)}
        chosen = {month for month in (self.asked.first, self.asked.last) if month}
        return tuple(sorted(offered | chosen, reverse=True))

    @property
    def offered_days(self) -> tuple[int, ...]:
        return DAYS

    @property
    def year(self) -> Asked:
        """Every region over the twelve months that end with those looked at: to compare them."""
        last = self.asked.last or self.this_month
        return replace(self.asked, first=month_before(last, YEAR - 1), last=last, region=None)


@dataclass(frozen=True, slots=True)
class Written:
    """The filters as they stand in the address: what is missing there is None."""

    asked: Asked

    def at(self, now: datetime) -> Filters:
        """The last twelve months unless others are asked for. `now` is in the head office's zone."""
        this_month = f"{now:%Y-%m}"
        last = self.asked.last or max(this_month, self.asked.first or "")
        first = self.asked.first or month_before(last, YEAR - 1)
        earlier, later = sorted((first, last))
        return Filters(replace(self.asked, first=earlier, last=later), this_month)


def _read(
    first: Annotated[str, Query(alias="from", pattern=MONTH)] = "",
    last: Annotated[str, Query(alias="to", pattern=MONTH)] = "",
    region: Annotated[str, Query(max_length=LONGEST_ID)] = "",
    trade: Annotated[str, Query(max_length=LONGEST_ID)] = "",
    d: int = USUAL_DAYS,
) -> Written:
    """Raises NotUnderstood for days for which no rate is kept."""
    if d not in DAYS:
        raise NotUnderstood(f"The days are one of {', '.join(map(str, DAYS))}.", place="d")
    return Written(Asked(first or None, last or None, _asked(region), _asked(trade), d))


def _asked(written_place: str) -> str | None:
    return written_place.strip() if written_place else None


InAddress = Annotated[Written, Depends(_read)]


def month_before(month: str, n: int) -> str:
    year, number = divmod(int(month[:4]) * YEAR + int(month[5:]) - 1 - n, YEAR)
    return f"{year}-{number + 1:02}"
