"""How each rule raises the customer's satisfaction, as the file says it under `raises`."""

from collections.abc import Iterator, Mapping

from models.labels import Label
from models.organisation_file.faults import Place
from models.organisation_file.fields import label_of
from models.organisation_file.rows import rows_in
from models.organisation_file.shape import WrittenOrganisation
from models.rules import Section, place_of

LISTED = (Section.ROUTING, Section.LADDER, Section.ZERO_TOLERANCE)
"""Sections of many rules; each of the others is one."""


def reasons_of(written: WrittenOrganisation, languages: tuple[str, ...]) -> Mapping[str, Label]:
    """By the rule's place. A rule that does not say it is not among them."""
    said = dict(_each(written))
    return {place: label_of(label, languages) for place, label in said.items() if label}


def reasons_in(document: Mapping[str, object]) -> Iterator[tuple[Place, object]]:
    """Of the raw document, with the place of each."""
    for section in Section:
        if section in LISTED:
            for place, row in rows_in(document, section):
                yield (*place, "raises"), row.get("raises")
            continue
        rule = document.get(section)
        if isinstance(rule, Mapping):
            yield (str(section), "raises"), rule.get("raises")


def _each(written: WrittenOrganisation) -> Iterator[tuple[str, Mapping[str, str] | None]]:
    for number, route in enumerate(written.routing, start=1):
        yield place_of(Section.ROUTING, number), route.raises
    yield place_of(Section.TARGETS), written.targets.raises
    for number, level in enumerate(written.ladder, start=1):
        yield place_of(Section.LADDER, number), level.raises
    yield place_of(Section.CALLS), written.calls.raises
    yield place_of(Section.THRESHOLDS), written.unhappy_up_to.raises
    for topic in written.zero_tolerance:
        yield place_of(Section.ZERO_TOLERANCE, topic.id), topic.raises
    yield place_of(Section.AUTHORITY), written.authority.raises
