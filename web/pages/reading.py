"""One reader and the versions that a case lives by: ids become his words, instants his own clock's."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from models.doers import instead_of, with_stand_ins
from models.labels import Label
from models.opening_hours import OpeningHours
from models.organisation import word
from models.people import Person
from models.versions import Versions
from models.workday import hours_at_work


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads, and what turns ids and instants into his words."""

    me: Person
    versions: Versions
    zone: ZoneInfo
    now: datetime

    def word(self, label: Label) -> str:
        return word(label, self.me.language)

    def person(self, person: str) -> str:
        """The bare id of who has left, and of `customer` and `system`, for which the page has words."""
        known, team = self.versions.today.people.get(person), self.team(person)
        return known.name if known else team or person

    def instead_of(self, person: str) -> str | None:
        """The name of who does his work today; None where he does it himself."""
        doers = with_stand_ins(self.versions.today, self.versions.absences, self.now)
        doer = instead_of(person, doers)
        return doer.name if doer else None

    def team(self, team: str) -> str | None:
        known = self.versions.today.teams.get(team)
        return self.word(known.label) if known else None

    def cause(self, cause: str) -> str:
        labels = {c.id: c.label for c in self.versions.pinned.walk_causes()}
        return self.word(labels.get(cause, {})) or cause

    def hours_of(self, person: str, *, region: str | None) -> OpeningHours:
        """In which he works on a case of `region`."""
        return hours_at_work(self.versions.pinned, self.versions.today, person, region=region)

    def topic(self, topic: str | None) -> str | None:
        known = self.versions.topic(topic)
        return self.word(known.label) if known else topic

    def pause(self, reason: str) -> str:
        known = self.versions.today.pauses.reasons.get(reason)
        return self.word(known.label) if known else reason

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)
