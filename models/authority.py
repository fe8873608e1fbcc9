"""How far somebody's word goes: what a gesture may cost before somebody higher must say yes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.money import Money
from models.people import Person, Role


@dataclass(frozen=True, slots=True)
class GestureRules:
    """`limits` are whole cents of the organisation's currency, by role; None is no limit. Without any
    nobody is limited. `review_share` of the gestures that needed no yes are looked at afterwards.
    """

    limits: Mapping[Role, int | None] = field(default_factory=dict)
    review_share: float = 0.0

    def limit_of(self, person: Person) -> int | None:
        return self.limits.get(person.role, 0) if self.limits else None

    def covers(self, person: Person, cost: Money | None) -> bool:
        limit = self.limit_of(person)
        return limit is None or (cost is not None and cost.cents <= limit)


UNLIMITED = GestureRules()
