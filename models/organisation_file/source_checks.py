"""What must hold of the sources: words that stand on their scale, names that exist, no survey twice."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import TypeAlias

from models.mappings import Role, Scale
from models.organisation_file.faults import Remark
from models.organisation_file.rows import Row, ids_in, rows_in, rows_of
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


SOURCE_CHECKS: tuple[Callable[[Document], Iterator[Remark]], ...] = (
    _surveys_twice,
    _words_off_the_scale,
    _unknown_names,
)
