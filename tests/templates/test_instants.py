"""How an instant reads, and when its year is told."""

from datetime import UTC, datetime

import pytest

from templates.instants import day, moment

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
THEN = datetime(2026, 1, 1, tzinfo=UTC)
LATER = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "now", "said"),
    [
        ("en", THEN, "Tuesday 24 November, 10:00"),
        ("en", LATER, "Tuesday 24 November 2026, 10:00"),
        ("fr", THEN, "mardi 24 novembre à 10h00"),
        ("fr", LATER, "mardi 24 novembre 2026 à 10h00"),
        ("de", THEN, "Dienstag, 24. November, 10:00 Uhr"),
        ("de", LATER, "Dienstag, 24. November 2026, 10:00 Uhr"),
        ("es", THEN, "martes 24 de noviembre a las 10:00"),
        ("es", LATER, "martes 24 de noviembre de 2026 a las 10:00"),
        ("it", THEN, "martedì 24 novembre, ore 10:00"),
        ("it", LATER, "martedì 24 novembre 2026, ore 10:00"),
        ("fr", None, "mardi 24 novembre 2026 à 10h00"),
    ],
)
def test_a_moment_of_another_year_says_which(
    language: str, now: datetime | None, said: str
) -> None:
    assert moment(AT, language, now=now) == said


@pytest.mark.parametrize(
    ("now", "said"), [(THEN, "mardi 24 novembre"), (LATER, "mardi 24 novembre 2026")]
)
def test_a_day_of_another_year_says_which(now: datetime, said: str) -> None:
    assert day(AT, "fr", now=now) == said
