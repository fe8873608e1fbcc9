"""A household a story, and one that a module's stories may share while they disturb nothing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories.household import CALM, Household, quick


@pytest.fixture
async def household(tmp_path: Path) -> AsyncIterator[Household]:
    """Nothing runs yet, and no clock will fire."""
    household = Household(tmp_path, quick(CALM))
    try:
        yield household
    finally:
        await household.leave()


@pytest.fixture(scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Household]:
    household = Household(tmp_path_factory.mktemp("household"), quick(CALM))
    try:
        await household.up()
        yield household
    finally:
        await household.leave()
