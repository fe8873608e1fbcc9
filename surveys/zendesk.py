"""Zendesk: the event of a rated ticket, or any JSON that the webhook of a trigger was told to send."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from models.errors import BadCredential, NotUnderstood
from models.submissions import Heard, Submission
from surveys.json_body import read_object
from surveys.json_parts import instant_of, object_at, text_at
from surveys.mac import verify_mac
from surveys.understanding import flattened
from surveys.values import read_id

EVENTS = "zen:event-type:"
RATED = "ticket.csat_received"
"""The only event that is an answer of a customer, and the survey under which it is mapped."""
TOLERANCE = timedelta(minutes=5)
SIGNATURE = "x-zendesk-webhook-signature"


def verify(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> None:
    """Signed within five minutes of now, before or after. Raises BadCredential."""
    at = headers.get(f"{SIGNATURE}-timestamp", "")
    signed = at.encode(errors="surrogatepass") + body
    verify_mac(headers.get(SIGNATURE, "").strip(), signed, secret)
    if not _is_fresh(at, now):
        raise BadCredential("The signature is too old, or from the future.")


def _is_fresh(at: str, now: datetime) -> bool:
    try:
        return abs(now - datetime.fromisoformat(at)) <= TOLERANCE
    except (ValueError, TypeError):
        # No instant, or one that does not say its zone.
        return False


def read(body: bytes) -> Sequence[Heard]:
    """Raises NotUnderstood. The places of the JSON are the references: `event.satisfaction_score.score`.

    A rating is known by its ticket, for the customer may change it. What a trigger sends is the owner's
    to name: its mapping says which response it is. All other events are no answers, and whoever
    subscribed to them should see it: they are not understood.
    """
    sent = read_object(body)
    event = text_at(sent, "type")
    if not event.startswith(EVENTS):
        return (Submission("", "", values=flattened(sent)),)
    if event != EVENTS + RATED:
        raise NotUnderstood(f"Of all events only {RATED} is an answer.", place="type")
    at = instant_of(sent, "time")
    return (
        Submission(
            read_id(object_at(sent, "detail").get("id"), "detail.id"),
            RATED,
            submitted_at=at,
            changed_at=at,
            values=flattened(sent),
        ),
    )
