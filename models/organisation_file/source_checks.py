"""What must hold of the sources: words that stand on their scale, names that exist, no survey twice."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import TypeAlias

from models.mappings import EACH, Role, Scale
from models.organisation_file.faults import Place, Remark
from models.organisation_file.rows import Row, ids_in, names_of, rows_in, rows_of
from models.organisation_file.sources import read_scale
from models.spelling import did_you_mean
from models.survey import SCALES, Metric, Origin
from models.zones import known_zones

Document: TypeAlias = Mapping[str, object]

NAMED_IN: Mapping[str, str] = {
    "region": "regions",
    "trade": "trades",
    "touchpoint": "touchpoints",
    "topic": "zero_tolerance",
}

OF_EACH = frozenset({"score", str(Role.RESPONSE_ID)})
"""What no two responses of one body share; in a list of references each of them."""


def _surveys(document: Document) -> Iterator[Row]:
    for place, source in rows_in(document, "sources"):
        yield from rows_of(source.get("surveys"), (*place, "surveys"))


def _surveys_twice(document: Document) -> Iterator[Remark]:
    for place, source in rows_in(document, "sources"):
        met: set[object] = set()
        for where, survey in rows_of(source.get("surveys"), (*place, "surveys")):
            written = survey.get("id")
            if isinstance(written, str) and written in met:
                yield Remark((*where, "id"), f"the survey {written!r} stands in this source twice")
            met |= {written} if isinstance(written, str) else set()


def _words_off_the_scale(document: Document) -> Iterator[Remark]:
    for place, survey in _surveys(document):
        scale, words = _scale_of(survey), survey.get("words")
        met: dict[str, object] = {}
        for word, number in words.items() if isinstance(words, Mapping) else ():
            where = (*place, "words", word)
            if scale and isinstance(number, int) and not scale.holds(number):
                yield Remark(where, f"{number} is not on the scale {scale.worst}-{scale.best}")
            if met.setdefault(str(word).strip().casefold(), number) != number:
                yield Remark(where, f"the word {word!r} already stands for another number")


def _scale_of(survey: Mapping[str, object]) -> Scale | None:
    with suppress(ValueError):
        if "scale" in survey:
            return read_scale(survey["scale"])
        return Scale(*SCALES[Metric(str(survey.get("metric")))])
    return None


def _unknown_names(document: Document) -> Iterator[Remark]:
    known = {role: ids_in(document, section) for role, section in NAMED_IN.items()}
    known |= {str(Role.CHANNEL): set(Origin), str(Role.CUSTOMER_ZONE): set(known_zones())}
    for place, survey in _surveys(document):
        always = survey.get("always")
        for role, name in always.items() if isinstance(always, Mapping) else ():
            if role in known and isinstance(name, str) and name not in known[role]:
                meant = did_you_mean(name, known[role])
                yield Remark((*place, "always", role), f"unknown {role} {name!r}{meant}")


def _several_in_one_body(document: Document) -> Iterator[Remark]:
    """A list whose elements are responses: one for the whole source, and each has its own id and score."""
    for place, source in rows_in(document, "sources"):
        named = list(_references(place, source))
        lists = [each.partition(EACH)[0] for _, each in named if EACH in each]
        if not lists:
            continue
        if source.get("kind") != "generic":
            kind = source.get("kind")
            yield Remark(place, f"a body of the kind {kind} is one response: leave out {EACH}")
            continue
        for where, reference in named:
            yield from _of_one_list(where, reference, lists[0])


def _of_one_list(where: Place, reference: str, wanted: str) -> Iterator[Remark]:
    found, each, rest = reference.partition(EACH)
    if each and (found != wanted or EACH in rest or "[" in found):
        yield Remark(where, f"{reference!r} is of another list than {wanted + EACH!r}")
    elif not each and reference.startswith(f"{wanted}["):
        yield Remark(where, f"{reference!r} is of one response only; write {wanted + EACH!r}")
    elif not each and not OF_EACH.isdisjoint(map(str, where[-2:])):
        yield Remark(where, f"each response has its own: write {wanted + EACH}.…")


def _references(place: Place, source: Mapping[str, object]) -> Iterator[tuple[Place, str]]:
    yield from names_of(source.get("survey"), (*place, "survey"))
    for where, survey in rows_of(source.get("surveys"), (*place, "surveys")):
        yield from names_of(survey.get("score"), (*where, "score"))
        for group in ("fields", "facts"):
            written = survey.get(group)
            for name, named in written.items() if isinstance(written, Mapping) else ():
                yield from names_of(named, (*where, group, name))
        asked = [((*where, "consent"), survey.get("consent"))]
        for at, rule in (*asked, *rows_of(survey.get("exclude"), (*where, "exclude"))):
            if isinstance(rule, Mapping):
                yield from names_of(rule.get("field"), (*at, "field"))


SOURCE_CHECKS: tuple[Callable[[Document], Iterator[Remark]], ...] = (
    _surveys_twice,
    _words_off_the_scale,
    _unknown_names,
    _several_in_one_body,
)
