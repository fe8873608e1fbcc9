"""Words as people write them: without regard to capitals and accents, and what was probably meant."""

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice

MOST_NAMES, LONGEST_NAME = 1000, 64
"""Among so many one is looked for: strangers send what they like, and comparing takes time."""


def nearest(word: str, names: Iterable[str]) -> str | None:
    some = islice((name for name in names if len(name) <= LONGEST_NAME), MOST_NAMES)
    known = {name.lower(): str(name) for name in some}
    near = get_close_matches(word.lower(), known, n=1)
    return known[near[0]] if near else None


def did_you_mean(word: str, names: Iterable[str]) -> str:
    """The end of a sentence, `; did you mean 'x'?`, or nothing where no name comes near."""
    near = nearest(word, names)
    return f"; did you mean {near!r}?" if near else ""


def plain(text: str) -> str:
    """Small letters without accents, in words."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    bare = (letter for letter in letters if not unicodedata.combining(letter))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in bare).split())
