"""A message that is written as text, as a mail reader shows it: the same words, and a link to tap."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

LEADS = re.compile(r"(?P<label>\S[^\n]*?)[ \u00a0]?: (?P<link>https?://\S+)")
"""A line of its own that says where a link leads, and the link."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines, or a `link` with what it is called."""

    lines: tuple[str, ...] = ()
    link: str = ""
    label: str = ""


def as_page(body: str, *, subject: str, language: str) -> str:
    page = _environment().get_template("from_text.html")
    return page.render(paragraphs=tuple(_paragraphs(body)), subject=subject, language=language)


def _paragraphs(body: str) -> Iterator[Paragraph]:
    for written in body.split("\n\n"):
        lines: list[str] = []
        for line in written.splitlines():
            leads = LEADS.fullmatch(line)
            if leads is None:
                lines.append(line)
                continue
            if lines:
                yield Paragraph(tuple(lines))
                lines = []
            yield Paragraph(link=leads["link"], label=leads["label"])
        if lines:
            yield Paragraph(tuple(lines))


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("templates", "letters"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
