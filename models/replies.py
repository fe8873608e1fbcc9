"""What a text message says that comes in, by its words alone. Only a whole message counts: who writes
"please do not stop calling" has not said stop.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from models.actions import Act, Attempt, CallMe, Confirm, Reached
from models.spelling import plain


class Keyword(StrEnum):
    """What anybody may say, in the words of `OptOutType`."""

    STOP = "STOP"
    START = "START"
    HELP = "HELP"


class Meaning(StrEnum):
    """What a text was taken for."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    REACHED = "reached"
    VOICEMAIL = "voicemail"
    LATER = "later"
    YES = "yes"
    NO = "no"
    WORDS = "words"
    """A customer's own, for whoever has his case."""
    WHICH = "which"
    """It fits, but there are several cases that it may be about."""
    NOTHING_OPEN = "nothing_open"
    """It fits, but nothing waits for it, or not any more."""
    UNCLEAR = "unclear"
    """A colleague's, and none of the words that we know."""
    NO_CASE = "no_case"
    """A customer's who has no open case."""
    UNKNOWN = "unknown"
    """Of a number that is nobody's."""

    @property
    def acts(self) -> bool:
        """It is recorded on a case."""
        return self in ON_A_CASE


ON_A_CASE = frozenset(
    {
        *(Meaning.REACHED, Meaning.VOICEMAIL, Meaning.LATER),
        *(Meaning.YES, Meaning.NO, Meaning.WORDS),
    }
)
ANSWERS = frozenset({Meaning.YES, Meaning.NO, Meaning.WHICH})
"""To a question."""
UNHEARD = frozenset({Meaning.NO_CASE, Meaning.UNKNOWN})
"""Kept, and nobody's to answer yet."""

_WORDS = {
    Keyword.STOP: (
        "stop, stopall, stop all, stop sms, unsubscribe, end, quit, cancel, revoke, optout, opt out, "
        "arret, arreter, arretez, desabonner, desabonnement, desinscrire, desinscription, "
        "stopp, abmelden, abmeldung, abbestellen, cancella, cancellami, disiscrivi, disiscrivimi, "
        "baja, parar, cancelar, darse de baja"
    ),
    Keyword.START: "start, unstop",
    Keyword.HELP: "help, info, aide, contact, hilfe, kontakt, aiuto, contatto, ayuda, contacto",
}
_KEYWORDS = {word: keyword for keyword, words in _WORDS.items() for word in words.split(", ")}
_ANSWERS = {
    **dict.fromkeys(["oui", "o", "1", "yes", "y", "ja", "si"], True),
    **dict.fromkeys(["non", "n", "2", "no", "nein"], False),
}
_OUTCOMES = {
    Reached.REACHED: Meaning.REACHED,
    Reached.VOICEMAIL: Meaning.VOICEMAIL,
    Reached.LATER: Meaning.LATER,
}
_HOUR = r"(?P<hour>[0-9]{1,2}) ?(?:[:h.] ?(?P<minute>[0-9]{2})?)?"
_REPORTS = {
    Reached.REACHED: r"(?:j|joint|reached) ?(?P<number>[0-9]{1,3})?",
    Reached.VOICEMAIL: r"(?:m|messagerie|repondeur|voicemail|mailbox) ?(?P<number>[0-9]{1,3})?",
    Reached.LATER: rf"(?:r|rappel|rappeler) ?(?:(?P<number>[0-9]{{1,3}}) +)?{_HOUR}",
}


@dataclass(frozen=True, slots=True)
class Report:
    """What a colleague answers: what came out of the call. `number` is that of a case in the choice that he
    was given; `at` goes with `LATER` only, on his own clock.
    """

    outcome: Reached
    number: int | None = None
    at: time | None = None


def keyword_of(body: str, told: str = "") -> Keyword | None:
    """`told` is Twilio's own `OptOutType`: it knows words that were set up there. A yes is not a start:
    Twilio takes it for one on some numbers, and our customers answer with it.
    """
    return Keyword(told) if told in set(Keyword) else _KEYWORDS.get(plain(body))


def read_answer(body: str) -> bool | None:
    """Whether it is solved; None for other words."""
    return _ANSWERS.get(plain(body))


def read_report(body: str) -> Report | None:
    """As `J`, `M2` or `R18:30`. Of two numbers with nothing but a space between them the first is that of a
    case: `R 2 18` calls the second one again at six.
    """
    said = _bare(body)
    for outcome, pattern in _REPORTS.items():
        if found := re.fullmatch(pattern, said):
            number = int(found["number"]) if found["number"] else None
            if outcome is not Reached.LATER:
                return Report(outcome, number)
            at = _time(found["hour"], found["minute"])
            return Report(outcome, number, at) if at else None
    return None


def judge_report(
    report: Report | None, asked: Sequence[str], chosen: str | None, *, doubted: bool = False
) -> tuple[Meaning, str | None]:
    """With the case that it is about. `asked` are those that he was asked to turn to and still has, `chosen`
    is the one that the number names, if it names one. `doubted`: without a number it may be about another
    one than these.
    """
    if report is None or (report.number is not None and chosen is None):
        return Meaning.UNCLEAR, None
    about = [chosen] if chosen in asked else ([] if chosen else asked)
    match len(about):
        case 0:
            return Meaning.NOTHING_OPEN, None
        case 1 if chosen or not doubted:
            return _OUTCOMES[report.outcome], about[0]
        case _:
            return Meaning.WHICH, None


def judge_words(
    body: str, asked: Sequence[str], open_cases: Sequence[str]
) -> tuple[Meaning, str | None]:
    """Of a customer, with the case that they are about: `asked` are those of which he was asked whether they
    are solved, of his open ones the one that we last wrote about comes first.
    """
    answer = read_answer(body)
    if answer is not None and asked:
        if len(asked) > 1:
            return Meaning.WHICH, None
        return (Meaning.YES if answer else Meaning.NO), asked[0]
    return (Meaning.WORDS, open_cases[0]) if open_cases else (Meaning.NO_CASE, None)


def act_of(meaning: Meaning, again_at: datetime | None) -> Act:
    """What is recorded on the case, as by a button. Raises ValueError for what is not recorded."""
    match meaning:
        case Meaning.REACHED | Meaning.VOICEMAIL | Meaning.LATER:
            return Attempt(Reached(meaning), again_at=again_at)
        case Meaning.YES | Meaning.NO:
            return Confirm(solved=meaning is Meaning.YES)
        case Meaning.WORDS:
            return CallMe(unasked=True)
        case _:
            raise ValueError(f"{meaning} is no act")


def _time(hour: str, minute: str | None) -> time | None:
    try:
        return time(int(hour), int(minute or 0))
    except ValueError:
        return None


def _bare(body: str) -> str:
    """Small letters without accents; what punctuates a time stays."""
    letters = unicodedata.normalize("NFKD", body.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(bare.split()).strip(" .,;!'\"")
