"""The page behind the re-survey's link: one question on its own scale, answered once."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from models.actions import Attempt, Contact, Reached
from models.case import CaseState
from models.links import RESURVEY
from models.resurvey_tables import ResurveyRow
from models.store.access import new_link
from models.store.database import Database
from models.store.outbox import Outbox
from models.survey import Metric, SurveyResponse
from models.tables import CaseRow, DeliveryRow, ResponseRow
from models.vault import Vault
from tests.activities.test_resurveys import close
from tests.casework import MONDAY_MORNING, SMALL, UNHAPPY, another
from tests.casework_fixture import casework_of
from tests.web.pages.browser import HERE, Browser
from tests.web.pages.reception import WEEK, Reception, settings_for

LATER = MONDAY_MORNING + timedelta(days=40)
PERSONAL = ("Odile", "odile@client.example", "+33639981234", "Nobody calls back.")


@pytest.fixture
async def asking(database: Database, vault: Vault, database_url: str) -> AsyncIterator[Reception]:
    text = f"{SMALL.read_text()}\nresurvey: {{after: 30d}}\n"
    reception = Reception(
        await casework_of(text, database, vault), settings_for(database_url, HERE)
    )
    reception.clock.now = LATER
    yield reception
    await reception.app.state.house.database.close()


@pytest.fixture
def browser(asking: Reception) -> Browser:
    return Browser(asking.app)


async def asked_again(
    asking: Reception, response: SurveyResponse = UNHAPPY
) -> tuple[CaseState, str]:
    """A closed case, and the path that a fresh message would hold."""
    state = await close(asking.casework, await asking.casework.open(response))
    return state, await link(asking, state)


async def link(asking: Reception, state: CaseState) -> str:
    async with asking.casework.database.write() as session:
        at = asking.clock()
        token = new_link(session, state.case_id, person=None, at=at, life=WEEK, asks=RESURVEY)
    return f"/s/{token}"


async def resurvey(asking: Reception, state: CaseState) -> ResurveyRow:
    async with asking.casework.database.read() as session:
        return await session.get_one(ResurveyRow, state.case_id)


async def answers(asking: Reception) -> list[ResponseRow]:
    async with asking.casework.database.read() as session:
        ours = select(ResponseRow).where(ResponseRow.source == "rappel:resurvey")
        return list((await session.exec(ours)).all())


async def test_the_message_leads_to_the_page(asking: Reception, browser: Browser) -> None:
    await close(asking.casework, await asking.casework.open())
    outbox, bodies = Outbox(asking.casework.database), {}
    while (letter := await outbox.claim(LATER)) is not None:
        bodies[letter.message] = letter.body

    page = await browser.get("/s/" + bodies["resurvey"].rpartition("/s/")[2])

    assert (page.status, "Une question" in page.words) == (200, True)


@pytest.mark.parametrize(
    ("metric", "scale"),
    [(Metric.NPS, range(11)), (Metric.CSAT, range(1, 6)), (Metric.CES, range(1, 8))],
)
async def test_the_question_stands_on_its_own_scale(
    asking: Reception, browser: Browser, metric: Metric, scale: range
) -> None:
    _, path = await asked_again(asking, replace(UNHAPPY, metric=metric, score=1))
    html = (await browser.get(path)).answered.text
    offered = [n for n in range(-1, 12) if f'name="score" value="{n}"' in html]
    assert offered == list(scale)


async def test_looking_answers_nothing_and_tells_nothing(
    asking: Reception, browser: Browser
) -> None:
    state, path = await asked_again(asking)
    page = await browser.get(path)
    assert not [secret for secret in PERSONAL if secret in page.answered.text]
    assert (await resurvey(asking, state)).answered_at is None
    assert await asking.spent_links() == 0


async def test_an_answer_is_feedback_like_any_other(asking: Reception, browser: Browser) -> None:
    state, path = await asked_again(asking)
    page = await browser.post(path, {"score": "9", "note": "All is well."})

    [answer] = await answers(asking)
    found = await resurvey(asking, state)
    assert (page.status, "Merci" in page.words) == (200, True)
    assert (answer.score, answer.metric, answer.reason) == (9, "nps", "promoter")
    assert (answer.region, answer.trade) == ("north", "works")
    assert (found.response_id, found.recovered) == (answer.id, True)
    assert answer.customer_id == found.customer_id
    assert await asking.spent_links() == 1


async def test_his_words_are_kept_sealed(asking: Reception, browser: Browser) -> None:
    _, path = await asked_again(asking)
    await browser.post(path, {"score": "9", "note": "All is well."})

    [answer] = await answers(asking)
    async with asking.casework.database.read() as session:
        ours = select(DeliveryRow).where(DeliveryRow.source == "rappel:resurvey")
        [delivery] = (await session.exec(ours)).all()
    assert answer.comment_sealed is not None
    assert not any(b"All is well" in kept for kept in (answer.comment_sealed, delivery.body_sealed))


async def test_who_is_unhappy_again_gets_a_case_that_reopens_the_first(
    asking: Reception, browser: Browser
) -> None:
    state, path = await asked_again(asking)
    page = await browser.post(path, {"score": "3"})

    [answer] = await answers(asking)
    async with asking.casework.database.read() as session:
        case = await session.get_one(CaseRow, str(answer.case_id))
    assert (case.open, case.reopens) == (True, state.case_id)
    assert (await resurvey(asking, state)).recovered is False
    assert "nous vous appellerons" in page.words


async def test_who_asked_not_to_be_called_is_told_that_nobody_calls(
    asking: Reception, browser: Browser
) -> None:
    state = await asking.casework.open()
    refused = Attempt(Reached.REFUSED, Contact.VISIT)
    state = await asking.casework.act(state, refused, MONDAY_MORNING)
    state = await close(
        asking.casework, state, at=MONDAY_MORNING + timedelta(hours=3), by=Contact.MEETING
    )
    page = await browser.post(await link(asking, state), {"score": "3"})
    assert "personne ne vous appellera" in page.words


async def test_the_first_answer_counts(asking: Reception, browser: Browser) -> None:
    state, path = await asked_again(asking)
    second = await link(asking, state)
    await browser.post(path, {"score": "9"})
    again = [await browser.post(each, {"score": "0"}) for each in (path, second)]

    [answer] = await answers(asking)
    assert [page.status for page in again] == [410, 410]
    assert (answer.score, (await resurvey(asking, state)).recovered) == (9, True)


async def test_who_answered_another_survey_meanwhile_is_not_asked_again(
    asking: Reception, browser: Browser
) -> None:
    _, path = await asked_again(asking)
    await asking.casework.hear(another("r-2", score=9, submitted_at=LATER - WEEK))
    assert (await browser.get(path)).status == 410


@pytest.mark.parametrize("score", ["", "11", "-1", "1.5", "ten", "²"])
async def test_a_score_that_is_none_is_asked_again_with_what_he_wrote(
    asking: Reception, browser: Browser, score: str
) -> None:
    _, path = await asked_again(asking)
    page = await browser.post(path, {"score": score, "note": "All is well."})
    assert (page.status, page.form().fields["note"]) == (422, "All is well.")
    assert "Choisissez un chiffre" in page.words
    assert not await answers(asking)


async def test_each_door_takes_its_own_links_only(asking: Reception, browser: Browser) -> None:
    state, path = await asked_again(asking)
    confirmation = await asking.link(state, None)
    assert (await browser.get(path.replace("/s/", "/c/"))).status == 410
    assert (await browser.get(confirmation.replace("/c/", "/s/"))).status == 410
