"""The stream of feedback as a trusted server reads it, for itself or for a person."""

import pytest
from httpx2 import AsyncClient

from models.actions import HandOver
from models.survey import Identity
from tests.casework import MONDAY_MORNING, Casework, another
from tests.stories.callers import Json, Office


@pytest.fixture
async def told(casework: Casework) -> Json:
    """Of the north two happy ones and an unhappy one, of the south an unhappy one; their cases, by name."""
    cases: Json = {"unhappy": (await casework.open()).case_id}
    for name, score, region in (
        ("glad", 10, "north"),
        ("passive", 8, "north"),
        ("south", 2, "south"),
    ):
        answer = another(name, score=score, region=region, customer=Identity(id=name))
        cases[name] = (await casework.hear(answer)).case_id
    return cases


async def read(office: Office, query: str = "") -> list[Json]:
    return list((await office.get(f"feedback?{query}"))["items"])


async def test_every_answer_is_there_with_its_case_or_the_reason(
    office: Office, told: Json
) -> None:
    found = {each["region"] + each["feeling"]: each for each in await read(office)}

    assert {name: (each["status"], each["reason"]) for name, each in found.items()} == {
        "northunhappy": ("case", None),
        "northpassive": ("passive", "passive"),
        "northpromoter": ("promoter", "promoter"),
        "southunhappy": ("case", None),
    }
    assert found["northunhappy"]["case_id"] == told["unhappy"]
    assert found["northunhappy"]["comment"] == "Nobody calls back."


async def test_nothing_says_who_the_customer_is(api: AsyncClient, told: Json) -> None:
    text = (await api.get("/api/feedback")).text

    assert not [word for word in ("Kerverne", "33639981234", "odile@", "c-1") if word in text]


@pytest.mark.parametrize(
    ("person", "heard"),
    [
        ("dora", ["passive", "promoter", "unhappy"]),
        ("denis", ["passive", "promoter", "unhappy"]),
        ("nora", ["passive", "promoter", "unhappy", "unhappy"]),
        ("eva", ["passive", "promoter", "unhappy", "unhappy"]),
        ("paul", []),
    ],
)
async def test_a_person_hears_what_concerns_him(
    office: Office, told: Json, person: str, heard: list[str]
) -> None:
    assert sorted(each["feeling"] for each in await read(office, f"by={person}")) == heard


async def test_a_partner_hears_what_is_of_his_cases(
    casework: Casework, office: Office, told: Json
) -> None:
    held = await casework.state(told["unhappy"])
    await casework.act(held, HandOver("paul"), MONDAY_MORNING)

    [found] = await read(office, "by=paul")

    assert (found["case_id"], found["comment"]) == (told["unhappy"], "Nobody calls back.")


async def test_an_executive_reads_nobodys_words(office: Office, told: Json) -> None:
    assert {each["comment"] for each in await read(office, "by=eva")} == {None}


async def test_an_operator_has_no_business_there(api: AsyncClient, told: Json) -> None:
    assert (await api.get("/api/feedback?by=oscar")).status_code == 403


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("feeling=promoter", 1),
        ("metric=csat", 0),
        ("source=survey&region=north", 3),
        ("trade=works&touchpoint=keys", 4),
        ("words=true", 4),
        ("since=2027-03-01T09:00:00Z", 4),
        ("until=2027-03-01T09:00:00Z", 0),
    ],
)
async def test_it_is_narrowed_by(office: Office, told: Json, query: str, number: int) -> None:
    assert len(await read(office, query)) == number


@pytest.mark.parametrize("query", ["since=2027-03-01", "feeling=sad", "limit=0", "cursor=x"])
async def test_what_is_not_understood_is_refused(api: AsyncClient, query: str) -> None:
    assert (await api.get(f"/api/feedback?{query}")).status_code == 422


async def test_pages_follow_one_another(office: Office, told: Json) -> None:
    page = await office.get("feedback?limit=3")
    rest = await office.get(f"feedback?limit=3&cursor={page['next']}")

    ids = [each["id"] for each in (*page["items"], *rest["items"])]
    assert (len(set(ids)), len(rest["items"]), rest["next"]) == (4, 1, None)
