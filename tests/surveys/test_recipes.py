"""The recipes in docs/surveys: what there is to paste is accepted, and understands what they show."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from models.organisation import Organisation
from models.organisation_file.reading import read_as_known
from models.submissions import Ping, Pointer
from models.survey import SurveyResponse
from surveys.adapters import ADAPTERS, hear

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs/surveys").glob("*.md"))
ORGANISATION = (ROOT / "organisation.yaml").read_text()
SOURCES = re.compile(r"^sources:\n(?:[ #].*\n)+", re.MULTILINE)
AT = datetime(2026, 11, 21, 18, tzinfo=UTC)


def blocks(page: Path, language: str) -> list[str]:
    """Those in a list stand further to the right."""
    fenced = re.findall(
        rf"^( *)```{language}\n(.*?)^ *```$", page.read_text(), re.MULTILINE | re.DOTALL
    )
    return [re.sub(rf"^{indent}", "", block, flags=re.MULTILINE) for indent, block in fenced]


def organisation(block: str) -> Organisation:
    text, replaced = SOURCES.subn(lambda _: block, ORGANISATION)
    assert replaced == 1
    return read_as_known(text, name="organisation.yaml", at=AT.date())


YAMLS = [pytest.param(block, id=page.stem) for page in PAGES for block in blocks(page, "yaml")]
DELIVERIES = [
    pytest.param(page, block, id=page.stem)
    for page in PAGES
    for block in blocks(page, "json delivery")
]


@pytest.mark.parametrize("block", YAMLS)
def test_what_a_recipe_says_to_paste_is_accepted(block: str) -> None:
    written = YAML(typ="safe").load(block)

    assert list(organisation(block).sources) == [source["id"] for source in written["sources"]]


@pytest.mark.parametrize(("page", "body"), DELIVERIES)
def test_a_delivery_that_a_recipe_shows_is_understood_by_one_of_its_sources(
    page: Path, body: str
) -> None:
    pasted = [organisation(block).sources.values() for block in blocks(page, "yaml")]
    told = [
        each
        for sources in pasted
        for source in sources
        for each in hear(source, body.encode(), received_at=AT)
    ]

    assert [each for each in told if isinstance(each, SurveyResponse | Pointer | Ping)]


def test_the_index_leads_to_each_page_and_each_kind_has_one() -> None:
    index = (ROOT / "docs/surveys/README.md").read_text()
    pages = {page.name for page in PAGES} - {"README.md"}
    shown = {kind for page in PAGES for kind in re.findall(r"kind: (\w+)", page.read_text())}

    assert pages - set(re.findall(r"\]\((\w+\.md)\)", index)) == set()
    assert ADAPTERS.keys() - shown - {"generic"} == set()
