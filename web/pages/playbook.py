"""What the playbook of a case's cause suggests, and the form of an action filled in from it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from models.actions import PromiseKind
from models.causes import (
    Doer,
    Found,
    Suggested,
    Suggestion,
    playbook_of,
    read_suggested,
    suggestion_of,
)
from models.hours import add
from models.ladder import Span
from models.organisation import word
from models.people import Person, Right, may
from models.store.casebook import circumstances_of
from models.store.views import CaseView
from models.timeline import EntryKind
from models.versions import Versions
from web.pages.forms import Written
from web.permits import may_promise


@dataclass(frozen=True, slots=True)
class Idea:
    """`fills` names it in the address that opens the form filled in; `used` says that it was done."""

    fills: str
    what: str
    owner: str
    day: datetime | None
    promise: PromiseKind | None
    gesture: str
    used: bool


@dataclass(frozen=True, slots=True)
class Play:
    """`cause` is the branch whose playbook it is, by name."""

    cause: str
    briefing: str
    raises: str
    ideas: tuple[Idea, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """Who looks at which case, and when."""

    view: CaseView
    versions: Versions
    me: Person
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.versions.pinned.hours_of(self.view.row.region).zone)

    def owner(self, suggestion: Suggestion) -> str:
        """Somebody who is there today: else whoever has the case."""
        row, today = self.view.row, self.versions.today
        match suggestion.doer:
            case Doer.CASE_OWNER:
                return row.owner or self.me.id
            case Doer.PERSON:
                known = today.people.get(suggestion.name)
                return known.id if known and known.takes_cases else row.owner or self.me.id
            case Doer.TRADE:
                found = circumstances_of(row, self.versions, self.now)
                about = found.about._replace(trade=suggestion.name)
                return replace(found, about=about).answering().person.id

    def day(self, within: Span | None) -> datetime | None:
        """When the usual time ends, on the region's clocks."""
        if within is None:
            return None
        hours = self.versions.pinned.hours_of(self.view.row.region)
        return add(hours, self.now, within).astimezone(self.zone)

    def what(self, suggestion: Suggestion) -> str:
        """A promise is written to the customer, so it stands in his language."""
        customers = self.versions.today.speaks(self.view.row.language)
        return word(suggestion.what, customers if suggestion.promise else self.me.language)


def lay_out_playbook(
    view: CaseView, versions: Versions, me: Person, *, now: datetime
) -> Play | None:
    """None where no cause is named, where it has no playbook, and for who may not read the case."""
    state = view.state
    found = playbook_of(versions.pinned.causes, state.cause) if state and not state.closed else None
    if found is None or not may(me, Right.READ, view.facts):
        return None
    cause = next(each for each in versions.pinned.walk_causes() if each.id == found.cause)
    playbook, language = found.playbook, me.language
    return Play(
        word(cause.label, language),
        word(playbook.briefing or {}, language),
        word(playbook.raises, language),
        tuple(_ideas(found, Desk(view, versions, me, now))),
    )


def filled_from(
    written: str, view: CaseView, versions: Versions, me: Person, *, now: datetime
) -> Written | None:
    """The fields of the form of an action. None for a suggestion that the case's version has not."""
    suggested = read_suggested(written)
    suggestion = suggestion_of(versions.pinned.causes, suggested) if suggested else None
    if suggestion is None or not may(me, Right.READ, view.facts):
        return None
    desk = Desk(view, versions, me, now)
    day, promise = desk.day(suggestion.within), suggestion.promise
    return {
        "what": desk.what(suggestion),
        "owner": desk.owner(suggestion),
        "due": day.date().isoformat() if day else "",
        "promise": promise if promise in may_promise(me, versions.today, view.state) else "",
        "suggested": str(suggested),
    }


def _ideas(found: Found, desk: Desk) -> Iterator[Idea]:
    used = {
        (entry.facts.get("playbook"), entry.facts.get("suggestion"))
        for entry in desk.view.timeline
        if entry.kind is EntryKind.ACTION_ADDED
    }
    names = {person.id: person.name for person in desk.versions.today.people.values()}
    for number, suggestion in enumerate(found.playbook.suggestions, start=1):
        yield Idea(
            str(Suggested(found.cause, number)),
            word(suggestion.what, desk.me.language),
            names.get(desk.owner(suggestion), desk.owner(suggestion)),
            desk.day(suggestion.within),
            suggestion.promise,
            word(suggestion.gesture or {}, desk.me.language),
            (found.cause, number) in used,
        )
