"""When the door of the survey systems is pressed, and what it remembers then."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pytest

from models.store.organisations import apply_organisation
from tests.casework import MONDAY_MORNING, SMALL, Casework
from web.door import CALM, FRESH, LULL, Door

OTHER = SMALL.read_text().replace("{id: survey, kind: generic}", "{id: other, kind: generic}")


@dataclass(slots=True)
class Seconds:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def door(casework: Casework, seconds: Seconds) -> Door:
    return Door(casework.database, casework.book, seconds)


@contextmanager
def inside(door: Door, count: int) -> Iterator[None]:
    with ExitStack() as stack:
        for _ in range(count):
            stack.enter_context(door.entered())
        yield


def test_a_few_at_once_do_not_press_it(door: Door) -> None:
    for _ in range(3):
        with inside(door, CALM):
            assert not door.pressed


def test_one_more_presses_it_until_there_was_a_lull(door: Door, seconds: Seconds) -> None:
    with inside(door, CALM + 1):
        assert door.pressed
    seconds.now += LULL / 2
    assert door.pressed
    seconds.now += LULL / 2
    assert not door.pressed


async def test_calm_it_knows_what_was_just_applied(casework: Casework, door: Door) -> None:
    assert await door.find_source("survey")
    await apply_organisation(casework.database, OTHER, name="other.yaml", at=MONDAY_MORNING)

    assert await door.find_source("survey") is None


async def test_pressed_it_looks_again_after_a_moment(
    casework: Casework, door: Door, seconds: Seconds
) -> None:
    with inside(door, CALM + 1):
        known = await door.find_source("survey")
        await apply_organisation(casework.database, OTHER, name="other.yaml", at=MONDAY_MORNING)

        assert await door.find_source("survey") is known
        seconds.now += FRESH
        assert door.pressed is False
    with inside(door, CALM + 1):
        assert await door.find_source("survey") is None


async def test_pressed_it_knows_a_new_source_at_once(casework: Casework, door: Door) -> None:
    with inside(door, CALM + 1):
        await door.find_source("survey")
        await apply_organisation(casework.database, OTHER, name="other.yaml", at=MONDAY_MORNING)

        assert await door.find_source("other")
