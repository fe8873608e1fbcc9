"""The device somebody signs in with, as he would name it himself."""

from collections.abc import Sequence

LONGEST = 64

BROWSERS: Sequence[tuple[str, str]] = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS: Sequence[tuple[str, str]] = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
"""In this order: most of them also call themselves by the names further down."""


def device_name(user_agent: str) -> str | None:
    """*Firefox, Android*, or None for what is neither a browser nor a system we know."""
    found = (_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent))
    return ", ".join(name for name in found if name)[:LONGEST] or None


def _first(known: Sequence[tuple[str, str]], user_agent: str) -> str | None:
    return next((name for mark, name in known if mark in user_agent), None)
