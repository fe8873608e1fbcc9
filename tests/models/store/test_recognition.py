"""Who is who, and which answers share a case, as the organisation says it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.actions import Close, Outcome
from models.case import CaseState, Opened
from models.store.database import Database
from models.survey import Identity, Reason
from models.vault import Vault
from tests.casework import MONDAY_MORNING, SMALL, UNHAPPY, Casework, another
from tests.casework_fixture import casework_of

LATER = MONDAY_MORNING + timedelta(hours=1)
ODILE = UNHAPPY.customer
HERVE = Identity("c-2", "Hervé Kerverne", "herve@client.example", "+33639985678")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here is asked in another way of PostgreSQL."""
    return sqlite_url


async def office(database: Database, vault: Vault, customers: str) -> Casework:
    text = SMALL.read_text() + f"\ncustomers: {{{customers}}}\n"
    return await casework_of(text, database, vault)


async def test_two_people_of_one_contract_share_a_case(database: Database, vault: Vault) -> None:
    casework = await office(database, vault, "case_key: contract")
    first = await casework.hear(replace(UNHAPPY, contract="K 12-7"))
    second = await casework.hear(
        another("r-2", customer=HERVE, contract="k12-7", comment="Me too.")
    )
    third = await casework.hear(another("r-3", customer=HERVE, contract="K 12-8"))

    view = await casework.view(first.case_id or "")
    said = {r.response_id: (r.comment, r.said_by and r.said_by.phone) for r in view.responses}
    assert second.case_id == first.case_id
    assert third.case_id != first.case_id
    assert view.customer.name == ODILE.name
    assert said == {"r-1": (UNHAPPY.comment, None), "r-2": ("Me too.", HERVE.phone)}


async def test_of_two_people_of_one_contract_each_consents_for_himself(
    database: Database, vault: Vault
) -> None:
    casework = await office(database, vault, "case_key: contract")
    await casework.hear(replace(UNHAPPY, contract="K 12-7"))
    other = await casework.hear(another("r-2", customer=HERVE, contract="K 12-7", consent=False))

    assert (other.case_id, other.reason) == (None, Reason.NO_CONSENT)


async def test_a_contract_s_number_stands_in_no_column(database: Database, vault: Vault) -> None:
    casework = await office(database, vault, "case_key: contract")
    taken = await casework.hear(replace(UNHAPPY, contract="K 12-7"))

    row = await casework.response()
    assert "12-7" not in repr(row)
    assert (await casework.view(taken.case_id or "")).responses[0].facts == {"contract": "K 12-7"}


async def test_an_answer_without_a_contract_is_its_customer_s(
    database: Database, vault: Vault
) -> None:
    casework = await office(database, vault, "case_key: contract")
    first, second = await casework.hear(), await casework.hear(another("r-2"))

    assert first.case_id == second.case_id


@pytest.mark.parametrize(
    ("key", "shares"),
    [
        ("customer", (True, True)),
        ("customer_and_touchpoint", (True, False)),
        ("response", (False, False)),
    ],
)
async def test_what_shares_a_case_is_the_organisation_s_to_say(
    database: Database, vault: Vault, key: str, shares: tuple[bool, bool]
) -> None:
    casework = await office(database, vault, f"case_key: {key}")
    first = await casework.hear()
    alike = await casework.hear(another("r-2"))
    elsewhere = await casework.hear(another("r-3", touchpoint="visit"))

    assert (alike.case_id == first.case_id, elsewhere.case_id == first.case_id) == shares


async def test_a_case_reopens_one_of_the_same_key(database: Database, vault: Vault) -> None:
    casework = await office(database, vault, "case_key: contract")
    first = await casework.hear(replace(UNHAPPY, contract="K 12-7"))
    minted = CaseState(first.case_id or "", MONDAY_MORNING)
    state = (await casework.take(minted, Opened(MONDAY_MORNING))).state
    await casework.act(state, Close(Outcome.WITHDRAWN), LATER)

    again = await casework.hear(
        another("r-2", customer=HERVE, contract="K 12-7", submitted_at=LATER)
    )

    assert (await casework.view(again.case_id or "")).row.reopens == first.case_id


@pytest.mark.parametrize(("order", "same"), [("[id, email]", False), ("[email, id]", True)])
async def test_the_first_thing_told_is_who_he_is(
    database: Database,
    vault: Vault,
    order: str,
    same: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    casework = await office(database, vault, f"identity: {order}")
    first = await casework.hear()
    other_id = replace(ODILE, id="c-9", email="ODILE@client.example")
    second = await casework.hear(another("r-2", customer=other_id))

    assert (second.case_id == first.case_id) is same
