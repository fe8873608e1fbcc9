"""What each fault on the way to Twilio comes to: `python -m bench carrier` plays them all, and shows a table.

emulate plays Twilio, behind Prism, which holds every request to Twilio's own description.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from models.store.database import migrate
from tests.carrier.house import carrier_in
from tests.carrier.scenes import SCENES, Came, play


async def main() -> None:
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    with TemporaryDirectory(prefix="rappel-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        template = folder / "template.db"
        await migrate(f"sqlite+aiosqlite:///{template}")
        print(_line("fault", "POSTs", "at Twilio", "final state", "and then the case"))
        async with carrier_in(folder) as twilio:
            for scene in SCENES:
                copy = folder / "rappel.db"
                copy.write_bytes(template.read_bytes())
                came = await play(twilio, f"sqlite+aiosqlite:///{copy}", scene)
                print(_line(str(scene), *_told(came)))
    print()


def _told(came: Came) -> tuple[str, ...]:
    once = ", ".join(f"{count} times" if count > 1 else "once" for count in came.held)
    return str(came.posts), once or "never", ", ".join(came.fates), ", ".join(came.did)


def _line(scene: str, posts: str, held: str, fates: str, did: str) -> str:
    return f"{scene:<38}{posts:>6}  {held:<14}{fates:<34}{did}"
