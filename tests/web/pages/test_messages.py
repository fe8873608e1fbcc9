"""The operator's page of messages and calls: what is wrong, what to do about it, and what it costs."""

from datetime import timedelta

import pytest

from models.breaker import Cause, Standing
from models.carrier_errors import Remedy, Silence
from models.organisation import SPOKEN
from models.posting import Posting
from models.store.breaker import read_rest
from models.store.organisations import apply_organisation
from tests.casework import SMALL
from tests.outbox_rows import keep, letter, letters, resting
from tests.web.machines.firm import staffed
from tests.web.pages.browser import Browser
from tests.web.pages.reception import SOON, Reception
from web.rendering import Pages

PAGE = "/operations/messages"
PRICED = "\nprices: {segment: 0.0798, minute: 0.0205}\n"


@pytest.fixture
async def operator(reception: Reception) -> Browser:
    state = await reception.casework.open()
    database = reception.casework.database
    await apply_organisation(database, staffed() + PRICED, name=SMALL.name, at=SOON)
    return await reception.signed_in("oscar", state)


async def refused(reception: Reception, cause: Cause = Cause.ACCOUNT) -> None:
    """By Twilio, five minutes ago; it may be tried in five minutes."""
    lasts = timedelta(minutes=5)
    await keep(reception.casework.database, resting(SOON - lasts, SOON + lasts, cause))


async def test_it_says_what_waits(operator: Browser) -> None:
    page = await operator.get(PAGE)
    assert "Messages leave as usual." in page.words
    assert "SMS May leave now 1 The oldest of them 5 minutes ago" in page.words


async def test_a_refused_account_stands_first_with_what_to_do(
    reception: Reception, operator: Browser
) -> None:
    await refused(reception)
    page = await operator.get(PAGE)
    assert "Twilio refuses the account. No text leaves" in page.words.partition("What waits")[0]
    assert "The next try is Monday 1 March, 10:10 (in 5 minutes)." in page.words
    assert "Look into Twilio’s console" in page.words

    alarms = (await operator.get("/operations")).words.partition("Parts")[0]
    assert "Twilio refuses the account." in alarms
    assert "It began 5 minutes ago: see messages and calls." in alarms


async def test_one_button_has_it_tried_at_once(reception: Reception, operator: Browser) -> None:
    await refused(reception)
    page = await operator.send((await operator.get(PAGE)).form("/try"))
    assert "The next message is tried at once." in page.words
    assert "One message is tried next" in page.words
    async with reception.casework.database.read() as session:
        rest = await read_rest(session)
    assert rest.standing(SOON) is Standing.HALF_OPEN


async def test_patience_is_no_alarm_and_nothing_to_be_tried(
    reception: Reception, operator: Browser
) -> None:
    await refused(reception, Cause.PATIENCE)
    page = await operator.get(PAGE)
    assert "That is no trouble" in page.words
    assert page.forms.keys() & {f"{PAGE}/try"} == set()
    assert "Twilio" not in (await operator.get("/operations")).words.partition("Parts")[0]


async def test_a_failure_says_what_it_means_and_what_to_do(
    reception: Reception, operator: Browser
) -> None:
    await keep(
        reception.casework.database,
        *letters(3, Posting.UNDELIVERED, reason="blocked", code=30007),
        *letters(1, Posting.UNKNOWN, reason="RemoteProtocolError"),
    )
    page = await operator.get(PAGE)
    assert "SMS · not delivered · 30007 · 3 in 30 days, 3 in the last 24 hours" in page.words
    assert "A network filtered it. If there are many: register the sender" in page.words
    assert "The carrier’s answer did not come." in page.words
    assert "100% (3/3)" in page.words


async def test_what_is_used_stands_with_its_estimate(
    reception: Reception, operator: Browser
) -> None:
    database = reception.casework.database
    await keep(database, letter("bundle", segments=2), letter("old", segments=None))
    page = await operator.get(PAGE)
    assert "Without a region 2 and 1 text not counted 0 €0.16" in page.words


async def test_without_prices_only_what_is_counted_stands(
    reception: Reception, operator: Browser
) -> None:
    database = reception.casework.database
    await apply_organisation(database, staffed(), name=SMALL.name, at=SOON)
    await keep(database, letter("bundle", segments=2))
    page = await operator.get(PAGE)
    assert "Without a region 2 0 In all 2 0" in page.words
    assert "With `prices` in the organisation file" in page.words


async def test_nobodys_words_and_no_number_stand_on_it(operator: Browser) -> None:
    page = await operator.get(PAGE)
    secrets = ("Odile", "Kerverne", "39981234", "39980041", "odile@client")
    assert [secret for secret in secrets if secret in page.answered.text] == []


@pytest.mark.parametrize("language", SPOKEN)
def test_whatever_is_wrong_has_its_words(language: str) -> None:
    words = Pages()._environments[language].get_template("messages_words.html").module
    assert set(words.RESTS) == set(words.WHAT_TO_DO) == set(Cause)  # type: ignore[attr-defined]
    assert set(words.STANDINGS) == set(Standing)  # type: ignore[attr-defined]
    assert set(words.SILENCES) == set(Silence)  # type: ignore[attr-defined]
    assert set(words.REMEDIES) >= {*Remedy, *Silence}  # type: ignore[attr-defined]
