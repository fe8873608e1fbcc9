"""What Twilio is told to do with a call that comes to our number."""

from collections.abc import Sequence

from twilio.twiml.voice_response import VoiceResponse

from models.organisation import SPOKEN
from templates.spoken_words import ToCaller, ToColleague, spoken_inbound
from web.twilio.twiml import LONGEST_TALK, PROGRESS, Doors, ask, say_all

RINGS_COLLEAGUE = 20
"""Seconds."""


def ring_colleague(number: str, doors: Doors, *, ours: str) -> str:
    """The customer hears it ring until somebody has pressed the key; a colleague sees `ours`, and never who
    calls: it would be the customer's own number otherwise. Nothing is recorded.
    """
    response = VoiceResponse()
    dial = response.dial(
        caller_id=ours,
        answer_on_bridge=True,
        timeout=RINGS_COLLEAGUE,
        time_limit=LONGEST_TALK,
        action=doors.door("dialed"),
        method="POST",
        record="do-not-record",
    )
    dial.number(
        number,
        url=doors.door("whisper"),
        method="POST",
        status_callback=doors.patient("leg"),
        status_callback_event=PROGRESS,
        status_callback_method="POST",
    )
    return str(response)


def ask_to_take(language: str, doors: Doors) -> str:
    """Who presses nothing is a voicemail, or does not want to: he hangs up, and the next one is rung."""
    words = spoken_inbound(language)
    taken = doors.door("accept")
    return ask(words[ToColleague.TAKE], words[ToColleague.PASSED_ON], language, taken)


def ask_caller(language: str, doors: Doors) -> str:
    """Whether we may call him who asked that nobody does."""
    words = spoken_inbound(language)
    return ask(words[ToCaller.MAY_CALL], words[ToCaller.NOTED], language, doors.door("wish"))


def connect() -> str:
    """Nothing more is to be done with his phone: he speaks with the customer."""
    return str(VoiceResponse())


def hang_up(language: str = "", words: str = "") -> str:
    return say_all({language: words} if words else {})


def apologise_to_caller() -> str:
    """In every language, for who he is may be what we cannot find out."""
    return _in_every_language(SPOKEN, ToCaller.AWAY)


def answer_unknown(languages: Sequence[str]) -> str:
    """Nobody knows which one he speaks: in all that the company does."""
    return _in_every_language(languages, ToCaller.UNKNOWN)


def _in_every_language(languages: Sequence[str], what: ToCaller) -> str:
    return say_all({language: spoken_inbound(language)[what] for language in languages})
