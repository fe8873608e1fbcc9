"""What must hold between the sections of the organisation's file: names that exist, ids that are
alone, somebody at the end of every way.

The checks read the raw document and pass over what has not the expected shape, so that one run
tells everything: a misspelt duration does not hide a misspelt name.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain

from models.organisation import WRITTEN
from models.organisation_file.authority import AUTHORITY_CHECKS
from models.organisation_file.causes import (
    branches_without_children,
    labels_in_playbooks,
    unknown_doers,
)
from models.organisation_file.faults import KEY, Place, Remark
from models.organisation_file.grammar import read_phrase
from models.organisation_file.ladder_checks import LADDER_CHECKS
from models.organisation_file.pauses import pauses_in
from models.organisation_file.reasons import reasons_in
from models.organisation_file.rows import (
    Row,
    causes_in,
    ids_in,
    names_of,
    operators_in,
    roles_in,
    rows_in,
)
from models.organisation_file.source_checks import SOURCE_CHECKS
from models.organisation_file.teams import TEAM_CHECKS
from models.people import Channel, Role
from models.spelling import did_you_mean
from models.topics import Phrase

NAMED = ("regions", "trades", "touchpoints")
"""Sections whose rows have a label."""
WAYS: Mapping[str, str] = {Channel.SMS: "phone", Channel.EMAIL: "email"}
"""Where the address stands for it."""
ANYBODY = "anybody"
"""People and teams, who have their ids together: a case goes to either."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Rows of `section` name a thing of another section under `key`."""

    section: str
    key: str
    noun: str
    named_in: str


REFERENCES = (
    Reference("people", "language", "language", "languages"),
    Reference("people", "deputy", "person", "people"),
    Reference("people", "regions", "region", "regions"),
    Reference("people", "trades", "trade", "trades"),
    Reference("people", "referent_of", "trade", "trades"),
    Reference("regions", "neighbours", "region", "regions"),
    Reference("teams", "members", "person", "people"),
    Reference("teams", "overflow", "person or team", ANYBODY),
    Reference("routing", "to", "person or team", ANYBODY),
    Reference("routing", "region", "region", "regions"),
    Reference("routing", "trade", "trade", "trades"),
    Reference("routing", "touchpoint", "touchpoint", "touchpoints"),
    Reference("ladders", "region", "region", "regions"),
    Reference("ladders", "trade", "trade", "trades"),
    Reference("ladders", "touchpoint", "touchpoint", "touchpoints"),
)


def cross_check(document: Mapping[str, object]) -> Iterator[Remark]:
    for check in CHECKS:
        yield from check(document)


def _unknown_names(document: Mapping[str, object]) -> Iterator[Remark]:
    known = {section: ids_in(document, section) for section in (*NAMED, "people", "teams")}
    known["languages"] = set(_languages(document))
    known[ANYBODY] = known["people"] | known["teams"]
    for reference in REFERENCES:
        for place, row in rows_in(document, reference.section):
            for where, name in names_of(row.get(reference.key), (*place, reference.key)):
                if name not in known[reference.named_in]:
                    meant = did_you_mean(name, known[reference.named_in])
                    yield Remark(where, f"unknown {reference.noun} {name!r}{meant}")


def _unspoken_languages(document: Mapping[str, object]) -> Iterator[Remark]:
    """A language without templates would hold up every commit that has to say something in it."""
    spoken = ", ".join(WRITTEN)
    for language, place in _languages(document).items():
        if language not in WRITTEN:
            yield Remark(place, f"there are no messages in {language!r}, only in {spoken}")


def _taken_ids(document: Mapping[str, object]) -> Iterator[Remark]:
    for section in (*NAMED, "sources", "zero_tolerance", "ladders"):
        yield from _repeated(rows_in(document, section))
    yield from _repeated(chain(rows_in(document, "people"), rows_in(document, "teams")))
    yield from _repeated(causes_in(document))
    yield from _repeated(pauses_in(document))


def _repeated(rows: Iterator[Row]) -> Iterator[Remark]:
    taken: dict[str, Place] = {}
    for place, row in rows:
        match row.get("id"):
            case str(name) if name in taken:
                first = ".".join(map(str, taken[name]))
                yield Remark((*place, "id"), f"the id {name!r} is taken by {first}")
            case str(name):
                taken[name] = place


def _unreachable_people(document: Mapping[str, object]) -> Iterator[Remark]:
    for place, row in rows_in(document, "people"):
        if not row.get("phone") and not row.get("email"):
            yield Remark(place, "this person has neither phone nor email")
        key = WAYS.get(str(row.get("prefers")), "")
        if key and not row.get(key):
            yield Remark((*place, "prefers"), f"this person has no {key}")
        if row.get("deputy") is not None and row.get("deputy") == row.get("id"):
            yield Remark((*place, "deputy"), "a person cannot be his own deputy")


def _wrong_successors(document: Mapping[str, object]) -> Iterator[Remark]:
    people, written = ids_in(document, "people"), document.get("successors")
    takers = people - operators_in(document)
    for left, heir in written.items() if isinstance(written, Mapping) else ():
        if left in people:
            yield Remark(("successors", left, KEY), f"{left!r} still stands in people")
        if isinstance(heir, str) and heir not in takers:
            meant = did_you_mean(heir, takers)
            yield Remark(("successors", left), f"nobody who takes cases is called {heir!r}{meant}")


def _nobody_at_the_top(document: Mapping[str, object]) -> Iterator[Remark]:
    if "people" in document and Role.NATIONAL_OWNER not in roles_in(document):
        yield Remark(("people",), "no person has the role 'national_owner'")


def _words_of_two_topics(document: Mapping[str, object]) -> Iterator[Remark]:
    """A case has one topic: the same words cannot lead to two."""
    taken: dict[Phrase, tuple[Place, Place]] = {}
    for topic, row in rows_in(document, "zero_tolerance"):
        for place, written in _lexicon(row, topic):
            with suppress(ValueError):
                first, at = taken.setdefault(read_phrase(written), (topic, place))
                if first != topic:
                    there = ".".join(map(str, at))
                    yield Remark(place, f"the words {written!r} already stand in {there}")


def _lexicon(topic: Mapping[str, object], place: Place) -> Iterator[tuple[Place, str]]:
    words = topic.get("words")
    for language, phrases in words.items() if isinstance(words, Mapping) else ():
        yield from names_of(phrases, (*place, "words", language))


def _attempts_twice(document: Mapping[str, object]) -> Iterator[Remark]:
    """The key of an older file is still understood where it stands alone."""
    if "calls" in document and "unreachable_after" in document:
        yield Remark(("unreachable_after", KEY), "calls.at_most says this now; take it out")


def _untranslated_labels(document: Mapping[str, object]) -> Iterator[Remark]:
    languages = set(_languages(document))
    for place, label in _labels(document):
        for language in sorted(languages - label.keys()):
            yield Remark(place, f"has no word in {language!r}")
        for language in label.keys() - languages:
            meant = did_you_mean(str(language), languages)
            yield Remark((*place, language, KEY), f"unknown language {language!r}{meant}")


def _labels(document: Mapping[str, object]) -> Iterator[Row]:
    """Only those written by language, as a lexicon is: one plain word is the same in all of them."""
    house = document.get("organisation")
    named: list[tuple[Place, object]] = []
    if isinstance(house, Mapping):
        named.append((("organisation", "motto"), house.get("motto")))
    for rows in (
        *(rows_in(document, section) for section in (*NAMED, "teams", "zero_tolerance")),
        causes_in(document),
        pauses_in(document),
    ):
        named.extend(((*place, "name"), row.get("name")) for place, row in rows)
    for place, row in rows_in(document, "zero_tolerance"):
        named.append(((*place, "words"), row.get("words")))
    named.extend((*labels_in_playbooks(document), *reasons_in(document)))
    return ((place, label) for place, label in named if isinstance(label, Mapping))


def _languages(document: Mapping[str, object]) -> dict[str, Place]:
    """With the place of each."""
    house = document.get("organisation")
    written = house.get("languages") if isinstance(house, Mapping) else None
    return {name: place for place, name in names_of(written, ("organisation", "languages"))}


CHECKS: tuple[Callable[[Mapping[str, object]], Iterator[Remark]], ...] = (
    _unknown_names,
    _unspoken_languages,
    _taken_ids,
    _unreachable_people,
    _wrong_successors,
    *TEAM_CHECKS,
    _nobody_at_the_top,
    *LADDER_CHECKS,
    *AUTHORITY_CHECKS,
    _words_of_two_topics,
    *SOURCE_CHECKS,
    _attempts_twice,
    branches_without_children,
    unknown_doers,
    _untranslated_labels,
)
