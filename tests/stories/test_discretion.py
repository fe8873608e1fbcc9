"""What a customer is called, how he is reached and what was said stays sealed in the database.

Everything that can go wrong with his words at hand goes wrong here once: a carrier quotes them, the
database fails under the commit and under the web, a delivery is not understood, an act is refused.
"""

import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from functools import partial

import pytest

from models.messages import workflow_id
from tests.stories.asking import is_asked
from tests.stories.callers import NATIONAL, Json, unhappy
from tests.stories.household import CALM, Household, eventually, household_in, quick

pytestmark = pytest.mark.story

NAME, EMAIL, NUMBER, CUSTOMER = "Quillebeuf", "zephyrine.q", "639987654", "KX-77120-B"
COMMENT, CONTRACT = "crooked gutterspout", "Appletree-9"
NOTE, CAUSE_WORDS, WHAT = "weeping walrus", "mildewed marzipan", "repaint the xebec"
ZERO_TOLERANCE = """
zero_tolerance:
  - {id: gravest, name: Grave, words: {fr: [grave], en: [crook* gutter*]}}
"""
"""It finds the comment."""
SECRETS = (NAME, EMAIL, NUMBER, CUSTOMER, COMMENT, CONTRACT, NOTE, CAUSE_WORDS, WHAT)

ANSWER = unhappy("ignored") | {
    "response_id": "response-1",
    "comment": f"The {COMMENT} again!",
    "customer": {
        "id": CUSTOMER,
        "name": f"Zephyrine {NAME}",
        "email": f"{EMAIL}@client.example",
        "phone": f"+33{NUMBER}",
    },
}
ANSWER["context"] |= {"contract": CONTRACT}


@pytest.fixture(scope="module")
async def lived(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Household, str]]:
    """A life with every accident, from the opening to the closing, and words of zero tolerance."""
    folder = tmp_path_factory.mktemp("household")
    async with household_in(folder, quick(CALM) + ZERO_TOLERANCE) as household:
        household.parts["worker"] = household.part("worker", CARELESS)
        await household.prepare()
        await household.start("temporal", "worker", "web")
        await household.survey.send(ANSWER | {"response_id": "response-2", "score": 11})
        with without_table(household, "links"):
            case = str((await household.survey.deliver(ANSWER))["case_id"])
            await eventually(lambda: said(household, "activity_failed"))
        await eventually(lambda: is_asked(household, case))
        await live_to_the_end(household, case)
        yield household, case


CARELESS = (sys.executable, "-m", "tests.stories.careless_worker")


async def live_to_the_end(household: Household, case: str) -> None:
    """By whom it stands with: such words start at the top."""
    act = partial(household.office.act, case, by=NATIONAL)
    surely = partial(household.office.act_surely, case, by=NATIONAL)
    with without_table(household, "acts"):
        failed = await act("attempts", outcome="reached", note=NOTE)
    refused = await act("cause", cause="price", words=CAUSE_WORDS)
    assert (failed.status_code, refused.status_code) == (503, 409)
    await surely("attempts", outcome="reached", note=NOTE)
    await surely("cause", cause="price", words=CAUSE_WORDS)
    await surely("actions", what=WHAT)
    await surely("actions/1/done")
    await surely("confirmation", answer="yes")
    await eventually(lambda: all_letters_failed(household, case))


async def test_no_file_of_the_household_shows_who_the_customer_is_or_what_was_said(
    lived: tuple[Household, str],
) -> None:
    household, case = lived
    written = {file.name: file.read_bytes() for file in household.folder.iterdir()}

    told = [(name, s) for name in written for s in SECRETS if s.encode() in written[name]]

    assert told == []
    for name in ("rappel.sqlite-wal", "temporal.sqlite-wal", "web.log", "worker.log"):
        assert case.encode() in written[name]


async def test_no_event_of_the_history_does_either(lived: tuple[Household, str]) -> None:
    household, case = lived
    temporal = await household.temporal()
    handle = temporal.get_workflow_handle(workflow_id(case))
    history, description = await handle.fetch_history(), await handle.describe()

    events = [event.SerializeToString() for event in history.events]
    events.append(description.raw_description.SerializeToString())

    assert any(case.encode() in event for event in events)
    assert [s for s in SECRETS for event in events if s.encode() in event] == []


async def test_a_grave_topic_travels_by_its_id(lived: tuple[Household, str]) -> None:
    household, case = lived
    temporal = await household.temporal()
    history = await temporal.get_workflow_handle(workflow_id(case)).fetch_history()

    assert any(b'"topic":"gravest"' in event.SerializeToString() for event in history.events)
    [answer] = (await household.office.case(case))["responses"]
    assert answer["topic_words"] == [COMMENT]


async def test_what_was_sealed_can_be_read_by_those_who_may(lived: tuple[Household, str]) -> None:
    household, case = lived
    read = str(await household.office.case(case))

    assert [secret for secret in SECRETS if secret not in read] == []


@contextmanager
def without_table(household: Household, name: str) -> Iterator[None]:
    rename(household, name, f"{name}_away")
    try:
        yield
    finally:
        rename(household, f"{name}_away", name)


def rename(household: Household, name: str, to: str) -> None:
    with closing(sqlite3.connect(household.database, timeout=30)) as connection:
        connection.execute(f"ALTER TABLE {name} RENAME TO {to}")


async def said(household: Household, event: str) -> bool:
    return event in household.logged


async def all_letters_failed(household: Household, case: str) -> Json | None:
    found = await household.office.case(case)
    ended = {letter["status"] for letter in found["messages"]} <= {"unknown", "withdrawn"}
    return found if ended else None
