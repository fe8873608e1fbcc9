"""A source whose answers are fetched says where from."""

import pytest
from pydantic import ValidationError

from models.organisation_file.sources import WrittenSource


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": "qualtrics"}, "data centre"),
        ({"kind": "qualtrics", "fetch": {"per_day": 5}}, "data centre"),
        ({"kind": "tally", "fetch": {"per_day": 5}}, "nothing is fetched"),
        ({"kind": "surveymonkey", "fetch": {"host": "https://api.example/"}}, "pattern"),
    ],
)
def test_a_source_that_could_not_be_fetched_from_is_refused(
    changes: dict[str, object], sentence: str
) -> None:
    surveys = [{"id": "510001", "metric": "nps", "score": "71001"}]

    with pytest.raises(ValidationError, match=sentence):
        WrittenSource.model_validate({"id": "keys", "surveys": surveys, **changes})
