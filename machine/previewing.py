"""Which messages a preview shows: those that are asked for, or all."""

from collections.abc import Iterator

from models.errors import Misconfigured
from models.mailing import Mailing
from models.notices import Message
from models.spelling import did_you_mean
from templates.messages import MessageTemplates
from templates.preview import Preview, preview_of
from templates.samples import WORDS

MESSAGES = (*Message, Mailing.SIGN_IN, Mailing.BUNDLE, Mailing.TEXT_ANSWER)


def previews(
    templates: MessageTemplates, language: str | None = None, message: str | None = None
) -> Iterator[Preview]:
    """Raises Misconfigured for a language or a message that there is none of."""
    languages = [language] if language else sorted(WORDS)
    wanted = [each for each in MESSAGES if message in {None, str(each)}]
    if not wanted:
        meant = did_you_mean(message or "", [str(each) for each in MESSAGES])
        raise Misconfigured(f"There is no message {message!r}{meant or '.'}")
    for spoken in languages:
        if spoken not in WORDS:
            known = ", ".join(sorted(WORDS))
            raise Misconfigured(f"There are no messages in {spoken!r}, only in {known}.")
        yield from (preview_of(templates, each, spoken) for each in wanted)
