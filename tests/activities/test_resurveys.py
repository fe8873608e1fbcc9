"""The re-survey from the closing to the answer: scheduled, asked once or withheld with a reason."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from models.actions import (
    AddAction,
    Attempt,
    Close,
    Contact,
    FinishAction,
    NameCause,
    Outcome,
    Reached,
)
from models.by_hand import WrittenDown, response_of
from models.case import CaseState
from models.posting import Posting
from models.resurvey_tables import ResurveyRow
from models.store.database import Database
from models.store.outbox import Outbox
from models.survey import Metric, Origin, SurveyResponse
from models.tables import CaseRow, CustomerRow, KeyRow
from models.timeline import EntryKind
from models.vault import Vault
from tests.casework import MONDAY_MORNING, SMALL, UNHAPPY, Casework, another
from tests.casework_fixture import casework_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CLOSED_AT = MONDAY_MORNING + 3 * HOUR
LATER = CLOSED_AT + 40 * DAY
"""When it may have left, weekends and holidays included."""
RESURVEY = "\nresurvey: {after: 30d}\n"


@pytest.fixture
async def asking(database: Database, vault: Vault) -> Casework:
    """The small organisation asks again after thirty days."""
    return await casework_of(SMALL.read_text() + RESURVEY, database, vault)


async def close(
    casework: Casework,
    state: CaseState,
    outcome: Outcome = Outcome.RECOVERED,
    *,
    at: datetime = CLOSED_AT,
    by: Contact = Contact.PHONE,
) -> CaseState:
    for act in (
        Attempt(Reached.REACHED, by),
        NameCause("delay"),
        AddAction("dora", at + DAY),
        FinishAction(1, asks=False),
        Close(outcome),
    ):
        state = await casework.act(state, act, at)
    return state


async def closed(casework: Casework) -> CaseState:
    return await close(casework, await casework.open())


async def post(casework: Casework, at: datetime) -> list[str]:
    """What the carrier is handed until then."""
    outbox, left = Outbox(casework.database), []
    while (letter := await outbox.claim(at)) is not None:
        await outbox.settle(letter.intent, Posting.ACCEPTED, at=at)
        left.append(letter.message)
    return left


async def kept(casework: Casework, case_id: str) -> ResurveyRow | None:
    async with casework.database.read() as session:
        return await session.get(ResurveyRow, case_id)


async def told(casework: Casework, case_id: str) -> list[tuple[EntryKind, object]]:
    timeline = (await casework.view(case_id)).timeline
    return [
        (e.kind, e.facts.get("withheld"))
        for e in timeline
        if e.kind.startswith("resurvey") and e.seq
    ]


async def status(casework: Casework, case_id: str) -> list[str]:
    messages = (await casework.view(case_id)).messages
    return [m.status for m in messages if m.message == "resurvey"]


SCHEDULED = (EntryKind.RESURVEY_SCHEDULED, None)


async def test_a_closing_schedules_one_question_that_lies_in_the_outbox(asking: Casework) -> None:
    state = await closed(asking)

    row = await kept(asking, state.case_id)
    assert row is not None
    assert row.ask_at is not None
    assert row.ask_at >= CLOSED_AT + 30 * DAY
    assert (row.metric, row.asked_at) == ("nps", None)
    assert await told(asking, state.case_id) == [SCHEDULED]
    assert "resurvey" not in await post(asking, CLOSED_AT + 29 * DAY)


async def test_when_its_day_has_come_the_post_office_asks_once(asking: Casework) -> None:
    state = await closed(asking)

    left = [await post(asking, LATER), await post(asking, LATER + DAY)]

    assert [messages.count("resurvey") for messages in left] == [1, 0]
    assert await told(asking, state.case_id) == [SCHEDULED, (EntryKind.RESURVEY_ASKED, None)]
    row = await kept(asking, state.case_id)
    assert row is not None
    assert row.asked_at == LATER


async def test_without_the_section_nobody_is_asked(casework: Casework) -> None:
    state = await closed(casework)

    assert await kept(casework, state.case_id) is None
    assert "resurvey" not in await post(casework, LATER)


async def test_the_question_is_on_the_scale_of_the_answer_that_opened_the_case(
    asking: Casework,
) -> None:
    state = await close(asking, await asking.open(replace(UNHAPPY, metric=Metric.CES)))
    row = await kept(asking, state.case_id)
    assert row is not None
    assert row.metric == Metric.CES


async def test_who_was_heard_by_hand_is_asked_the_usual_question(asking: Casework) -> None:
    state = await close(asking, await asking.open(by_hand(MONDAY_MORNING)))
    row = await kept(asking, state.case_id)
    assert row is not None
    assert row.metric == Metric.NPS


async def test_what_one_of_us_hears_meanwhile_is_no_answer(asking: Casework) -> None:
    state = await closed(asking)

    taken = await asking.hear(by_hand(CLOSED_AT + DAY))

    row = await kept(asking, state.case_id)
    assert row is not None
    assert (row.answered_at, row.withheld) == (None, None)
    assert taken.case_id not in {None, state.case_id}


def by_hand(at: datetime) -> SurveyResponse:
    """Of the usual customer."""
    told = WrittenDown(Origin.MEETING, "Nobody came.", UNHAPPY.customer, "north", "works")
    return response_of(told, by="dora", response_id="by-hand", at=at)


async def test_who_answers_another_survey_meanwhile_has_answered(asking: Casework) -> None:
    state = await closed(asking)

    taken = await asking.hear(another("r-2", score=9, submitted_at=CLOSED_AT + DAY))

    row = await kept(asking, state.case_id)
    assert row is not None
    assert (row.response_id, row.recovered, row.withheld) == (taken.response_id, True, "answered")
    assert await status(asking, state.case_id) == ["withdrawn"]
    assert "resurvey" not in await post(asking, LATER)
    assert await told(asking, state.case_id) == [SCHEDULED, (EntryKind.RESURVEY_ANSWERED, None)]


async def test_who_is_unhappy_again_meanwhile_has_answered_with_a_new_case(
    asking: Casework,
) -> None:
    state = await closed(asking)

    taken = await asking.hear(another("r-2", submitted_at=CLOSED_AT + DAY))

    row = await kept(asking, state.case_id)
    assert row is not None
    assert (row.response_id, row.recovered) == (taken.response_id, False)
    assert taken.case_id not in {None, state.case_id}


async def test_once_the_question_has_left_another_survey_is_no_answer_to_it(
    asking: Casework,
) -> None:
    state = await closed(asking)
    await post(asking, LATER)

    await asking.hear(another("r-2", score=9, submitted_at=LATER + DAY))

    row = await kept(asking, state.case_id)
    assert row is not None
    assert (row.asked_at, row.answered_at) == (LATER, None)


async def test_an_answer_of_before_the_closing_is_none_to_what_was_asked_after_it(
    asking: Casework,
) -> None:
    state = await closed(asking)

    await asking.hear(another("r-2", score=9, submitted_at=CLOSED_AT - HOUR))

    row = await kept(asking, state.case_id)
    assert row is not None
    assert row.answered_at is None


async def test_who_has_an_open_case_is_not_asked(asking: Casework) -> None:
    """A late answer of before the closing opened it."""
    state = await closed(asking)
    await asking.hear(another("r-2", submitted_at=CLOSED_AT - HOUR))

    assert "resurvey" not in await post(asking, LATER)
    assert await told(asking, state.case_id) == [
        SCHEDULED,
        (EntryKind.RESURVEY_WITHHELD, "case_open"),
    ]


async def test_who_was_forgotten_is_not_asked(asking: Casework) -> None:
    state = await closed(asking)
    async with asking.database.write() as session:
        row = await session.get_one(CaseRow, state.case_id)
        customer = await session.get_one(CustomerRow, row.customer_id)
        await session.delete(await session.get_one(KeyRow, customer.key_id))

    assert "resurvey" not in await post(asking, LATER)
    row_after = await kept(asking, state.case_id)
    assert row_after is not None
    assert row_after.withheld == "forgotten"


async def test_nobody_is_asked_twice_within_the_time_of_the_file(asking: Casework) -> None:
    first = await closed(asking)
    assert "resurvey" in await post(asking, LATER)
    again = another("r-2", submitted_at=LATER + DAY)
    second = await close(asking, await asking.open(again), at=LATER + 2 * DAY)

    assert "resurvey" not in await post(asking, LATER + 42 * DAY)

    assert (await told(asking, second.case_id))[-1] == (
        EntryKind.RESURVEY_WITHHELD,
        "asked_lately",
    )
    assert (await told(asking, first.case_id))[-1] == (EntryKind.RESURVEY_ASKED, None)


async def test_what_is_withheld_holds_up_no_other_letter(asking: Casework) -> None:
    await closed(asking)
    await asking.hear(another("r-2", submitted_at=CLOSED_AT - HOUR))
    await post(asking, CLOSED_AT)
    other = replace(UNHAPPY, response_id="r-3", submitted_at=CLOSED_AT + 31 * DAY)
    await asking.open(replace(other, customer=replace(UNHAPPY.customer, id="c-2")))

    assert await post(asking, LATER) == ["ask"]


async def test_a_question_that_the_carrier_refuses_was_not_asked(asking: Casework) -> None:
    state = await closed(asking)
    await post(asking, CLOSED_AT + 29 * DAY)
    outbox = Outbox(asking.database)
    letter = await outbox.claim(LATER)
    assert letter is not None

    await outbox.settle(letter.intent, Posting.FAILED, at=LATER, reason="refused")

    row = await kept(asking, state.case_id)
    assert row is not None
    assert (row.asked_at, row.withheld) == (None, "refused")


async def test_a_letter_put_back_asks_one_question(asking: Casework) -> None:
    state = await closed(asking)
    await post(asking, CLOSED_AT + 29 * DAY)
    outbox = Outbox(asking.database)
    letter = await outbox.claim(LATER)
    assert letter is not None
    await outbox.put_back(letter.intent, not_before=LATER + HOUR)

    assert await post(asking, LATER + HOUR) == ["resurvey"]
    asked = (EntryKind.RESURVEY_ASKED, None)
    assert (await told(asking, state.case_id)).count(asked) == 1


@pytest.mark.parametrize("named", ["case", "last"])
async def test_a_survey_system_may_ask_by_itself(casework: Casework, named: str) -> None:
    """Nothing is scheduled here: it names our case, or says that it asks about the last one."""
    state = await closed(casework)
    of = state.case_id if named == "case" else "last"

    answer = another("r-2", score=8, submitted_at=LATER, resurvey_of=of)
    taken = await casework.hear(answer)

    row = await kept(casework, state.case_id)
    assert row is not None
    assert (row.response_id, row.recovered, row.ask_at) == (taken.response_id, True, None)


async def test_the_first_answer_counts(casework: Casework) -> None:
    state = await closed(casework)
    of = state.case_id
    first = await casework.hear(another("r-2", score=8, submitted_at=LATER, resurvey_of=of))

    await casework.hear(another("r-3", score=1, submitted_at=LATER, resurvey_of=of))

    row = await kept(casework, state.case_id)
    assert row is not None
    assert (row.response_id, row.recovered) == (first.response_id, True)


async def test_a_case_of_somebody_else_is_nobodys_re_survey(casework: Casework) -> None:
    state = await closed(casework)
    stranger = replace(UNHAPPY.customer, id="c-2")

    answer = another("r-2", customer=stranger, submitted_at=LATER, resurvey_of=state.case_id)
    await casework.hear(answer)

    assert await kept(casework, state.case_id) is None
