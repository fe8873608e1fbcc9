"""Zero-tolerance topics: the words by which a customer's own show that a case starts at the top.

Words are compared without capitals and accents; an apostrophe or a hyphen parts words as a space does.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from models.labels import Label
from models.ladder import Span, Target
from models.spelling import plain

ANY_ENDING = "*"
SHORTEST_STEM = 3
"""Letters before `*`: fewer would stand at the beginning of half the dictionary."""
WORD = re.compile(r"[^\W_]+")

Phrase: TypeAlias = tuple[str, ...]
"""Words that follow one another, in plain letters; one that ends in `*` may go on as it likes."""


@dataclass(frozen=True, slots=True)
class Topic:
    """`targets` are its own, where they differ; `at_once` asks a colleague outside opening hours too."""

    id: str
    label: Label
    phrases: tuple[Phrase, ...]
    targets: Mapping[Target, Span] = field(default_factory=dict)
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """`words` are the customer's, as he wrote them; none where the survey itself named the topic."""

    topic: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """A word of a text in plain letters, and where it stands there."""

    plain: str
    start: int
    end: int


def found(topics: Iterable[Topic], text: str) -> tuple[Match, ...]:
    """In the order of `topics`. The time grows with the length of the text, and no faster."""
    text = unicodedata.normalize("NFC", text)
    said = [Said(plain(word[0]), *word.span()) for word in WORD.finditer(text)]
    matches = (Match(topic.id, _passages(topic.phrases, said, text)) for topic in topics)
    return tuple(match for match in matches if match.words)


def gravest(topics: Mapping[str, Topic], text: str, *, named: str | None) -> Match | None:
    """Of what the customer wrote and what the survey `named`: the topics stand in order of gravity."""
    matches = {match.topic: match for match in found(topics.values(), text)}
    if named and named in topics:
        matches.setdefault(named, Match(named))
    return next((matches[topic] for topic in topics if topic in matches), None)


def graver(topics: Mapping[str, Topic], one: str | None, other: str) -> str:
    """One that is in force no more is less grave than any that is."""
    return next((topic for topic in topics if topic in {one, other}), one or other)


def _passages(phrases: Iterable[Phrase], said: Sequence[Said], text: str) -> tuple[str, ...]:
    """Each once; of phrases that begin at the same word the longest."""
    by_start: defaultdict[str, list[Phrase]] = defaultdict(list)
    for phrase in phrases:
        by_start[phrase[0][:SHORTEST_STEM]].append(phrase)
    return tuple(dict.fromkeys(_each_passage(by_start, said, text)))


def _each_passage(
    by_start: Mapping[str, Sequence[Phrase]], said: Sequence[Said], text: str
) -> Iterator[str]:
    passed = 0
    for n, word in enumerate(said):
        begun = by_start.get(word.plain[:SHORTEST_STEM], ()) if n >= passed else ()
        length = max((len(phrase) for phrase in begun if _stands_at(phrase, said, n)), default=0)
        if length:
            passed = n + length
            yield " ".join(text[word.start : said[passed - 1].end].split())


def _stands_at(phrase: Phrase, said: Sequence[Said], place: int) -> bool:
    words = said[place : place + len(phrase)]
    return len(words) == len(phrase) and all(map(_is_meant, phrase, words))


def _is_meant(wanted: str, word: Said) -> bool:
    stem = wanted.removesuffix(ANY_ENDING)
    return word.plain == wanted if stem == wanted else word.plain.startswith(stem)
