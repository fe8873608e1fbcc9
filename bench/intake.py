"""How many deliveries one web process accepts in a second, beside a bare endpoint on the same machine.

The two are served and asked in turns, in one run, by the same client, each on a database of its own. What
Rappel only received meanwhile is taken afterwards: for how long is printed too.
"""

import asyncio
import base64
import json
import os
import secrets
import sys
import time
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from httpx2 import AsyncClient, Limits, TransportError
from standardwebhooks import Webhook

from machine.children import Child, start, stop
from machine.port import free_port_for_temporal
from models.store.database import migrate

ROOT = Path(__file__).parents[1]
TURNS, DELIVERIES, SENDERS = 3, 500, 16
"""Each of the two has so many turns, each of so many deliveries, from so many senders at once."""
WARM_UP = 50
AIM = 0.6
"""Of what the bare endpoint takes."""


@dataclass(slots=True)
class Measured:
    """Seconds: one of each delivery, and of each whole turn."""

    each: list[float] = field(default_factory=list)
    turns: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return len(self.each) / sum(self.turns)

    def share(self, share: float) -> float:
        """Milliseconds within which that share was answered."""
        return sorted(self.each)[min(len(self.each) - 1, int(len(self.each) * share))] * 1000


async def main() -> None:
    secret = base64.b64encode(secrets.token_bytes(32)).decode()
    ours, bare = Measured(), Measured()
    with TemporaryDirectory() as folder:
        async with _rappel(Path(folder), secret) as rappel, _bare(Path(folder), secret) as other:
            for http in (rappel, other):
                await _send(http, secret, WARM_UP)
            for _ in range(TURNS):
                for http, measured in ((rappel, ours), (other, bare)):
                    began = time.perf_counter()
                    measured.each += await _send(http, secret, DELIVERIES)
                    measured.turns.append(time.perf_counter() - began)
            rest = await _taking_of_the_rest(rappel)
    sys.stdout.write(_table({"Rappel": ours, "a bare endpoint": bare}))
    ratio = ours.rate / bare.rate
    verdict = "reached" if ratio >= AIM else "missed"
    sys.stdout.write(f"Ratio {ratio:.2f}; the aim of {AIM} is {verdict}.\n")
    sys.stdout.write(f"{rest}\n\n")


def _table(measured: Mapping[str, Measured]) -> str:
    lines = [
        "Deliveries accepted by one web process, SQLite, durable commits",
        f"{'':<18}{'a second':>10}{'p50 ms':>10}{'p99 ms':>10}",
    ]
    for name, of in measured.items():
        lines.append(f"{name:<18}{of.rate:>10.0f}{of.share(0.5):>10.0f}{of.share(0.99):>10.0f}")
    return "\n".join(lines) + "\n"


async def _taking_of_the_rest(rappel: AsyncClient) -> str:
    """Once the door is calm."""
    waited = waiting = await _waiting(rappel)
    began = time.perf_counter()
    while waiting:
        await asyncio.sleep(0.1)
        waiting = await _waiting(rappel)
    seconds = time.perf_counter() - began
    rate = f", {waited / seconds:.0f} a second" if waited else ""
    return f"Of these {waited} were only received, and were taken in the {seconds:.0f} s after that{rate}."


async def _waiting(rappel: AsyncClient) -> int:
    """How many are received and not taken yet."""
    return int((await rappel.get("/healthz")).json()["received_deliveries"])


async def _send(http: AsyncClient, secret: str, count: int) -> Sequence[float]:
    """Answers of customers nobody knows yet, one in three of them unhappy."""
    left, lengths, webhook = iter(range(count)), list[float](), Webhook(secret)

    async def send_some() -> None:
        for number in left:
            body = json.dumps(_answer(number))
            headers = _signed(webhook, body)
            began = time.perf_counter()
            answered = await http.post("/webhooks/survey", content=body, headers=headers)
            answered.raise_for_status()
            lengths.append(time.perf_counter() - began)

    async with asyncio.TaskGroup() as senders:
        for _ in range(SENDERS):
            senders.create_task(send_some())
    return lengths


def _answer(number: int) -> Mapping[str, object]:
    name = uuid.uuid4().hex
    return {
        "response_id": name,
        "survey_id": "handing-over",
        "submitted_at": datetime.now(UTC).isoformat(),
        "metric": "nps",
        "score": 2 if number % 3 == 0 else 9,
        "comment": "Nobody called me back in three weeks.",
        "customer": {"id": name, "phone": "+33639981234"},
    }


def _signed(webhook: Webhook, body: str) -> Mapping[str, str]:
    message, now = f"msg_{uuid.uuid4().hex}", datetime.now(UTC)
    return {
        "webhook-id": message,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": webhook.sign(message, now, body),
    }


@asynccontextmanager
async def _rappel(folder: Path, secret: str) -> AsyncIterator[AsyncClient]:
    """Temporal is away: nothing of the intake waits for it."""
    port, away = (free_port_for_temporal(20_000 + secrets.randbelow(20_000)) for _ in range(2))
    (folder / "rappel").mkdir()
    environment = {
        **os.environ,
        "RAPPEL_STATE_DIR": str(folder / "rappel"),
        "RAPPEL_PORT": str(port),
        "RAPPEL_TEMPORAL_PORT": str(away),
        "RAPPEL_ORGANISATION": str(ROOT / "organisation.yaml"),
        "RAPPEL_API_TOKEN": secrets.token_urlsafe(24),
        "RAPPEL_SESSION_KEY": secrets.token_urlsafe(32),
        "RAPPEL_DATA_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "RAPPEL_WEBHOOK_SECRET_SURVEY": secret,
    }
    await migrate(f"sqlite+aiosqlite:///{folder}/rappel/rappel.sqlite")
    applied = await start(
        _python("organisation", environment, folder, "-m", "rappel", "org", "apply")
    )
    await applied.wait()
    async with _served(_python("web", environment, folder, "-m", "rappel", "web"), port) as http:
        yield http


@asynccontextmanager
async def _bare(folder: Path, secret: str) -> AsyncIterator[AsyncClient]:
    port = free_port_for_temporal(20_000 + secrets.randbelow(20_000))
    url = f"sqlite+aiosqlite:///{folder}/bare.sqlite"
    words = ("-m", "bench.bare", str(port), url, secret)
    async with _served(_python("bare", dict(os.environ), folder, *words), port) as http:
        yield http


def _python(name: str, environment: Mapping[str, str], folder: Path, *words: str) -> Child:
    """What it says goes into a file, as a supervised process's would."""
    output = os.open(folder / f"{name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    command = (sys.executable, *words)
    return Child(name, command, environment=environment, output=output)


@asynccontextmanager
async def _served(child: Child, port: int) -> AsyncIterator[AsyncClient]:
    process = await start(child)
    limits = Limits(max_connections=SENDERS, max_keepalive_connections=SENDERS)
    try:
        async with AsyncClient(
            base_url=f"http://127.0.0.1:{port}", limits=limits, timeout=60
        ) as http:
            await _answering(http)
            yield http
    finally:
        await stop(process, grace=child.grace)


async def _answering(http: AsyncClient) -> None:
    while True:
        try:
            await http.get("/webhooks/survey")
        except TransportError:
            await asyncio.sleep(0.1)
        else:
            return
