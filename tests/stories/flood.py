"""A flood of answers and acts, as a survey system and an office send them: until they are taken."""

import asyncio
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.stories.callers import Json, unhappy
from tests.stories.household import Household, eventually

FIRST = 160
AGAIN = 30
PROMOTERS = 10
DELIVERED_TWICE = 20
SENDERS = 4
DIRECTORS = 6

SOME_ACTS: Sequence[tuple[str, Json]] = (
    ("acknowledge", {}),
    ("attempts", {"outcome": "voicemail"}),
)
ALL_ACTS: Sequence[tuple[str, Json]] = (
    *SOME_ACTS,
    ("attempts", {"outcome": "reached"}),
    ("cause", {"cause": "promise"}),
    ("actions", {"what": "Send the plumber."}),
    ("actions/1/done", {}),
    ("confirmation", {"answer": "yes"}),
)


@dataclass(frozen=True, slots=True)
class Answered:
    """An act that was answered 2xx."""

    case: str
    key: str


@dataclass(slots=True)
class Flood:
    """`taken` counts the deliveries, and `answered` holds the acts, that were answered 2xx.

    Only cases of customers who answer once are lived to their end, so that every later answer
    joins an open case.
    """

    household: Household
    taken: int = 0
    answered: list[Answered] = field(default_factory=list)
    _answers: deque[Json] = field(default_factory=lambda: deque(_answers()))
    _cases: asyncio.Queue[tuple[str, bool] | None] = field(default_factory=asyncio.Queue)

    async def pass_by(self) -> None:
        async with asyncio.TaskGroup() as office:
            for _ in range(DIRECTORS):
                office.create_task(self._act())
            async with asyncio.TaskGroup() as senders:
                for _ in range(SENDERS):
                    senders.create_task(self._deliver())
            for _ in range(DIRECTORS):
                self._cases.put_nowait(None)

    async def until_taken(self, count: int) -> None:
        async def so_many() -> bool:
            return self.taken >= count

        await eventually(so_many)

    async def _deliver(self) -> None:
        while self._answers:
            answer = self._answers.popleft()
            delivered = await self.household.survey.deliver(answer)
            self.taken += 1
            number = int(answer["customer"]["id"])
            if answer["response_id"].startswith("first-") and number % 3 == 0:
                self._cases.put_nowait((delivered["case_id"], number >= AGAIN))

    async def _act(self) -> None:
        while (todo := await self._cases.get()) is not None:
            case, to_the_end = todo
            for number, (path, said) in enumerate(ALL_ACTS if to_the_end else SOME_ACTS):
                key = f"tap-{number}"
                await self.household.office.act_surely(case, path, key=key, **said)
                self.answered.append(Answered(case, key))


def _answers() -> Iterator[Json]:
    """In the order of sending: a few times the same one comes again, later."""
    first = [unhappy(str(n), response=f"first-{n}") for n in range(FIRST)]
    again = [unhappy(str(n), response=f"again-{n}") for n in range(AGAIN)]
    happy = [unhappy(f"{FIRST + n}", response=f"happy-{n}", score=10) for n in range(PROMOTERS)]
    yield from first[: FIRST // 2]
    yield from again
    yield from first[FIRST // 2 :]
    yield from happy
    yield from first[:: FIRST // DELIVERED_TWICE]
