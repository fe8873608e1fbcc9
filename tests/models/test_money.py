"""Amounts as people write them, in their own language and no other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.money import CURRENCIES, EURO, MOST, Money, amount, read_cents, spoken, sums
from models.organisation import WRITTEN


@pytest.mark.parametrize(
    ("written", "language", "cents"),
    [
        ("1 250,50", "fr", 125050),
        ("1\u00a0250,50", "fr", 125050),
        ("1\u202f250,5", "fr", 125050),
        ("1250", "fr", 125000),
        ("0,05", "fr", 5),
        ("1,250.50", "en", 125050),
        ("1250.5", "en", 125050),
        ("1,250", "en", 125000),
        (" 80 ", "en", 8000),
        ("0", "en", 0),
    ],
)
def test_an_amount_is_read_as_its_language_writes_it(
    written: str, language: str, cents: int
) -> None:
    assert read_cents(written, language) == cents


@pytest.mark.parametrize(
    ("written", "language"),
    [
        ("1,250.50", "fr"),
        ("1.250", "fr"),
        ("1 250,50", "en"),
        ("1,25", "en"),
        ("1,2500", "en"),
        ("12,50,000", "en"),
        ("1250,505", "fr"),
        ("-5", "en"),
        ("5 €", "fr"),
        ("1e3", "en"),
        ("٣", "en"),
        ("", "en"),
        (",50", "fr"),
    ],
)
def test_what_could_mean_something_else_is_refused_with_an_example(
    written: str, language: str
) -> None:
    with pytest.raises(ValueError, match=r"1,250\.50|1 250,50"):
        read_cents(written, language)


def test_an_amount_beyond_all_reason_is_refused() -> None:
    with pytest.raises(ValueError, match="at most"):
        read_cents("1000000000", "en")


@given(st.integers(0, MOST), st.sampled_from(WRITTEN))
def test_what_is_written_is_read_again(cents: int, language: str) -> None:
    assert read_cents(amount(cents, language), language) == cents


def test_money_is_told_in_the_readers_way() -> None:
    assert spoken(Money(125050, EURO), "en") == "€1,250.50"
    assert spoken(Money(125050, EURO), "fr") == "1\u00a0250,50\u00a0€"
    assert spoken(Money(125050, EURO), "de") == "1.250,50\u00a0€"
    assert spoken(Money(125050, EURO), "es") == "1.250,50\u00a0€"
    assert spoken(Money(500, "CHF"), "en") == "5.00\u00a0CHF"


def test_two_currencies_make_two_sums() -> None:
    amounts = (Money(100, "EUR"), Money(5, "CHF"), Money(1, "EUR"))
    assert sums(amounts) == (Money(5, "CHF"), Money(101, "EUR"))


def test_the_euro_has_cents_and_the_yen_has_none() -> None:
    assert EURO in CURRENCIES
    assert "JPY" not in CURRENCIES
