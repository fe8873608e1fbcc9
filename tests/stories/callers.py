"""Who calls Rappel from outside: a survey system that delivers, and an office that acts."""

import asyncio
import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from httpx2 import AsyncClient, Response, TransportError
from standardwebhooks import Webhook

Json: TypeAlias = dict[str, Any]

DIRECTOR = "director_alsace"
DEPUTY = "deputy_alsace"
NATIONAL = "national_owner"

PAUSE = 0.2
"""Seconds before a caller repeats what was not answered."""
PATIENCE = 30.0
IMPATIENCE = 2.0
"""Seconds after which a caller hangs up. One who will repeat does so while the act may be under way."""


def unhappy(customer: str, *, response: str = "", score: int = 2) -> Json:
    """An answer to a survey as it is delivered; the director of Alsace is in charge of it."""
    return {
        "response_id": response or f"response-{customer}",
        "survey_id": "handing-over",
        "submitted_at": datetime.now(UTC).isoformat(),
        "metric": "nps",
        "score": score,
        "comment": "Personne ne rappelle.",
        "language": "fr",
        "customer": {"id": customer, "name": "Odile Kerverne", "phone": "+33639981234"},
        "context": {"region": "alsace", "trade": "works", "touchpoint": "keys"},
    }


class SurveySystem:
    def __init__(self, http: AsyncClient, secret: str) -> None:
        self._http = http
        self._webhook = Webhook(secret)

    async def send(self, answer: Json | str, *, source: str = "survey") -> Response:
        """Once. A text is sent as it is."""
        body = answer if isinstance(answer, str) else json.dumps(answer)
        headers = self._signed(body)
        return await self._http.post(f"/webhooks/{source}", content=body, headers=headers)

    async def send_forged(self, answer: Json) -> Response:
        headers = self._signed(json.dumps(answer | {"score": 10}))
        return await self._http.post(
            "/webhooks/survey", content=json.dumps(answer), headers=headers
        )

    async def deliver(self, answer: Json) -> Json:
        """Repeats as survey systems do, until it is taken."""
        while True:
            try:
                answered = await self.send(answer)
            except TransportError:
                answered = None
            if answered is not None and answered.status_code < 500:
                assert answered.is_success, answered.text
                return dict(answered.json())
            await asyncio.sleep(PAUSE)

    def _signed(self, body: str) -> Mapping[str, str]:
        message, now = f"msg_{uuid.uuid4().hex}", datetime.now(UTC)
        return {
            "webhook-id": message,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._webhook.sign(message, now, body),
        }


class Office:
    """A trusted server, in the name of the people who act."""

    def __init__(self, http: AsyncClient, token: str) -> None:
        self._http = http
        self._headers = {"authorization": f"Bearer {token}"}

    async def get(self, path: str) -> Json:
        answered = await self._http.get(f"/api/{path}", headers=self._headers)
        assert answered.is_success, answered.text
        return dict(answered.json())

    async def case(self, case: str) -> Json:
        return await self.get(f"cases/{case}")

    async def told(self, case: str) -> list[str]:
        """The kinds of the timeline's entries, in their order, but for what became of the post."""
        return happened(await self.case(case))

    async def act(
        self,
        case: str,
        path: str,
        *,
        key: str = "",
        by: str = DIRECTOR,
        patience: float = PATIENCE,
        **said: str,
    ) -> Response:
        """Once."""
        headers = self._headers | {"idempotency-key": key or uuid.uuid4().hex}
        body, url = {"by": by, **said}, f"/api/cases/{case}/{path}"
        return await self._http.post(url, json=body, headers=headers, timeout=patience)

    async def link(self, case: str, other: str, *, by: str) -> Response:
        body = {"by": by, "case": case, "other": other}
        return await self._http.post("/api/customers/merge", json=body, headers=self._headers)

    async def act_surely(self, case: str, path: str, *, key: str = "", **said: str) -> Json:
        """Repeats with the same key while nobody answers or the act is only kept."""
        key = key or uuid.uuid4().hex
        while True:
            try:
                answered = await self.act(case, path, key=key, patience=IMPATIENCE, **said)
            except TransportError:
                answered = None
            if answered is not None and answered.status_code < 500:
                assert answered.is_success, answered.text
                return dict(answered.json())
            await asyncio.sleep(PAUSE)


def happened(told: Json) -> list[str]:
    """The kinds of a case's entries, whatever message waited for its turn and was not sent after all."""
    kinds = [entry["kind"] for entry in told["timeline"]]
    return [kind for kind in kinds if kind != "not_sent"]
