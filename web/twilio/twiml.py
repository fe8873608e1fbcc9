"""What Twilio is told to do with a call, as its own library writes it."""

from collections.abc import Mapping
from dataclasses import dataclass

from twilio.twiml.voice_response import VoiceResponse

from models.organisation import SPOKEN
from models.twilio_account import SAID_AGAIN
from templates.spoken_words import Spoken, spoken

LOCALES = {"fr": "fr-FR", "en": "en-GB"}
WAITS_FOR_KEY = 8
RINGS_CUSTOMER = 25
LONGEST_TALK = 30 * 60
"""All in seconds."""
PROGRESS = "initiated ringing answered completed"


@dataclass(frozen=True, slots=True)
class Doors:
    """The addresses at which Twilio tells of one call, or of one ring: ids of ours, and never a number.
    `room` is what they lie under.
    """

    public_url: str
    call: str
    room: str = "calls"

    def door(self, name: str) -> str:
        return f"{self.public_url}/twilio/{self.room}/{self.call}/{name}"

    def patient(self, name: str) -> str:
        return self.door(name) + SAID_AGAIN


def ask_for_key(language: str, doors: Doors) -> str:
    """Who presses nothing is a voicemail, or does not want to: nobody is called."""
    words = spoken(language)
    return ask(words[Spoken.ASKED], words[Spoken.NOBODY], language, doors.door("accept"))


def put_through(number: str, doors: Doors, *, ours: str) -> str:
    """The customer sees `ours`, whoever calls. Nothing is recorded."""
    response = VoiceResponse()
    dial = response.dial(
        caller_id=ours,
        timeout=RINGS_CUSTOMER,
        time_limit=LONGEST_TALK,
        action=doors.door("dialed"),
        method="POST",
        record="do-not-record",
    )
    dial.number(
        number,
        status_callback=doors.patient("leg"),
        status_callback_event=PROGRESS,
        status_callback_method="POST",
        machine_detection="Enable",
        amd_status_callback=doors.patient("amd"),
        amd_status_callback_method="POST",
    )
    return str(response)


def say_and_end(language: str, what: str) -> str:
    """`what` names the words, as in `templates.spoken_words`."""
    return say_all({language: spoken(language)[what]})


def apologise() -> str:
    """In every language, for whose phone it is may be what we cannot find out."""
    return say_all({language: spoken(language)[Spoken.AWAY] for language in SPOKEN})


def ask(words: str, otherwise: str, language: str, action: str) -> str:
    """A key is told at the address `action`; without one `otherwise` is said, and that is the end."""
    response = VoiceResponse()
    gather = response.gather(
        input="dtmf", num_digits=1, timeout=WAITS_FOR_KEY, action=action, method="POST"
    )
    gather.say(words, language=LOCALES[language])
    response.say(otherwise, language=LOCALES[language])
    response.hangup()
    return str(response)


def say_all(words: Mapping[str, str]) -> str:
    """By language, one after the other; then it is the end."""
    response = VoiceResponse()
    for language, said in words.items():
        response.say(said, language=LOCALES[language])
    response.hangup()
    return str(response)
