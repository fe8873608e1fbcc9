"""The customer's own clock beside that of the region, on which a page tells all instants."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from models.calls import Hold, hold
from models.case import CaseState
from models.store.customer_views import CustomerView
from models.tables import CaseRow
from web.pages.reading import Reading


def clock_of(customer: CustomerView) -> ZoneInfo | None:
    """None where it is taken for that of his region."""
    return ZoneInfo(customer.zone) if customer.zone else None


def hold_of(row: CaseRow, state: CaseState, reading: Reading, *, zone: str | None) -> Hold | None:
    """By the customer's clock, `zone`, with its instant on the region's."""
    hours = reading.versions.pinned.calling_hours(row.region, zone)
    held = hold(state, hours, reading.now)
    return replace(held, until=reading.local(held.until)) if held else None
