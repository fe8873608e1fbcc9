"""The applied versions of the organisation, for a person to read: when, and which targets changed."""

from collections.abc import Sequence
from itertools import pairwise
from zoneinfo import ZoneInfo

from machine.opening import opened_database
from models.ladder import Span
from models.spans import written
from models.store.operations import all_versions
from models.store.organisations import OrganisationBook
from models.version_targets import TargetChange, target_changes
from settings import Settings

NONE = "none"


async def list_versions(settings: Settings) -> Sequence[str]:
    """The oldest first. Raises Misconfigured where none is applied yet."""
    async with opened_database(settings) as database, database.read() as session:
        book = OrganisationBook(database.vault)
        today = (await book.in_force(session)).organisation
        versions = await all_versions(session)
        read = [await book.version(session, version.number) for version in versions]
    zone = ZoneInfo(today.head_office.zone)
    changes = ((), *(target_changes(before, after) for before, after in pairwise(read)))
    return [
        f"{version.number:>4}  {version.applied_at.astimezone(zone):%Y-%m-%d %H:%M}  {_said(changed)}"
        for version, changed in zip(versions, changes, strict=True)
    ]


def _said(changed: Sequence[TargetChange]) -> str:
    return "; ".join(map(change_in_words, changed)) or "-"


def change_in_words(change: TargetChange) -> str:
    of = f"{change.of}: " if change.of else ""
    return f"{of}{change.target} {_length(change.before)} -> {_length(change.after)}"


def _length(span: Span | None) -> str:
    return written(span) if span else NONE
