"""What has become of responses, read from the event log with eight statements for any number of them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.actions import Outcome, Reached
from models.case import Confirmation
from models.courses import Attempted, CaseCourse, Heard, TargetRun
from models.ladder import Target
from models.store.actions import ends_by_case
from models.store.promises import words_by_case
from models.submissions import BACK_FILED, Way
from models.survey import Feeling, Origin, Reason
from models.tables import CaseRow, EntryRow, ResponseRow
from models.target_tables import TargetRow
from models.targets import Fate
from models.timeline import EntryKind

_TELLING = (
    EntryKind.ATTEMPTED,
    EntryKind.TAKEN_BACK,
    EntryKind.CAUSE_NAMED,
    EntryKind.ACTION_ADDED,
    EntryKind.REOPENED,
    EntryKind.CLOSED,
)


def heard_of(response: ResponseRow, courses: Mapping[str, CaseCourse]) -> Heard:
    return Heard(
        response.submitted_at,
        Feeling(response.feeling),
        Reason(response.reason) if response.reason else None,
        courses[response.case_id] if response.case_id else None,
        opened=not response.joined,
        by_hand=Origin(response.origin) if response.heard_by else None,
        back_filed=Way(response.way) if response.way in BACK_FILED else None,
    )


async def courses_of(session: AsyncSession, cases: Sequence[CaseRow]) -> Mapping[str, CaseCourse]:
    """By the case's id. A case that was only minted has lived through nothing yet."""
    ids = [case.id for case in cases]
    if not any(case.seq for case in cases):
        return {case.id: CaseCourse() for case in cases}
    logs, targets = await _logs(session, ids), await _targets(session, ids)
    words, ends = await words_by_case(session, ids), await ends_by_case(session, ids)
    followed = await _followed(session, [case.id for case in cases if case.closed_at])
    return {
        case.id: CaseCourse(
            closed_at=case.closed_at,
            outcome=Outcome(case.outcome) if case.outcome else None,
            confirmation=Confirmation(case.confirmation) if case.confirmation else None,
            highest_level=case.highest_level,
            cause=logs[case.id].cause,
            attempts=logs[case.id].standing_attempts(),
            said_no=logs[case.id].said_no,
            followed_at=followed.get(case.id),
            targets=tuple(targets[case.id]),
            lateness=tuple(logs[case.id].lateness),
            promises=words[case.id],
            actions=ends[case.id],
            stalled=case.stalled_since is not None,
            played=logs[case.id].played,
            referral=logs[case.id].referral,
        )
        for case in cases
    }


@dataclass(slots=True)
class _Log:
    """What the entries of one case tell, in their order."""

    attempts: dict[int, Attempted] = field(default_factory=dict)
    taken_back: set[int] = field(default_factory=set)
    cause: str | None = None
    said_no: bool = False
    lateness: list[timedelta] = field(default_factory=list)
    played: bool = False
    referral: int | None = None

    def note(self, entry: EntryRow) -> None:
        if entry.due is not None:
            self.lateness.append(entry.at - entry.due)
        match entry.kind:
            case EntryKind.ATTEMPTED:
                outcome = Reached(str(entry.facts["outcome"]))
                self.attempts[entry.seq] = Attempted(entry.at, outcome)
            case EntryKind.TAKEN_BACK:
                self.taken_back.add(int(entry.facts["seq"]))
            case EntryKind.CAUSE_NAMED:
                self.cause = str(entry.facts["cause"])
            case EntryKind.ACTION_ADDED:
                self.played = self.played or "playbook" in entry.facts
            case EntryKind.REOPENED:
                self.said_no = True
            case EntryKind.CLOSED if "referral" in entry.facts:
                self.referral = int(entry.facts["referral"])

    def standing_attempts(self) -> tuple[Attempted, ...]:
        return tuple(a for seq, a in self.attempts.items() if seq not in self.taken_back)


async def _logs(session: AsyncSession, ids: Collection[str]) -> Mapping[str, _Log]:
    telling = select(EntryRow).where(
        col(EntryRow.case_id).in_(ids),
        or_(col(EntryRow.kind).in_(_TELLING), col(EntryRow.due).is_not(None)),
    )
    logs: defaultdict[str, _Log] = defaultdict(_Log)
    in_order = telling.order_by(col(EntryRow.seq), col(EntryRow.n))
    for entry in await session.exec(in_order):
        logs[entry.case_id].note(entry)
    return logs


async def _followed(session: AsyncSession, ids: Collection[str]) -> Mapping[str, datetime]:
    """Nobody opens a new case beside one that is open."""
    if not ids:
        return {}
    first = (
        select(CaseRow.reopens, func.min(CaseRow.opened_at))
        .where(col(CaseRow.reopens).in_(ids))
        .group_by(col(CaseRow.reopens))
    )
    return {case: at for case, at in await session.exec(first) if case}


async def _targets(session: AsyncSession, ids: Collection[str]) -> Mapping[str, list[TargetRun]]:
    runs = select(TargetRow).where(col(TargetRow.case_id).in_(ids))
    found: defaultdict[str, list[TargetRun]] = defaultdict(list)
    for row in await session.exec(runs):
        run = TargetRun(Target(row.target), row.due_at, Fate(row.fate) if row.fate else None)
        found[row.case_id].append(run)
    return found
