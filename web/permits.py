"""Whether an act may be asked for at all: who asks, and whether what he names exists.

Whether it fits where the case stands is the workflow's to judge.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from models.actions import (
    Acknowledge,
    Act,
    AddAction,
    Attempt,
    CallMe,
    Close,
    Confirm,
    Contact,
    FinishAction,
    HandOver,
    NameCause,
    Outcome,
    Pause,
    PromiseKind,
    Reached,
)
from models.case import CaseState
from models.causes import read_suggested, suggestion_of
from models.doers import with_stand_ins
from models.errors import NoAuthority, NotAllowed, NotUnderstood, WrongMove
from models.handling import (
    ApproveGesture,
    AskTime,
    ChangeAction,
    DropAction,
    RefuseAction,
    RefuseGesture,
)
from models.money import Money
from models.organisation import Organisation
from models.people import Person, Right, Role, may
from models.promises import promisable
from models.repairs import is_his
from models.spelling import did_you_mean
from models.store.casebook import state_of
from models.store.views import facts_of
from models.tables import CaseRow
from models.teams import Team
from models.timeline import CUSTOMER
from models.versions import Versions
from web.accepting import require_others_work
from web.doers import require_doer_there, require_there
from web.gestures import is_asked, require_within, require_worth
from web.holders import require_holder
from web.resting import require_rest

FARTHEST_PROMISE = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class Wish:
    """`actor` is a person's id, or `customer` for his own confirmation.

    `asked` is the request as it was sent: the same key with another one is refused.
    """

    case_id: str
    actor: str
    key: str
    act: Act
    asked: str
    words: Mapping[str, str] = field(default_factory=dict)


def require_permitted(wish: Wish, row: CaseRow, versions: Versions, *, now: datetime) -> None:
    """Raises NotAllowed, WrongMove, or NotUnderstood with what was probably meant."""
    doers = with_stand_ins(versions.today, versions.absences, now)
    _check_right(versions.today, row, wish, doers)
    _check_content(versions, wish.act, owner=row.owner, now=now)
    require_doer_there(wish.act, wish.actor, row, versions)
    require_worth(wish.act)
    if isinstance(wish.act, Pause):
        require_rest(wish.act, versions, row, now=now)
    _check_words(wish)


def acting_person(organisation: Organisation, actor: str) -> Person:
    """Raises NotUnderstood, with the id that was probably meant."""
    person = organisation.people.get(actor)
    if person is None:
        hint = did_you_mean(actor, organisation.people) or "."
        raise NotUnderstood(f"Nobody has the id {actor!r}{hint}", place="by")
    return person


def _check_right(today: Organisation, row: CaseRow, wish: Wish, doers: Organisation) -> None:
    if wish.actor == CUSTOMER:
        _require_customers_own(wish.act)
        return
    person = acting_person(today, wish.actor)
    if not _may_ask(person, wish.act, row, today, doers):
        raise _no_right(person)
    _require_authority(person, wish.act, today, row)
    if isinstance(wish.act, Acknowledge):
        require_holder(person, row)
    require_within(person, wish.act, row, today)
    require_others_work(person, wish.act, row)


def _may_ask(
    person: Person, act: Act, row: CaseRow, today: Organisation, doers: Organisation
) -> bool:
    """Who has an action on somebody else's case finishes it there, or says that he needs time."""
    match act:
        case AskTime(number=number):
            return has_work(person, row, doers, number=number)
        case ApproveGesture(number=number) | RefuseGesture(number=number) if is_asked(
            person, number, row, today
        ):
            return True
        case FinishAction(number=number) if has_work(person, row, doers, number=number):
            return True
        case HandOver(to=to) if to == person.id:
            return may(person, Right.TAKE, facts_of(row))
        case _:
            return may(person, Right.ACT, facts_of(row))


def has_work(
    person: Person, row: CaseRow, today: Organisation, *, number: int | None = None
) -> bool:
    """Whether that action of the case is his, or any of them; whatever has become of it."""
    state = state_of(row)
    actions = state.actions if state else ()
    return any(number in {None, a.number} and is_his(a, person, today) for a in actions)


def _require_authority(person: Person, act: Act, today: Organisation, row: CaseRow) -> None:
    """Of who promises, whoever keeps it: his word binds the company. Raises NoAuthority."""
    match act:
        case AddAction(promise=PromiseKind.COMMITMENT_TO_REPAIR):
            if act.promise not in may_promise(person, today):
                who = " or ".join(sorted(today.may_commit_to_repair))
                raise NoAuthority(f"Only a {who} may commit to a repair.")
        case Pause():
            if not may_pause(person, row):
                raise NoAuthority("Only the owner of a case or the national owner lets it rest.")
        case _:
            return


def may_pause(person: Person, row: CaseRow) -> bool:
    return person.id == row.owner or person.role is Role.NATIONAL_OWNER


def may_promise(
    person: Person, today: Organisation, state: CaseState | None = None
) -> tuple[PromiseKind, ...]:
    """Whatever the case; or what this one takes."""
    kinds = promisable(state) if state else tuple(PromiseKind)
    if person.role in today.may_commit_to_repair:
        return kinds
    return tuple(kind for kind in kinds if kind is not PromiseKind.COMMITMENT_TO_REPAIR)


def require_hands(person: Person, row: CaseRow) -> None:
    """Raises NotAllowed for who can neither act on the case nor take it."""
    facts = facts_of(row)
    if not (may(person, Right.ACT, facts) or may(person, Right.TAKE, facts)):
        raise _no_right(person)


def _check_content(versions: Versions, act: Act, *, owner: str | None, now: datetime) -> None:
    """Names that an act refers to must exist: people today, causes in the version of the case."""
    people, teams = versions.today.people, versions.today.teams
    match act:
        case HandOver(to=team) if team in teams:
            _require_somebody(teams[team], versions, but=owner, now=now)
        case HandOver(to=person):
            _require(person, {*people, *teams}, place="to", what="person or team")
            _require_case_worker(people[person], place="to")
            require_there(people[person], versions)  # else the roster would move it on at once
        case AddAction(owner=person, due=due, suggested=suggested, cost=cost):
            _require_doer(person, people)
            _require_near(due, now, place="due")
            _require_our_money(cost, versions.today)
            _require_in_a_playbook(suggested, versions)
        case FinishAction(cost=cost):
            _require_our_money(cost, versions.today)
        case RefuseAction(due=due) | AskTime(due=due):
            _require_near(due, now, place="due")
        case ApproveGesture(due=due):
            _require_near(due or now, now, place="due")
        case ChangeAction(due=due, owner=owner, cost=cost):
            _require_near(due or now, now, place="due")
            _require_our_money(cost, versions.today)
            if owner is not None:
                _require_doer(owner, people)
        case Attempt(outcome=outcome, again_at=datetime() as again_at):
            _require_postponed(outcome)
            _require_near(again_at, now, place="again_at")
        case NameCause(cause=cause):
            _require_nameable(cause, versions)
        case _:
            return


def _check_words(wish: Wish) -> None:
    """Who takes a case himself says why too: who had it reads it."""
    match wish.act:
        case HandOver():
            _require_words(wish, "reason", "Say why the case changes hands.")
        case Close(outcome=Outcome.WITHDRAWN):
            _require_words(wish, "note")
        case AddAction():
            _require_words(wish, "what")
        case Pause():
            _require_words(wish, "words")
        case RefuseAction() | AskTime() | ChangeAction() | DropAction() | RefuseGesture():
            _require_words(wish, "reason")
        case _:
            return


def _require_words(wish: Wish, name: str, asked: str = "This must be said in words.") -> None:
    if not wish.words.get(name, "").strip():
        raise NotUnderstood(asked, place=name)


def _require_customers_own(act: Act) -> None:
    """A customer answers whether it is solved, asks for a talk about it, or says when to call him."""
    match act:
        case Confirm() | CallMe() | Attempt(Reached.LATER, Contact.WRITTEN, datetime(), None):
            return
        case _:
            raise NotUnderstood("The customer cannot do this.", place="by")


def _require_case_worker(person: Person, *, place: str) -> None:
    if not person.takes_cases:
        raise NotUnderstood("An operator takes no cases.", place=place)


def _require_doer(person: str, people: Mapping[str, Person]) -> None:
    _require(person, people, place="owner", what="person")
    _require_case_worker(people[person], place="owner")


def _require_our_money(cost: Money | None, today: Organisation) -> None:
    if cost is not None and cost.currency != today.currency:
        raise NotUnderstood(f"Costs are counted in {today.currency}.", place="cost")


def _require_nameable(cause: str, versions: Versions) -> None:
    """By the tree of the case's version; a branch may be too broad to stop at."""
    tree = {each.id: each for each in versions.pinned.walk_causes()}
    _require(cause, tree, place="cause", what="root cause")
    if not tree[cause].nameable:
        finer = ", ".join(child.id for child in tree[cause].children)
        raise WrongMove("too_broad", f"{cause!r} must be refined: {finer}.")


def _require_in_a_playbook(suggested: str | None, versions: Versions) -> None:
    """What is counted as following a playbook must stand in one."""
    found = read_suggested(suggested) if suggested else None
    known = suggestion_of(versions.pinned.causes, found) if found else None
    if suggested and known is None:
        raise NotUnderstood("There is no such suggestion in a playbook.", place="suggested")


def _require_somebody(team: Team, versions: Versions, *, but: str | None, now: datetime) -> None:
    """Else its overflow, or the national owner, would get what was meant for this team."""
    if not versions.sharing(now, but=but).is_there(team):
        raise WrongMove("team_away", f"Nobody else of the team {team.id} is there.")


def _require_postponed(outcome: Reached) -> None:
    if outcome is not Reached.LATER:
        raise NotUnderstood("Only who asked for another time is called again.", place="again_at")


def _require_near(at: datetime, now: datetime, *, place: str) -> None:
    """Farther than this a date is a slip of the finger, and no calendar can be trusted."""
    if at > now + FARTHEST_PROMISE:
        raise NotUnderstood("Is the year right? It is more than two years away.", place=place)


def _require(name: str, known: Collection[str], *, place: str, what: str) -> None:
    if name not in known:
        hint = did_you_mean(name, known) or "."
        raise NotUnderstood(f"There is no {what} {name!r}{hint}", place=place)


def _no_right(person: Person) -> NotAllowed:
    return NotAllowed(f"{person.id} has no right to act on this case.")
