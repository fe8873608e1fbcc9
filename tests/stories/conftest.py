"""A household a story, and one that a module's stories may share while they disturb nothing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories.household import CALM, Household, household_in, quick


@pytest.fixture
def organisation() -> str:
    """No clock fires during a story, unless the story brings an organisation of its own."""
    return quick(CALM)


@pytest.fixture
async def household(tmp_path: Path, organisation: str) -> AsyncIterator[Household]:
    """Nothing runs yet."""
    async with household_in(tmp_path, organisation) as household:
        yield household


@pytest.fixture(scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Household]:
    async with household_in(tmp_path_factory.mktemp("household"), quick(CALM)) as household:
        await household.up()
        yield household
