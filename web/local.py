"""Who may read messages in clear: only a newcomer, on his own machine, with nothing really sent."""

from fastapi import Request

from models.loopback import host_of, is_loopback
from settings import Settings


def messages_are_readable(request: Request, settings: Settings) -> bool:
    """The public address must be loopback too: behind a proxy every visitor comes from this machine."""
    asked = host_of(f"//{request.headers.get('host', '')}")
    public = host_of(settings.public_url)
    visitor = request.client.host if request.client else ""
    here = all(is_loopback(host) for host in (asked, public, visitor))
    return here and settings.smtp_url is None
