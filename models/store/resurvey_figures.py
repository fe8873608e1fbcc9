"""Re-surveys as figures read them, when they are asked for: what was asked grows old by itself."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, literal
from sqlmodel import col, select

from models.resurvey_policy import ANSWERED_WITHIN, Resurveyed
from models.resurvey_tables import ResurveyRow
from models.tables import CaseRow, ResponseRow


def words_of(now: datetime) -> ColumnElement[str]:
    """All that a re-survey counts for, with a space before each."""
    told = (case((condition, f" {word}"), else_="") for word, condition in _conditions(now).items())
    return sum(told, literal(""))


def of_case(word: Resurveyed, now: datetime) -> ColumnElement[int]:
    """Once or not at all, beside the answer that opened the case."""
    its = col(ResurveyRow.case_id) == col(CaseRow.id)
    counted = select(func.count()).select_from(ResurveyRow).where(its, _conditions(now)[word])
    return case((col(ResponseRow.joined), 0), else_=counted.correlate(CaseRow).scalar_subquery())


def _conditions(now: datetime) -> Mapping[Resurveyed, ColumnElement[bool]]:
    answered = col(ResurveyRow.answered_at).is_not(None)
    asked = col(ResurveyRow.asked_at) <= now - ANSWERED_WITHIN
    return {
        Resurveyed.RESURVEYED: answered,
        Resurveyed.WON_BACK: answered & col(ResurveyRow.recovered),
        Resurveyed.ASKED_AGAIN: asked,
        Resurveyed.HEARD_AGAIN: asked & answered,
    }
