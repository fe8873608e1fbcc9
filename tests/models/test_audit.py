"""What the audit makes of a case: when it looks closely, and what it then says."""

from collections import Counter
from datetime import timedelta

import pytest

from models.audit import (
    EVERY,
    SHARES,
    STUBBORN,
    Finding,
    Hints,
    OpenCase,
    Progress,
    Sighting,
    judge,
    share_at,
)
from tests.models.rehearsal import HOUR, MONDAY

SECOND = timedelta(seconds=1)
WAITS = OpenCase("case-1", 3, MONDAY + HOUR)
LATE = OpenCase("case-1", 3, MONDAY - SECOND)
LAST_YEAR = OpenCase("case-1", 3, MONDAY - timedelta(days=400))
AIMLESS = OpenCase("case-1", 3, None)
NEW = OpenCase("case-1", 0, MONDAY + SECOND, dispatched=False)
NOBODY_STARTS_IT = OpenCase("case-1", 0, MONDAY - SECOND, dispatched=False)
IN_HAND = OpenCase("case-1", 3, MONDAY - SECOND, claimed=True)
GONE, RESTS = Sighting(running=False), Sighting(running=True)
AT_WORK, FAILS = Sighting(running=True, attempt=1), Sighting(running=True, attempt=STUBBORN)


@pytest.mark.parametrize(
    ("case", "seen", "finding"),
    [
        (WAITS, RESTS, None),
        (WAITS, AT_WORK, None),
        (WAITS, GONE, Finding.MISSING),
        (LATE, GONE, Finding.MISSING),
        (NEW, GONE, None),
        (NOBODY_STARTS_IT, GONE, Finding.MISSING),
        (IN_HAND, GONE, None),
        (LATE, RESTS, Finding.OVERDUE),
        (LAST_YEAR, RESTS, Finding.OVERDUE),
        (LATE, AT_WORK, None),
        (LATE, FAILS, Finding.FAILING),
        (WAITS, FAILS, Finding.FAILING),
        (AIMLESS, RESTS, Finding.NO_NEXT_INSTANT),
        (AIMLESS, AT_WORK, None),
        (AIMLESS, FAILS, Finding.FAILING),
        (AIMLESS, GONE, Finding.MISSING),
    ],
)
def test_a_case_is_judged_by_what_both_sides_say(
    case: OpenCase, seen: Sighting, finding: Finding | None
) -> None:
    assert judge(case, seen, due_before=MONDAY) is finding


def hints(*running: str, share: int = -1) -> Hints:
    return Hints(running, MONDAY, share)


def test_a_case_that_is_listed_and_in_time_is_not_looked_at() -> None:
    assert not hints("case-1").doubt(WAITS)


@pytest.mark.parametrize(
    "case", [LATE, LAST_YEAR, AIMLESS, OpenCase("case-1", 3, MONDAY + HOUR, alarmed=True)]
)
def test_a_wrong_instant_or_an_alarm_is_looked_at(case: OpenCase) -> None:
    assert hints("case-1").doubt(case)


def test_a_case_that_is_not_listed_is_looked_at_before_it_is_late() -> None:
    assert hints("case-2").doubt(WAITS)


def test_a_server_that_cannot_list_has_every_case_looked_at() -> None:
    assert Hints(None, MONDAY, share=-1).doubt(WAITS)


def test_every_case_is_looked_at_once_in_a_round_of_shares() -> None:
    cases = [OpenCase(f"case-{n}", 3, MONDAY + HOUR) for n in range(200)]
    listed = [case.case_id for case in cases]
    looks = Counter(
        case
        for n in range(SHARES)
        for case in cases
        if hints(*listed, share=share_at(MONDAY + n * EVERY)).doubt(case)
    )
    assert looks == Counter(cases)


def test_progress_counts_pages_and_remembers_the_last_case() -> None:
    pages = [[OpenCase(f"case-{n}", 1, MONDAY) for n in page] for page in ((1, 2), (3,))]
    progress = Progress().on(pages[0], [Finding.MISSING]).on(pages[1], [Finding.MISSING])
    assert progress == Progress("case-3", 3, {Finding.MISSING: 2})
