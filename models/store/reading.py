"""Cases as one person may read them. Who may is decided by `models.people.may`."""

from dataclasses import dataclass, replace

from sqlmodel.ext.asyncio.session import AsyncSession

from models.action import Action, Stand
from models.approvers import is_approver, may_answer
from models.errors import NotAllowed, NotKnown
from models.organisation import Organisation
from models.people import Person, Right, may
from models.repairs import WORK, is_his
from models.store.customer_views import CustomerView
from models.store.views import ActionView, CaseView, read_case
from models.timeline import EntryKind
from models.vault import Vault


async def read_case_as(
    session: AsyncSession, vault: Vault, case_id: str, *, reader: Person
) -> CaseView:
    """Raises NotKnown, or NotAllowed. Who reads anonymously gets nothing of the customer, and no words."""
    view = await read_case(session, vault, case_id)
    if may(reader, Right.READ, view.facts):
        return view
    if may(reader, Right.READ_ANONYMOUS, view.facts):
        return _anonymous(view)
    raise NotAllowed(f"{reader.id} has no right to read this case.")


@dataclass(frozen=True, slots=True)
class Work:
    """One action, as far as the work needs it: what, until when, for whom, and how to reach him.

    `view` holds nothing else of the case: no answers, no cause, no other action, and of the timeline
    only what was done with this one. The customer is there as long as it is `needed`: there is something
    to do. It is `mine` who reads it, and `reads` says that he may see the whole case too. Who `answers`
    whether a gesture is given knows its `cause`.
    """

    view: CaseView
    action: ActionView
    needed: bool
    mine: bool
    reads: bool
    answers: bool = False
    cause: str | None = None


async def read_work(
    session: AsyncSession,
    vault: Vault,
    case_id: str,
    number: int,
    *,
    reader: Person,
    today: Organisation,
    doers: Organisation,
) -> Work:
    """For whom it is to do, by `doers`, and who may read the case. Raises NotKnown, or NotAllowed."""
    view = await read_case(session, vault, case_id)
    actions = view.state.actions if view.state else ()
    mine = any(a.number == number and is_his(a, reader, doers) for a in actions)
    reads = may(reader, Right.READ, view.facts)
    gesture = next((a for a in actions if a.number == number and a.approval is not None), None)
    asked = gesture is not None and is_approver(gesture, reader, today)
    if not (reads or mine or asked):
        raise NotAllowed(f"{reader.id} has no right to read this action.")
    action = next((action for action in view.actions if action.number == number), None)
    if action is None:
        raise NotKnown("There is no such action.")
    needed = view.row.open and action.stand in {Stand.TO_DO, Stand.TO_ACCEPT}
    answers = view.row.open and gesture is not None and _answers(gesture, reader, view, today)
    cause = view.state.cause if view.state and answers else None
    narrowed = _narrowed(view, action, needed=needed)
    return Work(narrowed, action, needed, mine, reads, answers, cause)


def _answers(gesture: Action, reader: Person, view: CaseView, today: Organisation) -> bool:
    waits = gesture.stand is Stand.TO_APPROVE
    return waits and may_answer(reader, gesture, view.facts, today)


def _narrowed(view: CaseView, action: ActionView, *, needed: bool) -> CaseView:
    known = view.customer
    told = EntryKind.ACTION_ADDED, *WORK, EntryKind.GESTURE_ASKED, EntryKind.GESTURE_PASSED_UP
    reached = CustomerView(
        None,
        known.name,
        known.email,
        known.phone,
        no_calls_since=known.no_calls_since,
        zone=known.zone,
    )
    return replace(
        view,
        state=None,
        customer=reached if needed else CustomerView(),
        responses=[],
        timeline=[
            entry
            for entry in view.timeline
            if entry.kind in told and entry.facts["number"] == action.number
        ],
        actions=[action],
        messages=[],
        sharers=(),
    )


def _anonymous(view: CaseView) -> CaseView:
    row = view.row.model_copy(update={"reopens": None})
    return replace(
        view,
        row=row,
        customer=CustomerView(),
        responses=[
            replace(r, response_id="", comment=None, facts={}, topic_words=(), said_by=None)
            for r in view.responses
        ],
        timeline=[replace(entry, words={}) for entry in view.timeline],
        actions=[replace(action, what="", said="") for action in view.actions],
        sharers=(),
    )
