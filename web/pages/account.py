"""Who I am here, and on which devices I am signed in; for operators also the door to shut on others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.errors import KeyReused, NotKnown, NotUnderstood, RappelError, WrongMove
from models.organisation import Organisation, word
from models.people import Person, Room, may_enter
from models.spelling import plain
from models.store.absences import absences_after
from models.store.access import (
    OpenSession,
    end_other_sessions,
    end_session,
    revoke_access,
    sessions_of,
)
from web.absences import call_off, record_absence
from web.pages.forms import KEY, Form, Written, why
from web.pages.leaves import lay_out_leaves, read_leave
from web.provided import House, InHouse
from web.rendering import InPages, Pages, new_key
from web.visitors import InAccount, InInbox, InOperations, Presence, Present, let_out

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Device:
    """A session as its person reads it; `name` None is a device we cannot name. Times are local."""

    handle: str
    name: str | None
    since: datetime
    seen_at: datetime
    this: bool


@router.get("/account")
async def show_account(
    present: Present, me: InAccount, house: InHouse, pages: InPages
) -> HTMLResponse:
    return await _show(present, house, pages)


@router.post("/account/absences")
async def record_leave(
    present: Present, me: InInbox, form: Form, house: InHouse, pages: InPages
) -> Response:
    try:
        await record_absence(house, me, read_leave(form, me), key=form.get(KEY) or new_key())
    except (KeyReused, NotUnderstood, WrongMove) as fault:
        return await _show(present, house, pages, fault=fault, written=form)
    return RedirectResponse("/account#absences", 303)


@router.post("/account/absences/{absence}/end")
async def end_leave(absence: str, me: InInbox, house: InHouse) -> Response:
    await call_off(house, me, absence)
    return RedirectResponse("/account#absences", 303)


async def _show(
    present: Presence,
    house: House,
    pages: Pages,
    *,
    fault: RappelError | None = None,
    written: Written | None = None,
) -> HTMLResponse:
    me, now = present.person, house.clock()
    today, opened = await _access_of(house, me.id)
    async with house.database.read() as session:
        ahead = await absences_after(session, now)
    leaves = lay_out_leaves(
        today, me, ahead, now=now, written=written or {}, why=why(fault) if fault else ""
    )
    return pages.answer(
        "account.html",
        me.language,
        status=fault.status if fault else 200,
        leaves=leaves if may_enter(me, Room.INBOX) else None,
        me=me,
        here=Room.ACCOUNT,
        person=me,
        regions=_names(me, today, me.language),
        devices=_devices(opened, today, this=present.session.handle),
        now=_now(house, today),
        colleagues=_colleagues(today, me) if may_enter(me, Room.OPERATIONS) else (),
    )


@router.post("/account/end")
async def end_one(me: InAccount, form: Form, house: InHouse) -> Response:
    async with house.database.write() as session:
        await end_session(session, me.id, form.get("session", ""), at=house.clock())
    return RedirectResponse("/account", 303)


@router.post("/account/end-others")
async def end_others(present: Present, me: InAccount, house: InHouse) -> Response:
    async with house.database.write() as session:
        await end_other_sessions(session, present.session, at=house.clock())
    return RedirectResponse("/account", 303)


@router.post("/account/sign-out")
async def sign_out(present: Present, me: InAccount, house: InHouse) -> Response:
    async with house.database.write() as session:
        await end_session(session, me.id, present.session.handle, at=house.clock())
    response = RedirectResponse("/", 303)
    let_out(response)
    return response


@router.get("/account/of/{person}")
async def show_access(
    person: str, me: InOperations, house: InHouse, pages: InPages
) -> HTMLResponse:
    today, opened = await _access_of(house, person)
    return pages.answer(
        "access.html",
        me.language,
        me=me,
        here=Room.ACCOUNT,
        person=_somebody(today, person),
        devices=_devices(opened, today),
        now=_now(house, today),
    )


@router.post("/account/of/{person}/end")
async def shut_out(person: str, me: InOperations, house: InHouse) -> Response:
    """His sessions end and his links open nothing more; new ones he may ask for."""
    today, _ = await _access_of(house, person)
    _somebody(today, person)
    async with house.database.write() as session:
        await revoke_access(session, [person], at=house.clock())
    log.info("access_revoked", person=person, by=me.id)
    return RedirectResponse(f"/account/of/{person}", 303)


async def _access_of(house: House, person: str) -> tuple[Organisation, Sequence[OpenSession]]:
    async with house.database.read() as session:
        opened = await sessions_of(session, person, at=house.clock())
        return (await house.book.in_force(session)).organisation, opened


def _somebody(today: Organisation, person: str) -> Person:
    """Raises NotKnown."""
    if person not in today.people:
        raise NotKnown("There is no such person.")
    return today.people[person]


def _devices(
    opened: Sequence[OpenSession], today: Organisation, *, this: str = ""
) -> Sequence[Device]:
    zone = ZoneInfo(today.head_office.zone)
    return [
        Device(
            each.handle,
            each.device,
            each.since.astimezone(zone),
            each.seen_at.astimezone(zone),
            each.handle == this,
        )
        for each in opened
    ]


def _now(house: House, today: Organisation) -> datetime:
    return house.clock().astimezone(ZoneInfo(today.head_office.zone))


def _names(person: Person, today: Organisation, language: str) -> Sequence[str]:
    """The regions and trades for which he answers."""
    labels = [today.regions[region].label for region in sorted(person.regions)]
    labels += [today.trades[trade] for trade in sorted(person.trades)]
    return [word(label, language) for label in labels]


def _colleagues(today: Organisation, me: Person) -> Sequence[Person]:
    others = (person for person in today.people.values() if person.id != me.id)
    return sorted(others, key=lambda person: plain(person.name))
