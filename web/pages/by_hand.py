"""The page on which somebody writes down what a customer told him: it opens a case, or joins one."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.by_hand import CHANNELS, WrittenDown
from models.errors import DatabaseAway, KeyReused, NotUnderstood, RappelError
from models.labels import Label
from models.organisation import Organisation, word
from models.people import Person, Right, Room, may
from models.spelling import plain
from models.store.sheets import forget_sheet, keep_sheet, sheet_of
from models.store.views import facts_of, find_case
from models.survey import Origin
from models.tables import ResponseRow
from surveys.values import LONGEST_COMMENT, LONGEST_WORD, read_language
from web.by_hand import KNOWN_BY, identity_of, write_down
from web.pages.forms import KEY, Form, Written, why
from web.provided import House, InHouse
from web.rendering import InPages, Pages, new_key
from web.visitors import InInbox

router = APIRouter(include_in_schema=False)

FIELDS = ("channel", "words", *KNOWN_BY, "region", "trade", "touchpoint", "topic", "language")


@dataclass(frozen=True, slots=True)
class Choices:
    """Ids with their names, by field of the form."""

    region: Sequence[tuple[str, str]]
    trade: Sequence[tuple[str, str]]
    touchpoint: Sequence[tuple[str, str]]
    topic: Sequence[tuple[str, str]]
    languages: Sequence[str]

    @classmethod
    def of(cls, today: Organisation, language: str) -> "Choices":
        """By name, but for the topics, which stand in order of gravity."""

        def named(labels: Mapping[str, Label]) -> list[tuple[str, str]]:
            return [(id_, word(label, language) or id_) for id_, label in labels.items()]

        def sorted_(labels: Mapping[str, Label]) -> list[tuple[str, str]]:
            return sorted(named(labels), key=lambda choice: plain(choice[1]))

        return cls(
            sorted_(today.region_labels()),
            sorted_(today.trades),
            sorted_(today.touchpoints),
            named(today.topic_labels()),
            today.languages,
        )


@router.get("/responses/new")
async def ask_what_was_said(
    me: InInbox, house: InHouse, pages: InPages, *, kept: bool = False
) -> HTMLResponse:
    async with house.database.read() as session:
        typed = await sheet_of(session, house.database.vault, me.id)
    return await _answer(house, pages, me, typed or _usual(me), kept=kept)


@router.post("/responses/new")
async def take_what_was_said(me: InInbox, house: InHouse, pages: InPages, form: Form) -> Response:
    """Leads on to the case, for whom it is open."""
    try:
        row = await write_down(house, me, _told(form), key=form.get(KEY) or new_key())
    except (NotUnderstood, KeyReused) as fault:
        return await _answer(house, pages, me, form, fault=fault)
    with suppress(DatabaseAway):  # then the words stay on his sheet and harm nobody
        async with house.database.write() as session:
            await forget_sheet(session, me.id)
    return RedirectResponse(await _onward(house, me, row), 303)


@router.post("/responses/draft")
async def keep_what_was_typed(
    me: InInbox, house: InHouse, form: Form, request: Request
) -> Response:
    """For the script, which wants no page; and for a button, which leads back to the form."""
    typed = {name: form[name][:LONGEST_COMMENT] for name in FIELDS if form.get(name)}
    started = typed if typed != _usual(me) else {}
    await house.database.write_again(
        lambda session: keep_sheet(session, house.database.vault, me.id, started, at=house.clock())
    )
    if "text/html" not in request.headers.get("accept", ""):
        return Response(status_code=204)
    return RedirectResponse("/responses/new", 303)


async def _onward(house: House, me: Person, row: ResponseRow) -> str:
    async with house.database.read() as session:
        case = await find_case(session, row.case_id or "")
    opens = may(me, Right.READ_ANONYMOUS, facts_of(case))
    return f"/cases/{case.id}" if opens else "/responses/new?kept=1"


def _told(form: Written) -> WrittenDown:
    """Raises NotUnderstood with the field at fault."""
    if form.get("channel") not in CHANNELS:
        raise NotUnderstood("Say how it was heard.", place="channel")
    for name, longest in {
        "words": LONGEST_COMMENT,
        **dict.fromkeys(KNOWN_BY, LONGEST_WORD),
    }.items():
        if len(form.get(name, "")) > longest:
            raise NotUnderstood("The text is too long.", place="length")

    def said(name: str) -> str | None:
        return form.get(name) or None

    return WrittenDown(
        Origin(form["channel"]),
        form.get("words", ""),
        identity_of(form),
        said("region"),
        said("trade"),
        said("touchpoint"),
        said("topic"),
        read_language(form.get("language")),
    )


def _usual(me: Person) -> Written:
    """Who answers for one region or trade alone hears of it most of the time."""
    return {
        name: next(iter(his))
        for name, his in (("region", me.regions), ("trade", me.trades))
        if len(his) == 1
    }


async def _answer(
    house: House,
    pages: Pages,
    me: Person,
    written: Written,
    *,
    kept: bool = False,
    fault: RappelError | None = None,
) -> HTMLResponse:
    async with house.database.read() as session:
        today = (await house.book.in_force(session)).organisation
    return pages.answer(
        "by_hand.html",
        me.language,
        status=fault.status if fault else 200,
        me=me,
        here=Room.INBOX,
        written=written,
        key=new_key() if fault is None or isinstance(fault, KeyReused) else written.get(KEY),
        channels=CHANNELS,
        choices=Choices.of(today, me.language),
        kept=kept,
        fault=why(fault) if fault else None,
    )
