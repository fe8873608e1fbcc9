"""The activities of the weekly letter: whom it is for, and that each is written once."""

from collections.abc import Callable
from functools import partial
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio import activity

from activities.letters import Draft, LetterWriter
from models.digest import (
    DigestAsked,
    DigestPlan,
    LetterAsked,
    LetterFate,
    LetterReceipt,
    letter_for,
    letter_id,
    read_week,
    week_before,
)
from models.links import colleague_link
from models.store.access import new_link
from models.store.database import Database
from models.store.letters import is_kept, keep_letter
from models.store.organisations import OrganisationBook


class Digest:
    """`written` is called after each letter, to wake the post office."""

    def __init__(
        self,
        database: Database,
        book: OrganisationBook,
        *,
        public_url: str,
        written: Callable[[], None],
    ) -> None:
        self._database = database
        self._book = book
        self._writer = LetterWriter(book)
        self._public_url = public_url
        self._written = written

    @activity.defn(name="digest.plan")
    async def plan(self, asked: DigestAsked) -> DigestPlan:
        async with self._database.read() as session:
            today = (await self._book.in_force(session)).organisation
        zone = ZoneInfo(today.head_office.zone)
        week = read_week(asked.week, zone) if asked.week else week_before(asked.due_at, zone)
        people = (p for p in today.people.values() if asked.person in {None, p.id})
        return DigestPlan(str(week), tuple(p.id for p in people if letter_for(p)))

    @activity.defn(name="digest.write")
    async def write(self, asked: LetterAsked) -> LetterReceipt:
        """Safe to run twice: the second run finds the letter."""
        async with self._database.read() as session:
            if await is_kept(session, letter_id(asked.week, asked.person)):
                return LetterReceipt(LetterFate.KNOWN)
            draft = await self._writer.draft(session, asked)
        if draft is None:
            return LetterReceipt(LetterFate.EMPTY)
        fate = await self._database.write_again(partial(self._keep, draft))
        self._written()
        return LetterReceipt(fate)

    async def _keep(self, draft: Draft, session: AsyncSession) -> LetterFate:
        """Its links are made in the same unit: nothing else knows their tokens."""

        def link(case: str | None) -> str:
            reader = draft.reader
            token = new_link(session, case, person=reader.person.id, at=reader.opens)
            return colleague_link(self._public_url, token)

        letter = self._writer.letter(draft, link)
        if await is_kept(session, letter.id):
            return LetterFate.KNOWN
        await keep_letter(session, self._database.vault, letter)
        return LetterFate.WRITTEN
