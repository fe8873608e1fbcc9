"""Who is written to in a language without pages reads them in English."""

import pytest

from models.organisation import SPOKEN, WRITTEN
from web.rendering import Pages


@pytest.mark.parametrize("language", WRITTEN)
def test_there_is_a_page_for_whoever_is_written_to(language: str) -> None:
    answer = Pages().answer("link.html", language, person="Dora", other=None, case=False)
    assert answer.headers["Content-Language"] == (language if language in SPOKEN else "en")
