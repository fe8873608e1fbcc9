"""A case as people read it: rows joined and opened. Reads come from SQL only."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.action import Action, Approval, Stand
from models.actions import PromiseKind
from models.case import CaseState
from models.errors import NotKnown
from models.money import Money
from models.people import CaseFacts
from models.repairs import WORK
from models.store.acts import words_of
from models.store.casebook import state_of
from models.store.customer_views import CustomerView, Sharer, customers_of, open_customer, others_in
from models.store.database import boxes_of
from models.store.topics import topic_words_by_commit, topic_words_of
from models.survey import Metric, Origin
from models.tables import ActRow, CaseRow, CustomerRow, EntryRow, IntentRow, ResponseRow
from models.timeline import SYSTEM, EntryKind
from models.vault import Box, Vault

OfCase = TypeVar("OfCase", ActRow, EntryRow, IntentRow)


@dataclass(frozen=True, slots=True)
class ResponseView:
    """`topic_words` are those of the customer by which its zero-tolerance topic was found. Who was heard by
    one of us (`heard_by`, on the channel `origin`) gave no score. `said_by` is who gave it, where that is
    somebody else than the case's customer: of one contract, for example.
    """

    source: str
    response_id: str
    metric: Metric | None
    score: int | None
    comment: str | None
    submitted_at: datetime
    received_at: datetime
    facts: Mapping[str, str]
    topic: str | None = None
    topic_words: Sequence[str] = ()
    origin: Origin = Origin.SURVEY
    heard_by: str | None = None
    said_by: CustomerView | None = None


@dataclass(frozen=True, slots=True)
class EntryView:
    """`words` is what the person typed with this act, by field."""

    seq: int
    kind: EntryKind
    at: datetime
    by: str
    due: datetime | None
    facts: Mapping[str, str | int]
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ActionView:
    """`said` is what was typed when somebody last worked on it: a note, or a reason."""

    number: int
    what: str
    owner: str
    due: datetime
    done_at: datetime | None
    promise: PromiseKind | None = None
    stand: Stand = Stand.TO_DO
    cost: Money | None = None
    refused: int = 0
    asked_for: datetime | None = None
    dropped_at: datetime | None = None
    said: str = ""
    is_promised: bool = False
    approval: Approval | None = None
    approver: str | None = None
    promised_by: str | None = None


@dataclass(frozen=True, slots=True)
class MessageView:
    id: str
    message: str
    audience: str
    person: str | None
    channel: str
    status: str
    reason: str | None
    not_before: datetime
    posted_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaseView:
    """`state` is None until the opening commit; the personal parts are empty once forgotten."""

    row: CaseRow
    state: CaseState | None
    customer: CustomerView = field(default_factory=CustomerView)
    responses: Sequence[ResponseView] = ()
    timeline: Sequence[EntryView] = ()
    actions: Sequence[ActionView] = ()
    messages: Sequence[MessageView] = ()
    sharers: Sequence[Sharer] = ()

    @property
    def facts(self) -> CaseFacts:
        return facts_of(self.row)


def facts_of(row: CaseRow) -> CaseFacts:
    return CaseFacts(row.owner, row.region, row.trade)


async def find_case(session: AsyncSession, case_id: str) -> CaseRow:
    row = await session.get(CaseRow, case_id)
    if row is None:
        raise NotKnown("There is no such case.")
    return row


async def read_case(session: AsyncSession, vault: Vault, case_id: str) -> CaseView:
    """Raises NotKnown."""
    row = await find_case(session, case_id)
    answers = await _responses(session, case_id)
    people = await customers_of(session, {row.customer_id, *(a.customer_id for a in answers)})
    keys = await boxes_of(session, vault, {each.key_id for each in people.values()})
    boxes = {each.id: keys.get(each.key_id) for each in people.values()}
    box = boxes[row.customer_id]
    acts = await _all_of(session, ActRow, case_id)
    words = {act.seq: words_of(act, box) for act in acts if act.seq and box}
    entries = sorted(await _all_of(session, EntryRow, case_id), key=lambda e: (e.seq, e.n))
    timeline = _timeline(entries, words, topic_words_by_commit(answers, boxes))
    state = state_of(row)
    return CaseView(
        row,
        state,
        open_customer(people[row.customer_id], box),
        [_said(answer, row, people[answer.customer_id], boxes) for answer in answers],
        timeline,
        _actions(state.actions if state else (), timeline),
        [_message(intent) for intent in await _all_of(session, IntentRow, case_id)],
        [
            Sharer(each, open_customer(people[each], boxes[each]))
            for each in others_in(answers, row.customer_id)
        ],
    )


async def _all_of(session: AsyncSession, kind: type[OfCase], case_id: str) -> Sequence[OfCase]:
    return (await session.exec(select(kind).where(kind.case_id == case_id))).all()


async def _responses(session: AsyncSession, case_id: str) -> Sequence[ResponseRow]:
    latest = select(ResponseRow).where(ResponseRow.case_id == case_id)
    return (await session.exec(latest.order_by(col(ResponseRow.submitted_at).desc()))).all()


def _said(
    answer: ResponseRow, case: CaseRow, customer: CustomerRow, boxes: Mapping[str, Box | None]
) -> ResponseView:
    box = boxes[answer.customer_id]
    another = answer.customer_id != case.customer_id
    said_by = open_customer(customer, box) if another else None
    return replace(open_response(answer, box), said_by=said_by)


def open_response(row: ResponseRow, box: Box | None) -> ResponseView:
    place = f"responses.{row.id}"
    comment = box.open_if_any(f"{place}.comment", row.comment_sealed) if box else None
    facts = box.open_if_any(f"{place}.facts", row.facts_sealed) if box else None
    metric, score = score_of(row)
    return ResponseView(
        row.source,
        row.response_id,
        metric,
        score,
        comment,
        row.submitted_at,
        row.received_at,
        json.loads(facts) if facts else {},
        row.topic,
        topic_words_of(row, box),
        Origin(row.origin),
        row.heard_by,
    )


def score_of(row: ResponseRow) -> tuple[Metric, int] | tuple[None, None]:
    return (Metric(row.metric), row.score) if row.metric else (None, None)


def _timeline(
    entries: Sequence[EntryRow],
    words: Mapping[int, Mapping[str, str]],
    topic_words: Mapping[int, Mapping[str, str]],
) -> list[EntryView]:
    """The words of an act stand with the first entry that its person made."""
    unsaid = dict(words)

    def said(entry: EntryRow) -> Mapping[str, str]:
        if entry.kind == EntryKind.ZERO_TOLERANCE:
            return topic_words.get(entry.seq, {})
        return {} if entry.by == SYSTEM else unsaid.pop(entry.seq, {})

    return [
        EntryView(
            entry.seq,
            EntryKind(entry.kind),
            entry.at,
            entry.by,
            entry.due,
            entry.facts,
            said(entry),
        )
        for entry in entries
    ]


def _actions(actions: Sequence[Action], timeline: Sequence[EntryView]) -> list[ActionView]:
    what, said = {}, {}
    for entry in timeline:
        if entry.kind is EntryKind.ACTION_ADDED:
            what[entry.facts["number"]] = entry.words.get("what", "")
        elif entry.kind in WORK:
            said[entry.facts["number"]] = next(iter(entry.words.values()), "")
    return [
        ActionView(
            a.number,
            what.get(a.number, ""),
            a.owner,
            a.due,
            a.done_at,
            a.promise,
            a.stand,
            a.cost,
            a.refused,
            a.asked_for,
            a.dropped_at,
            said.get(a.number, ""),
            a.is_promised,
            a.approval,
            a.approver,
            a.promised_by,
        )
        for a in actions
    ]


def _message(row: IntentRow) -> MessageView:
    return MessageView(
        row.id,
        row.message,
        row.audience,
        row.person,
        row.channel,
        row.status,
        row.reason,
        row.not_before,
        row.posted_at,
    )
