import stat
from pathlib import Path

import pytest
from dotenv import dotenv_values

from machine.secrets_file import write_secrets
from models.errors import Misconfigured
from models.vault import Vault
from settings import load_place, load_settings, missing_secrets


def test_the_first_run_makes_up_every_secret(state_dir: Path) -> None:
    _write_missing("till", "web_form")

    settings = load_settings()

    assert set(settings.webhook_secrets) == {"till", "web_form"}
    assert all(s.get_secret_value().startswith("whsec_") for s in settings.webhook_secrets.values())
    Vault.from_text(settings.data_key.get_secret_value()).new_key("opens")


def test_the_secrets_are_readable_by_their_owner_alone(state_dir: Path) -> None:
    _write_missing("till")

    assert stat.S_IMODE((state_dir / "secrets.env").stat().st_mode) == 0o600


def test_a_source_added_later_gets_its_secret_and_the_others_stay(state_dir: Path) -> None:
    _write_missing("till")
    before = dotenv_values(state_dir / "secrets.env")

    _write_missing("till", "web_form")

    after = dotenv_values(state_dir / "secrets.env")
    assert after.items() > before.items()
    assert set(after) - set(before) == {"RAPPEL_WEBHOOK_SECRET_WEB_FORM"}


def test_a_secret_of_the_environment_is_not_written_down(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAPPEL_API_TOKEN", "token-of-the-machine")

    _write_missing("till")

    assert "RAPPEL_API_TOKEN" not in dotenv_values(state_dir / "secrets.env")


def test_no_new_data_key_locks_out_a_database_that_is_there(state_dir: Path) -> None:
    (state_dir / "rappel.sqlite").touch()

    with pytest.raises(Misconfigured, match=r"RAPPEL_DATA_KEY that is gone: put .*secrets\.env"):
        _write_missing("till")

    assert not (state_dir / "secrets.env").exists()


def _write_missing(*sources: str) -> None:
    place = load_place()
    write_secrets(place, missing_secrets(place, sources))
