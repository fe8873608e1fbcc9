"""Whether a case may rest for as long as somebody asks: what its rows and versions say of that."""

from datetime import datetime, timedelta

from models.actions import Pause
from models.errors import WrongMove
from models.longest_pause import may_rest, require_short
from models.store.casebook import state_of
from models.tables import CaseRow
from models.versions import Versions
from models.workday import hours_at_work


def require_rest(act: Pause, versions: Versions, row: CaseRow, *, now: datetime) -> None:
    state = state_of(row)
    if not may_rest(state):
        raise WrongMove("stalled", "The case is stalled: turn to the customer first.")
    rested = state.paused if state else timedelta()
    hours = hours_at_work(versions.pinned, versions.today, row.owner, region=row.region)
    require_short(act, versions.today.pauses, hours, rested=rested, now=now)
