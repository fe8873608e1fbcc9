"""Which levels an organisation's file leaves empty, before any case finds them so."""

from dataclasses import replace

from models.ladder import Level, Post, Span
from models.organisation import Ladder, Organisation, Route
from models.vacancies import Vacant, vacancies
from tests.models.test_levels import LAST, TODAY

REFERENT = (Level(Post.ASSIGNEE), Level(Post.REFERENT), LAST)


def of(levels: tuple[Level, ...], **changes: object) -> list[Vacant]:
    policy = replace(TODAY.policy, levels=levels)
    trades = {trade: {"fr": trade} for trade in ("works", "sales")}
    today = replace(TODAY, policy=policy, trades=trades, **changes)  # type: ignore[arg-type]
    return list(vacancies(today))


def test_a_ladder_on_which_somebody_always_stands_needs_no_advice() -> None:
    assert of((Level(Post.ASSIGNEE), Level(Post.EXECUTIVE), LAST)) == []


def test_a_level_is_empty_for_the_rules_whose_person_has_nobody_there() -> None:
    found = of((Level(Post.ASSIGNEE), Level(Post.DEPUTY), LAST))

    assert [(v.rule, v.person, v.level, v.post) for v in found] == [
        (None, "nadia", 1, Post.DEPUTY),
        (2, "petra", 1, Post.DEPUTY),
        (3, "fara", 1, Post.DEPUTY),
    ]
    assert {v.trades for v in found} == {()}


def test_where_only_some_cases_of_a_rule_find_nobody_it_says_which() -> None:
    found = of(REFERENT, routes=(Route("dora", region="north"),))

    assert Vacant("", 1, Post.REFERENT, 1, "dora", trades=("sales",)) in found


def test_each_ladder_is_looked_at_for_the_cases_that_have_it() -> None:
    own = Ladder("sales", REFERENT, trade="sales")

    found = of((Level(Post.ASSIGNEE), LAST), ladders=(own,))

    assert {(v.ladder, v.level) for v in found} == {("sales", 1)}


def test_a_file_without_trades_is_looked_at_as_well() -> None:
    today: Organisation = replace(
        TODAY,
        policy=replace(
            TODAY.policy, levels=(*REFERENT[:2], replace(LAST, repeat_every=Span(days=1)))
        ),
    )
    assert {v.post for v in vacancies(today)} == {Post.REFERENT}
