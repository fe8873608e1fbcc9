"""Whom a closing leads to ask again, and when."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from models.actions import Outcome
from models.case import CaseState, Stage
from models.notices import Audience, Message, Notice
from models.organisation import Organisation
from models.organisation_file.reading import OrganisationRefused, read_organisation
from models.resurvey_policy import SPOKEN_TO, ResurveyPolicy
from models.resurveys import NOT_SCHEDULED, schedule
from models.timeline import EntryKind
from tests.models.calendars import paris

SMALL = (Path(__file__).parents[1] / "data/small.yaml").read_text()
CLOSED_AT = paris("2027-03-05 16:00")
CLOSED = CaseState("case", CLOSED_AT, stage=Stage.CLOSED, outcome=Outcome.RECOVERED)


def organisation(section: str) -> Organisation:
    return read_organisation(f"{SMALL}\nresurvey: {section}\n", name="organisation.yaml")


def test_who_was_spoken_to_is_asked_when_his_region_works_again_after_the_days_have_passed() -> (
    None
):
    pinned = organisation("{after: 30d}")

    found = schedule(CLOSED, pinned, region="north", at=CLOSED_AT)

    sunday_week = paris("2027-04-04 17:00")
    assert found.ask_at is not None
    assert found.ask_at > sunday_week
    assert found.ask_at.astimezone(CLOSED_AT.tzinfo).weekday() < 5
    assert found.unless_since == found.ask_at - timedelta(days=90)
    assert found.notices == (Notice(Message.RESURVEY, Audience.CUSTOMER, not_before=found.ask_at),)
    [entry] = found.entries
    assert (entry.kind, entry.due) == (EntryKind.RESURVEY_SCHEDULED, None)
    assert entry.facts == {"until": found.ask_at.isoformat()}


@pytest.mark.parametrize("outcome", sorted(set(Outcome) - SPOKEN_TO))
def test_who_was_not_spoken_to_is_left_in_peace(outcome: Outcome) -> None:
    ended = replace(CLOSED, outcome=outcome)
    assert schedule(ended, organisation("{after: 30d}"), region=None, at=CLOSED_AT) is NOT_SCHEDULED


def test_without_the_section_nobody_is_asked_again() -> None:
    older = read_organisation(SMALL, name="organisation.yaml")
    assert older.resurvey is None
    assert schedule(CLOSED, older, region=None, at=CLOSED_AT) is NOT_SCHEDULED


def test_an_open_case_asks_nobody_yet() -> None:
    confirming = replace(CLOSED, stage=Stage.CONFIRMING)
    pinned = organisation("{after: 30d}")
    assert schedule(confirming, pinned, region=None, at=CLOSED_AT) is NOT_SCHEDULED


def test_the_file_says_after_which_outcomes_and_how_often() -> None:
    pinned = organisation("{after: 12h, outcomes: [not_recovered], at_most_every: 180d}")

    assert pinned.resurvey == ResurveyPolicy(
        timedelta(hours=12), timedelta(days=180), frozenset({Outcome.NOT_RECOVERED})
    )
    assert schedule(CLOSED, pinned, region=None, at=CLOSED_AT) is NOT_SCHEDULED


def test_nobody_can_be_asked_again_who_was_not_spoken_to() -> None:
    with pytest.raises(OrganisationRefused, match="nobody is asked again after 'declined'"):
        organisation("{after: 30d, outcomes: [declined]}")
