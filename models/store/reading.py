"""Cases as one person may read them. Who may is decided by `models.people.may`."""

from dataclasses import replace

from sqlmodel.ext.asyncio.session import AsyncSession

from models.errors import NotAllowed
from models.people import Person, Right, may
from models.store.views import CaseView, CustomerView, read_case
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


def _anonymous(view: CaseView) -> CaseView:
    row = view.row.model_copy(update={"reopens": None})
    return replace(
        view,
        row=row,
        customer=CustomerView(),
        responses=[
            replace(r, response_id="", comment=None, facts={}, topic_words=())
            for r in view.responses
        ],
        timeline=[replace(entry, words={}) for entry in view.timeline],
        actions=[replace(action, what="") for action in view.actions],
    )
