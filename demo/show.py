"""The demo from beginning to end, as its viewer sees it in the terminal."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from httpx2 import AsyncClient, Limits, Timeout
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from demo.answers import Crowd
from demo.doors import Case, Doors
from demo.lives import Author
from demo.player import Played, Player
from demo.stage import FOLDER, ORGANISATION, Stage, empty, lapse_over, measure, staged
from machine.invitations import invite
from machine.organisation import checked_organisation
from models.clock import clock_through, real_clock
from models.timelapse import Timelapse

SEED = 2026
NOTABLE = 1.25
SLOWEST = 2.0
"""A machine that is slower than this plays no longer for it: the people are late then."""
AT_ONCE = 12
"""Requests under way: more would only wait in the web process."""
PATIENCE = 30.0
LOOK = 0.25
"""Seconds between two looks at the progress."""
GUESTS = ("director_nord", "deputy_south", "national_owner", "managing_director", "operator")


@dataclass(frozen=True, slots=True)
class Show:
    """With `keep` the group of the last demo goes on, and nothing is played.

    The machine is measured: a slow one plays the same days in more than these `seconds`.
    """

    keep: bool
    days: int
    seconds: int
    console: Console

    async def run(self) -> None:
        """Until cancelled."""
        goes_on = self.keep and FOLDER.exists()
        if not goes_on:
            await empty(FOLDER)
        lapse = Timelapse(real_clock(), 1) if goes_on else await self._lapse()
        self._say(f"A Rappel of its own starts in {FOLDER}/ ...")
        async with staged(FOLDER, lapse, say=self._say) as stage, _http(stage) as http:
            doors = Doors(http, stage.settings())
            player = Player(doors, checked_organisation(ORGANISATION), lapse)
            if not goes_on:
                await self._play(stage, player, doors)
            await self._show_round(stage)
            await player.go_on(_crowd(int(real_clock().timestamp())))

    async def _lapse(self) -> Timelapse:
        slowness = min(SLOWEST, await measure())
        played_in = timedelta(seconds=self.seconds) * slowness
        minutes = f"{played_in.total_seconds() / 60:.1f} minutes"
        excuse = ": this machine is slow, or busy" if slowness > NOTABLE else ""
        self._say(f"{self.days} days will be played in {minutes}{excuse}.")
        return lapse_over(timedelta(days=self.days), played_in=played_in, slowness=slowness)

    async def _play(self, stage: Stage, player: Player, doors: Doors) -> None:
        lapse, began = stage.lapse, real_clock()
        answers = _crowd(SEED).over(lapse.until - timedelta(days=self.days), lapse.until)
        async with asyncio.TaskGroup() as tasks:
            showing = tasks.create_task(self._progress(lapse, player.played))
            await player.play(answers)
            showing.cancel()
        await _until_real(lapse)
        await stage.rappel("letter")
        seconds = (real_clock() - began).total_seconds()
        for line in _summary(player.played, await doors.cases(), seconds):
            self._say(line)

    async def _progress(self, lapse: Timelapse, played: Played) -> None:
        clock, whole = clock_through(lapse), timedelta(days=self.days)
        since = lapse.until - whole
        with _bar(self.console) as bar:
            task = bar.add_task("", total=self.days, said="")
            while True:
                now = clock()
                bar.update(
                    task,
                    completed=max(0.0, (now - since) / timedelta(days=1)),
                    description=f"{max(now, since):%d %B %Y}",
                    said=f"{played.answers} answers, {played.cases} cases, {played.acts} acts",
                )
                await asyncio.sleep(LOOK)

    async def _show_round(self, stage: Stage) -> None:
        """Each link opens once; those of the people whom one wants to be."""
        self._say(f"\nThe demo is up: {stage.url}  (it answers to nobody but this machine)")
        settings = stage.settings()
        self._say("Sign in as one of them; a link opens once:")
        for guest in GUESTS:
            invitation = await invite(settings, guest)
            self._say(f"  {guest:18} {invitation.link}")
        for room, what in ROOMS.items():
            self._say(f"  {room:18} {stage.url}/{room}  {what}")
        self._say(f"  {'log':18} {stage.log}")
        self._say("New answers come in every half minute. Ctrl-C stops everything.")

    def _say(self, line: str) -> None:
        self.console.print(line, highlight=False, soft_wrap=True)


ROOMS = {
    "inbox": "what waits for a director",
    "board": "the figures, for the owner and the executive",
    "operations": "for the operator",
    "outbox": "the messages which would have been sent",
}


def _crowd(seed: int) -> Crowd:
    rng = Random(seed)  # noqa: S311 - chance, not secrecy
    return Crowd(rng, Author(rng))


async def _until_real(lapse: Timelapse) -> None:
    await asyncio.sleep(max(0.0, (lapse.until - real_clock()).total_seconds()))


def _http(stage: Stage) -> AsyncClient:
    """Who waits for one of the few connections waits as long as it takes."""
    return AsyncClient(
        base_url=stage.url,
        limits=Limits(max_connections=AT_ONCE),
        timeout=Timeout(PATIENCE, pool=None),
    )


def _bar(console: Console) -> Progress:
    said = TextColumn("{task.fields[said]}")
    return Progress(
        TextColumn("{task.description}"), BarColumn(), said, TimeRemainingColumn(), console=console
    )


def _summary(played: Played, cases: Sequence[Case], seconds: float) -> Iterator[str]:
    still_open = sum(case.open for case in cases)
    climbed = sum(case.level > 0 for case in cases)
    yield f"Played in {seconds:.0f} s: {played.answers} answers, {played.acts} acts of people."
    yield (
        f"{len(cases)} cases: {len(cases) - still_open} closed, {still_open} open; "
        f"{climbed} of them went up the ladder."
    )
