"""Who may go where: every route of the house against every kind of visitor, really asked."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from httpx2 import Response

from models.actions import AddAction, Attempt, Reached
from models.handling import DropAction
from models.timeline import CUSTOMER
from models.vault import Vault
from tests.casework import MONDAY_MORNING
from tests.web.doors import Door, doors_of
from tests.web.pages.reception import settings_for
from tests.web.staff import PEOPLE, Staff, staffed_house
from web.app import create_app

pytestmark = pytest.mark.story

EVERYBODY = frozenset(PEOPLE)
"""Anonymous visitors too: it shows nothing, or something else than a session opens it."""
SIGNED_IN = EVERYBODY - {"nobody"}
OPERATIONS = frozenset({"national_owner", "operator"})
BOARD = frozenset({"national_owner", "executive"})
INBOX = SIGNED_IN - {"operator"}
HANDS = frozenset({"owner", "deputy", "partner", "national_owner"})
"""Who may act on the case at which he knocks."""
EYES = HANDS | {"executive"}
"""The executive reads it without the customer, and may take it himself."""
HOLDERS = frozenset({"owner", "deputy", "partner"})
"""Whose case it is, or who stands in for him: only they say *I take it*."""
RESTS = frozenset({"owner", "partner", "national_owner"})
"""Who owns the case, or owns them all: nobody else lets it rest."""
DOER = frozenset({"other_partner"})
"""Who has an action on it, and nothing else to do with it."""
TELLERS = frozenset({"owner", "partner", "national_owner"})
"""Who may share the case at which he knocks: whose it is, and the national owner."""
MARKERS = frozenset({"owner", "national_owner"})
"""Who may change what the director shares."""
REVIEWERS = frozenset({"national_owner"})
"""Who looks at gestures afterwards, and says which customers are one person."""
HOLIDAY = frozenset({"owner", "national_owner"})
"""Who speaks for the owner of the case when he is away."""
TWILIO = (
    *(
        ("POST", f"/twilio/calls/{{call}}/{door}")
        for door in ("answer", "accept", "dialed", "fallback", "status", "leg", "amd")
    ),
    *(("POST", f"/twilio/line{door}") for door in ("", "/fallback", "/status")),
    *(
        ("POST", f"/twilio/line/rings/{{ring}}/{door}")
        for door in ("whisper", "accept", "dialed", "leg")
    ),
    ("POST", "/twilio/line/calls/{call}/wish"),
)
"""Of each call: only what Twilio signed goes in (tests/telephony signs)."""
SIGNATURE = frozenset[str]()
"""Neither a session nor a token opens it."""

OPEN_TO: Mapping[Door, frozenset[str]] = {
    ("GET", "/"): EVERYBODY,
    ("GET", "/healthz"): EVERYBODY,
    ("GET", "/webhooks/{source}"): EVERYBODY,
    ("GET", "/static/rappel.css"): EVERYBODY,
    ("GET", "/api/openapi.json"): EVERYBODY,
    ("GET", "/outbox"): EVERYBODY,
    ("GET", "/outbox/{intent}"): EVERYBODY,
    ("GET", "/outbox/{intent}/{name}"): EVERYBODY,
    ("GET", "/l/{token}"): EVERYBODY,
    ("POST", "/l/{token}"): EVERYBODY,
    ("GET", "/c/{token}"): EVERYBODY,
    ("POST", "/c/{token}"): EVERYBODY,
    ("GET", "/s/{token}"): EVERYBODY,
    ("POST", "/s/{token}"): EVERYBODY,
    ("GET", "/sign-in"): EVERYBODY,
    ("POST", "/sign-in"): EVERYBODY,
    ("GET", "/sign-in/provider"): EVERYBODY,
    ("GET", "/sign-in/provider/return"): EVERYBODY,
    ("GET", "/account"): SIGNED_IN,
    ("POST", "/account/end"): SIGNED_IN,
    ("POST", "/account/end-others"): SIGNED_IN,
    ("POST", "/account/sign-out"): SIGNED_IN,
    ("POST", "/account/absences"): INBOX,
    ("POST", "/account/absences/{absence}/end"): HOLIDAY,
    ("GET", "/roster"): SIGNED_IN,
    ("GET", "/account/of/{person}"): OPERATIONS,
    ("POST", "/account/of/{person}/end"): OPERATIONS,
    ("GET", "/inbox"): INBOX,
    ("GET", "/actions"): INBOX,
    ("GET", "/round"): INBOX,
    ("GET", "/search"): INBOX,
    ("POST", "/search"): INBOX,
    ("GET", "/feedback"): INBOX,
    ("GET", "/responses/new"): INBOX,
    ("POST", "/responses/new"): INBOX,
    ("POST", "/responses/draft"): INBOX,
    ("GET", "/practices"): INBOX,
    ("POST", "/practices"): INBOX,
    ("GET", "/rules"): SIGNED_IN,
    ("GET", "/board"): BOARD,
    ("GET", "/board/definitions"): BOARD,
    ("GET", "/board/cases"): BOARD,
    ("GET", "/board/targets"): BOARD,
    ("GET", "/board/stalled"): BOARD,
    ("GET", "/board.csv"): BOARD,
    ("GET", "/board/cases.csv"): BOARD,
    ("GET", "/board.xlsx"): BOARD,
    ("GET", "/operations"): OPERATIONS,
    ("GET", "/operations/versions/{number}"): OPERATIONS,
    ("POST", "/operations/versions/{number}"): OPERATIONS,
    ("GET", "/operations/quarantine"): OPERATIONS,
    ("POST", "/operations/quarantine/replay"): OPERATIONS,
    ("GET", "/operations/quarantine/{delivery}"): OPERATIONS,
    ("POST", "/operations/quarantine/{delivery}/replay"): OPERATIONS,
    ("GET", "/operations/fetches"): OPERATIONS,
    ("GET", "/operations/texts"): OPERATIONS,
    ("POST", "/operations/fetches/given-up"): OPERATIONS,
    ("POST", "/operations/fetches/{fetch}/again"): OPERATIONS,
    ("GET", "/operations/calls"): OPERATIONS,
    ("GET", "/cases/{case_id}"): EYES,
    ("POST", "/cases/{case_id}/acknowledge"): HOLDERS,
    ("POST", "/cases/{case_id}/attempts"): HANDS,
    ("POST", "/cases/{case_id}/take-back"): HANDS,
    ("POST", "/cases/{case_id}/cause"): HANDS,
    ("POST", "/cases/{case_id}/actions"): HANDS,
    ("GET", "/cases/{case_id}/actions/{number}"): HANDS | DOER,
    ("POST", "/cases/{case_id}/actions/{number}/done"): HANDS | DOER,
    ("POST", "/cases/{case_id}/actions/{number}/time"): DOER,
    ("POST", "/cases/{case_id}/actions/{number}/accept"): HANDS,
    ("POST", "/cases/{case_id}/actions/{number}/refuse"): HANDS,
    ("POST", "/cases/{case_id}/actions/{number}/change"): HANDS,
    ("POST", "/cases/{case_id}/actions/{number}/drop"): HANDS,
    ("POST", "/cases/{case_id}/actions/{number}/approve"): HANDS,
    ("POST", "/cases/{case_id}/actions/{number}/decline"): HANDS,
    ("GET", "/reviews"): REVIEWERS,
    ("POST", "/reviews/{case_id}/{number}"): REVIEWERS,
    ("POST", "/cases/{case_id}/hand-over"): HANDS,
    ("POST", "/cases/{case_id}/confirmation"): HANDS,
    ("POST", "/cases/{case_id}/close"): HANDS,
    ("POST", "/cases/{case_id}/pause"): RESTS,
    ("POST", "/cases/{case_id}/resume"): HANDS,
    ("POST", "/cases/{case_id}/wrap-up"): HANDS,
    ("POST", "/cases/{case_id}/drafts/{form_name}"): EYES,
    ("POST", "/cases/{case_id}/practice"): TELLERS,
    ("POST", "/webhooks/{source}"): SIGNATURE,
    ("POST", "/twilio/messages/{intent}/status"): EVERYBODY,
    ("POST", "/twilio/texts"): EVERYBODY,
    ("GET", "/api/responses/{source}/{response_id}"): SIGNED_IN,
    ("GET", "/api/feedback"): INBOX,
    ("POST", "/api/responses"): INBOX,
    ("GET", "/api/cases"): SIGNED_IN,
    ("GET", "/api/cases/{case_id}"): EYES,
    ("POST", "/api/cases/{case_id}/acknowledge"): HOLDERS,
    ("POST", "/api/cases/{case_id}/attempts"): HANDS,
    ("POST", "/api/cases/{case_id}/take-back"): HANDS,
    ("POST", "/api/cases/{case_id}/wrap-up"): HANDS,
    ("POST", "/api/cases/{case_id}/cause"): HANDS,
    ("POST", "/api/cases/{case_id}/actions"): HANDS,
    ("GET", "/api/cases/{case_id}/actions/{number}"): HANDS | DOER,
    ("POST", "/api/cases/{case_id}/actions/{number}/done"): HANDS | DOER,
    ("POST", "/api/cases/{case_id}/actions/{number}/time"): DOER,
    ("POST", "/api/cases/{case_id}/actions/{number}/accept"): HANDS,
    ("POST", "/api/cases/{case_id}/actions/{number}/refuse"): HANDS,
    ("POST", "/api/cases/{case_id}/actions/{number}/change"): HANDS,
    ("POST", "/api/cases/{case_id}/actions/{number}/drop"): HANDS,
    ("POST", "/api/cases/{case_id}/actions/{number}/approve"): HANDS,
    ("POST", "/api/cases/{case_id}/actions/{number}/decline"): HANDS,
    ("GET", "/api/reviews"): REVIEWERS,
    ("POST", "/api/reviews/{case_id}/{number}"): REVIEWERS,
    ("POST", "/api/cases/{case_id}/hand-over"): HANDS,
    ("POST", "/api/cases/{case_id}/confirmation"): HANDS,
    ("POST", "/api/cases/{case_id}/close"): HANDS,
    ("POST", "/api/cases/{case_id}/pause"): RESTS,
    ("POST", "/api/cases/{case_id}/resume"): HANDS,
    ("GET", "/api/practices"): INBOX,
    ("POST", "/api/practices"): TELLERS,
    ("POST", "/api/practices/search"): INBOX,
    ("PUT", "/api/practices/{practice}"): MARKERS,
    ("GET", "/api/rules"): SIGNED_IN,
    ("GET", "/api/people/{person}/inbox"): SIGNED_IN,
    ("GET", "/api/people/{person}/actions"): SIGNED_IN,
    ("GET", "/api/people/{person}/gestures"): SIGNED_IN,
    ("GET", "/api/absences"): SIGNED_IN,
    ("POST", "/api/absences"): HOLIDAY,
    ("DELETE", "/api/absences/{absence}"): HOLIDAY,
    ("GET", "/api/roster"): SIGNED_IN,
    ("GET", "/api/teams"): SIGNED_IN,
    ("GET", "/api/figures"): SIGNED_IN,
    ("GET", "/api/figures/targets"): SIGNED_IN,
    ("POST", "/api/rehearsals"): SIGNED_IN,
    ("GET", "/api/outbox"): SIGNED_IN,
    ("GET", "/api/quarantine"): OPERATIONS,
    ("POST", "/api/quarantine/replay"): OPERATIONS,
    ("POST", "/api/quarantine/{delivery}/replay"): OPERATIONS,
    ("GET", "/api/fetches"): OPERATIONS,
    ("POST", "/api/fetches/given-up"): OPERATIONS,
    ("POST", "/api/fetches/{fetch}/again"): OPERATIONS,
    ("DELETE", "/api/practices/{practice}"): MARKERS,
    ("POST", "/cases/{case_id}/same-person"): REVIEWERS,
    ("POST", "/cases/{case_id}/other-person"): REVIEWERS,
    ("POST", "/api/customers/merge"): REVIEWERS,
    ("POST", "/api/customers/part"): REVIEWERS,
    ("POST", "/cases/{case_id}/practice/withdraw"): TELLERS,
    ("POST", "/cases/{case_id}/call"): HANDS,
    **dict.fromkeys(TWILIO, EVERYBODY),
}
"""Of the API everything is open to its trusted server; a visitor there is whom it names in `by`."""

OTHERWISE: Mapping[Door, str] = {
    ("GET", "/healthz"): "503",
    ("GET", "/sign-in/provider/return"): "forbidden",
    ("POST", "/twilio/messages/{intent}/status"): "forbidden",
    ("POST", "/twilio/texts"): "forbidden",
    ("POST", "/api/practices"): "409",
    ("POST", "/reviews/{case_id}/{number}"): "404",
    ("POST", "/api/reviews/{case_id}/{number}"): "404",
    ("POST", "/cases/{case_id}/same-person"): "422",
    ("POST", "/api/customers/merge"): "404",
    ("POST", "/api/customers/part"): "404",
    ("GET", "/s/{token}"): "410",
    ("POST", "/s/{token}"): "410",
    ("POST", "/cases/{case_id}/call"): "404",
    **dict.fromkeys(TWILIO, "forbidden"),
}
"""Open, and yet: of parts that nobody started the truth is 503, and who was not sent back by the provider
has proven nothing (tests/web/pages/test_company_sign_in.py sends people there); nor has who calls without
Twilio's signature (tests/web/machines/test_twilio_status.py calls with it). Of an open case nobody
knows yet what helped, and no gesture of it was drawn; no other case
is named to be linked with. Nor was anybody asked again here; tests/web/pages/test_resurveys.py does. No
number of ours may call, and nothing is signed; tests/telephony has both.
"""

DOORS = doors_of(create_app(settings_for("sqlite+aiosqlite://")))


@pytest.fixture(scope="module")
async def staff(
    migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory, vault: Vault
) -> AsyncIterator[Staff]:
    """Both customers were reached, so that a call can be wrapped up. Petra has an action on each case."""
    async with staffed_house(migrated_sqlite, tmp_path_factory.mktemp("house"), vault) as staff:
        casework = staff.reception.casework
        for case in (staff.directors_case, staff.partners_case):
            action = AddAction("petra", MONDAY_MORNING + timedelta(days=2))
            for act in (Attempt(Reached.REACHED), action, DropAction(1)):
                await casework.act(await casework.state(case), act, MONDAY_MORNING)
        yield staff


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert set(DOORS) - OPEN_TO.keys() == set()
    assert OPEN_TO.keys() - set(DOORS) == set()


@pytest.mark.parametrize("door", OPEN_TO, ids=" ".join)
async def test_a_door_opens_to_whom_it_should(staff: Staff, door: Door) -> None:
    cookies, before = await staff.cookies(), await staff.kept()

    answers = await asyncio.gather(*(staff.knock(v, door, cookies[v]) for v in PEOPLE))

    kept = await staff.kept() - before
    found = {
        visitor: _verdict(answer, kept=kept[_actor(visitor, door)] > 0)
        for visitor, answer in zip(PEOPLE, answers, strict=True)
    }
    assert found == _expected(door)


def _expected(door: Door) -> Mapping[str, str]:
    open_to = OPEN_TO[door]
    closed = {v: "unknown" if v == "nobody" or not open_to else "forbidden" for v in PEOPLE}
    if door[1].endswith("/acknowledge"):
        closed["national_owner"] = "409"  # he may act on it, but has not got it: he takes it over
    return closed | dict.fromkeys(open_to, OTHERWISE.get(door, "open"))


def _actor(visitor: str, door: Door) -> str:
    """Whoever holds a customer's link answers as the customer."""
    return CUSTOMER if door[1].startswith("/c/") else PEOPLE[visitor] or ""


def _verdict(answer: Response, *, kept: bool) -> str:
    """Without a workflow an act is as welcome as it can be where it was kept."""
    match answer.status_code:
        case 401:
            return "unknown"
        case 303 if answer.headers["location"] == "/sign-in":
            return "unknown"
        case 403:
            return "forbidden"
        case 503 if kept:
            return "open"
        case status if status < 400:
            return "open"
        case status:
            return str(status)
