"""People who write text messages to us and read what we send them, without Temporal: acts are kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from httpx2 import Response
from sqlmodel import col, select

from models.actions import Act
from models.case import Acted, CaseState
from models.people import Channel
from models.posting import Posting
from models.store.outbox import Letter, Outbox
from models.store.second_look import SecondLook
from models.tables import ActRow
from models.text_tables import TextRow
from tests.activities.twilio_server import TOKEN
from tests.casework import Casework
from tests.web.machines.signed_calls import call_signed
from tests.web.pages.browser import Browser
from tests.web.pages.reception import Reception
from web.provided import House
from web.texting import read_texts

PUBLIC_URL = "https://rappel.example/texts"
OURS = "+33937000004"
DORA, DENIS, ODILE, STRANGER = "+33639980041", "+33639980042", "+33639981234", "+33639989999"


@dataclass(slots=True)
class Texters:
    """`unread` are the SMS that arrived and that nobody has read yet: a test that leaves some has failed."""

    reception: Reception
    unread: list[Letter] = field(default_factory=list)
    brought: int = 0

    @property
    def casework(self) -> Casework:
        return self.reception.casework

    @property
    def house(self) -> House:
        house: House = self.reception.app.state.house
        return house

    async def bring(
        self, body: str, sender: str, *, sid: str = "", told: str = ""
    ) -> tuple[str, Response]:
        """As Twilio does; nobody reads it yet."""
        self.brought += 1
        sid = sid or f"SM{self.brought:032x}"
        pairs = [
            ("ToCountry", "FR"),
            ("FromCity", ""),
            ("MessageSid", sid),
            ("From", sender),
            ("To", OURS),
            ("Body", body),
            ("NumMedia", "0"),
        ]
        pairs += [("OptOutType", told)] if told else []
        answer = await call_signed(
            self.reception.app, PUBLIC_URL, "/twilio/texts", pairs, token=TOKEN
        )
        return sid, answer

    async def write(self, body: str, sender: str, *, sid: str = "", told: str = "") -> TextRow:
        """It is brought and read. What it says is kept, for nobody applies it here."""
        sid, answer = await self.bring(body, sender, sid=sid, told=told)
        assert answer.status_code in {200, 204}
        await self.read()
        return await self.text(sid)

    async def read(self, *, later: timedelta = timedelta()) -> None:
        self.reception.clock.now += later
        await read_texts(self.house)

    async def applied(self, state: CaseState, act: Act) -> CaseState:
        """What was kept is done by a worker, and the text is read to its end."""
        [draft] = await self.reception.kept()
        now = self.reception.clock()
        receipt = await self.casework.take(state, Acted(act, draft.actor, now, draft.id))
        await self.read(later=timedelta(minutes=2))
        return receipt.state

    async def post(self) -> None:
        """All that may leave does, and arrives."""
        look = SecondLook(self.casework.book, self.casework.database.vault)
        outbox = Outbox(self.casework.database, look)
        while (letter := await outbox.claim(self.reception.clock())) is not None:
            now = self.reception.clock()
            await outbox.settle(letter.intent, Posting.ACCEPTED, at=now, sid=letter.intent[-60:])
            if letter.channel is Channel.SMS:
                self.unread.append(letter)

    async def read_phone(self, number: str) -> Sequence[str]:
        """The texts that have come there, oldest first."""
        await self.post()
        arrived = [letter for letter in self.unread if letter.address == number]
        self.unread = [letter for letter in self.unread if letter not in arrived]
        return [letter.body for letter in arrived]

    async def only_text(self, number: str) -> str:
        [body] = await self.read_phone(number)
        return body

    async def signed_in(self, person: str, state: CaseState) -> Browser:
        """Over HTTPS, as the public address is."""
        browser = Browser(self.reception.app, PUBLIC_URL.removesuffix("/texts"))
        await browser.post(await self.reception.link(state, person))
        return browser

    async def text(self, sid: str) -> TextRow:
        async with self.casework.database.read() as session:
            return await session.get_one(TextRow, sid)

    async def texts(self) -> list[TextRow]:
        async with self.casework.database.read() as session:
            rows = await session.exec(select(TextRow).order_by(col(TextRow.received_at)))
            return list(rows)

    async def acts(self) -> list[ActRow]:
        async with self.casework.database.read() as session:
            return list((await session.exec(select(ActRow).order_by(ActRow.id))).all())
