"""The door of the survey systems: what is taken, what is refused, and what is kept of either."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable

import pytest
from httpx2 import AsyncClient, Response
from sqlmodel import col, select
from structlog.testing import capture_logs

from models.mappings import Allowance
from models.store.database import box_of
from models.tables import DeliveryRow
from tests.casework import Casework
from tests.databases import ENGINES
from tests.surveys.deliveries import GOOD, delivery, signed_by_hand
from tests.web.machines.faults import Refusal, fault_of, refusal
from tests.web.machines.firm import SECRET, caller, settings_with_secrets
from tests.web.pages.reception import Reception, settings_for
from web.app import create_app

PERSONAL = ("Vaugrenier", "renee", "98009", "98 00 99", "Personne ne")


@pytest.fixture
def api(reception: Reception) -> AsyncClient:
    """Survey systems have no token."""
    client = caller(reception.app)
    del client.headers["authorization"]
    return client


async def send(
    api: AsyncClient, body: bytes, *, source: str = "survey", secret: str = SECRET
) -> Response:
    headers = signed_by_hand(body, secret)
    return await api.post(f"/webhooks/{source}", content=body, headers=headers)


async def kept(reception: Reception) -> list[tuple[str, str | None, bytes]]:
    """The raw deliveries: fate, place of the fault, and body."""
    database = reception.casework.database
    async with database.read() as session:
        rows = (await session.exec(select(DeliveryRow).order_by(col(DeliveryRow.id)))).all()
        found = []
        for row in rows:
            box = await box_of(session, database.vault, row.key_id)
            assert box is not None
            body = box.open_bytes(f"deliveries.{row.id}.body", row.body_sealed)
            found.append((row.fate, row.problem, body))
        return found


@pytest.fixture
def stream() -> tuple[AsyncIterator[bytes], Callable[[], int]]:
    """A body without an end in sight, and how many KiB of it were read."""
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while read < 8 * 1024:
            read += 1
            yield b" " * 1024

    return endless(), lambda: read


@pytest.mark.parametrize("database_url", ENGINES, indirect=True)
async def test_an_unhappy_answer_is_taken_and_has_a_case(
    reception: Reception, api: AsyncClient
) -> None:
    answer = await send(api, delivery())

    said = answer.json()
    view = await reception.casework.view(said["case_id"])
    assert (answer.status_code, said["reason"]) == (202, None)
    assert view.customer.name == "Renée Vaugrenier"
    assert await kept(reception) == [("understood", None, delivery())]


@pytest.mark.parametrize("database_url", ENGINES, indirect=True)
async def test_a_repeat_is_answered_alike_and_only_kept(
    reception: Reception, api: AsyncClient
) -> None:
    first = await send(api, delivery())
    again = await send(api, delivery())

    assert (again.status_code, again.json()) == (200, first.json())
    assert [fate for fate, _, _ in await kept(reception)] == ["understood", "repeat"]


async def test_an_answer_that_changed_is_the_same_response(
    reception: Reception, api: AsyncClient
) -> None:
    first = await send(api, delivery())
    again = await send(api, delivery(score=1))

    assert (again.status_code, again.json()) == (202, first.json())
    assert [fate for fate, _, _ in await kept(reception)] == ["understood", "understood"]


@pytest.mark.parametrize("sent_before", [True, False])
async def test_an_answer_can_be_taken_back(
    reception: Reception,
    api: AsyncClient,
    sent_before: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """Also before it came: then it holds from the moment it comes."""
    if sent_before:
        await send(api, delivery())
    gone = await send(api, delivery(event="withdrawn"))
    answer = gone if sent_before else await send(api, delivery())

    assert (gone.status_code, answer.json()["reason"]) == (202, "withdrawn")
    assert (answer.json()["case_id"] is not None) is sent_before


@pytest.mark.parametrize("database_url", ENGINES, indirect=True)
async def test_a_delivery_that_comes_twice_at_once_is_one_answer(api: AsyncClient) -> None:
    answers = await asyncio.gather(*(send(api, delivery()) for _ in "1234"))

    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 202]
    assert len({answer.text for answer in answers}) == 1


async def test_an_answer_that_opens_nothing_has_its_reason(api: AsyncClient) -> None:
    answer = await send(api, delivery(score=10))

    assert answer.status_code == 202
    assert (answer.json()["case_id"], answer.json()["reason"]) == (None, "promoter")


@pytest.mark.parametrize(
    "spoil",
    [
        {"Webhook-Signature": "v1,AAAA"},
        {"Webhook-Timestamp": "1700000000"},
        {"Webhook-Id": "msg_2"},
        {"Webhook-Signature": ""},
    ],
)
async def test_what_is_not_signed_well_is_refused_and_not_kept(
    reception: Reception, api: AsyncClient, spoil: dict[str, str]
) -> None:
    headers = signed_by_hand(delivery(), SECRET) | spoil

    answer = await api.post("/webhooks/survey", content=delivery(), headers=headers)

    assert refusal(answer) == Refusal(401, "bad_credential")
    assert await kept(reception) == []


async def test_noise_without_a_signature_is_not_even_read(
    reception: Reception, api: AsyncClient
) -> None:
    assert refusal(await api.post("/webhooks/survey", content=b"\xff")).status == 401
    assert await kept(reception) == []


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (delivery(score=11), "score"),
        (delivery(customer="Renée Vaugrenier"), "customer"),
        (b"{", None),
        (b"", None),
        (b'{"comment": "d\xe9\xe7u"}', None),
        (json.dumps(GOOD).encode("utf-16"), None),
    ],
)
async def test_what_is_not_understood_is_refused_and_kept_as_it_came(
    reception: Reception, api: AsyncClient, body: bytes, place: str | None
) -> None:
    answer = await send(api, body)

    assert refusal(answer) == Refusal(422, "not_understood", place)
    assert await kept(reception) == [("quarantined", place or "body", body)]


async def test_no_log_line_holds_a_name_a_number_or_words(api: AsyncClient) -> None:
    spoilt = b'{"Vaugrenier": "98009", "Vaugrenier": "Personne ne"}'
    with capture_logs() as lines:
        for body in (delivery(), delivery(), delivery(score="Vaugrenier"), spoilt, b"98009"):
            await send(api, body)
            await send(api, body, secret="whsec_b3RoZXI=")

    events = {line["event"] for line in lines}
    assert events == {"delivery_taken", "delivery_quarantined", "request_answered"}
    assert not [word for word in PERSONAL if word in str(lines)]


async def test_a_body_may_be_as_large_as_the_limit(api: AsyncClient) -> None:
    assert (await send(api, delivery().ljust(Allowance().largest))).status_code == 202


async def test_a_larger_one_is_not_read_to_its_end(
    reception: Reception,
    api: AsyncClient,
    stream: tuple[AsyncIterator[bytes], Callable[[], int]],
) -> None:
    body, read = stream

    answer = await api.post("/webhooks/survey", content=body)

    assert refusal(answer) == Refusal(413, "too_large")
    assert read() == 1025
    assert await kept(reception) == []


async def test_for_an_unknown_source_nothing_is_read(
    api: AsyncClient, stream: tuple[AsyncIterator[bytes], Callable[[], int]]
) -> None:
    body, read = stream

    answer = await api.post("/webhooks/another", content=body)

    assert refusal(answer) == Refusal(404, "not_known")
    assert read() == 0


async def test_a_source_without_a_secret_is_the_operators_affair(
    casework: Casework, database_url: str
) -> None:
    """The source was applied after the process had started; a new one would refuse to start."""
    unaware = Reception(casework, settings_for(database_url))

    answer = await send(caller(unaware.app), delivery())
    await unaware.app.state.house.database.close()

    assert refusal(answer) == Refusal(500, "misconfigured")
    assert fault_of(answer).detail == "RAPPEL_WEBHOOK_SECRET_SURVEY is not set."


async def test_while_the_database_is_away_the_sender_is_to_come_again(
    unused_tcp_port: int,
) -> None:
    """Nobody listens there."""
    nowhere = f"postgresql+asyncpg://rappel@127.0.0.1:{unused_tcp_port}/rappel"

    answer = await send(caller(create_app(settings_with_secrets(nowhere))), delivery())

    assert refusal(answer) == Refusal(503, "database_away")
    assert answer.headers["retry-after"] == "2"


async def test_a_zero_byte_in_the_name_of_a_source(api: AsyncClient) -> None:
    assert refusal(await send(api, delivery(), source="%00")) == Refusal(422, "not_understood")
