"""What all kinds of sources have in common at the door: who may bring what, and what junk comes to."""

import json
import shutil
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from httpx2 import AsyncClient, Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlmodel import col, func, select

from models.organisation_file.fields import SOURCE_KINDS
from models.store.database import Database
from models.tables import DeliveryRow
from models.vault import Vault
from tests.casework_fixture import casework_of
from tests.lives import LIVES
from tests.surveys import qualtrics_bodies, surveymonkey_bodies
from tests.surveys.deliveries import delivery, signed_by_hand
from tests.surveys.signing import SIGNED
from tests.surveys.test_adapters import JUNK
from tests.web.machines import test_survey_systems
from tests.web.machines.faults import Refusal, refusal
from tests.web.machines.firm import SECRET, caller, staffed
from tests.web.machines.test_pointers import SOURCES as POINTING
from tests.web.machines.test_survey_systems import ONLY
from tests.web.pages.reception import Reception, settings_for

TIGHT = """
  - {id: tight, kind: generic, limits: {largest: 4kB, per_minute: 3}}
  - {id: narrow, kind: generic, limits: {largest: 4kB, per_minute: 3}}
"""
POINTERS = POINTING.replace("sources:\n", "").replace("id: hall", "id: qualtrics")
SOURCES = (
    ONLY + test_survey_systems.SOURCES + POINTERS.replace("id: keys", "id: surveymonkey") + TIGHT
)
Headers = dict[str, str]


def own(body: bytes, at: datetime) -> tuple[Headers, bytes]:
    return signed_by_hand(body, SECRET, at), body


def by_its_own(kind: str) -> Callable[[bytes, datetime], tuple[Headers, bytes]]:
    return lambda body, at: (SIGNED[kind](body, SECRET, at), body)


def of_qualtrics(body: bytes, _at: datetime) -> tuple[Headers, bytes]:
    """The signature stands in the body itself, before what it does not cover."""
    signed = qualtrics_bodies.event(body.decode(), secret=SECRET)
    return {}, signed.partition(b"&Topic")[0]


def of_surveymonkey(body: bytes, _at: datetime) -> tuple[Headers, bytes]:
    return surveymonkey_bodies.signed(body, SECRET), body


SIGNING: Mapping[str, Callable[[bytes, datetime], tuple[Headers, bytes]]] = {
    "survey": own,
    **{kind: by_its_own(kind) for kind in ("typeform", "tally", "zendesk")},
    "formbricks": own,
    "qualtrics": of_qualtrics,
    "surveymonkey": of_surveymonkey,
}
"""By the source, which has the name of its kind: the headers and the body as it is sent."""
GOOD: Mapping[str, bytes] = {
    "survey": delivery(),
    **{kind: json.dumps(said).encode() for kind, said in test_survey_systems.ANSWERS.items()},
    "qualtrics": qualtrics_bodies.message().encode(),
    "surveymonkey": surveymonkey_bodies.event(),
}
EACH = pytest.mark.parametrize("source", sorted(SIGNING))
CHANGED = 45
"""Bytes changed, fewer than the wrong signatures after which nobody is heard out any more."""


@dataclass(frozen=True, slots=True)
class Hall:
    reception: Reception

    def visitor(self, host: str = "127.0.0.1") -> AsyncClient:
        """Survey systems have no token."""
        client = caller(self.reception.app, visitor=host)
        del client.headers["authorization"]
        return client

    def now(self, source: str) -> datetime:
        """What judges the Standard Webhooks has a clock of its own."""
        return datetime.now(UTC) if SIGNING[source] is own else self.reception.clock()

    async def send(self, source: str, body: bytes, *, ago: timedelta = timedelta(0)) -> Response:
        headers, sent = SIGNING[source](body, self.now(source) - ago)
        return await self.post(source, headers, sent)

    async def post(self, source: str, headers: Headers, body: bytes) -> Response:
        return await self.visitor().post(f"/webhooks/{source}", headers=headers, content=body)

    async def kept(self, source: str) -> int:
        counted = select(func.count()).where(col(DeliveryRow.source) == source)
        async with self.reception.casework.database.read() as session:
            return (await session.exec(counted)).one()


@pytest.fixture(scope="module")
async def hall(
    migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory, vault: Vault
) -> AsyncIterator[Hall]:
    """A house with a source of each kind."""
    copied = shutil.copy(migrated_sqlite, tmp_path_factory.mktemp("hall") / "rappel.db")
    url = f"sqlite+aiosqlite:///{copied}"
    database = Database(url, vault)
    casework = await casework_of(staffed().replace(ONLY, SOURCES), database, vault)
    secrets = dict.fromkeys((*SIGNING, "tight", "narrow"), SecretStr(SECRET))
    changes = {"webhook_secrets": secrets}
    reception = Reception(casework, settings_for(url).model_copy(update=changes))
    yield Hall(reception)
    await reception.app.state.house.database.close()
    await database.close()


def changed(body: bytes) -> Sequence[bytes]:
    """One byte in each, evenly over the whole."""
    places = range(0, len(body), len(body) // CHANGED + 1)
    return [body[:n] + bytes([body[n] ^ 1]) + body[n + 1 :] for n in (*places, len(body) - 1)]


def test_every_kind_of_source_is_there() -> None:
    assert {"generic" if source == "survey" else source for source in SIGNING} == set(SOURCE_KINDS)


@EACH
async def test_a_body_with_one_byte_changed_is_refused_and_not_kept(
    hall: Hall, source: str
) -> None:
    before = await hall.kept(source)
    headers, body = SIGNING[source](GOOD[source], hall.now(source))

    answers = [await hall.post(source, headers, each) for each in changed(body)]

    assert {refusal(answer) for answer in answers} == {Refusal(401, "bad_credential")}
    assert await hall.kept(source) == before
    assert (await hall.post(source, headers, body)).status_code in {200, 202}


@pytest.mark.parametrize("minutes", [6, -6])
@pytest.mark.parametrize("source", ["survey", "formbricks", "zendesk"])
async def test_what_was_signed_at_another_time_is_refused(
    hall: Hall, source: str, minutes: int
) -> None:
    """However good the signature is."""
    answer = await hall.send(source, GOOD[source], ago=timedelta(minutes=minutes))
    assert refusal(answer) == Refusal(401, "bad_credential")

    recent = await hall.send(source, GOOD[source], ago=timedelta(minutes=minutes / 2))
    assert recent.status_code in {200, 202}


@EACH
async def test_a_source_is_told_to_whoever_looks_first(hall: Hall, source: str) -> None:
    seen, told = [await hall.visitor().request(m, f"/webhooks/{source}") for m in ("HEAD", "GET")]

    assert (seen.status_code, told.status_code) == (200, 200)
    assert told.json() == {"source": source, "send": "POST"}


@pytest.mark.parametrize("method", ["HEAD", "GET", "POST"])
async def test_a_source_that_nobody_knows_is_not_there(hall: Hall, method: str) -> None:
    assert (await hall.visitor().request(method, "/webhooks/another")).status_code == 404


async def test_one_source_may_send_less_at_once_than_the_others(hall: Hall) -> None:
    large = delivery(response_id="r-large").ljust(4097)
    headers, _ = own(large, hall.now("survey"))

    refused = await hall.post("narrow", headers, large)

    assert refusal(refused) == Refusal(413, "too_large")
    assert await hall.kept("narrow") == 0
    assert (await hall.post("survey", headers, large)).status_code == 202


async def test_one_source_may_send_less_often_than_the_others(hall: Hall) -> None:
    """All who send for it together; of what is refused nothing is kept."""
    headers, body = own(delivery(response_id="r-often"), hall.now("survey"))

    answers = [
        await hall.visitor(f"192.0.2.{n}").post("/webhooks/tight", headers=headers, content=body)
        for n in range(4)
    ]

    assert [answer.status_code for answer in answers] == [202, 200, 200, 429]
    assert 0 < int(answers[-1].headers["retry-after"]) <= 60
    assert await hall.kept("tight") == 3
    assert (await hall.post("survey", headers, body)).status_code == 202


@EACH
@settings(
    max_examples=25 * LIVES,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(junk=JUNK.map(json.dumps) | st.text())
async def test_signed_junk_never_fails_and_never_says_that_nobody_is_there(
    hall: Hall, source: str, junk: str
) -> None:
    """A system with a format of its own is told 2xx come what may; who writes the body, what is wrong."""
    answer = await hall.send(source, junk.encode())

    assert answer.status_code in ({422} if source == "survey" else {200, 202})
