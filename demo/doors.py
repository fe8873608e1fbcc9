"""The front doors of Rappel, used as a survey system and a trusted server use them."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from httpx2 import AsyncClient, Response, TransportError
from standardwebhooks import Webhook

from demo.answers import Json
from settings import Settings

PAUSE = 1.0
"""Seconds before something is sent again that was not answered, or not taken yet."""
NOT_UNDERSTOOD = 422
PROMISED = "received"
TOO_MANY = 429
MOVED_ON = frozenset({403, 409})
"""The case is closed, with somebody else, or past that act: the ladder was faster."""


@dataclass(frozen=True, slots=True)
class Case:
    id: str
    open: bool
    owner: str | None
    level: int
    due_at: datetime | None

    @classmethod
    def of(cls, said: Json) -> "Case":
        due = said["due_at"]
        return cls(
            said["id"],
            said["open"],
            said["owner"],
            said["level"],
            datetime.fromisoformat(due) if due else None,
        )


@dataclass(frozen=True, slots=True)
class Doors:
    """Patient: whatever is away or overloaded comes back."""

    http: AsyncClient
    settings: Settings

    async def deliver(self, answer: Json, *, source: str) -> str | None:
        """The number of the case, if it opened or joined one. What is not understood is kept. What is only
        promised is sent again until it is taken: a repeat is answered as the first would have been.
        """
        body = json.dumps(answer, ensure_ascii=False)
        secret = self.settings.webhook_secrets[source].get_secret_value()

        async def send() -> Response:
            return await self.http.post(
                f"/webhooks/{source}", content=body.encode(), headers=_signed(body, secret)
            )

        while True:
            answered = await _answered(send)
            if answered.status_code == NOT_UNDERSTOOD:
                return None
            said = answered.raise_for_status().json()
            if said["fate"] != PROMISED:
                case: str | None = said["case_id"]
                return case
            await asyncio.sleep(PAUSE)

    async def write_down(self, told: Json, *, by: str) -> str | None:
        """The number of the case that what `by` heard opened or joined."""
        headers = self._bearer | {"idempotency-key": uuid4().hex}

        async def send() -> Response:
            return await self.http.post("/api/responses", json={**told, "by": by}, headers=headers)

        case: str | None = (await _answered(send)).raise_for_status().json()["case_id"]
        return case

    async def case(self, case_id: str) -> Case:
        return Case.of(await self._read(f"cases/{case_id}"))

    async def cases(self) -> list[Case]:
        """All of them, the newest first."""
        found: list[Case] = []
        cursor = ""
        while True:
            page = await self._read(f"cases?limit=200{cursor}")
            found += map(Case.of, page["items"])
            if page["next"] is None:
                return found
            cursor = f"&cursor={page['next']}"

    async def act(self, case_id: str, act: str, said: Json) -> bool:
        """Whether it was done: the case may have moved on."""
        headers = self._bearer | {"idempotency-key": uuid4().hex}

        async def send() -> Response:
            return await self.http.post(f"/api/cases/{case_id}/{act}", json=said, headers=headers)

        answered = await _answered(send)
        if answered.status_code in MOVED_ON:
            return False
        return answered.raise_for_status().is_success

    async def share(self, case_id: str, said: Json, *, by: str) -> bool:
        """Whether it is a practice now: a case that did not end well has none."""
        headers = self._bearer | {"idempotency-key": uuid4().hex}
        practice = {**said, "case_id": case_id, "by": by}

        async def send() -> Response:
            return await self.http.post("/api/practices", json=practice, headers=headers)

        answered = await _answered(send)
        if answered.status_code in MOVED_ON:
            return False
        return answered.raise_for_status().is_success

    async def record_absence(self, said: Json) -> Json | None:
        """None where it would leave nobody there, or the person has left."""
        headers = self._bearer | {"idempotency-key": uuid4().hex}

        async def send() -> Response:
            return await self.http.post("/api/absences", json=said, headers=headers)

        answered = await _answered(send)
        if answered.status_code in {*MOVED_ON, NOT_UNDERSTOOD}:
            return None
        absence: Json = answered.raise_for_status().json()
        return absence

    async def call_off_absence(self, absence: str, *, by: str) -> None:
        path = f"/api/absences/{absence}?by={by}"

        async def send() -> Response:
            return await self.http.delete(path, headers=self._bearer)

        (await _answered(send)).raise_for_status()

    async def _read(self, path: str) -> Json:
        async def ask() -> Response:
            return await self.http.get(f"/api/{path}", headers=self._bearer)

        found: Json = (await _answered(ask)).raise_for_status().json()
        return found

    @property
    def _bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.settings.api_token.get_secret_value()}"}


async def _answered(send: Callable[[], Awaitable[Response]]) -> Response:
    while True:
        try:
            answered = await send()
        except TransportError:
            answered = None
        if answered is not None and not _is_busy(answered):
            return answered
        await asyncio.sleep(PAUSE)


def _is_busy(answered: Response) -> bool:
    return answered.status_code == TOO_MANY or answered.is_server_error


def _signed(body: str, secret: str) -> Mapping[str, str]:
    """By the real clock: a signature of three months ago would be refused."""
    message, now = f"msg_{uuid4().hex}", datetime.now(UTC)
    return {
        "content-type": "application/json",
        "webhook-id": message,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(message, now, body),
    }
