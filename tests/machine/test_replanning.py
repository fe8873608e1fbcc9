"""Planning the open cases anew, as a person sees it before he says yes."""

from pathlib import Path

import pytest

from machine.organisation import apply_file
from machine.overdue import Overdue
from machine.replanning import look, told_of
from models.actions import Acknowledge
from models.store.organisations import OrganisationBook
from settings import Settings
from tests.activities.test_replanning import TIGHTER
from tests.casework import MONDAY_MORNING, SMALL, Casework, another
from tests.web.pages.reception import settings_for


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    file = tmp_path / "organisation.yaml"
    file.write_text(TIGHTER)
    return settings_for(database_url).model_copy(update={"organisation": file})


async def shown(settings: Settings, overdue: Overdue = Overdue.WITH_TIME) -> list[str]:
    replanning, found = await look(settings, overdue)
    return [" ".join(line.split()) for line in told_of(found, replanning)]


async def test_the_difference_is_shown_by_target_and_case(
    casework: Casework, settings: Settings
) -> None:
    state = await casework.open(another("r-1", region=None))
    await casework.act(state, Acknowledge(), MONDAY_MORNING)
    head, by_target, zone, case = await shown(settings)
    assert head == "Version 2: 1 of 1 open cases would change."
    assert by_target == "1 contact 4h -> 2h"
    assert zone == "Instants in Europe/Paris; 1 of 1 cases:"
    assert case == (
        f"{state.case_id} contact: due 2027-03-01 14:00 -> 2027-03-01 12:00, "
        "next 2027-03-01 12:00 -> 2027-03-01 11:00"
    )


async def test_a_case_of_which_nothing_moves_is_told_as_a_number_alone(
    casework: Casework, settings: Settings
) -> None:
    await casework.open()
    settings.organisation.write_text(SMALL.read_text().replace("name: Works", "name: Work"))
    assert await shown(settings) == [
        "Version 2: 0 of 1 open cases would change.",
        "1 more would go by the new version, and nothing of them moves",
    ]


async def test_looking_changes_nothing(casework: Casework, settings: Settings) -> None:
    state = await casework.open()
    await shown(settings)
    assert await casework.state(state.case_id) == state
    async with casework.database.read() as session:
        assert (await OrganisationBook(casework.database.vault).in_force(session)).number == 1


async def test_a_file_that_is_only_put_in_force_moves_no_open_case(
    casework: Casework, settings: Settings
) -> None:
    """As every start of this machine with a changed file does."""
    state = await casework.open()
    applied = await apply_file(settings)
    view = await casework.view(state.case_id)
    assert (applied.number, view.row.version, view.state) == (2, 1, state)


async def test_without_an_open_case_nothing_would_change(
    casework: Casework, settings: Settings
) -> None:
    assert casework.keys == 0
    assert await shown(settings) == ["Version 2: 0 of 0 open cases would change."]
