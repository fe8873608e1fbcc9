"""A demonstration plays weeks in minutes: what a clock shows that is seen through a time lapse."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Timelapse:
    """Before `until` (aware, UTC) a real second is `rate` played ones; from then on time is real.

    `rate` is a whole number, at least 1, so that nothing is lost in rounding: what waits until
    `real(at)` never finds that `at` is still to come.
    """

    until: datetime
    rate: int

    def played(self, now: datetime) -> datetime:
        """What the clock shows at a real instant."""
        return self.until - (self.until - now) * self.rate if now < self.until else now

    def real(self, at: datetime) -> datetime:
        """The first real instant at which the clock shows `at` or later."""
        return self.until - (self.until - at) // self.rate if at < self.until else at

    def later(self, at: datetime, length: timedelta) -> datetime:
        """What the clock shows when `length` of real time has passed since it showed `at`."""
        return self.played(self.real(at) + length)
