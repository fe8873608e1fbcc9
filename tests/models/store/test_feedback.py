"""The stream of feedback: all that was said, to whom it concerns, page after page, on both engines."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from sqlmodel import col, select

from models.errors import NotUnderstood
from models.people import CaseFacts, Person, Right, Role, Said, may_hear
from models.store.database import Database
from models.store.feedback import Audience, Traits, Wanted, list_feedback
from models.store.rights import heard_by
from models.store.views import facts_of
from models.survey import Feeling, Identity, Metric
from models.tables import CaseRow, CustomerRow, KeyRow, ResponseRow
from tests.casework import MONDAY_MORNING, Casework, another

DAY = timedelta(days=1)
NORTH = frozenset({"north"})
WORKS = frozenset({"works"})
DIRECTOR = Person("me", "Me", Role.DIRECTOR, "en", regions=NORTH)
NOBODY = replace(DIRECTOR, regions=frozenset())
DORA = replace(DIRECTOR, id="dora", trades=WORKS)
PEOPLE = {"dora": DORA}
READERS = (
    DIRECTOR,
    NOBODY,
    replace(DIRECTOR, trades=WORKS),
    replace(NOBODY, referent_of=WORKS),
    replace(NOBODY, role=Role.DEPUTY, deputises_for=frozenset({"dora"})),
    replace(DIRECTOR, role=Role.PARTNER, referent_of=WORKS),
    replace(NOBODY, role=Role.EXECUTIVE),
    replace(NOBODY, role=Role.NATIONAL_OWNER),
    replace(DIRECTOR, role=Role.OPERATOR),
)
EVERYTHING = Audience(None, {})
ANYTHING = Wanted()


async def told(casework: Casework, name: str, **said: Any) -> str:
    """By a customer of his own."""
    response = another(name, **{"customer": Identity(id=f"of {name}"), **said})
    return (await casework.hear(response)).response_id


async def heard(
    database: Database,
    wanted: Wanted = ANYTHING,
    audience: Audience = EVERYTHING,
    *,
    limit: int = 100,
    before: str | None = None,
) -> Sequence[str]:
    """The names that their systems gave them."""
    async with database.read() as session:
        found = await list_feedback(
            session, database.vault, wanted, audience, limit=limit, before=before
        )
    return [each.row.response_id for each in found]


def _facts_of(case: CaseRow | None) -> CaseFacts | None:
    return facts_of(case) if case else None


async def test_everybody_hears_exactly_what_he_may(casework: Casework) -> None:
    places = product(("north", "south", None), ("works", None), (2, 9), (None, "me", "dora"))
    for n, (region, trade, score, owner) in enumerate(places):
        response = await told(casework, str(n), region=region, trade=trade, score=score)
        async with casework.database.write() as session:
            case_id = (await session.get_one(ResponseRow, response)).case_id
            if case_id:
                (await session.get_one(CaseRow, case_id)).owner = owner
    both = select(ResponseRow, CaseRow).outerjoin(
        CaseRow, col(CaseRow.id) == col(ResponseRow.case_id)
    )
    async with casework.database.read() as session:
        everything = (await session.exec(both)).all()
        for reader in READERS:
            found = await session.exec(both.where(heard_by(reader, PEOPLE)))
            allowed = {
                row.id
                for row, case in everything
                if may_hear(
                    reader,
                    Right.READ_ANONYMOUS,
                    Said(row.region, row.trade, _facts_of(case)),
                    PEOPLE,
                )
            }
            assert {row.id for row, _ in found.all()} == allowed, reader


@pytest.mark.parametrize("limit", [1, 2, 5])
async def test_pages_show_each_answer_once_the_newest_first(casework: Casework, limit: int) -> None:
    """Whenever it arrived; two were given at the same instant."""
    for name, days in (("old", 3), ("new", 0), ("middle", 1), ("twin", 1), ("oldest", 4)):
        await told(casework, name, submitted_at=MONDAY_MORNING - days * DAY)
    database = casework.database
    pages: list[str] = []
    before = None
    async with database.read() as session:
        ids = {row.response_id: row.id for row in await session.exec(select(ResponseRow))}

    while page := await heard(database, limit=limit, before=before):
        pages += page
        before = ids[page[-1]]

    assert pages == ["new", "twin", "middle", "old", "oldest"]


async def test_a_page_after_nothing_is_refused(casework: Casework) -> None:
    with pytest.raises(NotUnderstood):
        await heard(casework.database, before="somewhere")


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(), ["south", "glad", "silent", "plain"]),
        (Wanted(since=MONDAY_MORNING), ["south", "glad"]),
        (Wanted(until=MONDAY_MORNING), ["silent", "plain"]),
        (Wanted(traits=Traits(region="south")), ["south"]),
        (Wanted(traits=Traits(trade="works")), ["south", "silent", "plain"]),
        (Wanted(traits=Traits(touchpoint="keys", region="north")), ["glad", "silent", "plain"]),
        (Wanted(traits=Traits(feeling=Feeling.PROMOTER)), ["glad"]),
        (Wanted(traits=Traits(metric=Metric.CSAT)), ["silent"]),
        (Wanted(traits=Traits(source="elsewhere")), []),
        (Wanted(with_words=True), ["south", "glad", "plain"]),
    ],
)
async def test_answers_are_found_by(
    casework: Casework, wanted: Wanted, expected: list[str]
) -> None:
    await told(casework, "plain", submitted_at=MONDAY_MORNING - 2 * DAY)
    csat = {"metric": Metric.CSAT, "score": 4, "comment": ""}
    await told(casework, "silent", submitted_at=MONDAY_MORNING - DAY, **csat)
    await told(casework, "glad", score=10, trade="parquet")
    await told(casework, "south", submitted_at=MONDAY_MORNING + DAY, region="south")

    assert await heard(casework.database, wanted) == expected


async def test_what_a_forgotten_customer_wrote_is_gone(casework: Casework) -> None:
    response = await told(casework, "forgotten")
    async with casework.database.write() as session:
        row = await session.get_one(ResponseRow, response)
        customer = await session.get_one(CustomerRow, row.customer_id)
        await session.delete(await session.get_one(KeyRow, customer.key_id))

    async with casework.database.read() as session:
        [found] = await list_feedback(
            session, casework.database.vault, Wanted(), EVERYTHING, limit=1
        )
    assert (found.row.id, found.comment, found.status) == (response, None, "case")
