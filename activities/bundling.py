"""A flood of cases for one colleague becomes one message, which leads to his inbox."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from models.hours import next_open
from models.inbox import Group
from models.links import COLLEAGUE_LINK_LIFE, colleague_link
from models.mailing import Mailing
from models.organisation import word
from models.people import Channel, Person
from models.store.access import new_link
from models.store.bundles import Flood, find_floods, take_together
from models.store.database import Database
from models.store.fallbacks import OtherWay, keep_fallback
from models.store.inbox import Desk, count_waiting
from models.store.letters import NewLetter, keep_letter
from models.store.second_look import SecondLook
from models.workday import horizons, hours_of
from templates.messages import MessageFacts, MessageTemplates

OF_HIS = (Group.NOW, Group.TODAY, Group.LATER)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Bundling:
    database: Database
    second_look: SecondLook
    templates: MessageTemplates
    public_url: str

    async def gather(self, now: datetime) -> None:
        """Each flood in a unit of its own, with its message: nothing is withdrawn without it."""
        async with self.database.read() as session:
            floods = await find_floods(session, now)
        for flood in floods:
            cases = await self.database.write_again(partial(self._tell, flood, now))
            if cases:
                log.info("letters_bundled", cases=cases, channel=flood.channel)

    async def _tell(self, flood: Flood, now: datetime, session: AsyncSession) -> int:
        """Returns of how many cases."""
        today = (await self.second_look.book.in_force(session)).organisation
        person = today.people.get(flood.person)
        address = person.address_by(flood.channel) if person else None
        if person is None or address is None:
            return 0
        bundled = await take_together(session, flood, self.second_look, now)
        if bundled is None:
            return 0
        hours = hours_of(today, person)
        waiting = await count_waiting(session, Desk(person, horizons(hours, now)))
        cases = max(bundled.cases, sum(waiting[group] for group in OF_HIS))
        opens = next_open(hours, now)
        life = COLLEAGUE_LINK_LIFE + (opens - now)
        token = new_link(session, None, person=person.id, at=now, life=life)
        facts = MessageFacts(
            organisation=today.name,
            motto=word(today.motto, person.language),
            recipient=person.name,
            link=colleague_link(self.public_url, token),
            waiting=cases,
            transliterate=today.transliterate,
        )
        said = self.templates.say(Mailing.BUNDLE, flood.channel, person.language, facts)
        letter = NewLetter(
            id=bundled.id,
            mailing=Mailing.BUNDLE,
            person=person.id,
            channel=flood.channel,
            address=address,
            language=person.language,
            written_at=now,
            not_before=opens,
            subject=said.subject,
            body=said.body,
        )
        box = await keep_letter(session, self.database.vault, letter)
        keep_fallback(session, box, letter.id, self._otherwise(person, flood.channel, facts))
        return cases

    def _otherwise(self, person: Person, tried: Channel, facts: MessageFacts) -> OtherWay | None:
        other = next((each for each in Channel if each is not tried), tried)
        address = person.address_by(other)
        if address is None:
            return None
        said = self.templates.say(Mailing.BUNDLE, other, person.language, facts)
        return OtherWay(other, address, said.subject, said.body)
