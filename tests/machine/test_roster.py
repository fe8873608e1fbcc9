"""The roster as it is printed."""

from zoneinfo import ZoneInfo

from machine.roster import table
from models.roster import roster
from tests.models.test_roster import MAY, away
from tests.models.test_routing import ORGANISATION


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
