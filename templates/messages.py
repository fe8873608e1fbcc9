"""The words of a message: a folder per message, per language, and one strict Jinja environment."""

from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, TemplateNotFound

from models.errors import Misconfigured
from models.mailing import Mailing
from models.notices import Message
from models.people import Channel
from templates.instants import deadline, moment


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """All that a message may mention. `due` and `now`, when it is written, are in the reader's zone.

    Nothing of the customer: a message to a colleague names the case by its link only. One that is
    about no case has nothing from `region` on. Of an action `owner` has it and `by` is its date; its
    `promise` is the kind, if it is one, `asked` the date that its owner would rather have, and `cost`, in
    the reader's way of writing it, what a gesture costs on which somebody is to answer. `what`,
    the words that were typed for him, is for the customer alone. `nowhere`: there is nobody to
    call; not `called`: he asked not to be. `waiting` is how many cases do, where it speaks of many.
    """

    organisation: str
    motto: str
    recipient: str
    link: str
    region: str = ""
    trade: str = ""
    touchpoint: str = ""
    topic: str = ""
    score: str = ""
    owner: str = ""
    due: datetime | None = None
    now: datetime | None = None
    promise: str = ""
    what: str = ""
    by: datetime | None = None
    asked: datetime | None = None
    cost: str = ""
    nowhere: bool = False
    called: bool = True
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """A rendered message. An SMS has no subject."""

    subject: str | None
    body: str


class MessageTemplates:
    def __init__(self) -> None:
        self._environment = _environment()

    def say(
        self, message: Message | Mailing, channel: Channel, language: str, facts: MessageFacts
    ) -> Said:
        """Raises Misconfigured where there are no words in that language."""
        words = asdict(facts) | {
            "due": facts.due and moment(facts.due, language, now=facts.now),
            "by": facts.by and deadline(facts.by, language, now=facts.now),
            "asked": facts.asked and deadline(facts.asked, language, now=facts.now),
        }
        folder = f"{message}/{language}"
        if channel is Channel.SMS:
            return Said(None, self._render(f"{folder}/sms.txt", words))
        subject = self._render(f"{folder}/subject.txt", words)
        return Said(subject, self._render(f"{folder}/body.txt", words))

    def _render(self, name: str, words: dict[str, object]) -> str:
        try:
            return self._environment.get_template(name).render(words).strip()
        except TemplateNotFound:
            raise Misconfigured(f"There is no text {name}.") from None


@cache
def _environment() -> Environment:
    """Every text is compiled once: who hands them in has no need to keep them."""
    return Environment(
        loader=PackageLoader("templates", "messages"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - plain text: SMS and text mails
        trim_blocks=True,
        lstrip_blocks=True,
    )
