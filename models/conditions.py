"""What a case is about, and the conditions that a rule of the organisation sets to that."""

from typing import NamedTuple, Protocol


class About(NamedTuple):
    """By our ids where we know what was meant; None is unknown."""

    region: str | None = None
    trade: str | None = None
    touchpoint: str | None = None
    language: str | None = None


class Conditions(Protocol):
    """None takes every value."""

    @property
    def region(self) -> str | None: ...
    @property
    def trade(self) -> str | None: ...
    @property
    def touchpoint(self) -> str | None: ...
    @property
    def language(self) -> str | None: ...


def fits(rule: Conditions, about: About) -> bool:
    wanted = (rule.region, rule.trade, rule.touchpoint, rule.language)
    return all(want is None or want == found for want, found in zip(wanted, about, strict=True))
