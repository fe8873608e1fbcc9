"""What the API tells and what the log tells are compared, each way."""

import pytest

from tests.plain_figures import Told
from year.figures import differences


@pytest.mark.parametrize(
    ("by_api", "by_log"),
    [({"coverage": 3}, {"coverage": 2}), ({"coverage": 3}, {}), ({}, {"coverage": 3})],
)
def test_a_figure_that_the_log_does_not_tell_is_found(by_api: Told, by_log: Told) -> None:
    [found] = differences(by_api, by_log)
    assert found.startswith("coverage is ")


def test_figures_that_are_alike_are_none() -> None:
    assert list(differences({"coverage": 3}, {"coverage": 3})) == []
