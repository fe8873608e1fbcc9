"""The versions as they are printed."""

import pytest

from machine.versions import change_in_words, list_versions
from models.ladder import Span, Target
from models.version_targets import TargetChange
from tests.casework import Casework
from tests.models.store.test_target_periods import TEXT, TIGHTER, apply
from tests.web.pages.reception import settings_for


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


async def test_every_version_says_which_targets_it_changed(
    casework: Casework, database_url: str
) -> None:
    await apply(casework, TIGHTER)
    await apply(casework, TEXT.replace("contact: 4h", "contact: 2h"))
    lines = await list_versions(settings_for(database_url))
    assert [" ".join(line.split()) for line in lines] == [
        "1 2027-03-01 10:00 -",
        "2 2027-03-01 10:00 acknowledge 30m -> 10m",
        "3 2027-03-01 10:00 acknowledge 10m -> 30m; contact 4h -> 2h",
    ]


def test_a_topic_s_own_target_is_named_with_it() -> None:
    change = TargetChange(Target.CONTACT, "safety", None, Span(days=1))
    assert change_in_words(change) == "safety: contact none -> 1d"
