"""A backfill by hand: what cannot be asked is said before anybody is."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from machine.backfill import backfill_source
from models.errors import Misconfigured, NotKnown, NotUnderstood, RappelError
from models.store.organisations import apply_organisation
from tests.casework import MONDAY_MORNING, SMALL, Casework
from tests.web.pages.reception import settings_for

SOURCES = """
sources:
  - {id: keys, kind: surveymonkey, surveys: [{id: "510001", metric: nps, score: "71001"}]}
  - {id: mute, kind: surveymonkey, surveys: [{id: "510001", metric: nps, score: "71001"}]}
"""
YESTERDAY = datetime.now(UTC) - timedelta(days=1)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.mark.parametrize(
    ("source", "since", "fault", "sentence"),
    [
        ("kesy", YESTERDAY, NotKnown, "'kesy'.*keys"),
        ("survey", YESTERDAY, NotUnderstood, "kind generic"),
        ("mute", YESTERDAY, Misconfigured, "RAPPEL_API_TOKEN_MUTE"),
        ("keys", YESTERDAY + timedelta(days=3), NotUnderstood, "still to come"),
    ],
)
async def test_what_cannot_be_asked_is_said(
    casework: Casework,
    database_url: str,
    *,
    source: str,
    since: datetime,
    fault: type[RappelError],
    sentence: str,
) -> None:
    organisation = SMALL.read_text().replace("\nsources:\n", SOURCES)
    await apply_organisation(casework.database, organisation, name="keys.yaml", at=MONDAY_MORNING)
    tokens = {name: SecretStr("a-token") for name in ("keys",)}
    settings = settings_for(database_url).model_copy(update={"api_tokens": tokens})

    with pytest.raises(fault, match=sentence):
        await backfill_source(settings, source, since=since)
