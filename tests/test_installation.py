import ast
from pathlib import Path

import pytest

from scripts.install import (
    CannotInstallError,
    complaint_about,
    digest_of,
    npm_packages_are_installed,
    require_venv_module,
)

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "scripts" / "install.py"


@pytest.mark.parametrize("version", [(3, 6, 15), (3, 9, 2), (3, 10, 13)])
def test_an_old_python_is_told_what_is_needed(version: tuple[int, int, int]) -> None:
    found = ".".join(str(part) for part in version)

    assert f"needs Python 3.11 or newer; this is {found}" in str(complaint_about(version))


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 14, 2)])
def test_a_python_that_is_new_enough_is_welcome(version: tuple[int, int, int]) -> None:
    assert complaint_about(version) is None


def test_an_old_python_can_read_the_script_that_refuses_it() -> None:
    ast.parse(SCRIPT.read_text(), feature_version=(3, 6))


def test_another_lock_file_is_another_installation(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]")
    (tmp_path / "requirements.lock").write_text("one==1")
    before = digest_of(tmp_path, "requirements.lock")

    (tmp_path / "requirements.lock").write_text("one==2")

    assert digest_of(tmp_path, "requirements.lock") != before


def test_a_python_without_its_venv_module_is_told_what_to_install() -> None:
    with pytest.raises(CannotInstallError, match=r"no ensurepip module: .*python3-venv"):
        require_venv_module(find=lambda name: None if name == "ensurepip" else name)


def test_other_npm_packages_are_installed_when_their_lock_changes(tmp_path: Path) -> None:
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "package-lock.json").write_text("one")
    before = npm_packages_are_installed(tmp_path)
    (tmp_path / "node_modules" / "installed").write_text("one")
    installed = npm_packages_are_installed(tmp_path)

    (tmp_path / "package-lock.json").write_text("two")

    assert (before, installed, npm_packages_are_installed(tmp_path)) == (False, True, False)
