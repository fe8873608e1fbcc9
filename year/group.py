"""The invented group: thirty regions on all clocks, their people, and how these change over a year."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from ruamel.yaml import YAML

RULES = Path(__file__).with_name("rules.yaml")
NATIONAL_OWNER = "national_owner"
PARTNER, TEAM = "partner_english_line", "english_desk"
A_DEPUTY_HAS = 4
"""Regions."""

Written: TypeAlias = Mapping[str, Any]


class Place(NamedTuple):
    """A region with what of its calendar is not the head office's."""

    id: str
    zone: str = "Europe/Paris"
    holidays: str = "FR"
    hours: Mapping[str, str] | str | None = None


EARLY = {"mon-thu": "08:00-12:00, 13:30-17:30", "fri": "08:00-12:00, 13:30-16:00"}
SATURDAY = {"mon-fri": "09:00-12:30, 14:30-19:00", "sat": "09:00-12:00"}
HOT = {"mon-fri": "07:30-14:30"}
AT_NIGHT = {"mon-sun": "00:00-06:00, 20:00-24:00"}
"""The hours which a change of clocks skips or repeats are working hours here."""

PLACES: Sequence[Place] = (
    Place("ile_de_france"),
    Place("hauts_de_france"),
    Place("normandie"),
    Place("bretagne", hours=EARLY),
    Place("pays_de_la_loire"),
    Place("centre"),
    Place("bourgogne", hours=EARLY),
    Place("champagne"),
    Place("alsace", holidays="FR-57", hours=EARLY),
    Place("moselle", holidays="FR-57"),
    Place("auvergne"),
    Place("lyon", hours=SATURDAY),
    Place("savoie", hours=SATURDAY),
    Place("aquitaine"),
    Place("limousin"),
    Place("occitanie"),
    Place("provence", hours=SATURDAY),
    Place("cote_d_azur", hours=SATURDAY),
    Place("corse"),
    Place("la_reunion", "Indian/Reunion", "FR-974", HOT),
    Place("mayotte", "Indian/Mayotte", "FR-976", HOT),
    Place("martinique", "America/Martinique", "FR-972", HOT),
    Place("guadeloupe", "America/Guadeloupe", "FR-971", HOT),
    Place("guyane", "America/Cayenne", "FR-973", HOT),
    Place("ireland", "Europe/Dublin", "IE", {"mon-sat": "08:00-20:00"}),
    Place("quebec", "America/Toronto", "CA-QC", AT_NIGHT),
    Place("santiago", "America/Santiago", "CL"),
    Place("melbourne", "Australia/Melbourne", "AU-VIC"),
    Place("lord_howe", "Australia/Lord_Howe", "AU-NSW", "24/7"),
    Place("auckland", "Pacific/Auckland", "NZ"),
)
REGIONS = tuple(place.id for place in PLACES)
REFERENTS: Mapping[str, Sequence[str]] = {
    "ile_de_france": ("works",),
    "bretagne": ("after_sales", "choices"),
    "martinique": ("after_sales",),
}
"""For which trades others turn to the director of a region."""


@dataclass(frozen=True, slots=True)
class Group:
    """As it is at some time. `gone` are the regions whose director has left; another one follows him."""

    gone: frozenset[str] = frozenset()
    targets: Mapping[str, str] = field(default_factory=dict)
    """Those that are others than in rules.yaml."""

    def written(self) -> str:
        """The organisation's file: JSON is YAML."""
        rules = YAML(typ="safe").load(RULES.read_text())
        rules["targets"] |= self.targets
        rules["regions"] = [_region(number) for number in range(len(PLACES))]
        rules["people"] = [*self._directors(), *_deputies(), *_others()]
        rules["routing"] = [
            {"trade": "after_sales", "language": "en", "to": TEAM},
            {"touchpoint": "keys", "language": "en", "to": TEAM},
            *({"region": place.id, "to": self.director_of(place.id)} for place in PLACES),
        ]
        rules["successors"] = {f"director_{r}": self.director_of(r) for r in sorted(self.gone)}
        return json.dumps(rules, ensure_ascii=False, indent=1)

    def director_of(self, region: str) -> str:
        return f"successor_{region}" if region in self.gone else f"director_{region}"

    def people(self) -> Sequence[str]:
        """Who takes cases."""
        directors = [self.director_of(region) for region in REGIONS]
        return [*directors, *map(deputy, range(_deputy_of(len(REGIONS) - 1) + 1)), NATIONAL_OWNER]

    def _directors(self) -> Iterator[Written]:
        for number, place in enumerate(PLACES):
            yield _person(
                self.director_of(place.id),
                "director",
                number + (100 if place.id in self.gone else 0),
                deputy=deputy(_deputy_of(number)),
                regions=[place.id],
                referent_of=REFERENTS.get(place.id, []),
            )


def deputy(number: int) -> str:
    return f"deputy_{number + 1}"


def deputy_of(region: str) -> str:
    return deputy(_deputy_of(REGIONS.index(region)))


def _deputy_of(region: int) -> int:
    return region // A_DEPUTY_HAS


def _region(number: int) -> Written:
    """Its neighbours are those beside it in the list."""
    place = PLACES[number]
    beside = [REGIONS[n] for n in (number - 1, number + 1) if 0 <= n < len(REGIONS)]
    told = {"time_zone": place.zone, "public_holidays": place.holidays, "hours": place.hours}
    own = {key: word for key, word in told.items() if word is not None}
    shown = place.id.replace("_", " ").title()
    return {"id": place.id, "name": shown, "neighbours": beside, **own}


def _deputies() -> Iterator[Written]:
    for number in range(_deputy_of(len(REGIONS) - 1) + 1):
        first = number * A_DEPUTY_HAS
        regions = list(REGIONS[first : first + A_DEPUTY_HAS])
        yield _person(deputy(number), "deputy", 200 + number, regions=regions)


def _others() -> Iterator[Written]:
    yield _person(
        PARTNER,
        "partner",
        300,
        deputy=deputy(0),
        time_zone="Europe/Dublin",
        hours={"mon-sat": "08:00-20:00"},
        public_holidays="IE",
    )
    yield _person(NATIONAL_OWNER, "national_owner", 301, deputy=deputy(0))
    yield _person("managing_director", "executive", 302)
    yield _person("operator", "operator", 303)


def _person(name: str, role: str, number: int, **more: object) -> Written:
    """Every third one reads mails only; every fifth one English."""
    mail = {"email": f"{name}@belvallee.example"}
    phone = {"phone": f"+3363998{number:04}"} if number % 3 else {}
    language = "en" if number % 5 == 4 else "fr"
    shown = name.replace("_", " ").title()
    return {"id": name, "name": shown, "role": role, "language": language, **mail, **phone, **more}
