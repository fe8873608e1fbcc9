"""The roster as it is printed."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from machine.roster import table, teams
from models.roster import roster
from models.sharing import Sharing
from models.teams import Loads
from tests.models.test_roster import MAY, away
from tests.models.test_routing import ORGANISATION
from tests.models.test_sharing import LINE, house


def test_every_rule_has_a_line_with_who_answers_and_why() -> None:
    posts = roster(ORGANISATION, [away("dora"), away("petra")], MAY)
    broken = "Nadia Petra is away until 2027-05-10 02:00, and nobody who stands in is there"
    lines = list(table(posts, {}, ZoneInfo("Europe/Paris")))
    assert [" ".join(line.split()) for line in lines] == [
        "rule region trade touchpoint language who answers because",
        "1 * * * pt Pablo",
        f"2 west plumbing * * {broken}",
        f"3 west * handover * {broken}",
        "4 west * * * Denis Dora is away until 2027-05-10 02:00",
        "else - - - - Nadia",
    ]


def test_a_team_tells_who_is_there_and_who_is_next_but_nobodys_number_of_cases() -> None:
    today = house(replace(LINE, ceiling=7, overflow="denis"))
    absences, zone = (away("petra"),), ZoneInfo("Europe/Paris")
    days = {"line": Sharing(today, absences, MAY, Loads({"dora": 7})).day(today.teams["line"])}

    rules = list(table(roster(today, absences, MAY), days, zone))

    assert " ".join(rules[1].split()) == "1 * * * * Pablo team Ligne, in turn"
    assert list(teams(days.values(), zone)) == [
        "",
        "team line (Ligne): round_robin, overflow to denis",
        "  Dora: there, at the ceiling",
        "  Petra: away until 2027-05-10 02:00",
        "  Pablo: there, next",
    ]
