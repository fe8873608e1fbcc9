"""The outbox by API: everybody with the token sees what is sent, a newcomer also the words."""

import pytest
from httpx2 import AsyncClient

from tests.casework import UNHAPPY, Casework
from tests.stories.callers import Office
from tests.web.machines.firm import caller
from tests.web.machines.test_reading import opened, pages
from tests.web.pages.reception import Reception

HIDDEN = (None, None, None)


def said(item: dict[str, object]) -> tuple[object, ...]:
    return item["address"], item["subject"], item["body"]


@pytest.fixture
async def _asked(casework: Casework) -> None:
    await casework.open()


@pytest.mark.usefixtures("_asked")
async def test_on_this_machine_the_words_are_shown(office: Office) -> None:
    [item] = (await office.get("outbox"))["items"]

    assert (item["message"], item["person"], item["status"]) == ("ask", "dora", "pending")
    assert item["address"] == "+33639980041"
    assert "/l/" in item["body"]


@pytest.mark.usefixtures("_asked")
@pytest.mark.parametrize(
    "base_url",
    [
        "http://rappel.example",
        "http://10.0.0.7:8080",
        "http://127.0.0.1.rappel.example",
        "http://0",
    ],
)
async def test_under_another_name_they_are_not(reception: Reception, base_url: str) -> None:
    answer = await caller(reception.app, base_url=base_url).get("/api/outbox")

    assert [said(item) for item in answer.json()["items"]] == [HIDDEN]


@pytest.mark.usefixtures("_asked")
async def test_a_host_that_is_none_hides_them(api: AsyncClient) -> None:
    answer = await api.get("/api/outbox", headers={"host": "[::1"})

    assert [said(item) for item in answer.json()["items"]] == [HIDDEN]


@pytest.mark.usefixtures("_asked")
async def test_from_another_machine_they_are_not(reception: Reception) -> None:
    answer = await caller(reception.app, visitor="192.0.2.7").get("/api/outbox")

    assert [said(item) for item in answer.json()["items"]] == [HIDDEN]


@pytest.mark.usefixtures("_asked")
@pytest.mark.parametrize("public_url", ["https://rappel.example", "http://10.0.0.7:8080"])
async def test_behind_a_public_address_they_are_not(
    casework: Casework, reception: Reception, public_url: str
) -> None:
    """A proxy on this machine visits from loopback, with whatever Host it likes."""
    settings = reception.settings.model_copy(update={"public_url": public_url})
    public = Reception(casework, settings)

    answer = await caller(public.app).get("/api/outbox")
    await public.app.state.house.database.close()

    assert [said(item) for item in answer.json()["items"]] == [HIDDEN]


async def test_pages_show_each_message_once(casework: Casework, office: Office) -> None:
    for n in range(5):
        await opened(casework, str(n))

    items = await pages(office, "outbox", limit=2)

    assert len({item["case_id"] for item in items}) == len(items) == 5


async def test_a_page_that_follows_nothing_known_begins_anew(
    casework: Casework, office: Office
) -> None:
    await casework.open(UNHAPPY)

    assert len((await office.get("outbox?cursor=some-id"))["items"]) == 1
