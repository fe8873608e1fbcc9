"""What a list leaves out, and what an anonymous reader gets, is what `may` says."""

from itertools import product

import pytest
from sqlmodel import select

from models.errors import NotAllowed
from models.people import CaseFacts, Person, Right, Role, may
from models.store.reading import read_case_as
from models.store.rights import listed_for
from models.store.views import facts_of
from models.survey import Identity
from models.tables import CaseRow
from tests.casework import Casework, another

READERS = [
    Person(
        "me",
        "Me",
        role,
        "en",
        email="me@small.example",
        regions=frozenset(regions),
        trades=frozenset(trades),
        deputises_for=frozenset(deputises),
    )
    for role, regions, trades, deputises in product(
        Role, ((), ("north",)), ((), ("works",)), ((), ("dora",))
    )
]


async def _cases(casework: Casework) -> None:
    """Of several owners, regions and trades; some are the reader's own."""
    for n, (region, trade, owner) in enumerate(
        product(("north", "south"), ("works", None), ("dora", "me", None))
    ):
        said = another(f"r-{n}", customer=Identity(id=f"c-{n}"), region=region, trade=trade)
        case = (await casework.hear(said)).case_id
        async with casework.database.write() as session:
            row = await session.get_one(CaseRow, case)
            row.owner = owner


async def test_a_list_holds_exactly_what_its_reader_may_read(casework: Casework) -> None:
    await _cases(casework)
    async with casework.database.read() as session:
        rows = (await session.exec(select(CaseRow))).all()
        for reader in READERS:
            listed = (await session.exec(select(CaseRow.id).where(listed_for(reader)))).all()
            assert set(listed) == {row.id for row in rows if _readable(reader, facts_of(row))}, (
                reader
            )


def _readable(reader: Person, facts: CaseFacts) -> bool:
    return may(reader, Right.READ, facts) or may(reader, Right.READ_ANONYMOUS, facts)


async def test_who_reads_anonymously_gets_no_word_of_the_customer(casework: Casework) -> None:
    state = await casework.open()
    executive = Person("eva", "Eva", Role.EXECUTIVE, "en", email="eva@small.example")
    database = casework.database
    async with database.read() as session:
        view = await read_case_as(session, database.vault, state.case_id, reader=executive)

    assert not [w for w in ("Kerverne", "33639981234", "Nobody calls", "odile@") if w in str(view)]
    assert (view.row.region, view.responses[0].score) == ("north", 2)


async def test_who_has_no_right_reads_nothing(casework: Casework) -> None:
    state = await casework.open()
    stranger = Person("petra", "Petra", Role.PARTNER, "en", email="petra@small.example")
    database = casework.database
    async with database.read() as session:
        with pytest.raises(NotAllowed):
            await read_case_as(session, database.vault, state.case_id, reader=stranger)
