"""One response told again and again: its row, its case and its figures, in the real commit."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from sqlmodel import col, func, select

from models.actions import Attempt, Close, Outcome, Pause, Reached
from models.case import CaseState, HeardAgain, Opened, Stage
from models.messages import Verdict
from models.revisions import Change
from models.store.deliveries import DeliveryFate
from models.store.organisations import apply_organisation
from models.submissions import Progress, Trial
from models.survey import Identity, Reason, SurveyResponse
from models.tables import CaseRow, CustomerRow, EntryRow, IntentRow, KeyRow, ResponseRow
from models.timeline import EntryKind
from tests.casework import MONDAY_MORNING, SMALL, UNHAPPY, Casework, another

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LATER = MONDAY_MORNING + HOUR
EDITED = replace(UNHAPPY, progress=Progress.UPDATED, changed_at=LATER)


def edited(**changes: object) -> SurveyResponse:
    return replace(EDITED, **changes)  # type: ignore[arg-type]


async def told(casework: Casework, case_id: str) -> list[tuple[str, object]]:
    """What the timeline says of answers that were heard again, and of the end."""
    kinds = EntryKind.HEARD_AGAIN, EntryKind.CLOSED
    of_case = select(EntryRow).where(EntryRow.case_id == case_id, col(EntryRow.kind).in_(kinds))
    async with casework.database.read() as session:
        entries = (await session.exec(of_case.order_by(col(EntryRow.seq), col(EntryRow.n)))).all()
    return [(entry.kind, entry.facts.get("change")) for entry in entries]


async def asked(casework: Casework, case_id: str) -> int:
    """How often a colleague was written to that the customer was heard again."""
    letters = select(func.count()).where(
        IntentRow.case_id == case_id, IntentRow.message == "heard_again"
    )
    async with casework.database.read() as session:
        return (await session.exec(letters)).one()


async def cases(casework: Casework) -> int:
    async with casework.database.read() as session:
        return (await session.exec(select(func.count()).select_from(CaseRow))).one()


async def test_an_edit_is_the_same_response_with_what_it_says_now(casework: Casework) -> None:
    first = await casework.hear()
    words = edited(score=1, raw_score="1", comment="Still nobody.", facts={"Flat": "12"})
    again = await casework.hear(words, at=LATER)

    row = await casework.response()
    answer = (await casework.view(first.case_id or "")).responses[0]
    assert again == first
    assert (row.revision, row.score, row.raw_score, row.changed_at) == (2, 1, "1", LATER)
    assert (answer.comment, answer.facts) == ("Still nobody.", {"Flat": "12"})
    assert await cases(casework) == 1


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_older_news_never_overwrites_newer(
    casework: Casework, order: tuple[int, ...]
) -> None:
    """With a passive one in the middle, which differs from both others in all that it says."""
    tellings = [
        replace(UNHAPPY, changed_at=MONDAY_MORNING, score=3, comment="First."),
        edited(changed_at=LATER, score=8, comment="Second.", facts={"n": "2"}),
        edited(changed_at=LATER + HOUR, score=1, comment="Third.", facts={"n": "3"}),
    ]
    for n, which in enumerate(order):
        await casework.hear(tellings[which], at=LATER + n * MINUTE)

    row = await casework.response()
    answer = (await casework.view(row.case_id or "")).responses[0]
    assert (row.score, row.feeling, row.changed_at) == (1, "unhappy", LATER + HOUR)
    assert (answer.comment, answer.facts) == ("Third.", {"n": "3"})
    assert await cases(casework) == 1


async def test_what_says_the_same_is_a_repeat_but_its_date_counts(casework: Casework) -> None:
    await casework.hear()
    same = await casework.hear(edited(changed_at=LATER + HOUR))
    between = await casework.hear(edited(score=9))

    assert (same.fate, between.fate) == (DeliveryFate.REPEAT, DeliveryFate.REPEAT)
    assert ((await casework.response()).revision, (await casework.response()).score) == (1, 2)


async def test_a_repeat_months_later_does_not_bring_back_an_old_phone(casework: Casework) -> None:
    taken = await casework.hear()
    moved = replace(UNHAPPY.customer, phone="+33639985678")
    await casework.hear(another("r-2", customer=moved, submitted_at=LATER))

    months_later = MONDAY_MORNING + timedelta(days=150)
    again = await casework.hear(replace(UNHAPPY, submitted_at=months_later), at=months_later)

    assert again.fate is DeliveryFate.REPEAT
    assert (await casework.view(taken.case_id or "")).customer.phone == "+33639985678"


async def test_a_repeat_changes_nothing_though_the_rules_changed_since(casework: Casework) -> None:
    """By today's rules it would be unhappy, and of a region that we did not know then."""
    passive = replace(UNHAPPY, score=8, region="east")
    await casework.hear(passive)
    text = SMALL.read_text().replace("unhappy_up_to: {nps: 7}", "unhappy_up_to: {nps: 8}")
    text = text.replace("  - id: south\n    name: {fr: Sud,", "  - id: south\n    name: {fr: East,")
    await apply_organisation(casework.database, text, name="later.yaml", at=LATER)

    again = await casework.hear(passive, at=LATER)

    assert (again.fate, again.case_id) == (DeliveryFate.REPEAT, None)
    assert (await casework.response()).region == "east"


async def test_a_test_of_a_known_response_changes_nothing(casework: Casework) -> None:
    await casework.hear()
    taken = await casework.hear(edited(score=9, trial=Trial.TEST))

    assert (taken.fate, (await casework.response()).score) == (DeliveryFate.TEST, 2)


async def test_an_answer_of_a_customer_who_was_forgotten_is_not_told_anew(
    casework: Casework,
) -> None:
    await casework.hear()
    async with casework.database.write() as session:
        customer = (await session.exec(select(CustomerRow))).one()
        await session.delete(await session.get_one(KeyRow, customer.key_id))

    taken = await casework.hear(edited(comment="It is me."))

    async with casework.database.read() as session:
        responses = (await session.exec(select(ResponseRow))).all()
    assert taken.fate is DeliveryFate.REPEAT
    assert [row.score for row in responses] == [2]


async def test_who_becomes_unhappy_gets_a_case_from_then_on(casework: Casework) -> None:
    passive = await casework.hear(replace(UNHAPPY, score=8))
    taken = await casework.hear(edited(score=5), at=LATER)

    assert passive.reason is Reason.PASSIVE
    assert taken.case_id is not None
    assert (await casework.view(taken.case_id)).row.opened_at == LATER


async def test_who_can_be_reached_now_gets_a_case(casework: Casework) -> None:
    unknown = await casework.hear(replace(UNHAPPY, customer=Identity(name="Odile")))
    taken = await casework.hear(EDITED)

    assert unknown.reason is Reason.NO_WAY_TO_REACH
    assert taken.case_id is not None
    assert (await casework.view(taken.case_id)).customer.phone == UNHAPPY.customer.phone


async def test_a_worse_edit_is_heard_and_the_customer_called_again(casework: Casework) -> None:
    state = await casework.open()
    state = await casework.act(state, Attempt(Reached.REACHED), MONDAY_MORNING + MINUTE)
    await casework.hear(edited(score=1), at=LATER)

    state = await casework.listen(state, LATER)

    assert (state.stage, state.round) == (Stage.ASKED, 2)
    assert await told(casework, state.case_id) == [("heard_again", Change.WORSE)]
    assert await asked(casework, state.case_id) == 1


async def test_more_words_before_the_call_are_told_and_move_nothing(casework: Casework) -> None:
    state = await casework.open()
    await casework.hear(edited(comment="Nobody calls back. Twice I wrote."), at=LATER)

    after = await casework.listen(state, LATER)

    assert (after.stage, after.round) == (state.stage, 1)
    assert await told(casework, state.case_id) == [("heard_again", Change.WORDS)]


async def test_a_better_edit_is_noted_and_closes_nothing(casework: Casework) -> None:
    state = await casework.open()
    state = await casework.act(state, Attempt(Reached.REACHED), MONDAY_MORNING + MINUTE)
    await casework.hear(edited(score=10), at=LATER)

    after = await casework.listen(state, LATER)

    assert (after.stage, after.round) == (Stage.CONTACTED, 1)
    assert await told(casework, state.case_id) == [("heard_again", Change.BETTER)]
    assert await asked(casework, state.case_id) == 0
    assert (await casework.response()).case_id == state.case_id


async def test_an_edit_of_other_facts_is_nothing_to_hear(casework: Casework) -> None:
    state = await casework.open()
    taken = await casework.hear(edited(facts={"Browser": "other"}), at=LATER)

    assert taken.fate is DeliveryFate.UNDERSTOOD
    assert await casework.news(state.case_id) == []


async def test_what_changed_again_before_it_was_heard_is_heard_as_it_stands(
    casework: Casework,
) -> None:
    state = await casework.open()
    await casework.hear(edited(score=1), at=LATER)
    [worse] = await casework.news(state.case_id)
    await casework.hear(edited(score=9, changed_at=LATER + MINUTE), at=LATER + MINUTE)

    late = HeardAgain(worse.response_id, worse.revision, LATER, LATER, change=worse.change)
    receipt = await casework.take(state, late)
    await casework.listen(receipt.state, LATER + HOUR)

    assert receipt.verdict is Verdict.STALE
    assert await told(casework, state.case_id) == [("heard_again", Change.BETTER)]


async def test_an_edit_told_twice_is_heard_once(casework: Casework) -> None:
    state = await casework.open()
    await casework.hear(edited(score=1), at=LATER)
    [worse] = await casework.news(state.case_id)
    event = HeardAgain(worse.response_id, worse.revision, LATER, LATER, change=worse.change)

    after = (await casework.take(state, event)).state
    again = await casework.take(after, event)

    assert again.verdict is Verdict.STALE
    assert await told(casework, state.case_id) == [("heard_again", Change.WORSE)]


async def test_an_edit_wakes_a_case_that_rests(casework: Casework) -> None:
    state = await casework.open()
    rest = Pause("customer_away", LATER + HOUR)
    state = await casework.act(state, rest, MONDAY_MORNING + MINUTE)
    await casework.hear(edited(score=1), at=LATER)

    assert (await casework.listen(state, LATER)).pause is None


async def closed(casework: Casework) -> CaseState:
    state = await casework.open()
    state = await casework.act(state, Attempt(Reached.REACHED), MONDAY_MORNING + MINUTE)
    return await casework.act(state, Close(Outcome.DECLINED), MONDAY_MORNING + 2 * MINUTE)


async def test_worse_after_the_end_opens_a_case_that_reopens_it(casework: Casework) -> None:
    state = await closed(casework)
    taken = await casework.hear(edited(score=1), at=LATER)

    view = await casework.view(taken.case_id or "")
    assert taken.case_id != state.case_id
    assert (view.row.reopens, view.row.opened_at) == (state.case_id, LATER)


@pytest.mark.parametrize("change", [{"score": 9}, {"comment": "One more word."}])
async def test_what_is_not_worse_after_the_end_is_noted_on_the_answer_alone(
    casework: Casework, change: dict[str, object]
) -> None:
    state = await closed(casework)
    taken = await casework.hear(edited(**change), at=LATER)

    assert (taken.fate, taken.case_id) == (DeliveryFate.UNDERSTOOD, state.case_id)
    assert await casework.news(state.case_id) == []
    assert await cases(casework) == 1


async def test_a_case_whose_only_answer_is_taken_back_ends_as_withdrawn(
    casework: Casework,
) -> None:
    state = await casework.open()
    taken = await casework.withdraw("r-1", LATER)

    after = await casework.listen(state, LATER)

    assert (taken.reason, taken.case_id) == (Reason.WITHDRAWN, state.case_id)
    assert (after.stage, after.outcome) == (Stage.CLOSED, Outcome.WITHDRAWN)
    assert await told(casework, state.case_id) == [
        ("heard_again", Change.ALL_WITHDRAWN),
        ("closed", None),
    ]


async def test_a_case_with_another_answer_goes_on(casework: Casework) -> None:
    state = await casework.open()
    await casework.hear(another("r-2"))
    state = await casework.listen(state, MONDAY_MORNING)
    await casework.withdraw("r-2", LATER)

    after = await casework.listen(state, LATER)

    assert not after.closed
    assert (await told(casework, state.case_id))[-1] == ("heard_again", Change.WITHDRAWN)


async def test_an_answer_that_joined_meanwhile_keeps_the_case_open(casework: Casework) -> None:
    state = await casework.open()
    await casework.withdraw("r-1", LATER)
    [gone] = await casework.news(state.case_id)
    await casework.hear(another("r-2"))
    event = HeardAgain(gone.response_id, gone.revision, LATER, LATER, change=gone.change)

    first = await casework.take(state, event)
    joined = (await casework.take(state, first.unheard[0])).state
    second = await casework.take(joined, event)
    after = await casework.listen(joined, LATER)

    assert (first.verdict, second.verdict) == (Verdict.UNHEARD, Verdict.STALE)
    assert not after.closed
    assert (await told(casework, state.case_id))[-1] == ("heard_again", Change.WITHDRAWN)


async def test_what_was_taken_back_before_the_opening_ends_the_case_after_it(
    casework: Casework,
) -> None:
    taken = await casework.hear()
    await casework.withdraw("r-1", LATER)
    minted = CaseState(taken.case_id or "", MONDAY_MORNING)

    opened = (await casework.take(minted, Opened(MONDAY_MORNING))).state
    after = await casework.listen(opened, LATER)

    assert after.outcome is Outcome.WITHDRAWN


async def test_a_withdrawal_before_its_response_holds_when_that_comes(casework: Casework) -> None:
    gone = await casework.withdraw("r-1", LATER)
    again = await casework.withdraw("r-1", LATER)
    taken = await casework.hear(at=LATER + HOUR)

    assert (gone.fate, again.fate) == (DeliveryFate.WITHDRAWN, DeliveryFate.REPEAT)
    assert (taken.case_id, taken.reason) == (None, Reason.WITHDRAWN)


async def test_a_withdrawal_older_than_the_answer_takes_nothing_back(casework: Casework) -> None:
    await casework.hear(edited(changed_at=LATER + HOUR))
    taken = await casework.withdraw("r-1", LATER)

    assert (taken.fate, taken.reason) == (DeliveryFate.REPEAT, None)


async def test_who_answers_anew_after_he_took_it_back_is_called(casework: Casework) -> None:
    state = await casework.open()
    await casework.withdraw("r-1", LATER)
    await casework.listen(state, LATER)

    taken = await casework.hear(edited(changed_at=LATER + HOUR), at=LATER + HOUR)

    assert taken.reason is None
    assert (await casework.view(taken.case_id or "")).row.reopens == state.case_id


async def test_what_is_taken_back_after_the_end_is_noted_on_the_answer_alone(
    casework: Casework,
) -> None:
    state = await closed(casework)
    taken = await casework.withdraw("r-1", LATER)

    assert (taken.reason, taken.case_id) == (Reason.WITHDRAWN, state.case_id)
    assert await casework.news(state.case_id) == []
    assert (await casework.state(state.case_id)).outcome is Outcome.DECLINED


async def test_a_withdrawal_without_a_date_is_about_what_stands(casework: Casework) -> None:
    """Though its system's clock is ahead of ours."""
    await casework.hear(edited(changed_at=LATER + 9 * HOUR))
    taken = await casework.withdraw("r-1", LATER, dated=False)

    assert taken.reason == Reason.WITHDRAWN
