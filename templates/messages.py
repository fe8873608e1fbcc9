"""The words of a message: a folder per message, per language, and one strict Jinja environment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from types import MappingProxyType

from jinja2 import (
    ChoiceLoader,
    Environment,
    FunctionLoader,
    PackageLoader,
    StrictUndefined,
    TemplateNotFound,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from models.errors import Misconfigured
from models.mailing import Mailing
from models.notices import Message
from models.people import Channel
from models.segments import clipped, fits, fitted, respelt
from templates.instants import deadline, moment

OURS = PackageLoader("templates", "messages")
CLIPPABLE = ("region", "trade", "touchpoint", "topic", "owner", "what")
"""What a text message may tell shortened. Who writes, dates, sums and the link stay whole."""
LENGTHS = (40, 25, 15)
"""Letters of each that are left, as far as is needed."""
NO_TEXTS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """All that a message may mention. `due` and `now`, when it is written, are in the reader's zone.

    Nothing of the customer: a message to a colleague names the case by its link only. One that is
    about no case has nothing from `region` on. Of an action `owner` has it and `by` is its date; its
    `promise` is the kind, if it is one, `asked` the date that its owner would rather have, and `cost`, in
    the reader's way of writing it, what a gesture costs on which somebody is to answer. `what`,
    the words that were typed for him, is for the customer alone. `nowhere`: there is nobody to
    call; not `called`: he asked not to be. `waiting` is how many cases do, where it speaks of many.
    Where a text of the reader's is answered, `understood` is what it was taken for (a word of
    `models.replies.Meaning`, or `refused`), `again` when somebody is to be called again, and `choices` what
    he may write. `answerable`: a text message may say so, for its reader can answer it.
    `transliterate` is the house's way of spelling a text message, and nothing to be said.
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
    understood: str = ""
    again: datetime | None = None
    choices: tuple[str, ...] = ()
    answerable: bool = False
    transliterate: bool = True


SAYABLE = frozenset(each.name for each in fields(MessageFacts)) - {"transliterate"}


@dataclass(frozen=True, slots=True)
class Said:
    """A rendered message. An SMS has no subject."""

    subject: str | None
    body: str


class MessageTemplates:
    """`own` are texts by their names under `messages`, which stand before ours. Whoever hands them in
    has checked them, as `templates.own_texts` does.
    """

    def __init__(self, own: Mapping[str, str] = NO_TEXTS) -> None:
        self._environment = environment_with(own) if own else _of_ours()

    def say(
        self, message: Message | Mailing, channel: Channel, language: str, facts: MessageFacts
    ) -> Said:
        """A text message fits in as many segments as one may take, whatever it has to name.

        Raises Misconfigured where there are no words in that language.
        """
        folder = f"{message}/{language}"
        if channel is Channel.SMS:
            return Said(None, self._fitted(f"{folder}/sms.txt", facts, language))
        words = words_of(facts, language)
        subject = self._render(f"{folder}/subject.txt", words)
        return Said(subject, self._render(f"{folder}/body.txt", words))

    def _fitted(self, name: str, facts: MessageFacts, language: str) -> str:
        """What nobody needs is left out first, then names are clipped, then words before the link cut off."""
        body = ""
        for words in _ever_shorter(words_of(facts, language)):
            body = self._render(name, words)
            body = respelt(body) if facts.transliterate else body
            if fits(body):
                return body
        return fitted(body, facts.link)

    def _render(self, name: str, words: Mapping[str, object]) -> str:
        try:
            return self._environment.get_template(name).render(words).strip()
        except TemplateNotFound:
            raise Misconfigured(f"There is no text {name}.") from None


def words_of(facts: MessageFacts, language: str) -> dict[str, object]:
    """As a template finds them: instants in words."""
    now = facts.now
    return {name: getattr(facts, name) for name in SAYABLE} | {
        "due": facts.due and moment(facts.due, language, now=now),
        "now": now and moment(now, language),
        "by": facts.by and deadline(facts.by, language, now=now),
        "asked": facts.asked and deadline(facts.asked, language, now=now),
        "again": facts.again and moment(facts.again, language, now=now),
    }


def clip(words: dict[str, object], at_most: int) -> dict[str, object]:
    """Without what nobody needs."""
    names = {name: clipped(str(words[name]), at_most) for name in CLIPPABLE}
    return words | names | {"answerable": False}


def _ever_shorter(words: dict[str, object]) -> Iterator[dict[str, object]]:
    yield words
    if words["answerable"]:
        words = words | {"answerable": False}
        yield words
    for at_most in LENGTHS:
        before, words = words, clip(words, at_most)
        if words != before:
            yield words


def environment_with(own: Mapping[str, str]) -> Environment:
    """In a sandbox: who may write texts may not thereby reach into the process.

    Each text is read and compiled once, and kept: there are more than Jinja keeps unasked.
    """
    return ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([FunctionLoader(lambda name: _loaded(own, name)), OURS]),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=-1,
        auto_reload=False,
    )


def _loaded(own: Mapping[str, str], name: str) -> tuple[str, str, None] | None:
    """Its name as that of its file: errors tell it."""
    return (own[name], name, None) if name in own else None


@cache
def _of_ours() -> Environment:
    """Every text is compiled once: who hands them in has no need to keep them."""
    return environment_with(NO_TEXTS)
