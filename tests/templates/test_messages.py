"""Every message, in every language, on every channel, with much to say and with little."""

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from jinja2 import UndefinedError

from models.actions import PromiseKind
from models.errors import Misconfigured
from models.mailing import Mailing
from models.notices import Message
from models.organisation import WRITTEN
from models.people import Channel
from models.segments import MOST, SHORT, Alphabet, count
from templates.messages import MessageFacts, MessageTemplates

FOLDER = Path(__file__).parents[2] / "templates" / "messages"
PARTS = ("sms", "subject", "body")
LINK = "https://rappel.maisons-belvallee.example/l/Zx0_k-PqR7sT9uVwXyZa1b"
LONG = MessageFacts(
    organisation="Maisons Belvallée & Compagnons Bâtisseurs",
    motto="Chaque client mérite d'être rappelé.",
    recipient="Marie-Françoise Delahaye-Kœnigsmark",
    region="Provence-Alpes-Côte d’Azur",
    trade="Gros œuvre, façades et maçonnerie",
    touchpoint="Signature chez le notaire",
    topic="Sécurité des personnes",
    score="NPS 10",
    owner="Jean-Baptiste Châteaubriand-Lefrançois",
    due=datetime(2026, 8, 26, 17, 30, tzinfo=ZoneInfo("Europe/Paris")),
    now=datetime(2026, 8, 26, 9, 0, tzinfo=ZoneInfo("Europe/Paris")),
    link=LINK,
    promise="commitment_to_repair",
    what="Reprise complète de l’étanchéité du balcon\net des deux seuils",
    by=datetime(2026, 8, 27, 23, 59, tzinfo=ZoneInfo("Europe/Paris")),
    asked=datetime(2026, 8, 28, 23, 59, tzinfo=ZoneInfo("Europe/Paris")),
    cost="12 450,00 €",
    waiting=17,
)
BARE = replace(
    LONG,
    motto="",
    recipient="",
    region="",
    trade="",
    touchpoint="",
    topic="",
    owner="",
    due=None,
    cost="",
    what="",
    asked=None,
)
MESSAGES = (*Message, Mailing.SIGN_IN, Mailing.BUNDLE, Mailing.TEXT_ANSWER)

each_message = pytest.mark.parametrize("message", MESSAGES)
each_language = pytest.mark.parametrize("language", WRITTEN)
NOWHERE, NO_CALLS = replace(LONG, nowhere=True), replace(LONG, called=False)
much_and_little = pytest.mark.parametrize(
    "facts", [LONG, BARE, NOWHERE, NO_CALLS], ids=["much", "little", "nowhere", "no calls"]
)
TO_CALL_OR_TELL = re.compile(
    r"\bcall(?!ed)|speak|to hear from|waiting|waited|say it twice"
    r"|\bappel|lui parler|répéter|attendait|attend "
    r"|[Aa]nruf|sprechen|\bwartet|wiederholen|zu hören"
    r"|chiam|aspetta|parlar|ripetersi|notizie"
    r"|llam|espera|hablar|repetir|noticias"
)
"""What is said of somebody who can be reached."""
NOBODY = (
    "nobody to call|personne à appeler|niemand anzurufen|nessuno da chiamare|nadie a quien llamar"
)


@pytest.fixture
def templates() -> MessageTemplates:
    return MessageTemplates()


@each_message
@each_language
@much_and_little
def test_an_sms_fits_in_two_segments_of_the_short_alphabet(
    templates: MessageTemplates, message: Message | Mailing, language: str, facts: MessageFacts
) -> None:
    said = templates.say(message, Channel.SMS, language, facts)

    assert said.subject is None
    assert set(said.body) <= SHORT
    assert "\n" not in said.body
    assert count(said.body).segments <= MOST
    assert ("..." in said.body) == (message is Message.PROMISED and bool(facts.what)), "not cut"


@each_message
@each_language
@much_and_little
def test_an_sms_names_the_organisation_and_ends_with_the_link(
    templates: MessageTemplates, message: Message | Mailing, language: str, facts: MessageFacts
) -> None:
    body = templates.say(message, Channel.SMS, language, facts).body

    assert body.startswith("Maisons Belvallée")
    assert body.endswith(f" {LINK}")


@each_message
@each_language
@much_and_little
def test_a_subject_is_one_short_line(
    templates: MessageTemplates, message: Message | Mailing, language: str, facts: MessageFacts
) -> None:
    subject = templates.say(message, Channel.EMAIL, language, facts).subject

    assert subject
    assert "\n" not in subject
    assert len(subject) <= 130


@each_message
@each_language
def test_a_mail_greets_links_and_signs_with_the_motto(
    templates: MessageTemplates, message: Message | Mailing, language: str
) -> None:
    body = templates.say(message, Channel.EMAIL, language, LONG).body

    assert re.match(rf"[\w ,]+ {LONG.recipient}[,:]\n\n", body)
    assert f" {LINK}\n" in body
    assert body.endswith(f"\n\n{LONG.motto}\n{LONG.organisation}")


@each_message
@each_language
@much_and_little
def test_a_mail_leaves_no_trace_of_what_is_not_known(
    templates: MessageTemplates, message: Message | Mailing, language: str, facts: MessageFacts
) -> None:
    said = templates.say(message, Channel.EMAIL, language, facts)
    greeting, body = said.body.split("\n", 1)
    words = f"{said.subject}\n{greeting.rstrip(':')}\n{body}"

    assert "None" not in words
    assert "  " not in words
    assert "\n\n\n" not in words
    assert not any(line != line.strip() or line.endswith(":") for line in words.splitlines())
    assert not any(gap in words for gap in ("()", ", ,", " ,", "(,"))


@each_language
@pytest.mark.parametrize("channel", Channel)
def test_a_colleague_learns_which_case_and_by_when(
    templates: MessageTemplates, channel: Channel, language: str
) -> None:
    facts = replace(LONG, trade="Travaux", region="Alsace")

    body = templates.say(Message.ASK, channel, language, facts).body

    assert all(known in body for known in ("NPS 10", "Travaux", "Alsace", "26", "30"))


@each_language
@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize(
    "message",
    [
        *(Message.ASK, Message.REMINDER, Message.REPEAT, Message.HANDED_UP, Message.HANDED_OVER),
        *(Message.MOVED_ON, Message.RAISED, Message.STARTS_ABOVE, Message.HEARD_AGAIN),
    ],
)
def test_nobody_is_asked_to_call_a_customer_whom_nobody_can_reach(
    templates: MessageTemplates, message: Message, channel: Channel, language: str
) -> None:
    said = templates.say(message, channel, language, replace(NOWHERE, motto=""))
    words = re.sub(NOBODY, "", f"{said.subject}\n{said.body}")

    assert TO_CALL_OR_TELL.findall(words) == []


@each_language
@pytest.mark.parametrize("channel", Channel)
def test_the_former_owner_learns_who_has_the_case_now(
    templates: MessageTemplates, channel: Channel, language: str
) -> None:
    facts = replace(LONG, owner="Odile Krauffel")

    assert "Odile Krauffel" in templates.say(Message.MOVED_ON, channel, language, facts).body


@each_language
@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("message", [Message.CONFIRM, Message.TRIED, Message.UNREACHED])
def test_the_customer_hears_nothing_of_scores_and_trades(
    templates: MessageTemplates, message: Message, channel: Channel, language: str
) -> None:
    said = templates.say(message, channel, language, LONG)

    words = f"{said.subject} {said.body}"
    assert not any(inner in words for inner in (LONG.score, LONG.trade, LONG.owner, "œuvre"))


@each_language
def test_a_promise_in_writing_says_what_who_and_by_when(
    templates: MessageTemplates, language: str
) -> None:
    said = templates.say(Message.PROMISED, Channel.EMAIL, language, LONG)

    assert all(known in said.body for known in (LONG.what, LONG.owner, "27"))
    assert "23" not in said.body, "a whole day is promised"
    assert not any(inner in said.body for inner in (LONG.score, LONG.trade))


@each_language
def test_a_promised_call_names_its_time(templates: MessageTemplates, language: str) -> None:
    at = datetime(2026, 8, 27, 14, 30, tzinfo=ZoneInfo("Europe/Paris"))
    facts = replace(LONG, promise="call", by=at)

    assert "14" in templates.say(Message.PROMISED, Channel.SMS, language, facts).body


@each_language
@pytest.mark.parametrize("kind", PromiseKind)
def test_each_kind_of_promise_has_its_words(
    templates: MessageTemplates, kind: PromiseKind, language: str
) -> None:
    assert templates.say(Message.PROMISED, Channel.SMS, language, replace(LONG, promise=kind)).body


ABOUT_ACTIONS = ("action_", "gesture_", "time_")
OF_ACTIONS = [message for message in Message if message.startswith(ABOUT_ACTIONS)]


@each_language
@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("message", OF_ACTIONS)
def test_of_an_action_nobody_hears_what_the_customer_said(
    templates: MessageTemplates, message: Message, channel: Channel, language: str
) -> None:
    said = templates.say(message, channel, language, LONG)

    words = f"{said.subject} {said.body}"
    assert not any(inner in words for inner in (LONG.score, LONG.what, LONG.topic))


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "17 call-backs wait for you"), ("fr", "17 rappels vous attendent")],
)
def test_one_message_for_many_cases_says_how_many_and_nothing_of_any(
    templates: MessageTemplates, language: str, words: str, channel: Channel
) -> None:
    said = templates.say(Mailing.BUNDLE, channel, language, LONG)

    assert words in said.body
    assert said.subject in {None, words}
    inner = (LONG.score, LONG.trade, LONG.topic, LONG.region, LONG.owner, LONG.what)
    assert not any(each in said.body for each in inner)


@each_language
@pytest.mark.parametrize("channel", Channel)
def test_a_promise_that_moves_says_the_new_date(
    templates: MessageTemplates, channel: Channel, language: str
) -> None:
    said = templates.say(Message.PROMISE_MOVED, channel, language, LONG)

    assert "27" in said.body
    assert not any(inner in said.body for inner in (LONG.score, LONG.trade))


def test_letters_outside_the_short_alphabet_are_spelt_with_their_neighbours(
    templates: MessageTemplates,
) -> None:
    facts = replace(LONG, trade="Gros œuvre", region="Île-de-France")

    body = templates.say(Message.ASK, Channel.SMS, "fr", facts).body

    assert "Gros oeuvre, Ile-de-France" in body
    assert "26 aout à 17h30" in body


@pytest.mark.parametrize("message", [m for m in MESSAGES if m is not Message.CONFIRM])
def test_a_french_mail_does_not_break_before_double_punctuation(
    templates: MessageTemplates, message: Message | Mailing
) -> None:
    body = templates.say(message, Channel.EMAIL, "fr", LONG).body

    assert "\u00a0: " in body
    assert not any(f" {sign}" in body for sign in ":;?!")


def test_the_folders_are_the_messages_and_each_speaks_every_language() -> None:
    folders = {folder.name for folder in FOLDER.iterdir()} - {"layout"}
    files = {f"{language}/{part}.txt" for language in WRITTEN for part in PARTS}

    assert folders == {str(message) for message in MESSAGES}
    for folder in folders:
        found = {str(f.relative_to(FOLDER / folder)) for f in (FOLDER / folder).rglob("*.txt")}
        assert found == files


def test_a_language_nobody_wrote_is_an_error(templates: MessageTemplates) -> None:
    with pytest.raises(Misconfigured):
        templates.say(Message.ASK, Channel.SMS, "eo", LONG)


@pytest.mark.parametrize("said", ["{{ nobody_gave_this }}", "{% if nobody_gave_this %}{% endif %}"])
def test_a_template_that_misses_a_fact_is_an_error(templates: MessageTemplates, said: str) -> None:
    with pytest.raises(UndefinedError):
        templates._environment.from_string(said).render()


@each_message
@each_language
@much_and_little
def test_names_as_they_are_written_fit_too_and_keep_the_link(
    templates: MessageTemplates, message: Message | Mailing, language: str, facts: MessageFacts
) -> None:
    as_written = replace(facts, transliterate=False)

    body = templates.say(message, Channel.SMS, language, as_written).body

    assert count(body).segments <= MOST
    assert body.endswith(f" {LINK}")


def test_a_house_that_wants_its_letters_keeps_them(templates: MessageTemplates) -> None:
    facts = replace(BARE, trade="Gros œuvre", organisation="Belvallée", transliterate=False)

    body = templates.say(Message.ASK, Channel.SMS, "fr", facts).body

    assert "œuvre" in body
    assert count(body).alphabet is Alphabet.UCS_2


def test_what_is_too_long_loses_the_ends_of_names_before_it_loses_words(
    templates: MessageTemplates,
) -> None:
    facts = replace(LONG, trade="Menuiseries " * 12, region="Grand Est " * 12, topic="")

    body = templates.say(Message.ASK, Channel.SMS, "en", facts).body

    assert re.search(r"Menuiseries [\w ]*\.\.\., Grand Est [\w ]*\.\.\.\)", body)
    assert body.endswith(f"17:30: {LINK}")


@each_language
@pytest.mark.parametrize("message", [Message.ASK, Message.REMINDER])
def test_who_can_answer_a_text_is_told_how_where_there_is_room(
    templates: MessageTemplates, message: Message, language: str
) -> None:
    short = replace(BARE, organisation="Belvallée", link="https://r.example/l/Zx0", answerable=True)

    said = templates.say(message, Channel.SMS, language, short).body
    long = templates.say(message, Channel.SMS, language, replace(LONG, answerable=True)).body

    assert all(hint in said for hint in (" J ", " M ", " R18 "))
    assert long == templates.say(message, Channel.SMS, language, LONG).body
    nobody = replace(short, nowhere=True)
    assert " R18 " not in templates.say(message, Channel.SMS, language, nobody).body


@each_language
@pytest.mark.parametrize("understood", ["reached", "voicemail", "later", "which", "refused"])
def test_what_a_text_was_taken_for_is_answered_in_two_segments(
    templates: MessageTemplates, understood: str, language: str
) -> None:
    again, choices = LONG.due, ("J1 = NPS 10, Works, North", "J2 = NPS 2, Garden, South")
    facts = replace(LONG, understood=understood, again=again, choices=choices)

    said = templates.say(Mailing.TEXT_ANSWER, Channel.SMS, language, facts).body

    assert count(said).segments <= MOST
    assert said.endswith(f" {LINK}")
    known = {"later": "30", "which": "J2 = NPS 2, Garden, South"}
    assert known.get(understood, "NPS 10") in said
