"""While Twilio refuses the account nobody is asked to wait for a ring that does not come."""

import pytest

from models.breaker import FIRST_REST, Cause, Rest
from models.store.breaker import read_rest
from tests.telephony.conftest import CUSTOMER, Line

SAID = "You cannot be put through at the moment: call from your own phone."


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


async def rest_of(line: Line) -> Rest:
    async with line.reception.casework.database.read() as session:
        return await read_rest(session)


async def test_a_refused_account_is_known_from_then_on(line: Line) -> None:
    line.expect(placed=0, dialled=0)
    form = (await line.look()).form("/call")
    line.resource.status = 401
    await line.director.send(form, key="first")
    assert (await rest_of(line)).cause is Cause.ACCOUNT

    page = await line.director.send(form, key="second")

    assert (page.status, line.resource.asked) == (409, 1)
    assert SAID in page.words


async def test_then_the_page_offers_his_own_phone(line: Line) -> None:
    line.expect(placed=0, dialled=0)
    line.resource.status = 401
    await line.tap()

    page = await line.look()

    assert not [action for action in page.forms if action.endswith("/call")]
    assert f'class="call" href="tel:{CUSTOMER}"' in page.answered.text
    assert SAID in page.words


async def test_once_it_may_be_tried_a_call_that_goes_through_ends_it(line: Line) -> None:
    line.expect(dialled=1)
    form = (await line.look()).form("/call")
    line.resource.status = 401
    await line.director.send(form, key="first")
    line.resource.status = 201
    line.reception.clock.now += FIRST_REST

    await line.call()

    assert (await rest_of(line)).cause is None


async def test_a_call_that_is_refused_for_its_own_sake_stops_nothing(line: Line) -> None:
    line.expect(placed=0, dialled=0)
    line.resource.status = 400
    await line.tap()
    assert (await rest_of(line)).cause is None
    assert [action for action in (await line.look()).forms if action.endswith("/call")]
