"""How a customer can be reached: what the attempts so far and his own wish say about the next one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Reach:
    """`next_call_at` is when the attempt after one in vain may come; None where nothing speaks
    against one at once, and once the attempts are exhausted.

    Of this round: `written`, the messages of the policy that were written to the customer after the
    attempts in vain that `write_after` numbers, and `uncounted`, the attempts in vain that came too
    early or were no call. `whom` is who was tried or spoken to last, where several share the case and it
    is not its own customer: what is written goes to him. For good: since when the own customer is not to be
    called, how many of these messages were `lost`, for no carrier took them, and by customer who shares the
    case when a stranger answered under his number (`misdialled`). `nowhere`: no survey told of any way to
    reach him, until an answer does.
    """

    next_call_at: datetime | None = None
    write_after: tuple[int, ...] = ()
    written: int = 0
    uncounted: int = 0
    wrong_number: bool = False
    no_calls_since: datetime | None = None
    nowhere: bool = False
    lost: int = 0
    whom: str | None = None
    misdialled: Mapping[str, datetime] = field(default_factory=dict)


UNTRIED = Reach()
