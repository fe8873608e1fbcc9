"""The call round: one customer after the other, the most urgent first.

Whom a person has met on this round is kept in a cookie of his own, so that a customer who was
skipped, or did not answer, does not come again before the others had their turn.
"""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Cookie, Depends, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from models.people import Person, Right, Room, may
from models.store.inbox import list_calls
from models.store.views import facts_of
from models.tables import CaseRow
from settings import Settings
from web.pages.cards import Card, read_cards
from web.provided import House, InHouse
from web.rendering import InPages
from web.visitors import InInbox

router = APIRouter(include_in_schema=False)

COOKIE = "rappel_round"
PATH = "/round"
LASTS = 2 * 60 * 60
"""Seconds since the last step: then the next round begins."""
LONGEST = 80
"""Ids that fit into a cookie."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How the round goes on: with a fresh start, after a skip, or after something was recorded.

    `met` are the cases that had their turn.
    """

    met: tuple[str, ...]
    did: str | None
    skip: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """Whom to call now, and whose attempt was just recorded. Without a `call` the round is over.

    `waiting` counts all who wait for a call, those that had their turn included.
    """

    call: Card | None
    position: int
    total: int
    waiting: int
    recorded: Card | None


def _pace(
    met: Annotated[str, Cookie(alias=COOKIE)] = "",
    did: UUID | None = None,
    skip: UUID | None = None,
    *,
    start: bool = False,
) -> Pace:
    known = () if start else tuple(case_id for case_id in met.split(".") if case_id)
    return Pace(known, str(did) if did else None, str(skip) if skip else None)


@router.get(PATH)
async def show_round(
    me: InInbox, house: InHouse, pages: InPages, pace: Annotated[Pace, Depends(_pace)]
) -> Response:
    async with house.database.read() as session:
        recorded = await _recorded(session, house, me, pace)
        met = _met(pace, recorded)
        calls = await list_calls(session, me, now=house.clock())
        left = [case_id for case_id in calls if case_id not in met]
        call = await _read_card(session, house, me, left[0]) if left else None
    step = Step(call, len(met) + 1, len(met) + len(left), len(calls), recorded)
    response = pages.answer("round.html", me.language, me=me, here=Room.INBOX, step=step)
    _keep(response, met, house.settings)
    return response


async def _recorded(session: AsyncSession, house: House, me: Person, pace: Pace) -> Card | None:
    """While his attempt is the last thing that happened, so that it can be taken back."""
    card = await _read_card(session, house, me, pace.did) if pace.did else None
    return card if card and card.undo else None


async def _read_card(session: AsyncSession, house: House, me: Person, case_id: str) -> Card | None:
    row = await session.get(CaseRow, case_id)
    if row is None or not may(me, Right.READ, facts_of(row)):
        return None
    return next(iter(await read_cards(session, house, me, [row])), None)


def _met(pace: Pace, recorded: Card | None) -> tuple[str, ...]:
    """Who was called has had his turn, unless that was taken back."""
    before = [case_id for case_id in pace.met if case_id not in {pace.did, pace.skip}]
    after = [pace.skip, pace.did if recorded else None]
    return (*before, *(case_id for case_id in after if case_id))[-LONGEST:]


def _keep(response: Response, met: tuple[str, ...], settings: Settings) -> None:
    response.set_cookie(
        COOKIE,
        ".".join(met),
        max_age=LASTS,
        path=PATH,
        httponly=True,
        samesite="lax",
        secure=settings.over_https,
    )
