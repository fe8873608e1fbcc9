"""Spans as the organisation's file writes them, for whoever is to read them again."""

from datetime import timedelta

from models.ladder import Span

_UNITS = (("h", timedelta(hours=1)), ("m", timedelta(minutes=1)), ("s", timedelta(seconds=1)))


def written(span: Span) -> str:
    """`3d`, `4h`, `90m`: in the largest unit that needs no fraction."""
    if span.days:
        return f"{span.days}d"
    unit, length = next(each for each in _UNITS if not span.time % each[1])
    return f"{span.time // length}{unit}"
