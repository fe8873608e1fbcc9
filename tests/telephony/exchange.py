"""A telephone exchange for tests: it holds the calls that were asked for as Twilio does, and plays what our
answers say as phones would. Every request of its own is signed.

It knows of TwiML what Rappel says: Gather, Dial with Number (and its url, which is played to who is dialled
before the two are connected), Say, Redirect, Hangup.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from itertools import count
from urllib.parse import urldefrag, urljoin
from xml.etree import ElementTree as ET

from httpx2 import AsyncClient, Response
from twilio.request_validator import RequestValidator

from models.twilio_account import TwilioAccount

VOICE = "+33937000002"


class Phone(Enum):
    """What happens when one rings."""

    PERSON = "person"
    VOICEMAIL = "voicemail"
    """It answers, and presses nothing."""
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"


@dataclass(slots=True)
class Director:
    """`keys` are what he presses, one for each time that he is asked; "" is nothing, None hangs up."""

    phone: Phone = Phone.PERSON
    keys: list[str | None] = field(default_factory=lambda: ["1"])


@dataclass(slots=True)
class Customer:
    """`patience` is how many colleagues he lets ring before he hangs up, `keys` what he presses on his own
    phone.
    """

    phone: Phone = Phone.PERSON
    talks: int = 42
    """Seconds."""
    patience: int = 99
    keys: list[str | None] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class OurNumber:
    """What is set at our number in Twilio's console."""

    answer: str
    fallback: str
    status: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A call that somebody asked for, and the id that it was given."""

    sid: str
    form: Mapping[str, Sequence[str]]

    def told(self, name: str) -> str:
        return self.form[name][-1]


class HungUp(Exception):
    """Nobody is on the line any more."""


@dataclass(slots=True)
class Exchange:
    """`dialled` are the customers' numbers that were rung, `rung` the colleagues' when a customer called;
    `heard` is what was said to the colleague, `told` what to the customer. `waits` hears how long they talk.
    """

    account: TwilioAccount
    http: AsyncClient
    director: Director = field(default_factory=Director)
    customer: Customer = field(default_factory=Customer)
    placed: list[Placed] = field(default_factory=list)
    dialled: list[Mapping[str, str]] = field(default_factory=list)
    colleagues: dict[str, Director] = field(default_factory=dict)
    rung: list[Mapping[str, str]] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    posted: list[str] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)
    repeats: int = 1
    """How often each status is told."""
    waits: Callable[[int], object] = int
    lost: frozenset[str] = frozenset()
    """Statuses of which the news gets lost, and "dialed" for that of a dialling's end."""
    calls: dict[str, dict[str, str | None]] = field(default_factory=dict)
    """Each leg as it may be asked after, by its id."""
    _sids: Iterator[int] = field(default_factory=count)

    def place(self, form: Mapping[str, Sequence[str]]) -> Placed:
        placed = Placed(f"CA{next(self._sids):032x}", form)
        self.placed.append(placed)
        return placed

    async def play(self, placed: Placed) -> None:
        """From the first ring to the last news."""
        leg = _Leg(self, placed.sid, placed.told("StatusCallback"), placed.told("To"))
        await leg.tell("initiated")
        await leg.tell("ringing")
        match self.director.phone:
            case Phone.PERSON | Phone.VOICEMAIL:
                await leg.tell("in-progress")
                await self._talk(leg, placed)
                await leg.tell("completed", CallDuration="60", Duration="1")
            case away:
                await leg.tell(away.value, CallDuration="0")

    async def ring_in(self, line: OurNumber, number: str, *, sid: str | None = None) -> str:
        """The customer rings our number, until nobody is on the line any more. Returns the call's id."""
        sid = sid or f"CA{next(self._sids):032x}"
        caller = _Leg(self, sid, line.status, VOICE, {"Direction": "inbound", "From": number})
        caller.hand, caller.hears = Director(keys=self.customer.keys), self.told
        words = await caller.ask(line.answer, "ringing")
        if words.status_code >= 400:
            words = await caller.ask(line.fallback, "ringing")
        with suppress(HungUp):
            await self._follow(caller, words, line.answer)
        await caller.tell("completed", CallDuration="60")
        return sid

    async def send(self, url: str, **told: str) -> Response:
        """Signed. The fragment says how patiently Twilio tries; it neither travels nor is it signed."""
        url = urldefrag(url).url
        common = {"AccountSid": self.account.account_sid, "From": VOICE, "ToCity": ""}
        signature = RequestValidator(self.account.auth_token).compute_signature(url, common | told)
        headers = {"x-twilio-signature": signature, "accept": "*/*"}
        answer = await self.http.post(url, data=common | told, headers=headers)
        self.posted.append(url)
        self.answers.append(answer)
        return answer

    async def _talk(self, leg: "_Leg", placed: Placed) -> None:
        words = await leg.ask(placed.told("Url"), "in-progress")
        if words.status_code >= 400:
            words = await leg.ask(placed.told("FallbackUrl"), "in-progress")
        try:
            await self._follow(leg, words, placed.told("Url"))
        except HungUp:
            return

    async def _follow(self, leg: "_Leg", words: Response, base: str) -> None:
        """Verb after verb; an action or a redirect goes on with another document."""
        for verb in _document(words):
            match verb.tag:
                case "Say":
                    leg.hears.append(verb.text or "")
                case "Hangup":
                    raise HungUp
                case "Redirect":
                    url = urljoin(base, verb.text or "")
                    return await self._follow(leg, await leg.ask(url, "in-progress"), url)
                case "Gather":
                    if (key := _press(leg, verb)) != "":
                        return await self._act(leg, verb, base, Digits=key)
                case "Dial":
                    inbound = "answerOnBridge" in verb.attrib
                    ended = await (self._dial_in(leg, verb) if inbound else self._dial(leg, verb))
                    if "dialed" in self.lost:
                        raise HungUp
                    return await self._act(leg, verb, base, **ended)
                case unknown:
                    raise AssertionError(f"nobody taught the exchange {unknown}")
        return None

    async def _act(self, leg: "_Leg", verb: ET.Element, base: str, **told: str) -> None:
        url = urljoin(base, verb.attrib["action"])
        await self._follow(leg, await leg.ask(url, "in-progress", **told), url)

    async def _dial(self, parent: "_Leg", dial: ET.Element) -> Mapping[str, str]:
        [number] = dial.iter("Number")
        self.dialled.append({**dial.attrib, **number.attrib, "number": number.text or ""})
        child = _Leg(
            self,
            f"CA{next(self._sids):032x}",
            number.attrib["statusCallback"],
            number.text or "",
            {"ParentCallSid": parent.sid, "Direction": "outbound-dial"},
        )
        await child.tell("initiated")
        await child.tell("ringing")
        if self.customer.phone not in {Phone.PERSON, Phone.VOICEMAIL}:
            status = self.customer.phone.value
            await child.tell(status, CallDuration="0")
            return {"DialCallStatus": status, "DialCallSid": child.sid, "DialBridged": "false"}
        await child.tell("in-progress")
        by = "human" if self.customer.phone is Phone.PERSON else "machine_start"
        self.calls[child.sid]["answered_by"] = by
        if by not in self.lost:
            await child.post(number.attrib["amdStatusCallback"], AnsweredBy=by)
        seconds = str(self.customer.talks)
        await child.tell("completed", CallDuration=seconds)
        return {
            "DialCallStatus": "completed",
            "DialCallSid": child.sid,
            "DialBridged": "true",
            "DialCallDuration": seconds,
        }

    async def _dial_in(self, parent: "_Leg", dial: ET.Element) -> Mapping[str, str]:
        """The caller hears it ring until who was dialled has heard his own words to their end."""
        [number] = dial.iter("Number")
        to = number.text or ""
        self.rung.append({**dial.attrib, **number.attrib, "number": to})
        colleague = self.colleagues.get(to, Director())
        more = {"ParentCallSid": parent.sid, "Direction": "outbound-dial"}
        child = _Leg(self, f"CA{next(self._sids):032x}", number.attrib["statusCallback"], to, more)
        child.hand = colleague
        ended = {"DialCallSid": child.sid, "DialBridged": "false"}
        await child.tell("initiated")
        await child.tell("ringing")
        if len(self.rung) > self.customer.patience:
            await child.tell("canceled", CallDuration="0")
            return await self._gone(parent, dial, {**ended, "DialCallStatus": "canceled"})
        if colleague.phone not in {Phone.PERSON, Phone.VOICEMAIL}:
            await child.tell(colleague.phone.value, CallDuration="0")
            return {**ended, "DialCallStatus": colleague.phone.value}
        await child.tell("in-progress")
        if not await self._whisper(child, number.attrib["url"]):
            await child.tell("completed", CallDuration="9")
            return {**ended, "DialCallStatus": "completed", "DialCallDuration": "9"}
        self.waits(self.customer.talks)
        seconds = str(self.customer.talks + 9)
        await child.tell("completed", CallDuration=seconds)
        spoke = {"DialBridged": "true", "DialCallStatus": "completed", "DialCallDuration": seconds}
        return ended | spoke

    async def _whisper(self, child: "_Leg", url: str) -> bool:
        """Whether the two are connected: where the words for him end without a hang-up."""
        words = await child.ask(url, "in-progress")
        assert words.status_code >= 400 or "<Dial" not in words.text
        if words.status_code >= 400:
            return False
        try:
            await self._follow(child, words, url)
        except HungUp:
            return False
        return True

    async def _gone(
        self, parent: "_Leg", dial: ET.Element, ended: Mapping[str, str]
    ) -> Mapping[str, str]:
        """The caller has hung up: how the dialling ended is told all the same, and played to nobody."""
        await parent.ask(dial.attrib["action"], "completed", **ended)
        raise HungUp


@dataclass(slots=True)
class _Leg:
    """`hand` presses the keys of its phone, `hears` is what was said there."""

    exchange: Exchange
    sid: str
    callback: str
    to: str
    more: Mapping[str, str] = field(default_factory=lambda: {"Direction": "outbound-api"})
    told: int = 0
    hand: Director = field(init=False)
    hears: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.hand, self.hears = self.exchange.director, self.exchange.heard

    async def tell(self, status: str, **more: str) -> None:
        number = {"SequenceNumber": str(self.told), "CallbackSource": "call-progress-events"}
        self.told += 1
        self.exchange.calls.setdefault(self.sid, {}).update(
            sid=self.sid,
            parent_call_sid=self.more.get("ParentCallSid"),
            status=status,
            duration=more.get("CallDuration"),
            to=self.to,
        )
        if status in self.exchange.lost:
            return
        for _ in range(self.exchange.repeats):
            answer = await self.post(self.callback, CallStatus=status, **number, **more)
            assert answer.status_code in {204, 503}

    async def ask(self, url: str, status: str, **told: str) -> Response:
        return await self.post(url, CallStatus=status, **told)

    async def post(self, url: str, **told: str) -> Response:
        return await self.exchange.send(url, CallSid=self.sid, To=self.to, **self.more, **told)


def _press(leg: _Leg, gather: ET.Element) -> str:
    leg.hears.extend(say.text or "" for say in gather.iter("Say"))
    assert gather.attrib["input"] == "dtmf"
    if leg.hand.phone is Phone.VOICEMAIL:
        return ""
    key = leg.hand.keys.pop(0) if leg.hand.keys else ""
    if key is None:
        raise HungUp
    return key[: int(gather.attrib["numDigits"])]


def _document(words: Response) -> Sequence[ET.Element]:
    assert words.headers["content-type"].startswith("text/xml")
    root = ET.fromstring(words.text)  # noqa: S314 - ours
    assert root.tag == "Response"
    return list(root)
