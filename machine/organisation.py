"""The organisation file of this machine, and how it gets into the database."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from machine.opening import opened_database
from models.contradictions import overtaken_attempts, short_windows
from models.errors import Misconfigured
from models.mappings import EACH
from models.organisation import Organisation
from models.organisation_file.reading import read_as_known
from models.rules import unexplained, without_playbook
from models.store.organisations import AppliedVersion, apply_organisation
from models.vacancies import Vacant, vacancies
from settings import Settings


def checked_organisation(path: Path) -> Organisation:
    """Raises Misconfigured with every fault of the file, each with its line and column."""
    return read_as_known(organisation_text(path), name=str(path), at=datetime.now(UTC))


def list_vacancies(organisation: Organisation) -> Iterator[str]:
    """Levels that some cases find empty: good to know, and no fault."""
    for vacant in vacancies(organisation):
        where = f"ladders.{vacant.ladder}" if vacant.ladder else "ladder"
        rule = f"rule {vacant.rule}" if vacant.rule else "no rule"
        only = _only(vacant)
        yield (
            f"{where}: nobody stands on level {vacant.level} ({vacant.post}) for cases of "
            f"{vacant.person} by {rule}{only}; it is skipped"
        )


def _only(vacant: Vacant) -> str:
    told = ", ".join((*vacant.regions, *vacant.trades))
    return f" ({told})" if told else ""


async def apply_file(settings: Settings) -> AppliedVersion:
    async with opened_database(settings) as database:
        return await apply_organisation(
            database,
            organisation_text(settings.organisation),
            name=str(settings.organisation),
            at=datetime.now(UTC),
        )


def advice(found: Organisation) -> Iterator[str]:
    """What is no fault, and yet worth a thought: nobody says what a rule is good for, or two do not fit."""
    for place in overtaken_attempts(found, datetime.now(UTC)):
        yield f"{place}: the first attempt may come later than `contact` asks for the first talk."
    for window in short_windows(found):
        yield f"calls.windows: the one from {window.opens:%H:%M} on is too short for a call."
    for source in found.sources.values():
        if source.first_alone is not None:
            place = source.first_alone
            yield f"sources {source.id}: only one of {place} is read; {place}{EACH} reads each of them."
    for place in unexplained(found):
        yield f"{place}: say under `raises` how it raises the customer's satisfaction."
    for cause in without_playbook(found):
        yield f"root_causes {cause}: no playbook, neither its own nor one above it."


def organisation_text(path: Path) -> str:
    """Raises Misconfigured where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise Misconfigured(
            f"There is no organisation file {path}: name yours with RAPPEL_ORGANISATION."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(
            f"The organisation file {path} cannot be read ({type(error).__name__})."
        ) from None
