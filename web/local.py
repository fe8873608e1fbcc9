"""Who may read messages in clear: only a newcomer, on his own machine, with nothing really sent."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from fastapi import Request

from settings import Settings


def messages_are_readable(request: Request, settings: Settings) -> bool:
    """The public address must be loopback too: behind a proxy every visitor comes from this machine."""
    asked = _host(f"//{request.headers.get('host', '')}")
    public = _host(settings.public_url)
    visitor = request.client.host if request.client else ""
    return all(_is_loopback(host) for host in (asked, public, visitor))


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False
