"""Who acts for somebody who is away, along chains of any length, and what cannot be recorded."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from models.absence import Absence
from models.errors import WrongMove
from models.roster import check_absence, days_away, roster, stand_in, stood_in_for
from tests.models.test_routing import ORGANISATION, PEOPLE

MAY = datetime(2027, 5, 3, tzinfo=UTC)
DAY = timedelta(days=1)


def away(person: str, stand_in: str | None = None, *, on: int = 0, days: int = 7) -> Absence:
    """From the `on`-th day of that week."""
    since = MAY + on * DAY
    return Absence(f"away-{person}-{on}", person, since, since + days * DAY, stand_in)


def answers(person: str, *absences: Absence, at: datetime = MAY) -> str:
    return stand_in(ORGANISATION, absences, PEOPLE[person], at).person.id


def refusal(new: Absence, *others: Absence) -> str:
    with pytest.raises(WrongMove) as refused:
        check_absence(ORGANISATION, others, new, PEOPLE[new.person])
    return refused.value.rule


def test_who_is_there_answers_himself() -> None:
    found = stand_in(ORGANISATION, [away("denis")], PEOPLE["dora"], MAY)
    assert (found.person.id, found.absence) == ("dora", None)


def test_the_deputy_stands_in_unless_somebody_else_is_named() -> None:
    assert answers("dora", away("dora")) == "denis"
    assert answers("dora", away("dora", "petra")) == "petra"


def test_an_absence_ends_at_its_end() -> None:
    week = away("dora")
    assert answers("dora", week, at=week.until - timedelta(seconds=1)) == "denis"
    assert answers("dora", week, at=week.until) == "dora"


def test_a_stand_in_who_is_away_too_has_one_himself() -> None:
    assert answers("dora", away("dora"), away("denis", "pablo")) == "pablo"


def test_a_chain_that_ends_with_nobody_leads_to_the_national_owner_and_says_so() -> None:
    found = stand_in(ORGANISATION, [away("petra")], PEOPLE["petra"], MAY)
    assert (found.person.id, found.broken) == ("nadia", True)


def test_a_loop_in_the_roster_is_left_at_the_national_owner() -> None:
    """The file may name other deputies after the absences were recorded."""
    assert answers("dora", away("dora"), away("denis", "dora")) == "nadia"


def test_the_national_owner_may_be_away_too() -> None:
    assert answers("petra", away("petra"), away("nadia", "emil")) == "emil"


@pytest.mark.parametrize("person", ["dora", "nadia"])
def test_nobody_stands_in_for_himself(person: str) -> None:
    assert refusal(away(person, person)) == "comes_back"


def test_an_absence_whose_chain_comes_back_is_refused() -> None:
    assert refusal(away("dora"), away("denis", "petra"), away("petra", "dora")) == "comes_back"


def test_a_chain_is_followed_on_every_day_of_the_absence() -> None:
    assert refusal(away("dora"), away("denis", "dora", on=5)) == "comes_back"


def test_absences_that_follow_each_other_make_no_loop() -> None:
    new = away("dora", days=2)
    check_absence(ORGANISATION, [away("denis", "dora", on=2)], new, PEOPLE["dora"])


def test_nobody_is_away_twice() -> None:
    assert refusal(away("dora"), away("dora", on=6)) == "away_already"


def test_the_national_owner_names_somebody() -> None:
    assert refusal(away("nadia")) == "nobody_stands_in"


def test_a_stand_in_knows_for_whom_he_stands_in() -> None:
    absences = [away("dora"), away("denis", "pablo"), away("petra")]
    found = stood_in_for(ORGANISATION, absences, PEOPLE["pablo"], MAY)
    assert [absence.person for absence in found] == ["dora", "denis"]


def test_the_roster_has_a_line_for_every_rule_and_one_for_the_rest() -> None:
    lines = roster(ORGANISATION, [away("dora")], MAY)
    answering = [line.answers.person.id if line.answers else None for line in lines]
    assert [
        (line.rule, line.named.id, who) for line, who in zip(lines, answering, strict=True)
    ] == [
        (1, "pablo", "pablo"),
        (2, "petra", "petra"),
        (3, "petra", "petra"),
        (4, "dora", "denis"),
        (None, "nadia", "nadia"),
    ]


def test_days_are_whole_days_of_the_person_s_own_zone() -> None:
    day = date(2027, 3, 28)  # of 23 hours in Paris
    since, until = days_away(day, day, ZoneInfo("Europe/Paris"))
    assert (since, until - since) == (datetime(2027, 3, 27, 23, tzinfo=UTC), timedelta(hours=23))


def test_an_operator_stands_in_for_nobody() -> None:
    """A file of tomorrow may make one of somebody who was named."""
    operator = replace(PEOPLE["denis"], role=type(PEOPLE["denis"].role).OPERATOR)
    changed = replace(ORGANISATION, people=PEOPLE | {"denis": operator})
    assert stand_in(changed, [away("dora")], PEOPLE["dora"], MAY).person.id == "nadia"
