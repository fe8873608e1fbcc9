"""The tables. Columns named `*_sealed` hold what `models.vault` seals with the row's key.

Enumerations are stored as their words, ids of ours as text (UUIDv7), instants as aware UTC.
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.submissions import Progress, Way
from models.survey import Origin

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def _partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """Over those rows only."""
    return Index(
        name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where)
    )


class KeyRow(SQLModel, table=True):
    """A wrapped data key; deleting the row forgets everything sealed with it."""

    __tablename__: ClassVar[Any] = "keys"
    id: str = Field(primary_key=True, max_length=36)
    wrapped: bytes


class DeliveryRow(SQLModel, table=True):
    """A raw delivery with a good signature, understood or not. `problem` names the place, not the value;
    `digest` finds the very same body in quarantine, `awaits` what told of a response before it came;
    `take_after` stands as long as it waits to be taken.
    """

    __tablename__: ClassVar[Any] = "deliveries"
    __table_args__ = (
        Index("ix_deliveries_fate_source", "fate", "source", "way", "received_at"),
        _partial("ix_deliveries_take_after", "take_after", where="take_after IS NOT NULL"),
    )
    id: str = Field(primary_key=True, max_length=36)
    source: str = Field(max_length=64)
    received_at: datetime
    fate: str = Field(max_length=32)
    way: str = Field(default=Way.DELIVERED, max_length=16)
    problem: str | None = None
    digest: str | None = Field(default=None, max_length=64, index=True)
    awaits: str | None = Field(default=None, max_length=64, index=True)
    take_after: datetime | None = None
    response_row: str | None = Field(default=None, max_length=36, index=True)
    key_id: str = Field(max_length=36)
    customer_id: str | None = Field(default=None, max_length=36)
    body_sealed: bytes


class CustomerRow(SQLModel, table=True):
    """`identity` is the blind index of the strongest identity given: external id, e-mail or phone.

    `told_at` is the instant of the answer that told a thing, in ISO 8601, by the names of `Identity`
    and `language`; of rows of before revision 0007 nobody noted it. `no_calls_since` is when he asked
    not to be called. `zone` (IANA) is that of his own clock: as an answer told it, noted in `told_at`,
    else as his phone lets suppose; None is his region's. `phone_index` finds who else has that phone.
    """

    __tablename__: ClassVar[Any] = "customers"
    id: str = Field(primary_key=True, max_length=36)
    identity: str | None = Field(default=None, max_length=64, unique=True)
    key_id: str = Field(max_length=36)
    language: str | None = Field(default=None, max_length=8)
    created_at: datetime
    external_sealed: bytes | None = None
    name_sealed: bytes | None = None
    email_sealed: bytes | None = None
    phone_sealed: bytes | None = None
    told_at: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    no_calls_since: datetime | None = None
    zone: str | None = Field(default=None, max_length=64)
    phone_index: str | None = Field(default=None, max_length=64, index=True)


class ResponseRow(SQLModel, table=True):
    """One survey answer, unique for ever on source + response id, as the newest telling has it.

    `reason` says why it opened nothing, or that it is taken back; `consumed_seq` is the commit by which
    its case heard it as it stands, `heard_score` what it heard last. `topic` is its gravest zero-tolerance
    one; `new_phone`: it brought another one than we knew. `changed_at` is the date its system gives what
    stands, `told_at` when that came; an unfinished one counts from `settles_at` on. `heard_by` wrote down
    what he heard: then there is no score, and `metric` is "". `way` is how it came first.
    """

    __tablename__: ClassVar[Any] = "responses"
    __table_args__ = (
        UniqueConstraint("source", "response_id"),
        _partial(
            "ix_responses_undispatched",
            "case_id",
            where="consumed_seq IS NULL AND case_id IS NOT NULL",
        ),
        _partial("ix_responses_settling", "settles_at", where="settles_at IS NOT NULL"),
    )
    id: str = Field(primary_key=True, max_length=36)
    source: str = Field(max_length=64)
    response_id: str = Field(max_length=200)
    revision: int = 1
    survey_id: str = Field(max_length=200)
    metric: str = Field(max_length=8)
    score: int
    feeling: str = Field(max_length=16)
    reason: str | None = Field(default=None, max_length=32)
    submitted_at: datetime = Field(index=True)
    received_at: datetime
    language: str | None = Field(default=None, max_length=8)
    region: str | None = Field(default=None, max_length=64)
    trade: str | None = Field(default=None, max_length=64)
    touchpoint: str | None = Field(default=None, max_length=64)
    customer_id: str = Field(max_length=36, foreign_key="customers.id", index=True)
    origin: str = Field(default=Origin.SURVEY, max_length=16)
    case_id: str | None = Field(default=None, max_length=36, foreign_key="cases.id", index=True)
    joined: bool = False
    consumed_seq: int | None = None
    signalled_at: datetime | None = None
    comment_sealed: bytes | None = None
    facts_sealed: bytes | None = None
    topic: str | None = Field(default=None, max_length=64)
    topic_words_sealed: bytes | None = None
    new_phone: bool = False
    way: str = Field(default=Way.DELIVERED, max_length=16)
    raw_score: str = Field(default="", max_length=200)
    consent: bool = True
    excluded: bool = False
    progress: str = Field(default=Progress.COMPLETED, max_length=16)
    changed_at: datetime | None = None
    told_at: datetime | None = None
    withdrawn_at: datetime | None = None
    settles_at: datetime | None = None
    heard_score: int | None = None
    contract: str | None = Field(default=None, max_length=64)
    heard_by: str | None = Field(default=None, max_length=64)


class CaseRow(SQLModel, table=True):
    """A case as its last commit left it. `snapshot` is the whole CaseState, to start again from.

    `engine` is the id of the Temporal namespace that runs it: None until it was started, and another
    one than today's when the server's file was lost. `version` pins the organisation. `due_at` is
    the next rung; `awaited_by` is when that is overdue which `models.inbox.awaited` names. `topic` is the
    gravest of its answers', also of one that is not heard yet.
    """

    __tablename__: ClassVar[Any] = "cases"
    __table_args__ = (
        _partial("uq_cases_open_case_key", "case_key", where="open", unique=True),
        Index("ix_cases_open_engine", "open", "engine"),
        Index("ix_cases_open_id", "open", "id"),
        _partial("ix_cases_open_stage", "stage", "version", where="open"),
        _partial("ix_cases_stalled", "stalled_since", where="stalled_since IS NOT NULL"),
        Index("ix_cases_owned", *("open", "owner", "awaited_by", "id", "stage", "awaited_after")),
        Index(
            "ix_cases_waiting",
            *("open", "awaited_by", "id", "owner", "region", "trade", "awaited_from"),
        ),
        _partial("ix_cases_reopens", "reopens", where="reopens IS NOT NULL"),
    )
    id: str = Field(primary_key=True, max_length=36)
    case_key: str = Field(max_length=64)
    open: bool = True
    customer_id: str = Field(max_length=36, foreign_key="customers.id", index=True)
    reopens: str | None = Field(default=None, max_length=36)
    opened_at: datetime = Field(index=True)
    origin: str = Field(default=Origin.SURVEY, max_length=16)
    version: int
    region: str | None = Field(default=None, max_length=64, index=True)
    trade: str | None = Field(default=None, max_length=64)
    touchpoint: str | None = Field(default=None, max_length=64)
    language: str | None = Field(default=None, max_length=8)
    seq: int = 0
    commit_id: str | None = Field(default=None, max_length=64)
    stage: str = Field(max_length=16)
    owner: str | None = Field(default=None, max_length=64, index=True)
    stands_for: str | None = Field(default=None, max_length=64)
    stalled_since: datetime | None = None
    level: int = 0
    highest_level: int = 0
    due_at: datetime | None = Field(default=None, index=True)
    awaited_from: str | None = Field(default=None, max_length=64)
    awaited_by: datetime | None = None
    awaited_after: datetime | None = None
    closed_at: datetime | None = None
    outcome: str | None = Field(default=None, max_length=16)
    confirmation: str | None = Field(default=None, max_length=16)
    snapshot: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    topic: str | None = Field(default=None, max_length=64)
    engine: str | None = Field(default=None, max_length=64)
    claimed_until: datetime | None = None


class EntryRow(SQLModel, table=True):
    """The timeline, append only: what `seq` did, in the order of `n`."""

    __tablename__: ClassVar[Any] = "timeline"
    __table_args__ = (
        _partial("ix_timeline_fired", "at", where="due IS NOT NULL"),
        _partial("ix_timeline_skipped", "at", where="kind = 'level_skipped'"),
    )
    case_id: str = Field(primary_key=True, max_length=36, foreign_key="cases.id")
    seq: int = Field(primary_key=True)
    n: int = Field(primary_key=True)
    kind: str = Field(max_length=32)
    at: datetime
    by: str = Field(max_length=64)
    due: datetime | None = None
    facts: dict[str, str | int] = Field(default_factory=dict, sa_type=JSON)


class ActRow(SQLModel, table=True):
    """What a person sent and typed, kept before the workflow is asked. `digest` tells payloads apart."""

    __tablename__: ClassVar[Any] = "acts"
    __table_args__ = (UniqueConstraint("case_id", "actor", "key"),)
    id: str = Field(primary_key=True, max_length=36)
    case_id: str = Field(max_length=36, foreign_key="cases.id", index=True)
    actor: str = Field(max_length=64)
    key: str = Field(max_length=200)
    kind: str = Field(max_length=32)
    digest: str = Field(max_length=64)
    received_at: datetime
    seq: int | None = None
    refusal: str | None = Field(default=None, max_length=64)
    refusal_detail: str | None = None
    words_sealed: bytes | None = None


class IntentRow(SQLModel, table=True):
    """A message to send once. The id says what caused it (`case:seq:n` for a move), so that what is
    run twice writes it once.

    `nags` is set on what asks a colleague to act: the next act withdraws it. A letter that is about
    no single case has no `case_id`, one that is about no single action of it no `action`; `html_sealed`
    is the same words for a mail reader. `sid` is the carrier's name for it, `rank` and `code` how far its
    news goes; `look_at` stands as long as the carrier is to be asked what became of it. `retry_of` is
    the intent that it says once more, `fallback_of` the one that it says by another channel, and
    `bundled_in` the one that told it together with others.
    """

    __tablename__: ClassVar[Any] = "intents"
    __table_args__ = (
        Index("ix_intents_status_not_before", "status", "not_before"),
        Index("ix_intents_created_at", "created_at", "status", "message"),
        Index("ix_intents_person_claimed_at", "person", "claimed_at"),
        _partial("ix_intents_sid", "sid", where="sid IS NOT NULL"),
        _partial("uq_intents_retry_of", "retry_of", where="retry_of IS NOT NULL", unique=True),
        _partial(
            "uq_intents_fallback_of", "fallback_of", where="fallback_of IS NOT NULL", unique=True
        ),
        _partial("ix_intents_bundled_in", "bundled_in", where="bundled_in IS NOT NULL"),
        _partial("ix_intents_look_at", "look_at", where="look_at IS NOT NULL"),
    )
    id: str = Field(primary_key=True, max_length=64)
    case_id: str | None = Field(default=None, max_length=36, foreign_key="cases.id", index=True)
    seq: int
    message: str = Field(max_length=32)
    audience: str = Field(max_length=16)
    person: str | None = Field(default=None, max_length=64)
    channel: str = Field(max_length=8)
    language: str = Field(max_length=8)
    nags: bool
    status: str = Field(max_length=16)
    reason: str | None = Field(default=None, max_length=64)
    not_before: datetime
    created_at: datetime
    claimed_at: datetime | None = None
    posted_at: datetime | None = None
    sid: str | None = Field(default=None, max_length=64)
    code: int = 0
    rank: int = 0
    look_at: datetime | None = None
    retry_of: str | None = Field(default=None, max_length=64)
    fallback_of: str | None = Field(default=None, max_length=64)
    bundled_in: str | None = Field(default=None, max_length=64)
    action: int | None = None
    key_id: str = Field(max_length=36)
    address_sealed: bytes
    subject_sealed: bytes | None = None
    body_sealed: bytes
    html_sealed: bytes | None = None
