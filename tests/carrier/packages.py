"""Twilio as others see it, from npm: emulate plays its part, and Prism holds what is said to Twilio's own
description. `make dev` installs them.
"""

import asyncio
import json
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from machine.port import PAUSE, answers

ROOT = Path(__file__).parents[2]
PACKAGES = ROOT / "node_modules"
EMULATE = PACKAGES / "emulate/dist/index.js"
PRISM = PACKAGES / "@stoplight/prism-cli/dist/index.js"


@asynccontextmanager
async def emulate(seed: Mapping[str, object], folder: Path, port: int) -> AsyncIterator[str]:
    """Its address, once it answers. It keeps what it is told until it ends."""
    written = folder / "seed.json"
    written.write_text(json.dumps(seed))
    words = ("start", "--service", "twilio", "--port", str(port), "--seed", str(written))
    async with _node(EMULATE, *words, log=folder / "emulate.log", port=port) as address:
        yield address


@asynccontextmanager
async def prism(spec: object, upstream: str, folder: Path, port: int) -> AsyncIterator[str]:
    """Before `upstream`: what is against the description, asked or answered, comes back as an error."""
    written = folder / "twilio.json"
    written.write_text(json.dumps(spec))
    words = ("proxy", str(written), upstream, "-h", "127.0.0.1", "-p", str(port), "--errors")
    async with _node(PRISM, *words, log=folder / "prism.log", port=port) as address:
        yield address


@asynccontextmanager
async def _node(script: Path, *words: str, log: Path, port: int) -> AsyncIterator[str]:
    command = (*_command(script), *words)
    with log.open("wb") as output:
        child = subprocess.Popen(
            command,
            cwd=log.parent,
            env={"PATH": os.environ["PATH"], "NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        answering = asyncio.create_task(answers("127.0.0.1", port))
        while not answering.done():
            assert child.poll() is None, f"{script.name} ended by itself: see {log}."
            await asyncio.sleep(PAUSE)
        yield f"http://127.0.0.1:{port}"
    finally:
        child.kill()
        child.wait()


def _command(script: Path) -> tuple[str, str]:
    node = shutil.which("node")
    assert node, "Node is missing: `make dev` says how to install it."
    assert script.exists(), f"There is no {script.relative_to(ROOT)}: `make dev` installs it."
    return node, str(script)
