"""Plays the survey system: one invented, unhappy answer, signed, to the Rappel on this machine.

.venv/bin/python scripts/send_answer.py [score] [region]
"""

import json
import sys
from datetime import UTC, datetime
from urllib.request import Request, urlopen
from uuid import uuid4

from standardwebhooks import Webhook

from settings import load_settings

SOURCE = "survey"


def main(score: str = "2", region: str = "nord") -> None:
    settings = load_settings()
    now, message = datetime.now(UTC), f"msg_{uuid4().hex}"
    body = json.dumps(_answer(now, int(score), region))
    signature = Webhook(settings.webhook_secrets[SOURCE].get_secret_value()).sign(
        message, now, body
    )
    request = Request(  # noqa: S310 - the address is this machine's own
        f"{settings.public_url}/webhooks/{SOURCE}",
        body.encode(),
        {
            "content-type": "application/json",
            "webhook-id": message,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signature,
        },
    )
    with urlopen(request, timeout=10) as answer:  # noqa: S310 - see above
        sys.stdout.write(f"{answer.status} {answer.read().decode()}\n")


def _answer(now: datetime, score: int, region: str) -> dict[str, object]:
    return {
        "response_id": uuid4().hex,
        "survey_id": "keys-handed-over",
        "submitted_at": now.isoformat(),
        "metric": "nps",
        "score": score,
        "comment": "Le volet du salon ne ferme pas et personne ne me rappelle.",
        "language": "fr",
        "customer": {
            "id": f"C-{uuid4().hex[:6]}",
            "name": "Maëlle Aubrac",
            "email": "maelle.aubrac@client.example",
            "phone": "+33639989201",
        },
        "context": {
            "region": region,
            "trade": "works",
            "touchpoint": "keys",
            "programme": "Les Terrasses du Canal",
            "lot": "B 204",
        },
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
