"""Which kinds of survey systems Rappel understands: how each signs, and how each is read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TypeAlias

from models.errors import BadCredential, Misconfigured, NotUnderstood
from models.mappings import EACH, Auth, Source
from models.submissions import Heard
from models.survey import SurveyResponse, Told
from surveys import (
    formbricks,
    generic,
    own_body,
    qualtrics,
    signature,
    surveymonkey,
    tally,
    typeform,
    zendesk,
)
from surveys.credentials import verify_basic, verify_bearer
from surveys.generic import Element
from surveys.understanding import understand

Headers: TypeAlias = Mapping[str, str]
"""Their names are in lower case."""
Verify: TypeAlias = Callable[[Headers, bytes, str, datetime], None]
"""Takes headers, raw body, secret and now; raises BadCredential."""
Read: TypeAlias = Callable[[bytes], Sequence[Heard]]
"""Raises NotUnderstood. What is told stands in the body alone: no headers are kept."""


@dataclass(frozen=True, slots=True)
class Adapter:
    """`verify` None: the source says by which of `Auth` its deliveries show whose they are."""

    read: Read
    verify: Verify | None = None


ADAPTERS: Mapping[str, Adapter] = MappingProxyType(
    {
        "generic": Adapter(generic.read),
        "qualtrics": Adapter(qualtrics.read, qualtrics.verify),
        "surveymonkey": Adapter(surveymonkey.read, surveymonkey.verify),
        "typeform": Adapter(typeform.read, typeform.verify),
        "formbricks": Adapter(formbricks.read),
        "tally": Adapter(tally.read, tally.verify),
        "zendesk": Adapter(zendesk.read, zendesk.verify),
    }
)
"""By the `kind` that the organisation file gives a source."""

_BY_AUTH: Mapping[Auth, Callable[[Headers, bytes, str], None]] = MappingProxyType(
    {
        Auth.STANDARD_WEBHOOKS: signature.verify,
        Auth.BEARER: verify_bearer,
        Auth.BASIC: verify_basic,
    }
)


def verify(
    source: Source, headers: Headers, body: bytes, secrets: Iterable[str], *, now: datetime
) -> None:
    """By any one of the secrets: while one is changed for another both are good. Raises BadCredential, or
    Misconfigured where none of them can be a secret of such a source.
    """
    faults = list[BadCredential | Misconfigured]()
    for secret in secrets:
        fault = _fault(source, headers, body, secret, now)
        if fault is None:
            return
        faults.append(fault)
    refused = (fault for fault in faults if isinstance(fault, BadCredential))
    none = Misconfigured(f"The source {source.id} has no secret.")
    raise next(refused, None) or next(iter(faults), none)


def _fault(
    source: Source, headers: Headers, body: bytes, secret: str, now: datetime
) -> BadCredential | Misconfigured | None:
    try:
        _verify_by(source, headers, body, secret, now)
    except (BadCredential, Misconfigured) as fault:
        return fault
    return None


def _verify_by(source: Source, headers: Headers, body: bytes, secret: str, now: datetime) -> None:
    own = ADAPTERS[source.kind].verify
    if source.auth is None and own is not None:
        own(headers, body, secret, now)
    else:
        _BY_AUTH[source.auth or Auth.STANDARD_WEBHOOKS](headers, body, secret)


def hear(source: Source, body: bytes, *, received_at: datetime) -> Sequence[Told | NotUnderstood]:
    """All that the delivery tells; one response of several may be at fault. Raises NotUnderstood where the
    body itself is.
    """
    if not source.mappings and source.kind == "generic":
        return (own_body.parse(body, received_at=received_at),)
    heard = submissions(source, body)
    return [understood(each, source, received_at) for each in heard]


def submissions(source: Source, body: bytes) -> Sequence[Heard | Element]:
    """Of a source with a mapping, before anything is judged. Raises NotUnderstood."""
    if source.each is not None:
        return generic.read_each(body, source.each)
    return ADAPTERS[source.kind].read(body)


def alone(source: Source, body: bytes) -> Sequence[bytes]:
    """The body once for each customer's response in it."""
    return (body,) if source.each is None else generic.alone(body, source.each)


def hear_kept(source: Source, body: bytes, received_at: datetime) -> Sequence[Told | NotUnderstood]:
    """Of a delivery that was kept: its signature was good when it came."""
    try:
        return hear(source, body, received_at=received_at)
    except NotUnderstood as fault:
        return (fault,)


def one_response(source: Source, body: bytes, *, received_at: datetime) -> SurveyResponse:
    """Of a saved delivery. Raises NotUnderstood where it tells no response."""
    for told in hear(source, body, received_at=received_at):
        if isinstance(told, NotUnderstood):
            raise told
        if isinstance(told, SurveyResponse):
            return told
    raise NotUnderstood("The delivery tells no answer of a customer.")


def understood(
    heard: Heard | Element, source: Source, received_at: datetime
) -> Told | NotUnderstood:
    """One response of a delivery, or what is wrong with it."""
    try:
        if isinstance(heard, Element):
            return understand(heard.heard, source, received_at=received_at)
        return understand(heard, source, received_at=received_at)
    except NotUnderstood as fault:
        return _in_element(fault, heard, source) if isinstance(heard, Element) else fault


def _in_element(fault: NotUnderstood, element: Element, source: Source) -> NotUnderstood:
    """Where it really stands: `events[3].score` for `events[*].score`."""
    within = f"{source.each}{EACH}"
    if within in fault.place:
        place = fault.place.replace(within, element.place)
    else:
        place = ".".join(filter(None, (element.place, fault.place)))
    return NotUnderstood(fault.detail.replace(within, element.place), place=place)
