"""The open cases of one person become one: the older hears what the younger heard, and nothing is lost."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from models.actions import (
    Acknowledge,
    AddAction,
    Attempt,
    NameCause,
    Outcome,
    Pause,
    Reached,
    TakeBack,
)
from models.case import Acted, CaseState, Opened, Silence, Stage
from models.errors import WrongMove
from models.messages import Verdict
from models.pause_tables import PauseRow
from models.posting import Posting
from models.store.database import Database
from models.store.merging import merge, part
from models.survey import Identity, SurveyResponse
from models.tables import IntentRow
from models.timeline import EntryKind
from models.vault import Vault
from tests.casework import MONDAY_MORNING, SMALL, Casework, another, request_of
from tests.casework_fixture import casework_of
from tests.grave import have_topics

HOUR = timedelta(hours=1)
LATER, EVENING = MONDAY_MORNING + HOUR, MONDAY_MORNING + 8 * HOUR
BY_MAIL = Identity(email="kerverne@elsewhere.example")


def by_mail(response_id: str = "r-2", at_hour: int = 1, touchpoint: str = "keys") -> SurveyResponse:
    at = MONDAY_MORNING + at_hour * HOUR
    return another(response_id, customer=BY_MAIL, submitted_at=at, touchpoint=touchpoint)


@pytest.fixture
async def two(casework: Casework) -> tuple[CaseState, CaseState]:
    return await casework.open(), await casework.open(by_mail())


async def kinds(casework: Casework, state: CaseState) -> list[EntryKind]:
    return [entry.kind for entry in (await casework.view(state.case_id)).timeline]


async def test_the_younger_ends_in_the_older_and_each_leads_to_the_other(
    casework: Casework, two: tuple[CaseState, CaseState]
) -> None:
    older, younger = two
    await casework.link(younger.case_id, older.case_id, EVENING)

    ended, going_on = [await casework.view(state.case_id) for state in (younger, older)]
    assert (ended.row.open, ended.row.outcome) == (False, Outcome.ABSORBED)
    assert (going_on.row.open, going_on.row.stage) == (True, Stage.ASKED)
    [there] = [e.facts for e in ended.timeline if e.kind is EntryKind.ABSORBED]
    [here] = [e.facts for e in going_on.timeline if e.kind is EntryKind.ABSORBS]
    assert (there, here) == ({"case": older.case_id}, {"case": younger.case_id})


async def test_the_older_hears_what_the_younger_had_heard(
    casework: Casework, two: tuple[CaseState, CaseState]
) -> None:
    older, younger = two
    older = await casework.act(older, Attempt(Reached.REACHED), MONDAY_MORNING + HOUR / 2)
    await casework.link(younger.case_id, older.case_id, EVENING)
    heard = await casework.listen(older, EVENING)

    assert (heard.stage, heard.round) == (Stage.ASKED, 2)
    said = (await casework.view(older.case_id)).responses
    assert [response.response_id for response in said] == ["r-2", "r-1"]
    assert said[0].said_by is not None


async def test_what_was_not_sent_of_the_younger_is_withdrawn(
    casework: Casework, two: tuple[CaseState, CaseState]
) -> None:
    await casework.link(two[0].case_id, two[1].case_id, EVENING)

    async with casework.database.read() as session:
        of_younger = select(IntentRow).where(IntentRow.case_id == two[1].case_id)
        statuses = {row.status for row in await session.exec(of_younger)}
    assert statuses == {Posting.WITHDRAWN}
    assert EntryKind.NOT_SENT in await kinds(casework, two[1])


async def test_linking_twice_ends_it_once(
    casework: Casework, two: tuple[CaseState, CaseState]
) -> None:
    assert len(await casework.link(two[0].case_id, two[1].case_id, EVENING)) == 1
    assert await casework.link(two[0].case_id, two[1].case_id, EVENING) == []

    assert (await kinds(casework, two[1])).count(EntryKind.CLOSED) == 1
    assert (await kinds(casework, two[0])).count(EntryKind.ABSORBS) == 1


async def test_cases_that_were_linked_and_left_open_become_one_when_it_is_said_again(
    casework: Casework, two: tuple[CaseState, CaseState]
) -> None:
    async with casework.database.write() as session:
        by = (await casework.book.in_force(session)).organisation.national_owner
        await merge(session, two[0].case_id, two[1].case_id, by=by, at=LATER)
    await casework.link(two[0].case_id, two[1].case_id, EVENING)

    assert not (await casework.view(two[1].case_id)).row.open


async def test_of_three_the_oldest_goes_on(
    casework: Casework, two: tuple[CaseState, CaseState]
) -> None:
    third = await casework.open(another("r-3", customer=Identity(phone="+33639980001")))
    await casework.link(two[1].case_id, third.case_id, EVENING)
    await casework.link(two[0].case_id, third.case_id, EVENING)

    views = [await casework.view(each.case_id) for each in (*two, third)]
    assert [view.row.open for view in views] == [True, False, False]
    assert len(views[0].responses) == 3


async def test_an_act_that_was_on_its_way_is_refused_as_on_a_closed_case(
    casework: Casework, two: tuple[CaseState, CaseState]
) -> None:
    younger = two[1]
    draft = await casework.draft(younger.case_id, Acknowledge())
    await casework.link(two[0].case_id, younger.case_id, EVENING)
    receipt = await casework.take(younger, Acted(Acknowledge(), "dora", LATER, draft))

    assert (receipt.verdict, receipt.state.closed) == (Verdict.AHEAD, True)


async def test_an_act_that_was_committed_first_is_answered_as_such_when_it_is_run_again(
    casework: Casework, two: tuple[CaseState, CaseState]
) -> None:
    younger = two[1]
    draft = await casework.draft(younger.case_id, Acknowledge())
    request = request_of(younger, Acted(Acknowledge(), "dora", LATER, draft))
    await casework.records.commit(request)
    await casework.link(two[0].case_id, younger.case_id, EVENING)
    receipt = await casework.records.commit(request)

    assert (receipt.verdict, receipt.state.closed) == (Verdict.STALE, True)
    assert (await kinds(casework, younger)).count(EntryKind.ACKNOWLEDGED) == 1


async def test_a_rung_that_rings_meanwhile_asks_nobody(
    casework: Casework, two: tuple[CaseState, CaseState]
) -> None:
    younger = two[1]
    await casework.link(two[0].case_id, younger.case_id, EVENING)
    rung = younger.rungs[0]
    receipt = await casework.take(younger, Silence(rung, rung.at))

    assert receipt.verdict is Verdict.AHEAD
    assert EntryKind.REMINDED not in await kinds(casework, younger)


async def test_one_that_was_not_opened_yet_never_is(casework: Casework) -> None:
    older = await casework.open()
    minted = (await casework.hear(by_mail())).case_id or ""
    await casework.link(older.case_id, minted, EVENING)
    receipt = await casework.take(CaseState(minted, LATER), Opened(LATER))

    assert (receipt.verdict, receipt.state.outcome) == (Verdict.AHEAD, Outcome.ABSORBED)
    assert EntryKind.ASKED not in await kinds(casework, receipt.state)


async def test_an_older_one_that_is_not_opened_yet_hears_all_at_its_opening(
    casework: Casework,
) -> None:
    minted = (await casework.hear()).case_id or ""
    younger = await casework.open(by_mail())
    await casework.link(minted, younger.case_id, EVENING)
    await casework.take(CaseState(minted, MONDAY_MORNING), Opened(MONDAY_MORNING))

    assert await casework.news(minted) == []
    assert len((await casework.view(minted)).responses) == 2


async def test_a_younger_one_whose_customer_was_spoken_to_is_to_be_ended_first(
    casework: Casework, two: tuple[CaseState, CaseState]
) -> None:
    older, younger = two
    spoken = await casework.act(younger, Attempt(Reached.REACHED), LATER)
    with pytest.raises(WrongMove, match="under way"):
        await casework.link(older.case_id, younger.case_id, EVENING)
    assert (await casework.view(younger.case_id)).row.open

    await casework.act(spoken, TakeBack(spoken.seq), LATER)
    assert await casework.link(older.case_id, younger.case_id, EVENING)


async def test_a_younger_one_whose_customer_waits_for_a_call_is_to_be_ended_first(
    casework: Casework, two: tuple[CaseState, CaseState]
) -> None:
    older, younger = two
    await casework.act(younger, Attempt(Reached.LATER, again_at=EVENING + HOUR), LATER)

    with pytest.raises(WrongMove, match="asked to be called"):
        await casework.link(older.case_id, younger.case_id, EVENING)


async def test_what_is_still_to_be_done_in_the_younger_is_not_lost_though_he_is_to_be_called_again(
    casework: Casework, two: tuple[CaseState, CaseState]
) -> None:
    state = two[1]
    for act in (Attempt(Reached.REACHED), NameCause("delay"), AddAction("dora", EVENING)):
        state = await casework.act(state, act, LATER)
    await casework.hear(by_mail("r-3", 2))
    state = await casework.listen(state, LATER + HOUR)

    assert state.stage is Stage.ASKED
    with pytest.raises(WrongMove, match="under way"):
        await casework.link(two[0].case_id, two[1].case_id, EVENING)


@pytest.mark.parametrize(("touchpoint", "goes_on"), [("keys", False), ("deed", True)])
async def test_what_the_case_key_keeps_apart_stays_apart(
    database: Database, vault: Vault, touchpoint: str, *, goes_on: bool
) -> None:
    text = SMALL.read_text() + "\ncustomers: {case_key: customer_and_touchpoint}\n"
    casework = await casework_of(text, database, vault)
    older = await casework.open()
    younger = await casework.open(by_mail(touchpoint=touchpoint))
    await casework.link(older.case_id, younger.case_id, EVENING)

    assert (await casework.view(younger.case_id)).row.open is goes_on


async def test_one_that_rests_wakes_to_end(
    casework: Casework, two: tuple[CaseState, CaseState]
) -> None:
    await casework.act(two[1], Pause("customer_away", EVENING + 24 * HOUR), LATER)
    await casework.link(two[0].case_id, two[1].case_id, EVENING)

    async with casework.database.read() as session:
        [pause] = (await session.exec(select(PauseRow))).all()
    assert pause.ended_at == EVENING
    assert (await casework.state(two[1].case_id)).pause is None


async def test_the_graver_topic_goes_with_the_answer(casework: Casework) -> None:
    await have_topics(casework)
    older = await casework.open()
    younger = await casework.open(replace(by_mail(), topic="law"))
    await casework.link(older.case_id, younger.case_id, EVENING)

    assert (await casework.view(older.case_id)).row.topic == "law"
    assert [told.topic for told in await casework.news(older.case_id)] == ["law"]


async def test_an_answer_that_was_taken_back_is_none_of_the_older_one_s_reasons(
    casework: Casework, two: tuple[CaseState, CaseState]
) -> None:
    await casework.withdraw("r-2", EVENING)
    await casework.link(two[0].case_id, two[1].case_id, EVENING)
    heard = await casework.listen(two[0], EVENING)

    assert (heard.stage, heard.round) == (Stage.ASKED, 1)


async def test_who_was_absorbed_is_not_parted_again(
    casework: Casework, two: tuple[CaseState, CaseState]
) -> None:
    await casework.link(two[0].case_id, two[1].case_id, EVENING)

    with pytest.raises(WrongMove, match="become one"):
        async with casework.database.write() as session:
            await part(session, two[1].case_id)


async def test_what_comes_after_that_joins_the_one_that_goes_on(
    casework: Casework, two: tuple[CaseState, CaseState]
) -> None:
    await casework.link(two[0].case_id, two[1].case_id, EVENING)

    assert (await casework.hear(by_mail("r-4", 9))).case_id == two[0].case_id
