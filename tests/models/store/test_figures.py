"""The rows behind the figures, on both engines. How they are counted is tests/models/test_figures.py."""

from datetime import UTC, datetime, timedelta

from models.tables import CaseRow, CustomerRow, EntryRow, ResponseRow

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = START + 20 * DAY
CUSTOMER = CustomerRow(id="customer", key_id="key", created_at=START)


def response(
    name: str,
    *,
    case: str | None = None,
    at: datetime = START,
    region: str = "north",
    feeling: str = "unhappy",
    reason: str | None = None,
    joined: bool = False,
) -> ResponseRow:
    return ResponseRow(
        id=name,
        source="survey",
        response_id=name,
        survey_id="survey",
        metric="nps",
        score=3,
        feeling=feeling,
        reason=reason,
        submitted_at=at,
        received_at=at,
        region=region,
        customer_id="customer",
        case_id=case,
        joined=joined,
    )


def case(name: str, *, reopens: str | None = None, at: datetime = START) -> CaseRow:
    return CaseRow(
        id=name,
        case_key=name,
        customer_id="customer",
        reopens=reopens,
        opened_at=at,
        version=1,
        stage="asked",
    )


def closed(name: str, *, after: timedelta, outcome: str = "recovered") -> CaseRow:
    row = case(name)
    row.open, row.stage, row.closed_at = False, "closed", START + after
    row.outcome, row.confirmation = outcome, "confirmed"
    return row


def entry(
    case_id: str, seq: int, kind: str, at: datetime, **facts: str | int
) -> EntryRow:
    return EntryRow(case_id=case_id, seq=seq, n=0, kind=kind, at=at, by="director", facts=facts)
