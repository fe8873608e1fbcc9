"""Every route of the web process, taken from the code, and what a visitor of any of them sends."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fastapi import FastAPI
from starlette.routing import BaseRoute, Mount

from web.pages.action import DEEDS
from web.pages.case import DOORS

Door = tuple[str, str]
"""Method and path template. The acts on a case have one route and a door each."""

TOLD: Mapping[str, str] = {
    "title": "One visit for everything",
    "helped": "All trades came on the same day, at an hour that suited.",
}
"""A practice that names nobody."""

FORMS: Mapping[str, Mapping[str, str]] = {
    "attempts": {"outcome": "voicemail"},
    "cause": {"cause": "delay"},
    "actions": {"what": "Send the plumber."},
    "time": {"due": "2027-03-10", "reason": "A part is missing."},
    "refuse": {"due": "2027-03-10", "reason": "It still drips."},
    "change": {"due": "2027-03-10", "reason": "A part is missing."},
    "drop": {"reason": "Not needed."},
    "decline": {"reason": "It is not ours to pay."},
    "reviews/{case_id}/{number}": {"verdict": "fine"},
    "hand-over": {"to": "nora", "reason": "It is beyond me."},
    "pause": {"pause": "customer_away", "until": "2027-03-02", "words": "On holiday."},
    "confirmation": {"answer": "yes"},
    "wrap-up": {"cause": "delay", "what": "Sent the plumber.", "answer": "yes"},
    "close": {"outcome": "withdrawn", "note": "A test."},
    "drafts/{form_name}": {"note": "Nobody at home."},
    "c/{token}": {"answer": "yes"},
    "s/{token}": {"score": "9"},
    "search": {"q": "Kerverne"},
    "responses/draft": {"words": "Nobody"},
    "responses/new": {"channel": "meeting", "words": "Nobody came."},
    "absences": {"first": "2027-08-02", "last": "2027-08-08", "stand_in": "sam"},
    "same-person": {"other": "other-case"},
    "practice": TOLD,
    "practices": {"q": "plumber"},
    "sign-in": {"who": "nobody-we-know"},
}
"""By the end of the template: what would be taken if the right were there."""


@dataclass(frozen=True, slots=True)
class Filling:
    """What stands in the gaps of a path."""

    case: str = "some-case"
    person: str = "dora"
    token: str = "some-token"
    letter: str = "some-letter"
    picture: str = "some-picture"
    absence: str = "some-absence"
    practice: str = "some-practice"
    delivery: str = "some-delivery"
    fetch: str = "some-fetch"
    call: str = "some-call"
    ring: str = "some-ring"

    def path(self, template: str) -> str:
        gaps = {
            "{case_id}": self.case,
            "{person}": self.person,
            "{source}": "survey",
            "{response_id}": "r-1",
            "{number}": "1",
            "{token}": self.token,
            "{form_name}": "attempt",
            "{intent}": self.letter,
            "{name}": self.picture,
            "{absence}": self.absence,
            "{practice}": self.practice,
            "{delivery}": self.delivery,
            "{fetch}": self.fetch,
            "{call}": self.call,
            "{ring}": self.ring,
        }
        for gap, filled in gaps.items():
            template = template.replace(gap, filled)
        return template


def form_for(template: str) -> Mapping[str, str]:
    return next((form for end, form in FORMS.items() if template.endswith(f"/{end}")), {})


def doors_of(app: FastAPI) -> Sequence[Door]:
    return sorted(set(walk(app.routes)), key=lambda door: (door[1], door[0]))


def walk(routes: Sequence[BaseRoute], prefix: str = "") -> Iterator[Door]:
    """Of routers within routers too, which keep their routes to themselves."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from walk(inner.routes, prefix + route.include_context.prefix)  # type: ignore[attr-defined]
        elif isinstance(route, Mount):
            yield "GET", f"{route.path}/rappel.css"
        else:
            yield from _of_route(route, prefix)


def _of_route(route: BaseRoute, prefix: str) -> Iterator[Door]:
    path = prefix + str(getattr(route, "path_format", ""))
    for method in getattr(route, "methods", ()) or ():
        if method == "HEAD":
            continue
        if path.endswith("/{deed}"):
            yield from ((method, path.replace("{deed}", deed)) for deed in DEEDS)
        elif path.endswith("/{door}"):
            yield from ((method, path.replace("{door}", door)) for door in DOORS)
        else:
            yield method, path
