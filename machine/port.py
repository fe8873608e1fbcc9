"""Doors of this machine: which port is free, and who has to be told when one is not."""

import asyncio
import socket
from itertools import chain

from models.errors import Misconfigured
from settings import UI_PORT_AWAY

PAUSE = 0.1


def is_free(host: str, port: int) -> bool:
    """Raises Misconfigured when the host is not an address of this machine."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
        except socket.gaierror:
            raise Misconfigured(f"RAPPEL_HOST: {host} is no address of this machine.") from None
        except OSError:
            return False
        return True


def require_free(host: str, port: int) -> None:
    if not is_free(host, port):
        raise Misconfigured(
            f"Port {port} of {host} is taken by another program: "
            "stop it, or choose another port with RAPPEL_PORT."
        )


def free_port_for_temporal(wanted: int, *, spare: int | None = None) -> int:
    """The wanted port, or the next one whose port for the web interface is free as well.

    `spare` is left to somebody who will listen on it later.
    """
    last = 65535 - UI_PORT_AWAY
    for port in chain(range(wanted, last), range(1024, wanted)):
        both = (port, port + UI_PORT_AWAY)
        if spare not in both and all(is_free("127.0.0.1", each) for each in both):
            return port
    raise Misconfigured("No port is free for Temporal on this machine.")


async def answers(host: str, port: int) -> None:
    """Returns once somebody takes a connection."""
    while True:
        try:
            _, writer = await asyncio.open_connection(reachable(host), port)
        except OSError:
            await asyncio.sleep(PAUSE)
        else:
            return writer.close()


def reachable(host: str) -> str:
    """Every address of this machine means the nearest one."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # compared, not bound
