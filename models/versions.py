"""The two versions of the organisation that a case lives by."""

from dataclasses import dataclass, replace

from models.absence import Absence
from models.ladder import Policy
from models.organisation import Organisation
from models.survey import Origin
from models.topics import Topic


@dataclass(frozen=True, slots=True)
class Versions:
    """`pinned` gives a case its targets, ladder and hours; `today` gives it people and routing.

    `absences` are those that run at the instant that was asked for.
    """

    pinned: Organisation
    today: Organisation
    absences: tuple[Absence, ...] = ()

    def topic(self, topic: str | None) -> Topic | None:
        """As the case's own version knows it; one that an answer brought later, as today's does."""
        return self.pinned.topics.get(topic or "") or self.today.topics.get(topic or "")

    def policy(self, topic: str | None, origin: Origin) -> Policy:
        """The case's own, with the targets of the channel by which the customer was heard, and above
        them those of its zero-tolerance topic.
        """
        policy, known = self.pinned.policy, self.topic(topic)
        of_topic = known.targets if known else {}
        targets = {**policy.targets, **policy.by_origin.get(origin, {}), **of_topic}
        return replace(policy, targets=targets)
