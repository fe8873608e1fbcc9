"""Nobody without the token learns or changes anything."""

import pytest
from httpx2 import AsyncClient

from tests.web.machines.faults import Refusal, refusal
from tests.web.machines.firm import TOKEN
from tests.web.machines.routes import ROUTES, filled

WRONG = ("", "Bearer", "Bearer other", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN, "Bearer é")


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_every_door_asks_for_the_token(api: AsyncClient, method: str, path: str) -> None:
    for wrong in WRONG:
        headers = {b"authorization": wrong.encode("latin-1")}
        answer = await api.request(method, filled(path), json={}, headers=headers)
        assert refusal(answer) == Refusal(401, "bad_credential"), wrong


async def test_the_description_and_the_health_are_for_everybody(api: AsyncClient) -> None:
    del api.headers["authorization"]

    assert (await api.get("/api/openapi.json")).status_code == 200
    assert "status" in (await api.get("/healthz")).json()
