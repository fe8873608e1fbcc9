"""What the worker's post is made of, by what it is told."""

import pytest

from models.timelapse import Timelapse
from post import make_post
from templates.messages import MessageTemplates
from tests.activities.twilio_server import account_at
from tests.casework import MONDAY_MORNING, Casework
from tests.web.pages.reception import settings_for


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.mark.parametrize(
    ("told", "rounds"),
    [
        ({}, ["PostOffice.run", "Fallbacks.run"]),
        (
            {"twilio": account_at("127.0.0.1")},
            ["PostOffice.run", "Fallbacks.run", "Inquiries.run", "CallInquiries.run"],
        ),
        (
            {
                "twilio": account_at("127.0.0.1"),
                "demo": Timelapse(MONDAY_MORNING, 90),
            },
            ["PostOffice.run", "Fallbacks.run"],
        ),
    ],
    ids=["console", "twilio", "a demo sends nothing to invented people"],
)
async def test_twilio_is_asked_after_where_it_is_used(
    casework: Casework, database_url: str, told: dict[str, object], rounds: list[str]
) -> None:
    settings = settings_for(database_url).model_copy(update=told)
    async with make_post(casework.database, MessageTemplates(), settings) as (_, made):
        assert [getattr(each, "__qualname__", "") for each in made] == rounds
