"""What was probably meant."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, names: Iterable[str]) -> str | None:
    known = {name.lower(): str(name) for name in names}
    near = get_close_matches(word.lower(), known, n=1)
    return known[near[0]] if near else None


def did_you_mean(word: str, names: Iterable[str]) -> str:
    """The end of a sentence, `; did you mean 'x'?`, or nothing where no name comes near."""
    near = nearest(word, names)
    return f"; did you mean {near!r}?" if near else ""
