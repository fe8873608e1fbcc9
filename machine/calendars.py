"""On which days of a year which offices, and people with days of their own, are closed: for a person
to look over before he trusts it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from machine.organisation import organisation_text
from models.organisation_file.reading import read_file
from models.organisation_file.shape import WrittenOffice
from models.public_holidays import names_of

HEAD_OFFICE = "head_office"


def list_closed_days(path: Path, year: int) -> Iterator[str]:
    """Lines to read; offices that close on the same days stand together."""
    written = read_file(organisation_text(path), name=str(path))
    language = written.organisation.languages[0]
    offices = {HEAD_OFFICE: written.head_office}
    offices |= {region.id: office for region, office in written.offices}
    offices |= {person.id: office for person, office in written.desks}
    together: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, office in offices.items():
        together[tuple(_lines(_days(office, year, language)))].append(name)
    for lines, names in together.items():
        yield f"{year}, closed: {', '.join(names)}"
        yield from lines or ("  never",)


def _days(office: WrittenOffice, year: int, language: str) -> Mapping[date, str]:
    calendar = office.public_holidays
    public = names_of(calendar, year, language=language) if calendar else {}
    taken_out = frozenset[date]().union(*office.open)
    added = frozenset[date]().union(*office.closed)
    found = {
        day: f"{name} (open here)" if day in taken_out else name for day, name in public.items()
    }
    return found | {day: "written in the file" for day in added if day.year == year}


def _lines(days: Mapping[date, str]) -> Iterator[str]:
    for day, name in sorted(days.items()):
        yield f"  {day:%a %Y-%m-%d}  {name}"
