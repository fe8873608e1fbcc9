"""What the recipes say to paste into the organisation file can be pasted."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML

from models.organisation_file.sources import WrittenSource, source_of

RECIPES = Path(__file__).parents[2] / "docs" / "surveys"
BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = [
    pytest.param(block, id=f"{page.stem}-{number}")
    for page in sorted(RECIPES.glob("*.md"))
    for number, block in enumerate(BLOCK.findall(page.read_text()))
]


@pytest.mark.parametrize("block", BLOCKS)
def test_a_recipe_is_a_source_as_it_stands(block: str) -> None:
    document = YAML(typ="safe").load(block)
    sources = [source_of(WrittenSource.model_validate(each)) for each in document["sources"]]

    assert sources


def test_every_page_has_something_to_paste() -> None:
    assert [page.stem for page in RECIPES.glob("*.md") if not BLOCK.search(page.read_text())] == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": "qualtrics"}, "data centre"),
        ({"kind": "qualtrics", "fetch": {"per_day": 5}}, "data centre"),
        ({"kind": "generic", "fetch": {"per_day": 5}}, "nothing is fetched"),
        ({"kind": "surveymonkey", "fetch": {"host": "https://api.example/"}}, "pattern"),
    ],
)
def test_a_source_that_could_not_be_fetched_from_is_refused(
    changes: dict[str, object], sentence: str
) -> None:
    surveys = [{"id": "510001", "metric": "nps", "score": "71001"}]

    with pytest.raises(ValidationError, match=sentence):
        WrittenSource.model_validate({"id": "keys", "surveys": surveys, **changes})
