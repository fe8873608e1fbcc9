"""Whatever happens to many customers, the tallies say what the event log says."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

import pytest

from models.actions import (
    Acknowledge,
    Act,
    AddAction,
    Attempt,
    CallMe,
    Close,
    Confirm,
    FinishAction,
    HandOver,
    NameCause,
    Outcome,
    Pause,
    PromiseKind,
    Reached,
    Resume,
    TakeBack,
)
from models.attempts import in_vain
from models.by_hand import CHANNELS, WrittenDown, response_of
from models.case import CaseState, HeardAgain, Opened, Stage
from models.errors import WrongMove
from models.figures import DAYS, Asked, Figures
from models.handling import AcceptAction, ChangeAction, DropAction, RefuseAction
from models.ladder import Target
from models.money import EURO, Money
from models.numbers import Number, Which
from models.posting import Posting
from models.store.behind import cases_behind
from models.store.case_behind import CaseBehind
from models.store.database import Database
from models.store.deliveries import Delivery
from models.store.figures import read_figures
from models.store.intake import Intake
from models.store.outbox import Outbox
from models.submissions import BACK_FILED
from models.survey import Identity, SurveyResponse
from models.vault import Vault
from tests.casework import MONDAY_MORNING, SMALL, UNHAPPY, Casework
from tests.casework_fixture import casework_of
from tests.plain_figures import Log, asked_for, plain, plain_causes, plain_playbooks, read_log, told

pytestmark = [pytest.mark.story, pytest.mark.timeout(300)]

HOUR = timedelta(hours=1)
NOW = MONDAY_MORNING + timedelta(days=75, hours=3)
REGIONS, TRADES = ("north", "south", "elsewhere", None), ("works", "sales", None)
QUESTIONS = (
    *(Asked(days=days) for days in DAYS),
    Asked("2027-04", "2027-04"),
    Asked(region="north"),
    Asked(trade="works", days=7),
    Asked("2027-03", "2027-04", "south", "works", 14),
)


class Town:
    """Customers who answer, and people who act at random, wisely or not."""

    def __init__(self, casework: Casework, seed: int) -> None:
        self._casework = casework
        self._random = random.Random(seed)  # noqa: S311 - the same town for the same seed
        self._answers = 0

    async def live(self, customers: int) -> None:
        for customer in range(customers):
            await self._live(
                f"c-{customer}", MONDAY_MORNING + self._random.random() * 70 * 24 * HOUR
            )

    async def forget(self) -> None:
        """A customer to whom nobody turns, up to the last level and past its time."""
        silent = replace(UNHAPPY, response_id="r-forgotten", customer=Identity("c-forgotten"))
        state = await self._casework.open(silent)
        while not state.stalled_since:
            state = await self._casework.stay_silent(state)

    async def link(self) -> None:
        """Two who were one person all along: the younger case ends in the older."""
        older, younger = [
            await self._casework.open(
                replace(
                    UNHAPPY, response_id=f"r-{name}", customer=Identity(f"c-{name}"), trade=trade
                )
            )
            for name, trade in (("one", "works"), ("the-same", "sales"))
        ]
        await self._casework.act(younger, Attempt(Reached.NO_ANSWER), MONDAY_MORNING + HOUR)
        await self._casework.link(older.case_id, younger.case_id, MONDAY_MORNING + 2 * HOUR)
        older = await self._casework.listen(older, MONDAY_MORNING + 3 * HOUR)
        await self._casework.act(older, Attempt(Reached.REACHED), MONDAY_MORNING + 4 * HOUR)

    async def write_down(self) -> None:
        """On each channel one of us hears a customer, who is reached; on one of them another, who is not."""
        for channel in (*CHANNELS, CHANNELS[0]):
            told = WrittenDown(
                channel, "Nobody came.", Identity(f"by-hand-{self._answers}"), "north"
            )
            self._answers += 1
            name, at = f"r-{self._answers}", MONDAY_MORNING + self._answers * HOUR / 60
            state = await self._casework.open(response_of(told, by="dora", response_id=name, at=at))
            await self._casework.act(state, Attempt(Reached.REACHED), at + HOUR)
        told = WrittenDown(CHANNELS[0], "Nobody came.")
        await self._casework.open(
            response_of(told, by="dora", response_id="r-alone", at=MONDAY_MORNING)
        )

    async def hear_late(self) -> None:
        """Each way brings an answer that has a case, and one that is too old to be called back."""
        database, book = self._casework.database, self._casework.book
        intake = Intake(database.vault, book)
        for number, (way, too_old) in enumerate(product(BACK_FILED, (True, False))):
            customer = Identity(f"late-{number}")
            response = replace(
                UNHAPPY, response_id=f"late-{number}", customer=customer, too_old=too_old
            )
            async with database.write() as session:
                by = await book.in_force(session)
                delivery = Delivery("survey", b"{}", MONDAY_MORNING + HOUR, way=way)
                await intake.take(session, delivery, response, by=by)

    async def _live(self, customer: str, now: datetime) -> None:
        state: CaseState | None = None
        for _ in range(self._random.randint(1, 36)):
            if state is not None and state.closed and self._random.random() < 0.5:
                now = await self._ask_again(state, customer, now)
                state = None
            elif state is None or state.closed:
                state = await self._answer(customer, now)
            else:
                state = await self._happen(state, customer, now)
            now += (
                self._random.choice((HOUR / 20, HOUR, 5 * HOUR, 30 * HOUR)) * self._random.random()
            )
            if now >= NOW:
                return

    async def _answer(self, customer: str, now: datetime) -> CaseState | None:
        taken = await self._casework.hear(self._said(customer, now))
        if taken.case_id is None:
            return None
        if self._random.random() < 0.1:  # its workflow was not started yet
            return None
        return (await self._casework.take(CaseState(taken.case_id, now), Opened(now))).state

    async def _ask_again(self, state: CaseState, customer: str, now: datetime) -> datetime:
        """The post office asks him, or somebody else does; not everybody answers."""
        now += self._random.choice((1, 8)) * 24 * HOUR
        outbox = Outbox(self._casework.database)
        while (letter := await outbox.claim(min(now, NOW))) is not None:
            await outbox.settle(letter.intent, Posting.ACCEPTED, at=now)
        if now < NOW and self._random.random() < 0.6:
            of = self._random.choice((state.case_id, "last", None))
            await self._casework.hear(replace(self._said(customer, now), resurvey_of=of))
        return now + HOUR

    async def _happen(self, state: CaseState, customer: str, now: datetime) -> CaseState:
        try:
            match self._random.randrange(8):
                case 0 if state.rungs[0].at < NOW:
                    return await self._casework.stay_silent(state)
                case 1:
                    return await self._join(state, customer, now)
                case _:
                    by = self._random.choice((None, None, "denis"))
                    return await self._casework.act(state, self._act(state, now), now, by=by)
        except WrongMove:
            return state

    async def _join(self, state: CaseState, customer: str, now: datetime) -> CaseState:
        """Some answers were written before the last call, and arrive after it."""
        said_at = now - self._random.choice((0, 0, 8)) * HOUR
        taken = await self._casework.hear(self._said(customer, said_at))
        if taken.case_id != state.case_id:
            return state
        heard = HeardAgain(taken.response_id, 1, said_at, now)
        return (await self._casework.take(state, heard)).state

    def _said(self, customer: str, at: datetime) -> SurveyResponse:
        self._answers += 1
        known = Identity(customer, phone="+33639981234")
        return replace(
            UNHAPPY,
            response_id=f"r-{self._answers}",
            submitted_at=at,
            score=self._random.choice((0, 2, 4, 6, 8, 10)),
            region=self._random.choice(REGIONS),
            trade=self._random.choice(TRADES),
            customer=known if self._random.random() < 0.9 else Identity(name="Odile Kerverne"),
        )

    def _act(self, state: CaseState, now: datetime) -> Act:
        return self._wise(state, now) if self._random.random() < 0.7 else self._any(state, now)

    def _wise(self, state: CaseState, now: datetime) -> Act:
        """What brings the case nearer to its end."""
        match state.stage:
            case Stage.ASKED | Stage.ACKNOWLEDGED if in_vain(state) >= state.unreachable_after:
                return Close(Outcome.UNREACHABLE)
            case Stage.ASKED | Stage.ACKNOWLEDGED:
                at_home = self._random.random() < 0.5
                return Attempt(Reached.REACHED if at_home else Reached.NO_ANSWER)
            case Stage.CONTACTED:
                return NameCause(self._random.choice(("delay", "late_works")))
            case Stage.UNDERSTOOD:
                return self._promise(now)
            case Stage.REPAIRING:
                return self._repair(state, now)
            case _:
                talks = self._random.random() < 0.1
                return CallMe() if talks else self._answer_given()

    def _any(self, state: CaseState, now: datetime) -> Act:
        acts = (
            Acknowledge(),
            Attempt(self._random.choice(list(Reached))),
            TakeBack(),
            NameCause("delay"),
            self._promise(now),
            HandOver(self._random.choice(("dora", "nora"))),
            Pause("customer_away", now + 24 * HOUR * self._random.choice((1, 3))),
            Resume(),
            Close(self._random.choice(list(Outcome))),
        )
        return self._random.choice(acts)

    def _repair(self, state: CaseState, now: datetime) -> Act:
        later = now + self._random.choice((2, 50)) * HOUR
        if state.to_accept:
            number = state.to_accept[0].number
            good = self._random.random() < 0.7
            return AcceptAction(number) if good else RefuseAction(number, later)
        number = self._random.choice([a.number for a in state.open_actions])
        acts: tuple[Act, ...] = (
            *[FinishAction(number, cost=self._cost())] * 5,
            ChangeAction(number, later),
            DropAction(number, agreed=self._random.random() < 0.5),
        )
        return self._random.choice(acts)

    def _promise(self, now: datetime) -> Act:
        kind = self._random.choice((None, PromiseKind.CALL, PromiseKind.REPAIR))
        suggested = self._random.choice((None, "delay:1"))
        due = now + self._random.choice((2, 50)) * HOUR
        owner = self._random.choice(("dora", "denis"))
        return AddAction(owner, due, kind, suggested, self._cost())

    def _cost(self) -> Money | None:
        return self._random.choice((None, Money(12550, EURO), Money(80, EURO)))

    def _answer_given(self) -> Act:
        solved = self._random.random() < 0.7
        return Confirm(solved, self._random.choice((None, 0, 2)) if solved else None)


@pytest.fixture
async def casework(database: Database, vault: Vault) -> Casework:
    """The small organisation, which asks again after a few days."""
    text = f"{SMALL.read_text()}\nresurvey: {{after: 5d, at_most_every: 20d}}\n"
    return await casework_of(text, database, vault)


async def test_whatever_happened_the_tallies_say_what_the_log_tells(casework: Casework) -> None:
    town = Town(casework, seed=7)
    await town.live(30)
    await town.forget()
    await town.write_down()
    await town.link()
    await town.hear_late()
    log = await read_log(casework, NOW)
    a_week = await read(casework, Asked(days=7))
    assert _is_lively(a_week)
    assert {number.which for number in numbers(a_week)} == set(Which)
    for asked in QUESTIONS:
        found = await read(casework, asked)
        _is_what_the_log_tells(found, log, asked)
        for number, n in numbers(found).items():
            assert sum([each.times for each in await behind(casework, asked, number)]) == n, number


async def read(casework: Casework, asked: Asked) -> Figures:
    async with casework.database.read() as session:
        return await read_figures(session, asked, now=NOW, book=casework.book)


def _is_lively(figures: Figures) -> bool:
    """Hardly a number is zero, but of the targets that the small organisation leaves out: else there would
    be nothing to compare.
    """
    left_out = {Target.ATTEMPT, Target.CLOSURE}
    told = (n for number, n in numbers(figures).items() if number.detail not in left_out)
    return sum(n == 0 for n in told) < 3


def _is_what_the_log_tells(found: Figures, log: Log, asked: Asked) -> None:
    responses = asked_for(log, asked)
    assert told(found.overall) == plain(log, responses, asked.days)
    assert {of.cause: of.cases for of in found.causes} == plain_causes(log, responses)
    played = {of.cause: of.played for of in found.causes if of.played}
    assert played == plain_playbooks(log, responses)
    of_causes = sum(money.cents for of in found.causes for money in of.cost)
    assert of_causes == sum(money.cents for money in found.overall.cost)
    for region in found.by_region:
        some = [r for r in responses if r.region == region.region]
        assert told(region.measured) == plain(log, some, asked.days)
    for trade in found.by_trade:
        some = [r for r in responses if r.trade == trade.trade]
        assert told(trade.measured) == plain(log, some, asked.days)
    for month in found.by_period:
        some = [r for r in responses if log.month(r) == month.period]
        assert told(month.measured) == plain(log, some, asked.days)


def numbers(figures: Figures) -> Mapping[Number, int]:
    """The numbers of the board that open down to cases."""
    overall = figures.overall
    loop, all_kept, waits = overall.closed_loop, overall.attainment.overall, overall.waits
    kept = overall.attainment.by_target
    return {
        Number(Which.ANSWERS): overall.answers,
        Number(Which.RESPONSES): overall.responses,
        Number(Which.REACHABLE): overall.reachable,
        Number(Which.COVERED): overall.coverage.covered.n,
        **{Number(Which.UNCOVERED, why): n for why, n in overall.coverage.others.items()},
        Number(Which.CASES): overall.cases,
        Number(Which.OPEN): overall.backlog,
        Number(Which.LATE): overall.late,
        Number(Which.STALLED): overall.stalled,
        Number(Which.KEPT): overall.promises.n,
        Number(Which.BROKEN): overall.promises.d - overall.promises.n,
        Number(Which.PROMISED): overall.promises.d,
        Number(Which.IN_TIME): overall.in_time.n,
        Number(Which.TOO_LATE): overall.in_time.d - overall.in_time.n,
        Number(Which.DUE): overall.in_time.d,
        Number(Which.REFUSED): overall.refusals.n,
        Number(Which.JUDGED_WORK): overall.refusals.d,
        Number(Which.RESURVEYED): overall.recovery.recovered.d,
        Number(Which.WON_BACK): overall.recovery.recovered.n,
        Number(Which.ASKED_AGAIN): overall.recovery.answered.d,
        Number(Which.HEARD_AGAIN): overall.recovery.answered.n,
        Number(Which.ENDED): overall.quality.d,
        Number(Which.GOOD): overall.quality.n,
        Number(Which.CONTACTED): overall.contact.n,
        Number(Which.NOT_CONTACTED): overall.contact.d - overall.contact.n,
        Number(Which.WAITING, "attempt"): waits.attempt.wall.waiting,
        Number(Which.WAITING, "contact"): waits.contact.wall.waiting,
        Number(Which.WAITING, "close"): waits.close.wall.waiting,
        Number(Which.OLD_ENOUGH): loop.closed.d,
        Number(Which.CLOSED): loop.closed.n,
        Number(Which.CONFIRMED): loop.confirmed.n,
        Number(Which.UNREACHABLE): loop.unreachable.n,
        Number(Which.WITHDRAWN): loop.withdrawn.n,
        Number(Which.REOPENED): loop.reopened.n,
        Number(Which.MET): all_kept.n,
        Number(Which.MISSED): all_kept.d - all_kept.n,
        Number(Which.JUDGED): all_kept.d,
        **{Number(Which.MET, target): share.n for target, share in kept.items() if share.d},
        **{
            Number(Which.MISSED, target): share.d - share.n
            for target, share in kept.items()
            if share.d
        },
        **{Number(Which.LEVEL, str(e.level)): e.reached.n for e in overall.escalation},
        **{Number(Which.CAUSE, of.cause or ""): of.cases for of in figures.causes},
        **{Number(Which.PLAYED, of.cause): of.played for of in figures.causes if of.cause},
        **{
            Number(Which.UNPLAYED, of.cause): of.cases - of.played
            for of in figures.causes
            if of.cause
        },
        **{Number(Which.BY_HAND, c): share.d for c, share in overall.by_hand.items()},
        **{Number(Which.BY_HAND_CONTACTED, c): share.n for c, share in overall.by_hand.items()},
        **{Number(Which.BACK_FILED, w): share.d for w, share in overall.back_filed.items()},
        **{Number(Which.BACK_FILED_COVERED, w): share.n for w, share in overall.back_filed.items()},
        Number(Which.RECOVERED): overall.referrals.d,
        Number(Which.REFERRED): overall.referrals.n,
    }


async def behind(casework: Casework, asked: Asked, number: Number) -> Sequence[CaseBehind]:
    """In pages of seven."""
    found: list[CaseBehind] = []
    while True:
        before = found[-1].response_id if found else None
        async with casework.database.read() as session:
            page = await cases_behind(session, asked, number, limit=7, before=before, now=NOW)
        if not page:
            return found
        found += page
