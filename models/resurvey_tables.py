"""The table of the re-surveys: whether a customer was asked again after his case, and how he answered."""

from datetime import datetime
from typing import Any, ClassVar

from sqlmodel import Field, SQLModel


class ResurveyRow(SQLModel, table=True):
    """The re-survey of one closed case: at most one. `metric` is that of the answer that opened it.

    `ask_at` is when it was to be asked, unless he had been asked after `unless_since`; both are None
    where a survey system asked by itself. `asked_at` is when the carrier was handed the question,
    `withheld` why he was not. `response_id` is the answer that counts, the first; `recovered` says
    that it is no unhappy one.
    """

    __tablename__: ClassVar[Any] = "resurveys"
    case_id: str = Field(primary_key=True, max_length=36, foreign_key="cases.id")
    customer_id: str = Field(max_length=36, foreign_key="customers.id", index=True)
    metric: str = Field(max_length=8)
    ask_at: datetime | None = None
    unless_since: datetime | None = None
    asked_at: datetime | None = Field(default=None, index=True)
    withheld: str | None = Field(default=None, max_length=16)
    response_id: str | None = Field(
        default=None, max_length=36, foreign_key="responses.id", unique=True
    )
    answered_at: datetime | None = None
    recovered: bool | None = None
