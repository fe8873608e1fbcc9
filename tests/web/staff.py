"""A house with somebody in every role, a director's case and a partner's, and whoever knocks there."""

import shutil
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path

from fastapi import Response as Answer
from httpx2 import ASGITransport, AsyncClient, Response
from sqlmodel import select

from models.absence import Absence
from models.actions import HandOver
from models.fetch_tables import FetchRow
from models.mailing import Mailing
from models.people import Channel
from models.practices import Practice
from models.store.absences import keep_absence
from models.store.access import new_link, open_session
from models.store.database import Database
from models.store.deliveries import Delivery
from models.store.letters import NewLetter, keep_letter
from models.store.practices import keep_practice
from models.submissions import Pointer
from models.survey import Identity, SurveyResponse
from models.vault import Vault
from tests.casework import MONDAY_MORNING, UNHAPPY, Casework, another
from tests.casework_fixture import casework_of
from tests.web.doors import TOLD, Door, Filling, form_for
from tests.web.issuer import issuing
from tests.web.machines.firm import TOKEN, settings_with_secrets, staffed
from tests.web.pages.browser import ACCEPTS, HERE
from tests.web.pages.reception import Reception, with_provider
from web.visitors import let_in

STRANGERS = """
  - {id: otto, name: Otto Other, role: director, language: en, email: otto@small.example, regions: [south]}
  - {id: petra, name: Petra Partner, role: partner, language: en, email: petra@small.example}
  - {id: sam, name: Sam Somebody, role: partner, language: en, email: sam@small.example}
"""
SOMEBODY = "sam"
"""Whose access others look at and end: he knocks nowhere himself."""
PEOPLE: Mapping[str, str | None] = {
    "owner": "dora",
    "deputy": "denis",
    "other_region": "otto",
    "partner": "paul",
    "other_partner": "petra",
    "national_owner": "nora",
    "executive": "eva",
    "operator": "oscar",
    "nobody": None,
}
"""Visitors by what they are to the director's case; `partner` knocks at his own, `nobody` is anonymous."""

REHEARSED: Mapping[str, object] = {
    "source": "survey",
    "delivery": {
        "response_id": "r-9",
        "survey_id": "s-1",
        "submitted_at": "2027-02-26T09:00:00Z",
        "metric": "nps",
        "score": 2,
    },
}

ACTED: Mapping[str, Mapping[str, str]] = {
    "acknowledge": {},
    "attempts": {"outcome": "voicemail"},
    "take-back": {},
    "wrap-up": {"cause": "delay", "done": "Sent the plumber."},
    "cause": {"cause": "delay"},
    "actions": {"what": "Send the plumber."},
    "done": {},
    "time": {"due": "2027-03-10T12:00:00Z", "reason": "A part is missing."},
    "accept": {},
    "refuse": {"due": "2027-03-10T12:00:00Z", "reason": "It still drips."},
    "change": {"due": "2027-03-10T12:00:00Z", "reason": "A part is missing."},
    "drop": {"reason": "Not needed."},
    "approve": {},
    "decline": {"reason": "It is not ours to pay."},
    "1": {"verdict": "fine"},
    "hand-over": {"to": "nora", "reason": "It is beyond me."},
    "pause": {
        "reason": "customer_away",
        "until": "2027-03-02T08:00:00Z",
        "words": "On holiday.",
    },
    "resume": {},
    "confirmation": {"answer": "yes"},
    "close": {"outcome": "withdrawn", "note": "A test."},
    "search": {"words": "plumber"},
    "merge": {"case": "some-case", "other": "other-case"},
    "part": {"case": "some-case"},
    "replay": {},
    "again": {},
    "given-up": {"source": "survey"},
    "responses": {"channel": "phone", "words": "Nobody came."},
    "absences": {
        "person": "dora",
        "first": "2027-08-02",
        "last": "2027-08-08",
        "stand_in": "sam",
    },
}
"""What the API takes, by the end of the path."""


LETTER = NewLetter(
    id="digest:2027-W09:nora",
    mailing=Mailing.WEEKLY,
    person="nora",
    channel=Channel.EMAIL,
    address="nora@small.example",
    language="en",
    written_at=MONDAY_MORNING,
    not_before=MONDAY_MORNING,
    subject="The week",
    body="The week.",
    html='<p>The week.</p><img src="cid:causes.png" alt="Delay: 4">',
    pictures={"causes.png": b"a picture"},
)
WINTER = Absence(
    "absence-1", "dora", MONDAY_MORNING + timedelta(days=300), MONDAY_MORNING + timedelta(days=307)
)
READ_BY = (
    *("/api/cases", "/api/feedback", "/api/fetches", "/api/messages", "/api/practices"),
    *("/api/quarantine", "/api/reviews"),
)
"""What the API reads for somebody, with his rights."""
PRACTICE = "practice-1"
FOUND = Filling(
    person=SOMEBODY,
    letter=LETTER.id,
    picture="causes.png",
    absence=WINTER.id,
    practice=PRACTICE,
)
"""What there is to be found, but for a case and a link of one's own."""


@dataclass(frozen=True, slots=True)
class Staff:
    reception: Reception
    http: AsyncClient
    directors_case: str
    partners_case: str
    quarantined: str
    fetch: str

    async def knock(self, visitor: str, door: Door, cookie: str | None) -> Response:
        """With everything that opens the door, but for the right itself."""
        method, template = door
        case = self.partners_case if visitor == "partner" else self.directors_case
        token = await self._token(template, case) if "{token}" in template else ""
        place = replace(FOUND, case=case, token=token, delivery=self.quarantined, fetch=self.fetch)
        path = place.path(template)
        if template.startswith("/api/"):
            return await self._call(PEOPLE[visitor], method, path, case=case)
        headers = {**ACCEPTS, **({"cookie": cookie} if cookie else {})}
        return await self.http.request(method, path, headers=headers, data=dict(form_for(template)))

    async def cookies(self) -> Mapping[str, str | None]:
        """A fresh session for every visitor who has a name."""
        async with self.reception.casework.database.write() as session:
            at = self.reception.clock()
            tokens = {v: open_session(session, p, at=at) for v, p in PEOPLE.items() if p}
        return {visitor: self._cookie(tokens.get(visitor)) for visitor in PEOPLE}

    async def kept(self) -> Counter[str]:
        """How many acts of whom are kept, for nobody applies them."""
        return Counter(act.actor for act in await self.reception.kept())

    async def _token(self, template: str, case: str) -> str:
        """Of a fresh link: the director's, or his customer's."""
        person = PEOPLE["owner"] if template.startswith("/l/") else None
        async with self.reception.casework.database.write() as session:
            return new_link(session, case, person=person, at=self.reception.clock())

    def _cookie(self, token: str | None) -> str | None:
        if token is None:
            return None
        answer = Answer()
        let_in(answer, token, self.reception.settings)
        return answer.headers["set-cookie"].partition(";")[0]

    async def _call(self, person: str | None, method: str, path: str, *, case: str) -> Response:
        """A trusted server asks for a person; nobody has no token."""
        headers = {"authorization": f"Bearer {TOKEN}"} if person else {}
        if method == "GET":
            asked = {"by": person} if person and path.startswith(READ_BY) else {}
            return await self.http.get(path, params=asked, headers=headers)
        if method == "DELETE":
            return await self.http.delete(path, params={"by": person or "dora"}, headers=headers)
        act = path.rpartition("/")[2]
        rehearses = act == "rehearsals"
        said = REHEARSED if rehearses else {"by": person or "dora", **ACTED.get(act, TOLD)}
        if act == "practices":
            said = {**said, "case_id": case}
        headers["idempotency-key"] = path
        return await self.http.request(method, path, json=said, headers=headers)


@asynccontextmanager
async def staffed_house(
    migrated: Path,
    folder: Path,
    vault: Vault,
    *,
    organisation: str = "",
    answer: SurveyResponse = UNHAPPY,
) -> AsyncIterator[Staff]:
    """Without Temporal: what is allowed is kept, and nobody applies it."""
    url = f"sqlite+aiosqlite:///{shutil.copy(migrated, folder / 'rappel.db')}"
    database = Database(url, vault)
    casework = await casework_of(organisation or with_strangers(), database, vault)
    async with issuing() as issuer:
        reception = Reception(casework, with_provider(settings_with_secrets(url), issuer))
        http = _forgetful(ASGITransport(app=reception.app))
        async with database.write() as session:
            await keep_letter(session, vault, LETTER)
            keep_absence(session, WINTER, by="dora", key="winter", at=MONDAY_MORNING)
            junk = Delivery("survey", b'{"score": "<b>"}', MONDAY_MORNING)
            intake = reception.app.state.house.intake
            quarantined = await intake.quarantine(session, junk, "score")
            pointing = Delivery("survey", b'{"id": "r-77"}', MONDAY_MORNING)
            await intake.keep_pointer(session, pointing, Pointer("r-77", "s-1"))
            fetch = (await session.exec(select(FetchRow.id))).one()
        directors_case = (await casework.open(answer)).case_id
        partners_case = await _given_to_the_partner(casework)
        async with database.write() as session:
            await keep_practice(session, shared(directors_case), key="shared")
            of_partner = replace(shared(partners_case), id="practice-2", marked_by="paul")
            await keep_practice(session, of_partner, key="shared")
        yield Staff(reception, http, directors_case, partners_case, quarantined, fetch)
        await http.aclose()
        await reception.app.state.house.database.close()
    await database.close()


def shared(case_id: str) -> Practice:
    """By the director, of this case."""
    told = TOLD["title"], TOLD["helped"]
    return Practice(PRACTICE, case_id, "delay", "north", "works", *told, "dora", MONDAY_MORNING)


def _forgetful(transport: ASGITransport) -> AsyncClient:
    """Many visitors share it: none gets the cookie of another."""
    nobodys = CookieJar(DefaultCookiePolicy(allowed_domains=()))
    return AsyncClient(transport=transport, base_url=HERE, cookies=nobodys)


def with_strangers() -> str:
    people, rest = staffed().split("routing:")
    return f"{people.rstrip()}{STRANGERS}routing:{rest}"


async def _given_to_the_partner(casework: Casework) -> str:
    state = await casework.open(another("r-2", customer=Identity(id="c-2", name="Paule")))
    await casework.act(state, HandOver("paul"), MONDAY_MORNING)
    return state.case_id
