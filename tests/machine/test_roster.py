"""The roster as it is printed."""

from machine.roster import table
from tests.models.test_roster import MAY, away
from tests.models.test_routing import ORGANISATION


def test_every_rule_has_a_line_with_who_answers_and_why() -> None:
    broken = "Nadia Petra is away until 2027-05-10 02:00, and nobody who stands in is there"
    lines = list(table(ORGANISATION, [away("dora"), away("petra")], MAY))
    assert [" ".join(line.split()) for line in lines] == [
        "rule region trade touchpoint language who answers then because",
        "1 * * * pt Pablo",
        f"2 west plumbing * * {broken}",
        f"3 west * handover * {broken}",
        "4 west * * * Denis Dora is away until 2027-05-10 02:00",
        "else - - - - Nadia",
    ]
