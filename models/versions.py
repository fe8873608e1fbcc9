"""The two versions of the organisation that a case lives by."""

from dataclasses import dataclass, replace
from datetime import datetime

from models.absence import Absence
from models.conditions import About
from models.ladder import Policy
from models.organisation import Organisation
from models.sharing import Sharing
from models.survey import Origin
from models.teams import UNLOADED, Loads
from models.topics import Topic


@dataclass(frozen=True, slots=True)
class Versions:
    """`pinned` gives a case its targets, ladder and hours; `today` gives it people and routing.

    `absences` are those that run at the instant that was asked for, `unreachable` the people whom
    nothing reaches then.
    """

    pinned: Organisation
    today: Organisation
    absences: tuple[Absence, ...] = ()
    unreachable: frozenset[str] = frozenset()

    def sharing(self, at: datetime, loads: Loads = UNLOADED, *, but: str | None = None) -> Sharing:
        return Sharing(self.today, self.absences, at, loads, self.unreachable, but)

    def topic(self, topic: str | None) -> Topic | None:
        """As the case's own version knows it; one that an answer brought later, as today's does."""
        return self.pinned.topics.get(topic or "") or self.today.topics.get(topic or "")

    def rings_at_night(self, topic: str | None) -> bool:
        """Whether who must act on it is asked outside opening hours, too."""
        known = self.topic(topic)
        return known is not None and known.at_once

    def policy(
        self, topic: str | None, about: About, *, level: int, origin: Origin = Origin.SURVEY
    ) -> Policy:
        """The case's own: the targets of the channel by which the customer was heard, above them those
        of the level where it stands, and above these those of its zero-tolerance topic.
        """
        policy, known = self.pinned.policy_for(about), self.topic(topic)
        by_origin, on_level = policy.by_origin.get(origin, {}), policy.level(level).targets
        of_topic = known.targets if known else {}
        return replace(policy, targets={**policy.targets, **by_origin, **on_level, **of_topic})
