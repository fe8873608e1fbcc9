"""After a call, in one tap: the cause, what was done at once, and what the customer said of it.

No act of its own but the existing ones in their order. Each has a key that follows from the form's:
what broke off in the middle has left a legal case, and the same form goes on from there.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from models.actions import Act, AddAction, Confirm, FinishAction, NameCause
from models.case import Acted
from models.closing import require_good_end
from models.errors import WrongMove
from models.moves import live_on
from models.store.acts import action_added, find_draft
from models.store.casebook import state_of
from models.store.views import find_case
from web.acting import draft_of, perform, usual_due
from web.permits import Wish, require_permitted
from web.provided import House
from web.repeats import left_out


@dataclass(frozen=True, slots=True, kw_only=True)
class WrapUp:
    """`words` are the customer's, on the cause. `solved` is his answer if he was asked on the spot;
    without it he will be asked. `referral` goes with a yes.
    """

    case_id: str
    actor: str
    key: str
    cause: str
    words: str = ""
    done: str
    solved: bool | None = None
    referral: int | None = None

    def begun(self, due: datetime) -> tuple[Wish, Wish]:
        action = AddAction(self.actor, due)
        return self._wish(NameCause(self.cause), words=self.words), self._wish(
            action, what=self.done
        )

    def ended(self, number: int) -> Iterator[Wish]:
        yield self._wish(FinishAction(number, asks=self.solved is None, settled=True))
        if self.solved is not None:
            yield self._wish(Confirm(self.solved, self.referral))

    def _wish(self, act: Act, **words: str) -> Wish:
        said = asdict(self)
        sent = {name: value for name, value in said.items() if name not in left_out(said)}
        asked = json.dumps(["wrap_up", sent], ensure_ascii=False)
        key = hashlib.sha256(f"{act.kind} {self.key}".encode()).hexdigest()
        return Wish(self.case_id, self.actor, key, act, asked, words)


async def wrap_up(house: House, said: WrapUp) -> int:
    """Returns the last commit's number, and raises as `perform` does.

    What cannot go through as a whole is refused before its first act.
    """
    named, added = said.begun(await usual_due(house, said.case_id))
    await _require_whole(house, said, named, added)
    await perform(house, named)
    seq = await perform(house, added)
    async with house.database.read() as session:
        number = await action_added(session, said.case_id, added.key)
    for wish in said.ended(number or 0):
        seq = await perform(house, wish)
    return seq


async def _require_whole(house: House, said: WrapUp, *begun: Wish) -> None:
    """What is under way already is not judged again: the case has moved on with it."""
    require_good_end(said.referral, good=said.solved is True)
    now = house.clock()
    async with house.database.read() as session:
        row = await find_case(session, said.case_id)
        versions = await house.book.versions(session, pinned=row.version, at=now)
        known = await find_draft(session, draft_of(begun[0], now))
        state = state_of(row)
    if known is not None and known.seq is not None:
        return
    for wish in begun:
        require_permitted(wish, row, versions, now=now)
    if state is None:
        raise WrongMove("opening", "The case is just being opened.")
    number = len(state.actions) + 1
    wishes = *begun, *said.ended(number)
    live_on(state, (Acted(wish.act, wish.actor, now, draft="") for wish in wishes))
