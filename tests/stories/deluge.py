"""Deliveries as they really come: repeated, out of order, some of them broken; and what must be left of them.

What is expected is worked out here from the plan alone, by nothing of what is tested.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import random
import uuid
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from httpx2 import AsyncClient, Response, TransportError
from standardwebhooks import Webhook

from tests.stories.callers import PAUSE, Json

SENDERS = 16
REPEATED, EDITED, BROKEN = 0.3, 0.1, 0.05
"""Shares of the deliveries that come again, that are later tellings (half of them come before the earlier
one), and that nobody can read.
"""
UNHAPPY_UP_TO = 6
SOURCES = ("survey", "form", "mapped")
EXTRA = """
  - id: form
    kind: typeform
    surveys:
      - id: D4e5F6
        metric: nps
        score: nps_score
        fields: {comment: why, customer.id: hidden.customer, region: hidden.region}
  - id: mapped
    kind: generic
    auth: bearer
    surveys:
      - id: visits
        metric: nps
        score: answers.nps
        fields:
          response_id: id
          submitted_at: at
          changed_at: changed
          comment: answers.why
          customer.id: visitor
"""
SECRETS: Mapping[str, str] = {"form": "form-secret-of-ours", "mapped": "token-of-ours-0123456789"}


@dataclass(frozen=True, slots=True)
class Telling:
    """What a delivery says of a response; `change` is the number of its edit, `broken` means unreadable."""

    source: str
    response: str
    customer: str
    score: int
    at: datetime
    change: int = 0
    broken: bool = False

    @property
    def body(self) -> bytes:
        text = json.dumps({"survey": _own, "form": _form, "mapped": _mapped}[self.source](self))
        return (text[:-9] if self.broken else text).encode()


@dataclass(frozen=True, slots=True)
class Expected:
    responses: Mapping[tuple[str, str], int]
    """The score that counts, by source and response."""
    unhappy: frozenset[str]
    """Customers: each has one case."""
    broken: frozenset[tuple[str, bytes]]


@dataclass(slots=True)
class Deluge:
    """`taken` counts what was answered, whatever the answer, and `promised` what was answered before it was
    taken; the rest is sent again, as such systems do.
    """

    http: AsyncClient
    secret: str
    tellings: Sequence[Telling]
    taken: int = 0
    promised: int = 0
    answers: dict[int, int] = field(default_factory=dict)
    _left: deque[Telling] = field(init=False)

    def __post_init__(self) -> None:
        self._left = deque(self.tellings)

    async def pass_by(self) -> None:
        async with asyncio.TaskGroup() as senders:
            for _ in range(SENDERS):
                senders.create_task(self._send_all())

    async def _send_all(self) -> None:
        while self._left:
            telling = self._left.popleft()
            answered = await self._deliver(telling)
            status = answered.status_code
            self.answers[status] = self.answers.get(status, 0) + 1
            self.promised += answered.json().get("fate") == "received"
            self.taken += 1

    async def _deliver(self, telling: Telling) -> Response:
        """As long as nobody answers, or the answer is that it will do later."""
        body = telling.body
        while True:
            try:
                answered = await self.http.post(
                    f"/webhooks/{telling.source}",
                    content=body,
                    headers=signed(telling.source, body, self.secret),
                )
            except TransportError:
                answered = None
            if answered is not None and answered.status_code < 500 and answered.status_code != 429:
                return answered
            await asyncio.sleep(PAUSE)


def deluge_of(count: int, seed: int) -> Sequence[Telling]:
    """So many deliveries in the order of sending."""
    chance = random.Random(seed)  # noqa: S311 - for moments, not for secrets
    start = datetime.now(UTC) - timedelta(days=2)
    edits = round(count * EDITED)
    again, broken = round(count * REPEATED), round(count * BROKEN)
    first = [_first(n, start, chance) for n in range(count - edits - again - broken)]
    later = [
        _worse(each) for each in chance.sample([t for t in first if t.source != "form"], k=edits)
    ]
    unreadable = [replace(_first(count + n, start, chance), broken=True) for n in range(broken)]
    told = [*first, *unreadable, *later]
    told += chance.choices(told, k=again)
    chance.shuffle(told)
    return told


def expected_of(tellings: Sequence[Telling]) -> Expected:
    last: dict[tuple[str, str], Telling] = {}
    for telling in tellings:
        key = telling.source, telling.response
        if not telling.broken and telling.change >= last.get(key, telling).change:
            last[key] = telling
    return Expected(
        {key: telling.score for key, telling in last.items()},
        frozenset(t.customer for t in last.values() if t.score <= UNHAPPY_UP_TO),
        frozenset((t.source, t.body) for t in tellings if t.broken),
    )


def signed(source: str, body: bytes, secret: str) -> Mapping[str, str]:
    if source == "mapped":
        return {"authorization": f"Bearer {SECRETS['mapped']}"}
    if source == "form":
        digest = hmac.digest(SECRETS["form"].encode(), body, hashlib.sha256)
        return {"typeform-signature": f"sha256={base64.b64encode(digest).decode()}"}
    message, now = f"msg_{uuid.uuid4().hex}", datetime.now(UTC)
    return {
        "webhook-id": message,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(message, now, body.decode()),
    }


def _first(number: int, start: datetime, chance: random.Random) -> Telling:
    """One customer in ten has answered before."""
    customer = number if chance.random() > 0.1 else chance.randrange(number + 1)
    return Telling(
        SOURCES[number % len(SOURCES)],
        f"r-{number}",
        f"c-{customer}",
        chance.choice((0, 2, 4, 6, 7, 9, 10)),
        start + timedelta(seconds=number),
    )


def _worse(first: Telling) -> Telling:
    """An edit for the better would leave a case where it came first, and none where it came last."""
    return replace(first, score=max(0, first.score - 3), change=1)


def _own(t: Telling) -> Json:
    changed = {"changed_at": _changed(t), "event": "updated"} if t.change else {}
    return {
        **changed,
        "response_id": t.response,
        "survey_id": "handing-over",
        "submitted_at": t.at.isoformat(),
        "metric": "nps",
        "score": t.score,
        "comment": "Personne ne rappelle.",
        "customer": {"id": t.customer, "phone": "+33639981234"},
        "context": {"region": "alsace"},
    }


def _form(t: Telling) -> Json:
    answers = [
        {
            "type": "number",
            "number": t.score,
            "field": {"id": "a", "ref": "nps_score", "type": "nps"},
        },
        {"type": "text", "text": "Rien.", "field": {"id": "b", "ref": "why", "type": "long_text"}},
    ]
    return {
        "event_id": f"e-{t.response}",
        "event_type": "form_response",
        "form_response": {
            "form_id": "D4e5F6",
            "token": t.response,
            "submitted_at": t.at.isoformat(),
            "hidden": {"customer": t.customer, "region": "alsace"},
            "answers": answers,
        },
    }


def _mapped(t: Telling) -> Json:
    return {
        "id": t.response,
        "at": t.at.isoformat(),
        "changed": _changed(t),
        "visitor": t.customer,
        "answers": {"nps": t.score, "why": "Personne."},
    }


def _changed(t: Telling) -> str:
    return (t.at + timedelta(hours=t.change)).isoformat()
