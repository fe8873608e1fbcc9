"""What the page of a case shows of the call that its reader asked for: where it is, and what came out."""

from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from models.people import Person, Right, may
from models.store.bridges import CallView, latest_call
from models.store.inbound import latest_taken
from models.store.views import CaseView
from models.timeline import EntryKind
from web.provided import House


@dataclass(frozen=True, slots=True)
class OnTheLine:
    """`offered`: he may be rung by us and put through. `call` is his latest, be it that the customer rang,
    until he recorded an attempt after it.
    """

    offered: bool
    call: CallView | None = None

    @property
    def whom(self) -> str | None:
        return self.call.customer_id if self.call else None

    @property
    def suggested(self) -> str | None:
        """The outcome of the attempt that he only need confirm."""
        return self.call.call.attempt if self.call and self.call.call.over else None

    @property
    def inbound(self) -> bool:
        """It was the customer who rang: whoever asked not to be called may."""
        return self.call is not None and self.call.inbound

    @property
    def live(self) -> bool:
        call = self.call
        return call is not None and not (call.call.over or call.fault or call.silent)


NOT_OFFERED = OnTheLine(offered=False)


async def read_line(session: AsyncSession, house: House, view: CaseView, me: Person) -> OnTheLine:
    if house.caller is None or not me.phone or not may(me, Right.ACT, view.facts):
        return NOT_OFFERED
    asked = await latest_call(session, view.row.id, me.id, now=house.clock())
    taken = await latest_taken(session, view.row.id, me.id, now=house.clock())
    calls = [each for each in (asked, taken) if each is not None]
    call = max(calls, key=lambda each: each.started_at, default=None)
    if call is not None and _is_recorded(view, me, call):
        call = None
    return OnTheLine(offered=view.row.open, call=call)


def _is_recorded(view: CaseView, me: Person, call: CallView) -> bool:
    undone = {e.facts["seq"] for e in view.timeline if e.kind is EntryKind.TAKEN_BACK}
    return any(
        entry.kind is EntryKind.ATTEMPTED
        and entry.by == me.id
        and entry.at >= call.started_at
        and entry.seq not in undone
        for entry in view.timeline
    )
