"""The stream of feedback: what customers said, the happy ones too, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from models.labels import Label
from models.organisation import Organisation, word
from models.people import Role, Room
from models.spelling import plain
from models.store.feedback import Audience, Feedback, Traits, Wanted, list_feedback
from models.store.views import score_of
from models.survey import SCALES, Feeling, Metric, Origin
from web.pages.sheet import Score
from web.provided import InHouse
from web.rendering import InPages
from web.visitors import InInbox

router = APIRouter(include_in_schema=False)

SHOWN = 30

Name = Annotated[str, Query(max_length=64)]


@dataclass(frozen=True, slots=True)
class Filters:
    """As they stand in the address, where "" is any. Both days are included; `words` is "1" for what says
    something in words only, `before` the last response of the page before.
    """

    since: date | Literal[""] = ""
    until: date | Literal[""] = ""
    region: Name = ""
    trade: Name = ""
    touchpoint: Name = ""
    feeling: Feeling | Literal[""] = ""
    metric: Metric | Literal[""] = ""
    source: Name = ""
    words: Literal["", "1"] = ""
    before: Name = ""

    @property
    def narrowed(self) -> bool:
        return bool(self._said)

    def within(self, zone: ZoneInfo) -> Wanted:
        """The days are those of the head office."""
        traits = Traits(
            self.region or None,
            self.trade or None,
            self.touchpoint or None,
            self.feeling or None,
            self.metric or None,
            self.source or None,
        )
        until = _midnight(self.until + timedelta(days=1), zone) if self.until else None
        since = _midnight(self.since, zone) if self.since else None
        return Wanted(since, until, traits, self.words == "1")

    def after(self, response_id: str | None) -> str:
        """The address of the page that follows this response; of the first one for None."""
        said = self._said | ({"before": response_id} if response_id else {})
        return f"/feedback?{urlencode(said)}" if said else "/feedback"

    @property
    def _said(self) -> dict[str, str]:
        return {
            name: str(value) for name, value in asdict(self).items() if value and name != "before"
        }


@dataclass(frozen=True, slots=True)
class Line:
    """One response. It has no score where one of us wrote it down, `heard_by` name. The instants are those
    of its region.
    """

    score: Score | None
    heard_by: str | None
    feeling: Feeling
    origin: Origin
    at: datetime
    now: datetime
    labels: tuple[str, ...]
    topic: str | None
    comment: str | None
    status: str
    has_case: bool
    case_id: str | None


@router.get("/feedback")
async def show_feedback(
    me: InInbox, house: InHouse, pages: InPages, filters: Annotated[Filters, Depends()]
) -> HTMLResponse:
    async with house.database.read() as session:
        today = (await house.book.in_force(session)).organisation
        found = await list_feedback(
            session,
            house.database.vault,
            filters.within(ZoneInfo(today.head_office.zone)),
            Audience(me, today.people),
            limit=SHOWN + 1,
            before=filters.before or None,
        )
    shown, now = found[:SHOWN], house.clock()
    return pages.answer(
        "feedback.html",
        me.language,
        me=me,
        here=Room.INBOX,
        filters=filters,
        choices=_choices(today, me.language),
        lines=[_line(each, today, me.language, now) for each in shown],
        older=filters.after(shown[-1].row.id) if len(found) > SHOWN else None,
        wordless=me.role is Role.EXECUTIVE,
    )


def _line(feedback: Feedback, today: Organisation, language: str, now: datetime) -> Line:
    row, zone = feedback.row, ZoneInfo(today.hours_of(feedback.row.region).zone)
    metric, score = score_of(row)
    places = (
        (row.region, today.region_labels()),
        (row.trade, today.trades),
        (row.touchpoint, today.touchpoints),
    )
    return Line(
        Score(metric, score, *SCALES[metric]) if metric and score is not None else None,
        _name(row.heard_by, today) if row.heard_by else None,
        Feeling(row.feeling),
        Origin(row.origin),
        row.submitted_at.astimezone(zone),
        now.astimezone(zone),
        tuple(_named(place, labels, language) for place, labels in places if place),
        _named(row.topic, today.topic_labels(), language) if row.topic else None,
        feedback.comment,
        feedback.status,
        row.case_id is not None,
        feedback.case_id,
    )


def _name(person: str, today: Organisation) -> str:
    known = today.people.get(person)
    return known.name if known else person


def _named(id_: str, labels: Mapping[str, Label], language: str) -> str:
    """What the organisation does not know stands for itself."""
    return word(labels.get(id_, {}), language) or id_


def _choices(today: Organisation, language: str) -> Mapping[str, Sequence[tuple[str, str]]]:
    """By name, to choose from."""
    sources = {each: {language: each} for each in today.sources}
    labels = {
        "region": today.region_labels(),
        "trade": today.trades,
        "touchpoint": today.touchpoints,
        "source": sources,
    }
    return {
        name: sorted(
            ((id_, word(label, language) or id_) for id_, label in of.items()),
            key=lambda choice: plain(choice[1]),
        )
        for name, of in labels.items()
    }


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone)
