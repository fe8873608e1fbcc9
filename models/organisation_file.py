"""Reads the organisation's YAML file, or says all that is wrong with it, with line and column."""

from collections.abc import Iterator, Mapping

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from models.errors import Misconfigured
from models.organisation import Organisation
from models.organisation_checks import cross_check
from models.organisation_faults import KEY, Fault, Remark, located
from models.organisation_shape import WrittenOrganisation, keys_at
from models.organisation_written import organisation_of
from models.spelling import did_you_mean


class OrganisationRefused(Misconfigured):
    """All that is wrong with the file, one line each: `organisation.yaml:12:9: place: detail`."""

    def __init__(self, name: str, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(f"{name}:{fault}" for fault in faults))
        self.faults = faults


class _Constructor(RoundTripConstructor):
    """Days stay words, so that one which is not in the calendar gets a fault with its place."""


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", RoundTripConstructor.construct_yaml_str)


def read_organisation(text: str, *, name: str) -> Organisation:
    """`name` is the file's, for the faults. Raises OrganisationRefused with all of them at once."""
    document, repeated = _parse(text, name)
    written, misshapen = _shape(document)
    remarks = (*misshapen, *cross_check(document))
    faults = {*repeated, *(located(document, remark) for remark in remarks)}
    if written is None or faults:
        raise OrganisationRefused(name, tuple(sorted(faults)))
    return organisation_of(written)


def _parse(text: str, name: str) -> tuple[Mapping[str, object], tuple[Fault, ...]]:
    """A key that stands twice is a fault with which the reading can go on; the others end it."""
    repeated: tuple[Fault, ...] = ()
    try:
        try:
            document = _load(text, YAML())
        except DuplicateKeyError as error:
            repeated = (_marked(error, "this key stands twice in the same mapping"),)
            document = _load(text, _forgiving())
    except MarkedYAMLError as error:
        raise OrganisationRefused(name, (_marked(error, f"no YAML: {error.problem}"),)) from None
    except (YAMLError, ValueError) as error:
        raise OrganisationRefused(name, (Fault(1, 1, "", f"no YAML: {error}"),)) from None
    if not isinstance(document, Mapping):
        raise OrganisationRefused(
            name, (Fault(1, 1, "", "the file must be a mapping of sections"),)
        )
    return document, repeated


def _load(text: str, yaml: YAML) -> object:
    yaml.Constructor = _Constructor
    document: object = yaml.load(text)
    return document


def _forgiving() -> YAML:
    yaml = YAML()
    yaml.allow_duplicate_keys = True
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
