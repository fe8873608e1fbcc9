"""Months, segments and money, as a bill has them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from models.money import Money
from models.organisation_file.grammar import read_price
from models.people import Channel
from models.postage import Prices, Usage, added_up, latest_months, segments_of

PARIS = ZoneInfo("Europe/Paris")


def test_months_are_those_of_the_head_offices_clock() -> None:
    just_january = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    january, december = latest_months(just_january, PARIS, 2)
    assert (january.name, december.name) == ("2027-01", "2026-12")
    assert january.begins == december.ends == datetime(2026, 12, 31, 23, tzinfo=UTC)


def test_a_month_in_which_the_clocks_change_loses_no_hour() -> None:
    [march] = latest_months(datetime(2027, 3, 9, tzinfo=UTC), PARIS, 1)
    assert march.begins == datetime(2027, 2, 28, 23, tzinfo=UTC)
    assert march.ends == datetime(2027, 3, 31, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("segments", "minutes", "cents"),
    [(0, 0, 0), (1, 0, 8), (2, 0, 16), (1000, 0, 7980), (3, 7, 38)],
)
def test_an_estimate_is_rounded_once_at_the_end(segments: int, minutes: int, cents: int) -> None:
    assert Prices(798, 205, "EUR").of(segments, minutes) == Money(cents, "EUR")


@pytest.mark.parametrize(
    ("written", "hundredths"), [("0.0798", 798), (0.0798, 798), (1, 10_000), ("0.5", 5_000), (0, 0)]
)
def test_a_price_has_four_digits_after_the_point(written: object, hundredths: int) -> None:
    assert read_price(written) == hundredths


@pytest.mark.parametrize("written", ["0,0798", "0.07985", "-1", "free", 1e-5, True, "€1", ""])
def test_what_is_no_price_is_refused_with_how_to_write_one(written: object) -> None:
    with pytest.raises(ValueError, match=r"write 0\.0798"):
        read_price(written)


def test_only_a_text_has_segments() -> None:
    assert segments_of(Channel.SMS, "a" * 161) == 2
    assert segments_of(Channel.EMAIL, "a" * 161) is None


def test_a_month_adds_up_over_its_regions() -> None:
    usages = [Usage("2027-03", "north", 1, 2, 3, 4, 5, 6), Usage("2027-03", None, 1, 1, 1, 1, 1, 1)]
    other = Usage("2027-02", "north", 9, 9, 9, 9, 9, 9)
    assert added_up([*usages, other], "2027-03") == Usage("2027-03", None, 2, 3, 4, 5, 6, 7)
