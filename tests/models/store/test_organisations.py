"""Applied versions are kept, cases stay pinned to theirs, and who left has no way in."""

from datetime import date, timedelta

from models.organisation_tables import OrganisationRow
from models.store.access import find_link, find_session, new_link, open_session
from models.store.organisations import OrganisationBook, apply_organisation
from models.survey import Identity
from tests.casework import MONDAY_MORNING, SMALL, Casework, another

TEXT = SMALL.read_text()
TIGHTER = TEXT.replace("acknowledge: 30m", "acknowledge: 10m")
SUCCESSOR = TEXT.replace("name: Dora Director", "name: Dalia Director")
WITH_HOLIDAYS = TEXT.replace("  hours: 24/7\n", "  hours: 24/7\n  public_holidays: FR\n", 1)
WEEK = timedelta(days=7)


async def put_in_force(casework: Casework, text: str) -> tuple[int, bool]:
    applied = await apply_organisation(casework.database, text, name=SMALL.name, at=MONDAY_MORNING)
    return applied.number, applied.changed


async def test_the_same_text_again_is_no_new_version(casework: Casework) -> None:
    assert await put_in_force(casework, TEXT) == (1, False)
    assert await put_in_force(casework, TIGHTER) == (2, True)
    assert await put_in_force(casework, TEXT) == (3, True)


async def test_every_version_can_be_read_again(casework: Casework) -> None:
    await put_in_force(casework, TIGHTER)
    book = OrganisationBook(casework.database.vault)
    async with casework.database.read() as session:
        first, second = [await book.version(session, number) for number in (1, 2)]
    assert first.policy.targets != second.policy.targets


async def test_a_new_rule_does_not_bend_the_cases_that_run(casework: Casework) -> None:
    before = await casework.hear()
    await put_in_force(casework, TIGHTER)
    after = await casework.hear(another("r-2", customer=Identity("c-2")))
    versions = [(await casework.view(t.case_id or "")).row.version for t in (before, after)]
    assert versions == [1, 2]


async def test_a_new_holder_of_a_post_ends_the_sessions_and_links_of_the_old(
    casework: Casework,
) -> None:
    state = await casework.open()
    async with casework.database.write() as session:
        cookie = open_session(session, "dora", at=MONDAY_MORNING)
        link = new_link(session, state.case_id, person="dora", at=MONDAY_MORNING, life=WEEK)
        another_link = new_link(
            session, state.case_id, person="denis", at=MONDAY_MORNING, life=WEEK
        )
    await put_in_force(casework, SUCCESSOR)
    async with casework.database.read() as session:
        assert await find_session(session, cookie, at=MONDAY_MORNING) is None
        assert await find_link(session, link, at=MONDAY_MORNING) is None
        assert await find_link(session, another_link, at=MONDAY_MORNING) is not None


async def test_the_holidays_of_a_version_stay_as_they_were_when_it_was_applied(
    casework: Casework,
) -> None:
    """Whatever a later release of the library knows."""
    await put_in_force(casework, WITH_HOLIDAYS)
    await _know_fewer_holidays(casework, version=2)

    async with casework.database.read() as session:
        version = await OrganisationBook(casework.database.vault).version(session, 2)

    assert version.head_office.closed == {date(2027, 7, 14)}


async def test_holidays_that_are_known_better_make_a_new_version(casework: Casework) -> None:
    await put_in_force(casework, WITH_HOLIDAYS)
    await _know_fewer_holidays(casework, version=2)

    assert await put_in_force(casework, WITH_HOLIDAYS) == (3, True)
    assert await put_in_force(casework, WITH_HOLIDAYS) == (3, False)


async def _know_fewer_holidays(casework: Casework, *, version: int) -> None:
    async with casework.database.write() as session:
        row = await session.get_one(OrganisationRow, version)
        row.holidays = {"FR": ["2027-07-14"]}
        row.digest = "of an older release"


async def test_a_cause_that_left_the_tree_keeps_the_last_name_it_had(casework: Casework) -> None:
    renamed = TEXT.replace("id: late_works, name: Works", "id: late_works, name: Late works")
    without = TEXT.replace("    children:\n      - {id: late_works, name: Works}\n", "")
    later = without.replace("en: Delay}", "en: Delays}")
    for text in (renamed, without, later):
        await put_in_force(casework, text)
    book = OrganisationBook(casework.database.vault)

    async with casework.database.read() as session:
        found = await book.cause_labels(session, {"late_works", "delay", "never"})

    assert {cause: label["en"] for cause, label in found.items()} == {
        "late_works": "Late works",
        "delay": "Delays",
    }
