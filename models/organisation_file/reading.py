"""Reads the organisation's YAML file, or says all that is wrong with it, with line and column."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from models.errors import Misconfigured
from models.organisation import Organisation
from models.organisation_file.checks import cross_check
from models.organisation_file.faults import KEY, Fault, Remark, located
from models.organisation_file.shape import WrittenOrganisation, keys_at
from models.organisation_file.written import organisation_of
from models.public_holidays import NOTHING_RECORDED, Recorded, record
from models.spelling import did_you_mean


class OrganisationRefused(Misconfigured):
    """All that is wrong with the file, one line each: `organisation.yaml:12:9: place: detail`."""

    def __init__(self, name: str, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(f"{name}:{fault}" for fault in faults))
        self.faults = faults


class _Constructor(RoundTripConstructor):
    """Days stay words, so that one which is not in the calendar gets a fault with its place."""


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", RoundTripConstructor.construct_yaml_str)


def read_organisation(
    text: str, *, name: str, holidays: Recorded = NOTHING_RECORDED
) -> Organisation:
    """Raises OrganisationRefused as `read_file` does. `holidays` has the days of its calendars."""
    return organisation_of(read_file(text, name=name), holidays)


def read_as_known(text: str, *, name: str, at: date) -> Organisation:
    """With the public holidays that are known today, around `at`."""
    holidays = record(read_file(text, name=name).calendars, at)
    return read_organisation(text, name=name, holidays=holidays)


@lru_cache(maxsize=8)
def read_file(text: str, *, name: str) -> WrittenOrganisation:
    """`name` is the file's, for the faults. Raises OrganisationRefused with all of them at once.

    Reading takes longer than most requests, and the same version is read again and again.
    """
    document, repeated = _parse(text, name)
    written, misshapen = _shape(document)
    remarks = (*misshapen, *cross_check(document))
    faults = {*repeated, *(located(document, remark) for remark in remarks)}
    if written is None or faults:
        raise OrganisationRefused(name, tuple(sorted(faults)))
    return written


def _parse(text: str, name: str) -> tuple[Mapping[str, object], tuple[Fault, ...]]:
    try:
        document, repeated = _load(text)
    except MarkedYAMLError as error:
        raise OrganisationRefused(name, (_marked(error, f"no YAML: {error.problem}"),)) from None
    except (YAMLError, ValueError, TypeError, AttributeError) as error:
        # Odd tags and keys get past the parser and fail while they are built, without a mark.
        detail = f"no YAML: {error}".splitlines()[0]
        raise OrganisationRefused(name, (Fault(1, 1, "", detail),)) from None
    if not isinstance(document, Mapping):
        detail = "the file must be a mapping of sections"
        raise OrganisationRefused(name, (Fault(1, 1, "", detail),))
    return document, repeated


def _load(text: str) -> tuple[object, tuple[Fault, ...]]:
    """A key that stands twice is a fault, but one with which the reading can go on."""
    try:
        return _yaml(duplicate_keys=False).load(text), ()
    except DuplicateKeyError as error:
        fault = _marked(error, "this key stands twice in the same mapping")
        return _yaml(duplicate_keys=True).load(text), (fault,)


def _yaml(*, duplicate_keys: bool) -> YAML:
    yaml = YAML()
    yaml.Constructor = _Constructor
    yaml.allow_duplicate_keys = duplicate_keys
    return yaml


def _marked(error: MarkedYAMLError, detail: str) -> Fault:
    mark = error.problem_mark
    return Fault(mark.line + 1, mark.column + 1, "", detail) if mark else Fault(1, 1, "", detail)


def _shape(
    document: Mapping[str, object],
) -> tuple[WrittenOrganisation | None, tuple[Remark, ...]]:
    try:
        return WrittenOrganisation.model_validate(document), ()
    except ValidationError as error:
        return None, tuple(_misshapen(error))


def _misshapen(error: ValidationError) -> Iterator[Remark]:
    for fault in error.errors():
        place = fault["loc"]
        if fault["type"] == "extra_forbidden":
            *section, key = place
            meant = did_you_mean(str(key), keys_at(tuple(section)))
            yield Remark((*place, KEY), f"unknown key {str(key)!r}{meant}")
        else:
            yield Remark(place, _sentence(fault))


def _sentence(fault: ErrorDetails) -> str:
    match fault["type"]:
        case "missing":
            return "is missing"
        case "value_error":
            return str(fault["ctx"]["error"])
        case "too_short" | "string_too_short":
            return "is empty"
        case "dict_type" | "model_type":
            return "must be a mapping, one 'key: value' a line"
        case "list_type":
            return "must be a list, one '- …' a line"
        case "string_type":
            return "is empty" if fault["input"] is None else "is no text; put it in quotes"
        case "string_pattern_mismatch":
            return f"{fault['input']!r} is not of the form {fault['ctx']['pattern'].strip('^$')}"
        case _:
            return fault["msg"].removeprefix("Input ")
