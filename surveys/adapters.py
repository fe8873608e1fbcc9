"""Which kinds of survey systems Rappel understands: how each signs, and how each is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from models.survey import SurveyResponse
from surveys import generic, signature


class Parse(Protocol):
    """Raises NotUnderstood."""

    def __call__(self, body: bytes, *, received_at: datetime) -> SurveyResponse: ...


@dataclass(frozen=True, slots=True)
class Adapter:
    """`verify` takes headers, raw body and secret, and raises BadCredential."""

    verify: Callable[[Mapping[str, str], bytes, str], None]
    parse: Parse


ADAPTERS: Mapping[str, Adapter] = MappingProxyType(
    {"generic": Adapter(signature.verify, generic.parse)}
)
"""By the `kind` that the organisation file gives a source."""
