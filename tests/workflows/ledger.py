"""A stand-in for the activity that writes: it keeps the same promises over a dictionary."""

import asyncio
from collections.abc import Callable

from temporalio import activity

from models.case import CaseState, HeardAgain
from models.messages import CommitReceipt, CommitRequest, Verdict
from models.timeline import Entry, EntryKind
from tests.models.rehearsal import committed


class Ledger:
    """Compare-and-set on `seq`, idempotent by commit, draft and response; rungs of fixed lengths.

    `linked` holds responses that joined and were not heard yet. While `gate` is not set, commits
    wait before they read anything.
    """

    def __init__(self) -> None:
        self.states: dict[str, CaseState] = {}
        self.timeline: list[Entry] = []
        self.linked: dict[str, HeardAgain] = {}
        self.gate = asyncio.Event()
        self.gate.set()
        self.fails_after_writing = 0
        self._commits: dict[str, str] = {}
        self._drafts: set[str] = set()
        self._written = asyncio.Condition()

    @activity.defn(name="case.commit")
    async def commit(self, request: CommitRequest) -> CommitReceipt:
        await self.gate.wait()
        async with self._written:
            receipt = self._answer_without_writing(request) or self._write(request)
            self._written.notify_all()
        if self.fails_after_writing:
            self.fails_after_writing -= 1
            raise ConnectionError("The answer was lost on its way.")
        return receipt

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until the commits so far make it so."""
        async with self._written:
            await self._written.wait_for(is_so)

    async def until_told(self, kind: EntryKind, *, times: int = 1) -> None:
        await self.until(lambda: self.told().count(kind) >= times)

    def told(self) -> list[EntryKind]:
        return [entry.kind for entry in self.timeline]

    def _answer_without_writing(self, request: CommitRequest) -> CommitReceipt | None:
        move, case = request.move, request.move.state.case_id
        known = self.states.get(case, move.state)
        if self._commits.get(case) == request.commit_id:
            return CommitReceipt(Verdict.APPLIED, known)
        if case in self.states and known.seq >= move.state.seq:
            return CommitReceipt(Verdict.AHEAD, known)
        consumed = request.draft in self._drafts
        if consumed or (request.response and request.response not in self.linked):
            return CommitReceipt(Verdict.STALE, known)
        others = [h for h in self.linked.values() if h.response_id != request.response]
        if move.state.closed and others:
            return CommitReceipt(Verdict.UNHEARD, known, tuple(others))
        return None

    def _write(self, request: CommitRequest) -> CommitReceipt:
        state = committed(request.move)
        self.states[state.case_id] = state
        self.timeline += request.move.entries
        self._commits[state.case_id] = request.commit_id
        if request.draft:
            self._drafts.add(request.draft)
        if request.response:
            del self.linked[request.response]
        return CommitReceipt(Verdict.APPLIED, state)
