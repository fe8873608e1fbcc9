"""What a trusted server is told about a person's inbox."""

from httpx2 import AsyncClient

from models.actions import HandOver
from tests.casework import MONDAY_MORNING, Casework
from tests.stories.callers import Office

EMPTY = {"count": 0, "items": []}


async def test_an_inbox_has_each_case_with_its_due_date(casework: Casework, office: Office) -> None:
    state = await casework.open()

    inbox = await office.get("people/dora/inbox")

    line = {
        "id": state.case_id,
        "state": "asked",
        "awaited_from": "dora",
        "due": "2027-03-01T09:30:00Z",
    }
    assert inbox["now"] == {"count": 1, "items": [line]}
    assert [inbox[group] for group in ("today", "later", "waiting")] == [EMPTY] * 3


async def test_it_is_the_one_that_this_person_may_see(casework: Casework, office: Office) -> None:
    state = await casework.open()
    await casework.act(state, HandOver("nora"), MONDAY_MORNING)

    assert (await office.get("people/paul/inbox"))["waiting"] == EMPTY
    assert (await office.get("people/eva/inbox"))["waiting"] == EMPTY
    assert (await office.get("people/dora/inbox"))["waiting"]["count"] == 1


async def test_nobody_has_no_inbox(api: AsyncClient) -> None:
    assert (await api.get("/api/people/nobody/inbox")).status_code == 404
