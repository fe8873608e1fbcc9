"""A response's row, as one telling after the other leaves it. Called inside a unit of work."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.organisation import Belonging, Organisation, belonging, origin_of
from models.response_tables import WithdrawalRow
from models.revisions import Known
from models.store.customers import lock_customer
from models.store.topics import note_topic
from models.submissions import Progress
from models.survey import Feeling, Origin, Reason, SurveyResponse, feeling_of, reason_for_no_case
from models.tables import CaseRow, CustomerRow, ResponseRow
from models.vault import Box, Vault


@dataclass(frozen=True, slots=True)
class Telling:
    """A response as one delivery tells it, by the rules of `today`."""

    response: SurveyResponse
    felt: Feeling
    belongs: Belonging
    origin: Origin
    today: Organisation

    @property
    def reason(self) -> Reason | None:
        """Why it opens nothing, were it the first."""
        without = self.today.recognition.without_address
        return reason_for_no_case(self.response, self.felt, without)


@dataclass(frozen=True, slots=True)
class Locked:
    """A response with all that belongs to it; `case` is None where it has none."""

    row: ResponseRow
    customer: CustomerRow
    case: CaseRow | None


def telling_of(response: SurveyResponse, source: str, today: Organisation) -> Telling:
    felt = feeling_of(response, today.unhappy_up_to)
    belongs = belonging(response, today)
    return Telling(response, felt, belongs, origin_of(response, source, today), today)


def new_row(row_id: str, source: str, telling: Telling, *, at: datetime, to: str) -> ResponseRow:
    """Without what is sealed."""
    response = telling.response
    metric, score = score_kept(response)
    return ResponseRow(
        id=row_id,
        source=source,
        response_id=response.response_id,
        survey_id=response.survey_id,
        metric=metric,
        score=score,
        heard_by=response.heard_by,
        feeling=telling.felt,
        submitted_at=response.submitted_at,
        received_at=at,
        told_at=at,
        customer_id=to,
    )


def score_kept(response: SurveyResponse) -> tuple[str, int]:
    """What the row says of a response without a score is no metric."""
    return (response.metric or "", response.score or 0)


def write_answer(row: ResponseRow, box: Box, telling: Telling) -> None:
    """All that is told of the answer. Where a case has heard it, its place and its date stay: the case
    was given to somebody by them, and its figures stand there.
    """
    response = telling.response
    row.metric, row.score = score_kept(response)
    row.feeling = telling.felt
    row.raw_score, row.language = response.raw_score, response.language
    row.consent, row.excluded = response.consent, response.excluded
    if row.case_id is None:
        row.survey_id, row.submitted_at = response.survey_id, response.submitted_at
        row.region, row.trade, row.touchpoint = telling.belongs
        row.origin = telling.origin
    told = _facts(response)
    facts = json.dumps(told, ensure_ascii=False) if told else None
    row.comment_sealed = box.seal_if_any(f"responses.{row.id}.comment", response.comment)
    row.facts_sealed = box.seal_if_any(f"responses.{row.id}.facts", facts)
    row.topic, row.topic_words_sealed = None, None
    if telling.reason in {None, Reason.UNFINISHED}:
        note_topic(row, response, box, today=telling.today)


def contract_of(response: SurveyResponse, vault: Vault) -> str | None:
    """Its number is nobody's business but the customer's: it stands, readable, with the facts."""
    written = "".join((response.contract or "").split()).casefold()
    return vault.index("contract", written) if written else None


def comment_of(row: ResponseRow, box: Box) -> str:
    return box.open_if_any(f"responses.{row.id}.comment", row.comment_sealed) or ""


def says_the_same(row: ResponseRow, box: Box, telling: Telling, *, later: bool) -> bool:
    """Whether it tells nothing new; `later` says that it is no mere copy of what was told before.

    Who the customer is does not count, unless we knew no way to reach him: others of his answers may have
    told us better since. Nor do rules that changed meanwhile: a copy months later changes nothing.
    """
    response = telling.response
    facts = box.open_if_any(f"responses.{row.id}.facts", row.facts_sealed)
    told = *score_kept(response), response.comment, response.language
    known = row.metric, row.score, comment_of(row, box), row.language
    return (
        told == known
        and _facts(response) == (json.loads(facts) if facts else {})
        and (response.consent, response.excluded) == (row.consent, row.excluded)
        and (row.case_id is not None or _stands_the_same(row, telling, later=later))
    )


def _stands_the_same(row: ResponseRow, telling: Telling, *, later: bool) -> bool:
    """What has no case yet, though it says the same."""
    if row.reason == Reason.NO_WAY_TO_REACH and telling.response.customer.reachable:
        return False
    if not later:
        return True
    elsewhere = telling.belongs != (row.region, row.trade, row.touchpoint)
    finished = row.reason == Reason.UNFINISHED and telling.reason is not Reason.UNFINISHED
    return not (elsewhere or finished)


def _facts(response: SurveyResponse) -> dict[str, str]:
    """With the number of the contract, unless a fact of that name is told."""
    contract = {"contract": response.contract} if response.contract else {}
    return contract | dict(response.facts)


def known_of(row: ResponseRow) -> Known:
    return Known(Progress(row.progress), row.changed_at, row.withdrawn_at)


def note_known(row: ResponseRow, known: Known) -> None:
    row.progress, row.changed_at = known.progress, known.changed_at
    row.withdrawn_at = known.withdrawn_at


def take_back(locked: Locked, at: datetime, *, told_at: datetime) -> bool:
    """Returns whether it stood until now; an open case is to hear of it."""
    row, case = locked.row, locked.case
    before, after = known_of(row), known_of(row).taken_back(at)
    if after is None:
        return False
    note_known(row, after)
    if before.withdrawn:
        return False
    row.revision += 1
    row.told_at, row.reason, row.settles_at = told_at, Reason.WITHDRAWN, None
    if case is not None and case.open:
        row.consumed_seq, row.signalled_at = None, None
    return True


def settle_of(source: str, today: Organisation) -> timedelta:
    """What comes from no source of the organisation waits for nothing."""
    known = today.sources.get(source)
    return known.settle if known else timedelta()


async def find_response(session: AsyncSession, source: str, response_id: str) -> ResponseRow | None:
    by_name = select(ResponseRow).where(
        ResponseRow.source == source, ResponseRow.response_id == response_id
    )
    return (await session.exec(by_name)).first()


async def lock_response(session: AsyncSession, found: ResponseRow) -> Locked:
    """Customer, case, response: in the order in which everybody locks them."""
    customer = await lock_customer(session, found.customer_id)
    case = await _lock_case(session, found.case_id)
    by_id = select(ResponseRow).where(ResponseRow.id == found.id).with_for_update()
    row = (await session.exec(by_id.execution_options(populate_existing=True))).one()
    if row.case_id != (case.id if case else None):
        case = await _lock_case(session, row.case_id)
    if row.customer_id != customer.id:
        customer = await lock_customer(session, row.customer_id)
    return Locked(row, customer, case)


async def _lock_case(session: AsyncSession, case_id: str | None) -> CaseRow | None:
    if case_id is None:
        return None
    by_id = select(CaseRow).where(CaseRow.id == case_id).with_for_update()
    return (await session.exec(by_id.execution_options(populate_existing=True))).one()


async def keep_withdrawal(
    session: AsyncSession, source: str, response_id: str, at: datetime
) -> bool:
    """Until its response comes. Returns whether that is new."""
    known = await session.get(WithdrawalRow, (source, response_id))
    if known is not None and known.at >= at:
        return False
    row = known or WithdrawalRow(source=source, response_id=response_id, at=at)
    row.at = at
    session.add(row)
    return True


async def take_withdrawal(session: AsyncSession, source: str, response_id: str) -> datetime | None:
    """What was kept for a response that comes now; it is on its row from now on."""
    known = await session.get(WithdrawalRow, (source, response_id))
    if known is None:
        return None
    await session.delete(known)
    return known.at
