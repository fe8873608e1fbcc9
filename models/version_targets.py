"""What one version of the organisation changed of its targets, and the versions in short."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from models.ladder import Span, Target
from models.organisation import Organisation

SHORT = r"[1-9]\d{0,5}(-[1-9]\d{0,5})?(\.[1-9]\d{0,5}(-[1-9]\d{0,5})?){0,99}"
"""How `in_short` writes versions."""


@dataclass(frozen=True, slots=True)
class TargetChange:
    """`topic` is the zero-tolerance topic with a length of its own; None are all other cases.

    A length of None: there was none before, or is none now.
    """

    target: Target
    topic: str | None
    before: Span | None
    after: Span | None


def target_changes(before: Organisation, after: Organisation) -> tuple[TargetChange, ...]:
    """In the order of a case's life, those of the topics last."""
    return tuple(
        TargetChange(target, topic, _length(before, target, topic), _length(after, target, topic))
        for topic in (None, *_topics(before, after))
        for target in Target
        if _length(before, target, topic) != _length(after, target, topic)
    )


def _topics(before: Organisation, after: Organisation) -> Iterable[str]:
    return dict.fromkeys((*after.topics, *before.topics))


def _length(organisation: Organisation, target: Target, topic: str | None) -> Span | None:
    if topic is None:
        return organisation.policy.targets.get(target)
    known = organisation.topics.get(topic)
    return known.targets.get(target) if known else None


def in_short(versions: Iterable[int]) -> str:
    """`1-3.7`: as it stands in an address."""
    return ".".join(str(a) if a == b else f"{a}-{b}" for a, b in _stretches(versions))


def spelt_out(short: str) -> tuple[tuple[int, int], ...]:
    """The stretches of `in_short`, first and last."""
    pairs = (part.partition("-") for part in short.split("."))
    return tuple((int(first), int(last or first)) for first, _, last in pairs)


def _stretches(versions: Iterable[int]) -> Iterator[tuple[int, int]]:
    first = last = None
    for version in sorted(versions):
        if first is None or last is None:
            first = last = version
        elif version == last + 1:
            last = version
        else:
            yield first, last
            first = last = version
    if first is not None and last is not None:
        yield first, last
