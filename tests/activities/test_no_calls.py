"""Who asks not to be called is never called again, by anybody: whatever case, name or phone comes up."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from models.actions import (
    AddAction,
    Attempt,
    CallMe,
    Close,
    Contact,
    FinishAction,
    NameCause,
    Outcome,
    Reached,
    TakeBack,
)
from models.by_hand import WrittenDown, response_of
from models.case import Acted, CaseState
from models.errors import WrongMove
from models.moves import apply
from models.store.database import Database
from models.store.inbox import list_calls
from models.store.merging import merge
from models.store.outbox import Outbox
from models.survey import Identity, Origin, SurveyResponse
from models.timeline import CUSTOMER, EntryKind
from models.vault import Vault
from tests.casework import MONDAY_MORNING, SMALL, UNHAPPY, Casework, another
from tests.casework_fixture import casework_of
from tests.models.rehearsal import did

HOUR = timedelta(hours=1)
LATER = MONDAY_MORNING + HOUR
REFUSED, CALLED = Attempt(Reached.REFUSED), Attempt(Reached.NO_ANSWER)
PHONE = "+33639981234"
TO_MAIL = Identity(email="kerverne@elsewhere.example")


@pytest.fixture
async def apart(database: Database, vault: Vault) -> Casework:
    """Each answer has a case of its own, so that several of one customer are open."""
    text = f"{SMALL.read_text()}\ncustomers: {{case_key: response}}\n"
    return await casework_of(text, database, vault)


def by_hand(customer: Identity) -> SurveyResponse:
    told = WrittenDown(Origin.MEETING, "Nobody came.", customer, "north")
    return response_of(told, by="denis", response_id="by-hand", at=LATER)


async def refused(casework: Casework, response: SurveyResponse = UNHAPPY) -> CaseState:
    return await casework.act(await casework.open(response), REFUSED, MONDAY_MORNING)


async def ended(casework: Casework) -> None:
    state = await refused(casework)
    await casework.act(state, Close(Outcome.DECLINED), MONDAY_MORNING)


async def not_called(casework: Casework, state: CaseState) -> None:
    """By the case itself, by its page and by the round of whoever has it."""
    view = await casework.view(state.case_id)
    assert view.customer.no_calls_since == MONDAY_MORNING
    assert state.reach.no_calls_since == MONDAY_MORNING
    with pytest.raises(WrongMove, match="write or meet"):
        apply(state, did(CALLED, at=LATER + HOUR))
    async with casework.database.read() as session:
        people = (await casework.book.in_force(session)).organisation.people
        for person in people.values():
            assert not await list_calls(session, person, now=LATER + 8 * HOUR)


@pytest.mark.parametrize(
    "customer",
    [
        UNHAPPY.customer,
        replace(UNHAPPY.customer, phone="+33639980001"),
        Identity("c-2", "O. Kerverne", phone=PHONE),
        Identity(phone=PHONE),
        Identity(email="office@elsewhere.example", phone=PHONE),
    ],
    ids=["he himself", "another phone", "another number in the files", "his phone alone", "mail"],
)
async def test_a_later_case_under_whatever_name_brings_no_call(
    casework: Casework, customer: Identity
) -> None:
    await ended(casework)

    later = await casework.open(another("r-2", customer=customer, submitted_at=LATER))

    await not_called(casework, later)


@pytest.mark.parametrize("customer", [Identity(phone=PHONE), Identity("c-1")])
async def test_a_case_that_is_written_down_by_hand_brings_no_call(
    casework: Casework, customer: Identity
) -> None:
    await ended(casework)

    await not_called(casework, await casework.open(by_hand(customer)))


async def test_somebody_known_already_who_gets_his_phone_is_not_called_by_it(
    casework: Casework,
) -> None:
    known = await casework.open(another("r-2", customer=Identity("c-2")))
    await ended(casework)

    told = another("r-3", customer=Identity("c-2", phone=PHONE), submitted_at=LATER)
    await casework.hear(told)
    known = await casework.listen(known, LATER)

    await not_called(casework, known)


async def test_a_case_that_is_open_beside_it_learns_of_it_with_its_next_move(
    apart: Casework,
) -> None:
    beside = await apart.open(another("r-2"))
    await refused(apart)

    met = Attempt(Reached.NO_ANSWER, Contact.VISIT)
    beside = await apart.act(beside, met, LATER)

    await not_called(apart, beside)
    kinds = [entry.kind for entry in (await apart.view(beside.case_id)).timeline]
    assert EntryKind.NO_CALLS in kinds


async def test_a_refusal_taken_back_leaves_what_he_said_on_another_case(apart: Casework) -> None:
    beside = await apart.open(another("r-2"))
    await refused(apart)
    twice = await apart.act(beside, REFUSED, LATER)

    back = await apart.act(twice, TakeBack(), LATER)

    await not_called(apart, back)


async def test_of_three_names_that_are_linked_one_after_the_other_none_is_called(
    casework: Casework,
) -> None:
    first = await casework.open(another("r-2", customer=TO_MAIL))
    second = await casework.open(another("r-3", customer=Identity("c-3")))
    asked = await refused(casework)
    await linked(casework, first, second)
    await linked(casework, second, asked)

    for state in (first, second):
        met = Attempt(Reached.NO_ANSWER, Contact.VISIT)
        await not_called(casework, await casework.act(state, met, LATER))


async def linked(casework: Casework, one: CaseState, other: CaseState) -> None:
    async with casework.database.write() as session:
        owner = (await casework.book.in_force(session)).organisation.national_owner
        await merge(session, one.case_id, other.case_id, by=owner, at=LATER)


async def test_of_two_who_share_a_case_each_has_his_own_wish(
    database: Database, vault: Vault
) -> None:
    """An act that names nobody is about the case's own customer."""
    text = f"{SMALL.read_text()}\ncustomers: {{case_key: contract}}\n"
    household = await casework_of(text, database, vault)
    state = await household.open(another("r-1", contract="V-1"))
    partner = Identity("c-2", phone="+33639980002")
    await household.hear(another("r-2", contract="V-1", customer=partner))
    state = await household.listen(state, MONDAY_MORNING)

    await household.act(state, REFUSED, MONDAY_MORNING)

    wishes = [await wish_of(household, state, each) for each in ("c-1", "c-2")]
    assert wishes == [MONDAY_MORNING, None]


async def test_of_two_with_one_phone_neither_is_called_again_and_each_takes_back_for_himself(
    database: Database, vault: Vault
) -> None:
    """What one takes back the other may have said for himself by now."""
    text = f"{SMALL.read_text()}\ncustomers: {{case_key: contract}}\n"
    household = await casework_of(text, database, vault)
    state = await household.open(another("r-1", contract="V-1"))
    partner = Identity("c-2", phone=UNHAPPY.customer.phone)
    await household.hear(another("r-2", contract="V-1", customer=partner))
    state = await household.listen(state, MONDAY_MORNING)
    asked = await household.act(state, REFUSED, MONDAY_MORNING)
    silent = [await wish_of(household, state, each) for each in ("c-1", "c-2")]

    await household.act(asked, TakeBack(), LATER)

    assert silent == [MONDAY_MORNING, MONDAY_MORNING]
    wishes = [await wish_of(household, state, each) for each in ("c-1", "c-2")]
    assert wishes == [None, MONDAY_MORNING]


async def wish_of(casework: Casework, state: CaseState, customer: str) -> datetime | None:
    view = await casework.view(state.case_id)
    known = [view.customer, *(r.said_by for r in view.responses if r.said_by)]
    [wish] = [each.no_calls_since for each in known if each.id == customer]
    return wish


async def test_who_asks_for_a_call_on_one_case_may_be_called_on_all(apart: Casework) -> None:
    """Also where that case had not heard of his wish."""
    beside = await apart.open(another("r-2"))
    repair = AddAction("dora", MONDAY_MORNING + 8 * HOUR)
    for act in (Attempt(Reached.REACHED), NameCause("delay"), repair, FinishAction(1)):
        beside = await apart.act(beside, act, MONDAY_MORNING)
    silent = await refused(apart)

    draft = await apart.draft(beside.case_id, CallMe())
    beside = (await apart.take(beside, Acted(CallMe(), CUSTOMER, LATER, draft))).state
    met = Attempt(Reached.NO_ANSWER, Contact.VISIT)
    silent = await apart.act(silent, met, LATER)

    for state in (beside, silent):
        assert state.reach.no_calls_since is None
        assert (await apart.view(state.case_id)).customer.no_calls_since is None


async def test_what_is_written_to_him_promises_no_call(database: Database, vault: Vault) -> None:
    """Neither where a visit was in vain, nor when he is asked whether it is solved."""
    writing = await casework_of(SMALL.read_text().replace("[]}", "[1]}"), database, vault)
    state = await refused(writing, replace(UNHAPPY, customer=TO_MAIL))
    state = await writing.act(state, Attempt(Reached.NO_ANSWER, Contact.VISIT), LATER)
    tried = await written(writing)
    repair = AddAction("dora", MONDAY_MORNING + 8 * HOUR)
    for act in (Attempt(Reached.REACHED, Contact.MEETING), NameCause("delay"), repair):
        state = await writing.act(state, act, LATER)
    await writing.act(state, FinishAction(1), LATER)
    [question] = await written(writing)

    assert ["personne ne vous appellera" in body for body in tried] == [True]
    assert "nous vous écrivons ou venons vous voir" in question


async def written(casework: Casework) -> list[str]:
    """To the customer, by then."""
    outbox, bodies = Outbox(casework.database), list[str]()
    while (letter := await outbox.claim(LATER + HOUR)) is not None:
        bodies += [letter.body] if letter.audience == "customer" else []
    return bodies
