"""What a text message says: whole messages, in several languages, however they are written."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.actions import Attempt, CallMe, Confirm, Reached
from models.hours import next_time
from models.replies import (
    ON_A_CASE,
    Keyword,
    Meaning,
    Report,
    act_of,
    judge_report,
    judge_words,
    keyword_of,
    read_answer,
    read_report,
)

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    "body",
    [
        *(
            "STOP",
            "stop",
            " Stop. ",
            "STOP!",
            "ARRET",
            "ARRÊT",
            "arrêt\n",
            "Arre\u0302t",
            "DESABONNER",
        ),
        *("DÉSABONNEMENT", "UNSUBSCRIBE", "End", "quit", "CANCEL", "STOPALL", "REVOKE", "OPTOUT"),
        *("opt-out", "Stop SMS", "Abmelden", "cancellami", "Baja", "\u200bSTOP\u00a0"),
    ],
)
def test_stop_is_understood_in_many_words(body: str) -> None:
    assert keyword_of(body) is Keyword.STOP


@pytest.mark.parametrize(
    "body",
    [
        *("please stop", "stop calling me, please", "ne pas arrêter", "stop 1", "arrêt de bus"),
        *("oui", "YES", "", " ", "1", "the end", "J", "👍"),
    ],
)
def test_a_word_in_a_sentence_is_no_keyword_and_a_yes_is_no_start(body: str) -> None:
    assert keyword_of(body) is None


@pytest.mark.parametrize(
    ("body", "told", "keyword"),
    [
        ("START", "", Keyword.START),
        ("Unstop", "", Keyword.START),
        ("AIDE", "", Keyword.HELP),
        ("contact", "", Keyword.HELP),
        ("YES", "START", Keyword.START),
        ("halte", "STOP", Keyword.STOP),
        ("oui", "GIBBERISH", None),
    ],
)
def test_what_twilio_understood_by_its_own_words_counts(
    body: str, told: str, keyword: Keyword | None
) -> None:
    assert keyword_of(body, told) is keyword


@pytest.mark.parametrize(
    ("body", "report"),
    [
        ("J", Report(Reached.REACHED)),
        ("j.", Report(Reached.REACHED)),
        (" Joint ", Report(Reached.REACHED)),
        ("J2", Report(Reached.REACHED, 2)),
        ("j 12", Report(Reached.REACHED, 12)),
        ("M", Report(Reached.VOICEMAIL)),
        ("répondeur", Report(Reached.VOICEMAIL)),
        ("m3!", Report(Reached.VOICEMAIL, 3)),
        ("R18", Report(Reached.LATER, at=time(18))),
        ("r18:30", Report(Reached.LATER, at=time(18, 30))),
        ("R 18h30", Report(Reached.LATER, at=time(18, 30))),
        ("R 18 h 30", Report(Reached.LATER, at=time(18, 30))),
        ("R9h", Report(Reached.LATER, at=time(9))),
        ("R18.30.", Report(Reached.LATER, at=time(18, 30))),
        ("R00:05", Report(Reached.LATER, at=time(0, 5))),
        ("R2 18", Report(Reached.LATER, 2, time(18))),
        ("R 2 18h30", Report(Reached.LATER, 2, time(18, 30))),
        ("Rappeler 18h", Report(Reached.LATER, at=time(18))),
    ],
)
def test_a_report_is_a_letter_a_number_and_a_time(body: str, report: Report) -> None:
    assert read_report(body) == report


@pytest.mark.parametrize(
    "body",
    [
        *("", "R", "R24", "R18:60", "R18:3", "R 18 30", "JM", "J demain", "je rappelle", "18"),
        *("Merci", "J2 J3", "R-1", "M 18h", "J1000", "OK"),
    ],
)
def test_what_is_no_whole_report_is_none(body: str) -> None:
    assert read_report(body) is None


@pytest.mark.parametrize(
    ("body", "solved"),
    [
        *((word, True) for word in ("OUI", "Oui !", "o", "1", "Yes", "Ja", "Sì", "sí", "y.")),
        *((word, False) for word in ("NON", "non.", "N", "2", "No", "nein")),
        *((word, None) for word in ("", "oui merci", "ok", "12", "pas encore", "J", "stop")),
    ],
)
def test_yes_and_no_are_whole_messages(body: str, *, solved: bool | None) -> None:
    assert read_answer(body) is solved


@given(st.text(max_size=30))
def test_whatever_is_written_is_read_without_a_fault(body: str) -> None:
    keyword_of(body), read_answer(body)
    report = read_report(body)
    assert report is None or (report.outcome is Reached.LATER) is (report.at is not None)


J, J2 = Report(Reached.REACHED), Report(Reached.REACHED, 2)


@pytest.mark.parametrize(
    ("report", "asked", "chosen", "found"),
    [
        (None, ["a"], None, (Meaning.UNCLEAR, None)),
        (J, [], None, (Meaning.NOTHING_OPEN, None)),
        (J, ["a"], None, (Meaning.REACHED, "a")),
        (J, ["a", "b"], None, (Meaning.WHICH, None)),
        (J2, ["a", "b"], "b", (Meaning.REACHED, "b")),
        (J2, ["a"], None, (Meaning.UNCLEAR, None)),
        (J2, ["a"], "gone", (Meaning.NOTHING_OPEN, None)),
        (J2, ["a"], "a", (Meaning.REACHED, "a")),
        (Report(Reached.LATER, at=time(18)), ["a"], None, (Meaning.LATER, "a")),
    ],
)
def test_a_report_is_about_one_case_or_about_none(
    report: Report | None,
    asked: list[str],
    chosen: str | None,
    found: tuple[Meaning, str | None],
) -> None:
    assert judge_report(report, asked, chosen) == found


@pytest.mark.parametrize(
    ("body", "asked", "cases", "found"),
    [
        ("oui", ["a"], ["a"], (Meaning.YES, "a")),
        ("2", ["a"], ["b", "a"], (Meaning.NO, "a")),
        ("oui", ["a", "b"], ["a", "b"], (Meaning.WHICH, None)),
        ("oui", [], ["b", "a"], (Meaning.WORDS, "b")),
        ("rappelez-moi", ["a"], ["a"], (Meaning.WORDS, "a")),
        ("oui", [], [], (Meaning.NO_CASE, None)),
        ("bonjour", [], [], (Meaning.NO_CASE, None)),
    ],
)
def test_a_customer_answers_the_one_question_or_writes_to_his_case(
    body: str, asked: list[str], cases: list[str], found: tuple[Meaning, str | None]
) -> None:
    assert judge_words(body, asked, cases) == found


def test_each_meaning_that_acts_is_one_of_the_acts_of_the_pages() -> None:
    at = datetime(2027, 3, 1, 17, tzinfo=PARIS)
    acts = {meaning: act_of(meaning, None) for meaning in ON_A_CASE}
    assert acts == {
        Meaning.REACHED: Attempt(Reached.REACHED),
        Meaning.VOICEMAIL: Attempt(Reached.VOICEMAIL),
        Meaning.LATER: Attempt(Reached.LATER),
        Meaning.YES: Confirm(solved=True),
        Meaning.NO: Confirm(solved=False),
        Meaning.WORDS: CallMe(unasked=True),
    }
    assert act_of(Meaning.LATER, at) == Attempt(Reached.LATER, again_at=at)
    with pytest.raises(ValueError, match="no act"):
        act_of(Meaning.UNCLEAR, None)


@pytest.mark.parametrize(
    ("now", "at", "expected"),
    [
        ("2027-03-01T10:00", time(18), "2027-03-01T18:00"),
        ("2027-03-01T18:00", time(18), "2027-03-02T18:00"),
        ("2027-03-01T19:00", time(18, 30), "2027-03-02T18:30"),
        ("2027-03-27T20:00", time(2, 30), "2027-03-28T03:00"),
        ("2027-10-30T20:00", time(9), "2027-10-31T09:00"),
    ],
)
def test_a_time_is_meant_for_today_or_for_the_next_day(now: str, at: time, expected: str) -> None:
    """In the night of the spring there is no half past two: the moment of the skip is meant."""
    local = datetime.fromisoformat(now).replace(tzinfo=PARIS)
    assert next_time(at, PARIS, local) == datetime.fromisoformat(expected).replace(tzinfo=PARIS)
