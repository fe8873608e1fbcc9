"""When an office, or a person, works: values only; `models.hours` counts with them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, time


@dataclass(frozen=True, slots=True)
class Window:
    """Open from `opens` to `closes` on that local day; `closes` None is midnight at the day's end (24:00)."""

    opens: time
    closes: time | None


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Windows by ISO weekday (1 Monday … 7 Sunday) in `zone` (IANA), less the `closed` days."""

    zone: str
    week: Mapping[int, tuple[Window, ...]]
    closed: frozenset[date] = frozenset()
    public: frozenset[date] = frozenset()
    """The public holidays, with those that are worked."""

    def on_clocks_of(self, zone: str | None) -> "OpeningHours":
        """The same windows and days, read on the clocks of another zone; None is their own."""
        return self if zone is None else replace(self, zone=zone)
