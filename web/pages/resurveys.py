"""The re-survey: some time after his case was closed a customer is asked one question again.

Looking never answers it. The first answer counts, for he sees what he chose before he sends it.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from models.errors import NotUnderstood
from models.links import RESURVEY
from models.resurvey_policy import OURS
from models.resurvey_tables import ResurveyRow
from models.store.access import find_link, spend_link
from models.store.customers import identity_known
from models.store.database import box_of
from models.store.deliveries import Delivery
from models.store.intake import Taken
from models.survey import SCALES, Metric, SurveyResponse
from models.tables import CaseRow, CustomerRow
from web.pages.forms import Form, Written, read_words, why
from web.pages.links import NOTHING_WRITTEN, look_up
from web.provided import House, InHouse
from web.rendering import BrowserLanguage, InPages, Pages

router = APIRouter(include_in_schema=False, dependencies=[Depends(look_up)])


@dataclass(frozen=True, slots=True)
class Question:
    """`called` is false where he asked not to be called: then he is written to, or met."""

    case: CaseRow
    metric: Metric
    language: str
    organisation: str
    called: bool

    @property
    def scores(self) -> range:
        low, high = SCALES[self.metric]
        return range(low, high + 1)


@router.get("/s/{token}")
async def ask_again(
    token: str, house: InHouse, pages: InPages, spoken: BrowserLanguage
) -> Response:
    async with house.database.read() as session:
        question = await _find_question(session, house, token)
    return _put(pages, question) if question else _answered_before(pages, spoken)


@router.post("/s/{token}")
async def take_score(
    token: str, house: InHouse, form: Form, pages: InPages, spoken: BrowserLanguage
) -> Response:
    async with house.database.read() as session:
        question = await _find_question(session, house, token)
    if question is None:
        return _answered_before(pages, spoken)
    try:
        score, comment = _score(question, form), read_words(form).get("note", "")
    except NotUnderstood as fault:
        return _put(pages, question, written=form, refusal=why(fault), status=fault.status)
    taken = await _take(house, token, score, comment)
    if taken is None:
        return _answered_before(pages, spoken)
    house.dispatcher.wake()
    return pages.answer(
        "resurvey_thanks.html",
        question.language,
        question=question,
        unhappy=taken.case_id is not None,
    )


async def _find_question(session: AsyncSession, house: House, token: str) -> Question | None:
    """None also where he answered by another way meanwhile, or asked to be forgotten."""
    now = house.clock()
    link = await find_link(session, token, at=now)
    if link is None or link.asks != RESURVEY or link.case_id is None:
        return None
    case = await session.get_one(CaseRow, link.case_id)
    resurvey = await session.get(ResurveyRow, case.id)
    if resurvey is None or resurvey.answered_at is not None:
        return None
    today = (await house.book.in_force(session)).organisation
    customer = await session.get_one(CustomerRow, case.customer_id)
    return Question(
        case,
        Metric(resurvey.metric),
        today.speaks(case.language),
        today.name,
        called=customer.no_calls_since is None,
    )


def _score(question: Question, form: Written) -> int:
    chosen = {str(score): score for score in question.scores}
    if form.get("score", "") not in chosen:
        raise NotUnderstood("The score is none of the scale.", place="score")
    return chosen[form["score"]]


async def _take(house: House, token: str, score: int, comment: str) -> Taken | None:
    """The link is spent and the answer kept in one; None to the slower of two."""
    now = house.clock()

    async def take(session: AsyncSession) -> Taken | None:
        question = await _find_question(session, house, token)
        if question is None or await spend_link(session, token, at=now) is None:
            return None
        response = await _response(session, house, question, score, comment, at=now)
        if response is None:
            return None
        body = {"response_id": response.response_id, "score": score, "comment": comment}
        delivery = Delivery(OURS, json.dumps(body, ensure_ascii=False).encode(), now)
        in_force = await house.book.in_force(session)
        return await house.intake.take(session, delivery, response, by=in_force)

    return await house.database.write_again(take)


async def _response(
    session: AsyncSession,
    house: House,
    question: Question,
    score: int,
    comment: str,
    *,
    at: datetime,
) -> SurveyResponse | None:
    """As if a survey system had sent it. Its id is the case's, so that it is there once for ever."""
    case = question.case
    customer = await session.get_one(CustomerRow, case.customer_id)
    box = await box_of(session, house.database.vault, customer.key_id)
    if box is None:
        return None
    return SurveyResponse(
        case.id,
        RESURVEY,
        at,
        question.metric,
        score,
        comment=comment,
        language=case.language,
        customer=identity_known(customer, box),
        region=case.region,
        trade=case.trade,
        touchpoint=case.touchpoint,
        resurvey_of=case.id,
    )


def _put(
    pages: Pages,
    question: Question,
    *,
    written: Written = NOTHING_WRITTEN,
    refusal: str = "",
    status: int = 200,
) -> HTMLResponse:
    return pages.answer(
        "resurvey.html",
        question.language,
        status=status,
        question=question,
        note=written.get("note", ""),
        chosen=written.get("score", ""),
        refusal=refusal,
    )


def _answered_before(pages: Pages, spoken: str) -> HTMLResponse:
    return pages.answer("customer_gone.html", spoken, status=410)
