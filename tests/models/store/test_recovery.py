"""Recovery, of customers who were really asked again: answered, won back, and old enough to count."""

from datetime import datetime, timedelta

import pytest

from models.case import CaseState
from models.figures import Asked, Recovery
from models.rates import rate
from models.store.database import Database
from models.store.figures import read_figures
from models.vault import Vault
from tests.activities.test_resurveys import CLOSED_AT, LATER, RESURVEY, close, post
from tests.casework import SMALL, Casework, another
from tests.casework_fixture import casework_of

DAY = timedelta(days=1)
NOBODY = rate(0, 0)


@pytest.fixture
async def asking(database: Database, vault: Vault) -> Casework:
    return await casework_of(SMALL.read_text() + RESURVEY, database, vault)


async def recovery(casework: Casework, now: datetime) -> Recovery:
    async with casework.database.read() as session:
        found = await read_figures(session, Asked(), now=now, book=casework.book)
    [month] = [period for period in found.by_period if period.period == "2027-03"]
    [region] = [each for each in found.by_region if each.region == "north"]
    assert month.measured.recovery.recovered == region.measured.recovery.recovered
    return region.measured.recovery


async def asked(casework: Casework) -> CaseState:
    state = await close(casework, await casework.open())
    await post(casework, LATER)
    return state


async def test_a_question_counts_once_it_is_old_enough_to_be_answered(asking: Casework) -> None:
    await asked(asking)

    young = await recovery(asking, LATER + 14 * DAY - timedelta(seconds=1))
    old = await recovery(asking, LATER + 14 * DAY)

    assert (young.answered, old.answered) == (NOBODY, rate(0, 1))
    assert old.floor == rate(0, 1)
    assert old.recovered == NOBODY


@pytest.mark.parametrize(("score", "won"), [(8, 1), (7, 0), (2, 0)])
async def test_who_is_not_unhappy_any_more_is_won_back(
    asking: Casework, score: int, won: int
) -> None:
    """The small organisation calls a seven unhappy."""
    state = await asked(asking)
    answer = another("r-2", score=score, submitted_at=LATER + DAY, resurvey_of=state.case_id)
    await asking.hear(answer)

    found = await recovery(asking, LATER + 15 * DAY)

    assert found == Recovery(rate(won, 1), rate(1, 1), rate(won, 1))


async def test_an_answer_before_the_question_is_in_no_answer_rate(asking: Casework) -> None:
    await close(asking, await asking.open())
    await asking.hear(another("r-2", score=9, submitted_at=CLOSED_AT + DAY))

    found = await recovery(asking, LATER + 15 * DAY)

    assert found == Recovery(rate(1, 1), NOBODY, rate(1, 1))
