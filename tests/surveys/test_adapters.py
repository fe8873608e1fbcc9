from models.organisation_file.fields import SOURCE_KINDS
from surveys.adapters import ADAPTERS


def test_every_kind_that_an_organisation_may_name_is_understood() -> None:
    assert set(SOURCE_KINDS) == set(ADAPTERS)
