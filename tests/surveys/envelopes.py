"""A good delivery of each system, for tests to spoil, with words that mean something to one of them."""

from collections.abc import Mapping
from types import MappingProxyType

from tests.surveys import test_formbricks, test_tally, test_typeform, test_zendesk

ENVELOPES: Mapping[str, Mapping[str, object]] = MappingProxyType(
    {
        "typeform": test_typeform.delivery(),
        "formbricks": test_formbricks.delivery(),
        "tally": test_tally.delivery(),
        "zendesk": test_zendesk.RATED,
        "generic": {"id": "r-1", "question": {"score": 2}, "answers": [{"text": "Rien ne va."}]},
    }
)
"""By the kind of the source. A kind that is not here is spoilt by the words of all others."""


def words_of(value: object) -> set[str]:
    """All keys and texts of a document."""
    match value:
        case str():
            return {value}
        case Mapping():
            return set(value).union(*map(words_of, value.values()))
        case list():
            return set[str]().union(*map(words_of, value))
    return set()


WORDS = sorted(words_of(list(ENVELOPES.values())))
