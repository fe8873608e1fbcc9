"""A message as its reader gets it, with invented people: as text for a terminal, as a page for a browser."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.mailing import Mailing
from models.notices import Message
from models.people import Channel
from models.segments import Counted, count
from templates.messages import MessageTemplates, Said
from templates.samples import longest
from templates.speaking import SOURCE_LANGUAGE, speaking


@dataclass(frozen=True, slots=True)
class Preview:
    message: str
    language: str
    mail: Said
    sms: str

    @property
    def counted(self) -> Counted:
        return count(self.sms)

    @property
    def size(self) -> str:
        """As in `2 segments (GSM-7, 214)`."""
        counted = self.counted
        segments = f"{counted.segments} segment{'' if counted.segments == 1 else 's'}"
        return f"{segments} ({counted.alphabet}, {counted.places})"


def preview_of(templates: MessageTemplates, message: Message | Mailing, language: str) -> Preview:
    facts = longest(language)
    return Preview(
        str(message),
        language,
        templates.say(message, Channel.EMAIL, language, facts),
        templates.say(message, Channel.SMS, language, facts).body,
    )


def as_text(preview: Preview) -> str:
    return (
        f"== {preview.message} ({preview.language})\n\n"
        f"-- SMS, {preview.size}\n{preview.sms}\n\n"
        f"-- E-mail: {preview.mail.subject}\n{preview.mail.body}"
    )


def as_page(previews: Sequence[Preview]) -> str:
    """One file that needs no other."""
    page = speaking(SOURCE_LANGUAGE, "preview_page").get_template("page.html")
    return page.render(previews=previews)
