"""Who gets a case after whom, if nobody ever acts: the levels above the person on a line of the roster."""

from collections.abc import Iterator
from datetime import datetime

from models.assignment import Circumstances, assign
from models.case import CaseState, Move
from models.conditions import About
from models.people import Person
from models.roster import Post
from models.transfers import UpTheLadder
from models.versions import Versions


def above(
    versions: Versions,
    line: Post,
    at: datetime,
    *,
    picked: Person | None = None,
) -> tuple[str, ...]:
    """Of a case of which no more is known than the line's rule says; levels that are passed by are not
    there. It climbs by the very function that moves a case. `picked` is who has a team's next case.
    """
    route = line.route
    about = About(route.region, route.trade, route.touchpoint, route.language) if route else About()
    today = versions.today
    policy = today.policy_for(about)
    found = Circumstances(
        about,
        today,
        policy,
        at,
        absences=versions.absences,
        unreachable=versions.unreachable,
    )
    named = picked.id if picked else line.named.id
    owner = line.answers.person.id if line.answers else named
    start = CaseState("", at, assignee=named, owner=owner)
    return tuple(dict.fromkeys(_climb(start, found)))


def _climb(state: CaseState, found: Circumstances) -> Iterator[str]:
    while state.level < found.policy.last:
        higher = assign(Move(state, (), transfer=UpTheLadder(state.level + 1)), found).state
        if higher.owner and higher.owner != state.owner:
            yield higher.owner
        state = higher
