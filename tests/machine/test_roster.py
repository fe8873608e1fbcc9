"""The roster as it is printed."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from machine.roster import show_roster, table, teams
from models.store.roster import roster_day
from models.teams import Loads
from models.versions import Versions
from tests.casework import Casework
from tests.models.test_roster import MAY, away
from tests.models.test_routing import ORGANISATION
from tests.models.test_sharing import LINE, house
from tests.web.pages.reception import settings_for


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def test_every_rule_has_a_line_with_who_answers_and_why() -> None:
    broken = "Nadia Petra is away until 2027-05-10 02:00, and nobody who stands in is there"
    day = roster_day(Versions(ORGANISATION, ORGANISATION, (away("dora"), away("petra"))), MAY)
    lines = list(table(day, ZoneInfo("Europe/Paris")))
    assert [" ".join(line.split()) for line in lines] == [
        "rule region trade touchpoint language who answers then because",
        "1 * * * pt Pablo",
        f"2 west plumbing * * {broken}",
        f"3 west * handover * {broken}",
        "4 west * * * Denis Dora is away until 2027-05-10 02:00",
        "else - - - - Nadia",
    ]


def test_a_team_tells_who_is_there_and_who_is_next_but_nobodys_number_of_cases() -> None:
    today = house(replace(LINE, ceiling=7, overflow="denis"))
    day, zone = (
        roster_day(Versions(today, today, (away("petra"),)), MAY, Loads({"dora": 7})),
        ZoneInfo("Europe/Paris"),
    )

    rules = list(table(day, zone))

    assert " ".join(rules[1].split()) == "1 * * * * Pablo team Ligne, in turn"
    assert list(teams(day.teams.values(), zone)) == [
        "",
        "team line (Ligne): round_robin, overflow to denis",
        "  Dora: there, at the ceiling",
        "  Petra: away until 2027-05-10 02:00",
        "  Pablo: there, next",
    ]


async def test_a_day_long_past_is_told_by_todays_organisation_and_says_so(
    casework: Casework, database_url: str
) -> None:
    await casework.open()
    first, *_ = await show_roster(settings_for(database_url), date(2020, 1, 1))
    assert first == (
        "2020-01-01 12:00 in Europe/Paris, by version 1 of the organisation, in force today"
    )
