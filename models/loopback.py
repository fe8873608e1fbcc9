"""Addresses and networks: which lead nowhere but to this machine, and which are written well."""

from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit


def host_of(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False


def read_networks(written: str) -> str:
    """Addresses or networks with commas, as they were written. Raises ValueError."""
    for each in written.split(",") if written else ():
        ip_network(each.strip(), strict=False)
    return written
