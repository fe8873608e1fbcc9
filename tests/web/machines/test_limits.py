"""Who tries too often is told when to come back; what is good passes all the same."""

from contextlib import suppress

import pytest
from fastapi import Request
from httpx2 import ASGITransport, AsyncClient
from limits import RateLimitItemPerMinute

from models.errors import TooMany
from models.mappings import Allowance
from tests.stories.callers import SurveySystem, unhappy
from tests.stories.flood import FIRST
from tests.web.machines.faults import Refusal, refusal
from tests.web.machines.firm import SECRET
from tests.web.pages.reception import Reception
from web.limits import Limit, Limits, visitor_of

HERE = "127.0.0.1"
TOO_MANY = Refusal(429, "too_many")


async def exhaust(reception: Reception, limit: Limit, *who: str) -> None:
    while await reception.app.state.house.limits.allows(limit, *who):
        continue


async def flood(reception: Reception) -> None:
    """As much as the source may send, from one sender."""
    limits, most = reception.app.state.house.limits, Allowance().per_minute
    with suppress(TooMany):
        while True:
            await limits.count_within(most, Limit.DELIVERIES, "survey", HERE)


async def test_a_limit_lets_so_many_pass_and_says_how_long_to_wait() -> None:
    limits = Limits({Limit.WRONG_LINKS: RateLimitItemPerMinute(2)})
    for _ in range(2):
        await limits.count(Limit.WRONG_LINKS, "one")

    with pytest.raises(TooMany) as refused:
        await limits.count(Limit.WRONG_LINKS, "one")

    assert 0 < refused.value.wait <= 60
    await limits.count(Limit.WRONG_LINKS, "another")


async def test_wrong_tokens_are_counted_and_a_good_one_passes(
    reception: Reception, api: AsyncClient
) -> None:
    await exhaust(reception, Limit.WRONG_BEARERS, HERE)

    wrong = await api.get("/api/cases", headers={"authorization": "Bearer wrong"})

    assert refusal(wrong) == TOO_MANY
    assert 0 < int(wrong.headers["retry-after"]) <= 60
    assert (await api.get("/api/cases")).status_code == 200


async def test_bad_signatures_are_counted_and_a_good_one_passes(
    reception: Reception, api: AsyncClient
) -> None:
    survey = SurveySystem(api, SECRET)
    await exhaust(reception, Limit.WRONG_SIGNATURES, "survey", HERE)

    assert refusal(await survey.send_forged(unhappy("1"))) == TOO_MANY
    assert (await survey.send(unhappy("1"))).status_code == 202


async def test_a_flood_from_one_sender_is_put_off(reception: Reception, api: AsyncClient) -> None:
    await flood(reception)

    assert refusal(await SurveySystem(api, SECRET).send(unhappy("1"))) == TOO_MANY


async def test_another_sender_is_still_heard(reception: Reception) -> None:
    await flood(reception)
    transport = ASGITransport(app=reception.app, client=("192.0.2.7", 50_000))
    async with AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as elsewhere:
        assert (await SurveySystem(elsewhere, SECRET).send(unhappy("1"))).status_code == 202


def test_what_survey_systems_send_in_a_burst_passes() -> None:
    assert Allowance().per_minute > 10 * FIRST


@pytest.mark.parametrize(
    ("host", "visitor"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "::ffff:192.0.2.7"),
        ("testclient", "testclient"),
    ],
)
def test_a_household_is_one_visitor(host: str, visitor: str) -> None:
    assert visitor_of(Request({"type": "http", "client": (host, 1)})) == visitor
