from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from machine.doctor import Finding, findings
from machine.secrets_file import write_secrets
from models.absence import Absence
from models.audit import Finding as Wrong
from models.fetching import Trouble
from models.store.absences import keep_absence
from models.store.audits import keep_finding
from models.store.database import migrate
from models.store.gates import rest
from settings import load_place, missing_secrets
from tests.casework import Casework, another
from tests.outbox_rows import keep, resting

ORGANISATION = Path(__file__).parents[2] / "organisation.yaml"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def settled(state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A machine on which everything is as it should be, and nothing runs."""
    monkeypatch.setenv("RAPPEL_ORGANISATION", str(ORGANISATION))
    monkeypatch.setenv("RAPPEL_PORT", "18480")
    monkeypatch.setenv("RAPPEL_TEMPORAL_PORT", "17480")
    place = load_place()
    write_secrets(place, missing_secrets(place, ["survey"]))
    await migrate(place.database_url)
    return monkeypatch


async def test_a_healthy_machine_has_no_complaint(settled: pytest.MonkeyPatch) -> None:
    assert [finding for finding in await _all() if not finding.ok] == []


async def test_a_misspelt_variable_is_a_finding(settled: pytest.MonkeyPatch) -> None:
    settled.setenv("RAPPEL_PROT", "80")

    assert "RAPPEL_PORT" in (await _failed())["Settings"]


async def test_a_missing_organisation_file_is_a_finding_and_the_rest_is_looked_at(
    settled: pytest.MonkeyPatch,
) -> None:
    settled.setenv("RAPPEL_ORGANISATION", "elsewhere.yaml")

    assert (await _failed()).keys() == {"Organisation"}


async def test_a_database_that_was_not_migrated_is_told_with_the_command(
    settled: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settled.setenv("RAPPEL_DATABASE_URL", f"sqlite:///{tmp_path}/another.sqlite")

    assert "rappel migrate" in (await _failed())["Database"]


async def test_an_open_alarm_of_the_audit_is_a_finding(
    settled: pytest.MonkeyPatch, casework: Casework, database_url: str
) -> None:
    settled.setenv("RAPPEL_DATABASE_URL", database_url)
    state = await casework.open()
    async with casework.database.write() as session:
        await keep_finding(session, state.case_id, Wrong.FAILING, at=state.opened_at)

    assert "1 failing" in (await _failed())["Audit"]


async def test_a_carrier_that_refuses_us_is_a_finding(
    settled: pytest.MonkeyPatch, casework: Casework, database_url: str
) -> None:
    settled.setenv("RAPPEL_DATABASE_URL", database_url)
    now = datetime.now(UTC)
    await keep(casework.database, resting(now, now + timedelta(minutes=5)))

    assert "rappel messages --try-now" in (await _failed())["Carrier of texts"]


async def test_a_level_that_nobody_could_fill_is_a_finding(
    settled: pytest.MonkeyPatch, casework: Casework, database_url: str
) -> None:
    """Of a case of today: what is older than 30 days is forgotten."""
    settled.setenv("RAPPEL_DATABASE_URL", database_url)
    state = await casework.open(
        another("r-2", submitted_at=datetime.now(UTC), region="south", trade=None)
    )
    while state.level == 0:
        state = await casework.stay_silent(state)

    told = (await _failed())["Ladder"]

    assert "level 1 (deputy) of the ladder was empty for cases of nora, 1 time" in told


async def test_a_level_passed_by_because_somebody_was_away_is_told_and_is_no_fault(
    settled: pytest.MonkeyPatch, casework: Casework, database_url: str
) -> None:
    settled.setenv("RAPPEL_DATABASE_URL", database_url)
    now = datetime.now(UTC)
    holiday = Absence("away", "denis", now, now + timedelta(days=30), "nora")
    async with casework.database.write() as session:
        keep_absence(session, holiday, by="nora", key="away", at=now)
    state = await casework.open(another("r-2", submitted_at=now))
    while state.level == 0:
        state = await casework.stay_silent(state)

    [ladder] = [finding for finding in await _all() if finding.subject == "Ladder"]

    assert ladder.ok
    assert "level 1 (deputy) of the ladder was away for cases of dora, 1 time" in ladder.words


async def test_a_source_that_only_points_at_its_answers_needs_a_token_that_is_taken(
    settled: pytest.MonkeyPatch, casework: Casework, database_url: str, tmp_path: Path
) -> None:
    keys = '- {id: keys, kind: surveymonkey, surveys: [{id: "51", metric: nps, score: "71"}]}'
    file = tmp_path / "keys.yaml"
    file.write_text(ORGANISATION.read_text().replace("\nsources:\n", f"\nsources:\n  {keys}\n"))
    settled.setenv("RAPPEL_ORGANISATION", str(file))
    settled.setenv("RAPPEL_WEBHOOK_SECRET_KEYS", "an-id&a-secret")
    settled.setenv("RAPPEL_DATABASE_URL", database_url)
    assert "RAPPEL_API_TOKEN_KEYS" in (await _failed())["Survey systems"]

    settled.setenv("RAPPEL_API_TOKEN_KEYS", "a-token")
    assert await _failed() == {}

    now = datetime.now(UTC)
    async with casework.database.write() as session:
        await rest(session, "keys", until=now, trouble=Trouble.REFUSED, now=now)
    assert "refused by the survey system of keys" in (await _failed())["Survey systems"]


async def _all() -> list[Finding]:
    return [finding async for finding in findings()]


async def _failed() -> dict[str, str]:
    return {finding.subject: finding.words for finding in await _all() if not finding.ok}


async def test_an_own_text_with_a_fault_is_a_finding(
    settled: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "aks.txt").write_text("Bonjour")
    settled.setenv("RAPPEL_TEMPLATES_DIR", str(tmp_path / "texts"))

    assert "aks.txt:1: there is no text of this name" in (await _failed())["Templates"]
