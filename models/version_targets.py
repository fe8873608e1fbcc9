"""What one version of the organisation changed of its targets, and the versions in short."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from models.ladder import Span, Target
from models.organisation import Organisation

SHORT = r"[1-9]\d{0,5}(-[1-9]\d{0,5})?(\.[1-9]\d{0,5}(-[1-9]\d{0,5})?){0,99}"
"""How `in_short` writes versions."""


@dataclass(frozen=True, slots=True)
class TargetChange:
    """`of` is the zero-tolerance topic, or the channel by which customers are heard, that has a length of
    its own; None are all other cases. A length of None: there was none before, or is none now.
    """

    target: Target
    of: str | None
    before: Span | None
    after: Span | None


def target_changes(before: Organisation, after: Organisation) -> tuple[TargetChange, ...]:
    """In the order of a case's life, those of channels and topics last."""
    was, now = _lengths(before), _lengths(after)
    return tuple(
        TargetChange(target, of, was.get((of, target)), now.get((of, target)))
        for of in dict.fromkeys(of for of, _ in (*now, *was))
        for target in Target
        if was.get((of, target)) != now.get((of, target))
    )


def _lengths(organisation: Organisation) -> Mapping[tuple[str | None, Target], Span]:
    policy = organisation.policy
    lengths: list[tuple[str | None, Mapping[Target, Span]]] = [
        (None, policy.targets),
        *policy.by_origin.items(),
        *((topic.id, topic.targets) for topic in organisation.topics.values()),
    ]
    return {(of, target): span for of, targets in lengths for target, span in targets.items()}


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
