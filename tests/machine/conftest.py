from pathlib import Path

import pytest

from tests.web.pages.reception import settings_for


@pytest.fixture
def settled(database_url: str, state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which the test's database is that of the house."""
    settings = settings_for(database_url)
    told = {
        "RAPPEL_ORGANISATION": str(state_dir / "organisation.yaml"),
        "RAPPEL_DATABASE_URL": database_url,
        "RAPPEL_API_TOKEN": settings.api_token.get_secret_value(),
        "RAPPEL_DATA_KEY": settings.data_key.get_secret_value(),
        "RAPPEL_SESSION_KEY": settings.session_key.get_secret_value(),
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
