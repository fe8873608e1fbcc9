"""What the carrier tells, in any order and however often, comes to one state."""

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.posting import JUDGED, LOST, RANKS, TAKEN, News, Posting, Standing, latest, read_news

TOLD = st.builds(
    Standing,
    st.sampled_from(sorted({*RANKS.values()})),
    st.sampled_from([0, 30003, 30005, 30008]),
)


@given(st.lists(TOLD, min_size=1), st.randoms(use_true_random=False))
def test_any_order_and_repetition_ends_in_the_same_state(
    told: list[Standing], chance: object
) -> None:
    again = [*told, *told]
    chance.shuffle(again)  # type: ignore[attr-defined]
    assert reduce(latest, again, Standing()) == reduce(latest, told, Standing())


@given(TOLD, TOLD)
def test_late_news_never_goes_backwards(stands: Standing, news: Standing) -> None:
    assert latest(stands, news).rank >= stands.rank
    assert latest(stands, news).is_final or not stands.is_final


@pytest.mark.parametrize(
    ("word", "posting", "final"),
    [
        ("accepted", Posting.ACCEPTED, False),
        ("queued", Posting.ACCEPTED, False),
        ("sending", Posting.ACCEPTED, False),
        ("sent", Posting.ACCEPTED, False),
        ("undelivered", Posting.UNDELIVERED, True),
        ("failed", Posting.FAILED, True),
        ("canceled", Posting.FAILED, True),
        ("delivered", Posting.DELIVERED, True),
        ("read", Posting.DELIVERED, True),
    ],
)
def test_a_word_of_the_carriers_is_one_of_ours(word: str, posting: Posting, *, final: bool) -> None:
    news = read_news("SM1", word, "")
    assert news is not None
    assert (news.standing.posting, news.standing.is_final) == (posting, final)


def test_what_arrived_arrived_although_a_part_of_it_did_not() -> None:
    assert latest(Standing(RANKS["undelivered"], 30003), Standing(RANKS["delivered"])) == Standing(
        7
    )


@pytest.mark.parametrize(
    ("code", "read"), [("30003", 30003), ("", 0), ("None", 0), ("²", 0), ("9" * 40, 999999999)]
)
def test_a_code_is_a_number_or_none(code: str, read: int) -> None:
    assert read_news("SM1", "undelivered", code) == News("SM1", Standing(5, read))


def test_a_code_beside_good_news_is_none() -> None:
    assert read_news("SM1", "delivered", "30003") == News("SM1", Standing(7))


@pytest.mark.parametrize(("sid", "word"), [("", "delivered"), ("SM1", "receiving"), ("SM1", "")])
def test_what_says_nothing_of_a_message_of_ours_is_no_news(sid: str, word: str) -> None:
    assert read_news(sid, word, "") is None


def test_what_a_carrier_has_judged_was_taken_or_lost() -> None:
    assert {*TAKEN} | {*LOST} == {*JUDGED}
    assert not {*TAKEN} & {*LOST}
