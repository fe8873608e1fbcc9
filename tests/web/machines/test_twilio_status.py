"""`POST /twilio/messages/{intent}/status`: kept before it is answered, and only where Twilio signed it."""

from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest
from sqlmodel import select

from models.tables import IntentRow
from tests.activities.sms_house import PUBLIC_URL
from tests.activities.twilio_server import TOKEN, TOKEN_BEFORE, account_at
from tests.casework import Casework
from tests.web.machines.signed_calls import call, call_signed, sign
from tests.web.pages.reception import Reception, settings_for

SID = "SM" + "1" * 32
DELIVERED = (("MessageSid", SID), ("MessageStatus", "delivered"), ("FromCity", ""))


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def reception(casework: Casework, database_url: str) -> AsyncIterator[Reception]:
    settings = settings_for(database_url, PUBLIC_URL)
    account = account_at("127.0.0.1")
    reception = Reception(casework, settings.model_copy(update={"twilio": account}))
    yield reception
    await reception.app.state.house.database.close()


async def row(reception: Reception) -> IntentRow:
    async with reception.casework.database.read() as session:
        return (await session.exec(select(IntentRow))).one()


@pytest.fixture
async def path(reception: Reception) -> str:
    await reception.casework.open()
    return f"/twilio/messages/{(await row(reception)).id}/status"


@pytest.mark.parametrize("token", [TOKEN, TOKEN_BEFORE])
async def test_what_twilio_tells_is_kept_when_it_is_answered(
    reception: Reception, path: str, token: str
) -> None:
    answer = await call_signed(reception.app, PUBLIC_URL, path, DELIVERED, token=token)
    assert (answer.status_code, answer.content) == (204, b"")
    kept = await row(reception)
    assert (kept.status, kept.sid) == ("delivered", SID)


@pytest.mark.parametrize("signature", [None, "", "guessed", sign("guessed", PUBLIC_URL, DELIVERED)])
async def test_without_its_signature_nothing_changes(
    reception: Reception, path: str, signature: str | None
) -> None:
    answer = await call(reception.app, path, urlencode(DELIVERED), signature)
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "not_allowed"
    assert (await row(reception)).status == "pending"


async def test_the_inner_address_is_not_what_was_signed(reception: Reception, path: str) -> None:
    inside = await call_signed(reception.app, "http://10.0.0.7:8080", path, DELIVERED, token=TOKEN)
    assert inside.status_code == 403


async def test_without_an_account_nobody_can_sign(
    reception: Reception, path: str, casework: Casework, database_url: str
) -> None:
    without = Reception(casework, settings_for(database_url, PUBLIC_URL))
    answer = await call_signed(without.app, PUBLIC_URL, path, DELIVERED, token="")
    assert answer.status_code == 403
    await without.app.state.house.database.close()


@pytest.mark.parametrize(
    "told",
    [
        (("MessageSid", SID), ("MessageStatus", "receiving")),
        (("MessageSid", ""), ("MessageStatus", "sent")),
        (("CallSid", "CA1"), ("CallStatus", "completed")),
        (),
    ],
)
async def test_what_tells_nothing_of_a_message_is_taken_and_left(
    reception: Reception, path: str, told: tuple[tuple[str, str], ...]
) -> None:
    answer = await call_signed(reception.app, PUBLIC_URL, path, told, token=TOKEN)
    assert answer.status_code == 204
    assert (await row(reception)).status == "pending"


async def test_a_message_that_is_not_known_is_nobodys_fault(reception: Reception) -> None:
    path = "/twilio/messages/gone:1:0/status"
    answer = await call_signed(reception.app, PUBLIC_URL, path, DELIVERED, token=TOKEN)
    assert answer.status_code == 204


async def test_too_much_is_not_read(reception: Reception, path: str) -> None:
    told = (("Body", "x" * 70_000),)
    answer = await call_signed(reception.app, PUBLIC_URL, path, told, token=TOKEN)
    assert answer.status_code == 413
