"""What a fault comes to, from the POST to the case: played once for the tests, and shown by the bench."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlsplit

from models.actions import Acknowledge, Act, Confirm
from models.case import CaseState
from models.reconciliation import LINK
from models.store.database import Database
from models.vault import Vault
from tests.activities.sms_house import DORA, ODILE
from tests.activities.twilio_server import Mood
from tests.carrier.house import HURRIED, UNHURRIED, Carrier, CarrierHouse, house_at
from tests.carrier.passages import PREFIX
from tests.casework import SMALL, Casework
from tests.casework_fixture import casework_of
from tests.web.pages.browser import Browser
from tests.web.pages.reception import confirming


class Reader(Enum):
    COLLEAGUE = DORA
    """Dora is asked to call Odile."""
    CUSTOMER = ODILE
    """Odile is promised something, and asked whether it is done."""

    @property
    def audience(self) -> str:
        return "owner" if self is Reader.COLLEAGUE else "customer"


@dataclass(frozen=True, slots=True)
class Scene:
    """Each message meets `moods` one after the other; `heard` says whether Twilio's calls reach us."""

    reader: Reader
    moods: tuple[Mood, ...]
    heard: bool

    def __str__(self) -> str:
        moods = " ".join(mood.name.lower() for mood in self.moods) or "no fault"
        return f"{self.reader.name.lower()}, {moods}{'' if self.heard else ', unheard'}"


@dataclass(frozen=True, slots=True)
class Came:
    """`held` is how often Twilio has each of the messages to the reader, `fates` what we know of them.

    `did` is what stands on the timeline after he followed the link, or the clock ran out as nobody could;
    `spoken` how many messages he then got.
    """

    posts: int
    held: tuple[int, ...]
    fates: tuple[str, ...]
    did: tuple[str, ...]
    spoken: int = 0


FAULTS: Sequence[tuple[tuple[Mood, ...], bool]] = (
    ((), True),
    ((), False),
    ((Mood.LOST,), True),
    ((Mood.LOST,), False),
    ((Mood.BROKEN_AFTER,), False),
    ((Mood.HANGING,), False),
    ((Mood.TOO_MANY, Mood.TOO_MANY), True),
    ((Mood.AWAY,), True),
    ((Mood.AWAY, Mood.AWAY), True),
    ((Mood.OPTED_OUT,), True),
)
SCENES = tuple(Scene(reader, *fault) for reader in Reader for fault in FAULTS)


@asynccontextmanager
async def staged(
    carrier: Carrier, database_url: str, *, hurried: bool = False, **account: str
) -> AsyncIterator[CarrierHouse]:
    """A migrated, empty database with the small organisation in force."""
    database = Database(database_url, Vault(bytes(range(32))))
    casework = await casework_of(SMALL.read_text(), database, database.vault)
    patience = HURRIED if hurried else UNHURRIED
    try:
        async with house_at(carrier, casework, database_url, patience=patience, **account) as house:
            yield house
    finally:
        await database.close()


async def play(carrier: Carrier, database_url: str, scene: Scene) -> Came:
    async with staged(carrier, database_url, hurried=Mood.HANGING in scene.moods) as house:
        carrier.gate.shut = not scene.heard
        house.faults.moods[scene.reader.value] = [*scene.moods]
        state = await begin(house.casework, scene.reader)
        for seconds in (0, 40, 40, 100, 30, 30):
            await house.post.wait(seconds)
        await house.deliver_all()
        for seconds in (600, 3600, 86_400):
            await house.post.wait(seconds)
        posts, held = len(house.faults.posts), await house.held_for(scene.reader.value)
        rows = await house.post.rows(scene.reader.audience)
        bodies = [str(each["body"]) for each in held]
        came = Came(
            posts,
            tuple(bodies.count(body) for body in {*bodies}),
            tuple(row.status for row in rows),
            await go_on(house, state, scene.reader, bodies),
            len(await house.held_for(scene.reader.value)) - len(held),
        )
        assert house.faults.against == []
        assert {*carrier.gate.answered} <= {204}
        return came


async def begin(casework: Casework, reader: Reader) -> CaseState:
    return await (casework.open() if reader is Reader.COLLEAGUE else confirming(casework))


async def go_on(
    house: CarrierHouse, state: CaseState, reader: Reader, bodies: Sequence[str]
) -> tuple[str, ...]:
    """Who got the link follows it; where nobody did, the clock runs out. What that adds to the timeline."""
    before = len((await house.casework.view(state.case_id)).timeline)
    if bodies:
        act = await _follow(house, state, reader, bodies[0])
        await house.reception.apply_kept(state, act)
    else:
        await house.casework.stay_silent(state)
        await house.post.wait(0)
    added = (await house.casework.view(state.case_id)).timeline[before:]
    return tuple(str(entry.kind) for entry in added)


def browser_at(house: CarrierHouse) -> Browser:
    return Browser(house.reception.app, house.carrier.public_url.removesuffix(PREFIX))


async def _follow(house: CarrierHouse, state: CaseState, reader: Reader, body: str) -> Act:
    """Temporal is away in these houses: what is tapped is kept, and applied as a worker would."""
    [link] = LINK.findall(body)
    browser = browser_at(house)
    path = urlsplit(link).path
    if reader is Reader.CUSTOMER:
        await browser.post(path, {"answer": "yes"})
        return Confirm(solved=True)
    await browser.post(path)
    page = await browser.get(f"/cases/{state.case_id}")
    await browser.send(page.form("/acknowledge"))
    return Acknowledge()
