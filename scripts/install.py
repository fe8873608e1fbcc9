"""Makes `.venv` and installs the locked packages: `python3 scripts/install.py [--dev]`.

Standard library only, in a syntax that an old Python can read too: it must say that it is too old.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Callable, Optional, Sequence

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed"
NEEDED = (3, 11)
BROWSER = Path("/usr/bin/chromium")
NPM_LOCK = "package-lock.json"
NPM_STAMP = "node_modules/installed"
HEALTHY = "import pip, sys; sys.exit(sys.version_info < (3, 11))"


class CannotInstallError(Exception):
    """One sentence for the person at the terminal."""


def complaint_about(version: Sequence[Any]) -> Optional[str]:
    """What is wrong with this `sys.version_info`, or None."""
    if tuple(version[:2]) >= NEEDED:
        return None
    return "Rappel needs Python {}.{} or newer; this is {}.{}.{} ({}).".format(
        *NEEDED, *version[:3], sys.executable
    )


def digest_of(root: Path, lock: str) -> str:
    """Changes whenever another set of packages, or another way of installing ours, is wanted."""
    names = (lock, "pyproject.toml")
    return hashlib.sha256(b"\0".join((root / name).read_bytes() for name in names)).hexdigest()


def main(arguments: Sequence[str]) -> Optional[str]:
    complaint = complaint_about(sys.version_info)
    if complaint:
        return complaint
    try:
        install(dev="--dev" in arguments)
    except CannotInstallError as refusal:
        return str(refusal)
    except OSError as error:
        return "Rappel cannot write in {}: {}.".format(ROOT, error.strerror)
    return None


def install(*, dev: bool) -> None:
    """What tests need includes what running needs: after `--dev`, both are installed."""
    locks = ["requirements-dev.lock", "requirements.lock"] if dev else ["requirements.lock"]
    wanted = [digest_of(ROOT, lock) for lock in locks]
    if wanted[0] not in installed():
        make_venv()
        STAMP.write_text("")
        install_packages(locks[0])
        STAMP.write_text("\n".join(wanted))
        say("Installed.")
    if dev:
        install_tools()
        install_npm_packages()


def installed() -> Sequence[str]:
    return STAMP.read_text().split() if STAMP.exists() and PYTHON.exists() else []


def make_venv() -> None:
    if PYTHON.exists() and subprocess.call([str(PYTHON), "-c", HEALTHY]) == 0:
        return
    require_venv_module()
    say("Making .venv with Python {}.{}.{} ...".format(*sys.version_info[:3]))
    if subprocess.call([sys.executable, "-m", "venv", "--clear", str(VENV)]) != 0:
        raise CannotInstallError("Python could not make {}: its words are above.".format(VENV))


def require_venv_module(find: Callable[[str], Any] = find_spec) -> None:
    """Debian ships `venv` without `ensurepip`, which it cannot work without."""
    missing = [name for name in ("venv", "ensurepip") if find(name) is None]
    if missing:
        raise CannotInstallError(
            "Rappel installs itself into .venv, and this Python has no {} module: "
            "run `apt install python3-venv` as root first.".format(missing[0])
        )


def install_packages(lock: str) -> None:
    say("Installing the packages of {} (the first time takes about a minute) ...".format(lock))
    pip("--require-hashes", "-r", lock)
    pip("--no-deps", "--no-build-isolation", "-e", ".")


def pip(*arguments: str) -> None:
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if subprocess.call([*command, *arguments], cwd=str(ROOT)) != 0:
        raise CannotInstallError("pip could not install what Rappel needs: its words are above.")


def install_tools() -> None:
    """The page's tests drive a real browser; npm fetches what looks for barriers in pages, and what plays
    Twilio.
    """
    found = {"chromium": BROWSER.exists(), "npm": shutil.which("npm")}
    missing = [tool for tool in found if not found[tool]]
    if not missing:
        return
    names = " ".join(missing)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        say("Some tests need more: run `apt install {}` as root.".format(names))
        return
    say("Installing {} for the tests ...".format(names))
    for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *missing]):
        if subprocess.call(["apt-get", *words], stdout=subprocess.DEVNULL) != 0:
            raise CannotInstallError("apt-get could not install it: its words are above.")


def install_npm_packages() -> None:
    """Without npm nothing fails but the tests that need its packages: they say what is missing."""
    if npm_packages_are_installed(ROOT) or not shutil.which("npm"):
        return
    say("Installing the packages of {} ...".format(NPM_LOCK))
    quietly = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.call(["npm", "ci", *quietly], cwd=str(ROOT)) != 0:
        raise CannotInstallError("npm could not install what tests need: its words are above.")
    (ROOT / NPM_STAMP).write_bytes((ROOT / NPM_LOCK).read_bytes())


def npm_packages_are_installed(root: Path) -> bool:
    """A copy of the lock that was installed lies beside the packages."""
    stamp = root / NPM_STAMP
    return stamp.exists() and stamp.read_bytes() == (root / NPM_LOCK).read_bytes()


def say(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
