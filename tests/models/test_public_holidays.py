"""Public holidays by law of a country or a part of it, recorded so that nothing moves later."""

from datetime import date

import pytest

from models.public_holidays import known_calendar, names_of, record


def test_a_part_of_a_country_has_holidays_of_its_own() -> None:
    known = record(["FR", "FR-57", "FR-974"], date(2026, 11, 22))

    assert known["FR-57"] - known["FR"] >= {date(2027, 3, 26), date(2027, 12, 26)}
    assert known["FR-974"] - known["FR"] >= {date(2027, 12, 20)}


def test_all_through_a_decade_the_same_is_recorded() -> None:
    """Else each new year would make a new version of an organisation that did not change."""
    first, last = (record(["FR"], day) for day in (date(2020, 1, 1), date(2029, 12, 31)))

    assert first == last
    assert {day.year for day in first["FR"]} == set(range(2010, 2040))


def test_days_are_called_as_the_reader_calls_them() -> None:
    assert names_of("FR", 2027, language="fr")[date(2027, 5, 6)] == "Ascension"
    assert names_of("FR", 2027, language="en_US")[date(2027, 7, 14)] == "National Day"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("FRX", "no public holidays are known for 'FRX'; did you mean 'FR'?"),
        ("GB-ENGL", "GB has no part 'ENGL'; did you mean 'ENG'?"),
        ("DE-XX", "DE has no part 'XX'; it has BB, "),
    ],
)
def test_an_unknown_calendar_is_refused_with_what_was_meant(written: str, said: str) -> None:
    with pytest.raises(ValueError, match="no ") as refused:
        known_calendar(written)

    assert str(refused.value).startswith(said)
