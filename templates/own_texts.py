"""An organisation's own texts of messages: read once, and looked over before the first is used."""

import re
import traceback
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.meta import find_undeclared_variables

from models.errors import Misconfigured
from models.segments import MOST, count, respelt
from models.spelling import did_you_mean
from templates.messages import (
    LENGTHS,
    OURS,
    SAYABLE,
    MessageFacts,
    MessageTemplates,
    clip,
    environment_with,
    words_of,
)
from templates.samples import every_kind

MUST_SAY = ("organisation", "link", "promise", "by", "what")
"""Whoever reads a message needs it: what ours says of these, an own text says, too."""
LAYOUT = "layout"
SMS, SUBJECT = "sms.txt", "subject.txt"
TAGS = (
    *("if", "elif", "else", "endif", "for", "endfor", "set", "endset", "block", "endblock"),
    *("extends", "include", "import", "from", "macro", "endmacro", "filter", "endfilter"),
)
REFERENCES = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    name: str
    line: int
    detail: str


def checked_templates(folder: Path | None) -> MessageTemplates:
    """Ours, with the texts of `folder` before them.

    Raises Misconfigured with every fault of these, each with its file and line.
    """
    if folder is None:
        return MessageTemplates()
    own = read_texts(folder)
    found = sorted(set(faults_of(own)))
    if found:
        told = [f"{folder / each.name}:{each.line}: {each.detail}" for each in found]
        raise Misconfigured("\n".join(told))
    return MessageTemplates(own)


def read_texts(folder: Path) -> Mapping[str, str]:
    """By their names under `folder`. What begins with a dot is none."""
    if not folder.is_dir():
        raise Misconfigured(f"RAPPEL_TEMPLATES_DIR: there is no folder {folder}.")
    texts: dict[str, str] = {}
    for file in sorted(each for each in folder.rglob("*") if each.is_file()):
        name = file.relative_to(folder).as_posix()
        if any(part.startswith(".") for part in name.split("/")):
            continue
        try:
            texts[name] = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise Misconfigured(f"{file}: is no text in UTF-8; save it as UTF-8.") from None
        except OSError as error:
            raise Misconfigured(f"{file}: cannot be read: {error.strerror}.") from None
    return texts


def faults_of(own: Mapping[str, str]) -> Iterator[Fault]:
    """First each text by itself; only where these are sound, what becomes of the messages."""
    alone = [fault for name in own for fault in _Text(name, own[name]).faults()]
    yield from alone
    if not alone and own:
        yield from _Messages(own).faults()


class _Text:
    """One file, without the others."""

    def __init__(self, name: str, source: str) -> None:
        self._name, self._source = name, source
        self._environment = environment_with({})

    def faults(self) -> Iterator[Fault]:
        known = OURS.list_templates()
        if self._name not in known:
            meant = did_you_mean(self._name, known)
            yield self._fault(1, f"there is no text of this name{meant}")
            return
        try:
            tree = self._environment.parse(self._source, self._name)
            self._environment.compile(tree, self._name)
        except TemplateSyntaxError as error:
            yield self._fault(error.lineno, self._sentence(error.message or "cannot be read"))
            return
        yield from self._unknown_variables(tree)
        yield from self._unknown_texts(tree, known)

    def _unknown_variables(self, tree: nodes.Template) -> Iterator[Fault]:
        free = find_undeclared_variables(tree) - SAYABLE - self._environment.globals.keys()
        for node in tree.find_all(nodes.Name):
            if node.name in free:
                meant = did_you_mean(node.name, SAYABLE) or _one_of(SAYABLE)
                yield self._fault(node.lineno, f"unknown variable {node.name!r}{meant}")

    def _unknown_texts(self, tree: nodes.Template, known: Iterable[str]) -> Iterator[Fault]:
        for node in tree.find_all(REFERENCES):
            named = _named_by(node)
            if named is None:
                yield self._fault(node.lineno, "write the name of the other text in quotes")
            elif named not in known:
                meant = did_you_mean(named, known)
                yield self._fault(node.lineno, f"there is no text {named!r}{meant}")

    def _sentence(self, message: str) -> str:
        known: Mapping[str, Iterable[str]] = {
            "filter": self._environment.filters,
            "test": self._environment.tests,
            "tag": TAGS,
        }
        found = re.search(r"(filter|test|tag) (?:named )?'(\w+)'", message)
        meant = did_you_mean(found[2], known[found[1]]) if found else ""
        return f"{message.rstrip('.')}{meant}"

    def _fault(self, line: int, detail: str) -> Fault:
        return Fault(self._name, line, detail)


class _Messages:
    """What becomes of the messages that an own text has a part in."""

    def __init__(self, own: Mapping[str, str]) -> None:
        self._own = own
        self._now, self._before = environment_with(own), environment_with({})

    def faults(self) -> Iterator[Fault]:
        """Of a layout only what the first message shows that it spoils: the others would say the same."""
        spoilt: set[str] = set()
        for name in OURS.list_templates():
            if name.startswith(f"{LAYOUT}/"):
                continue
            mine = [each for each in _chain(self._now, name) if each in self._own]
            if mine and mine[0] not in spoilt:
                found = [*self._unsaid(name, mine[0])] or [*self._tried(name, mine[0])]
                spoilt |= {fault.name for fault in found}
                yield from found

    def _unsaid(self, name: str, mine: str) -> Iterator[Fault]:
        ours, own = _says(self._before, name), _says(self._now, name)
        for word in MUST_SAY:
            if word in ours - own:
                told = f"never says {{{{ {word} }}}}, which the reader needs"
                yield Fault(mine, 1, told if mine == name else f"{told} in {name}")

    def _tried(self, name: str, mine: str) -> Iterator[Fault]:
        """Written once for everything that a case may have to tell: the first fault is enough."""
        language = name.split("/")[1]
        for facts in every_kind(language):
            try:
                words = words_of(facts, language)
                text = self._write(name, words)
                long = name.endswith(SMS) and self._segments(name, words)
            except Exception as error:  # noqa: BLE001 - a template may fail in any way
                yield self._failed(error, mine)
                return
            detail = _complaint(name, text, facts) or (long or "")
            if detail:
                yield Fault(mine, 1, detail if mine == name else f"{detail} ({name})")
                return

    def _write(self, name: str, words: dict[str, object]) -> str:
        return self._now.get_template(name).render(words).strip()

    def _segments(self, name: str, words: dict[str, object]) -> str:
        body = respelt(self._write(name, clip(words, LENGTHS[-1])))
        segments = count(body).segments
        if segments <= MOST:
            return ""
        return f"takes {segments} segments though names are clipped; at most {MOST} are sent"

    def _failed(self, error: Exception, mine: str) -> Fault:
        """At the place in the innermost own text."""
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if frame.filename in self._own]
        name, line = (own[-1].filename, own[-1].lineno or 1) if own else (mine, 1)
        return Fault(name, line, f"cannot be written: {error}")


def _one_of(names: Iterable[str]) -> str:
    return f"; it is one of {', '.join(sorted(names))}"


def _named_by(node: nodes.Node) -> str | None:
    template = getattr(node, "template", None)
    return template.value if isinstance(template, nodes.Const) else None


def _tree(environment: Environment, name: str) -> nodes.Template:
    source = (environment.loader or OURS).get_source(environment, name)[0]
    return environment.parse(source, name)


def _chain(environment: Environment, name: str) -> list[str]:
    """The text itself and those that it is laid out by or takes from."""
    found = [name]
    for each in found:
        for node in _tree(environment, each).find_all(REFERENCES):
            named = _named_by(node)
            if named is not None and named not in found:
                found.append(named)
    return found


def _says(environment: Environment, name: str) -> set[str]:
    """The facts that it speaks of, wherever they stand."""
    chain = _chain(environment, name)
    return {word for each in chain for word in find_undeclared_variables(_tree(environment, each))}


def _complaint(name: str, text: str, facts: MessageFacts) -> str:
    if name.endswith(SUBJECT):
        return "" if text and "\n" not in text else "is not one line, which a subject is"
    return "" if facts.link in text else "leaves out {{ link }} in some cases"
