"""What the documents say of the code is what the code says."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from models import links
from models.twilio_account import PARTS
from scripts.draw_stages import OVERVIEW, drawn
from settings import API_TOKEN_OF, PREFIX, TWILIO, WEBHOOK_SECRET, Settings

ROOT = Path(__file__).parent.parent
NAME = re.compile(r"`([A-Z_]+(?:<SOURCE>)?)`")


def _settings_table() -> set[str]:
    """The variables in the first column of the README's table."""
    chapter = (ROOT / "README.md").read_text().split("\n## Settings\n")[1].split("\n## ")[0]
    rows = [line for line in chapter.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in NAME.findall(row.split("|")[1])}


def _variables() -> set[str]:
    """As operators write them; a source's secret, and its token, have the source's name in their own, and
    the account at Twilio is told in parts.
    """
    fields = Settings.model_fields.items()
    names = {str(field.validation_alias or PREFIX + name.upper()) for name, field in fields}
    families = {WEBHOOK_SECRET.rstrip("_"): WEBHOOK_SECRET, API_TOKEN_OF: API_TOKEN_OF}
    parts = {f"{TWILIO}_{part.upper()}" for part in PARTS}
    told = {f"{families[name]}<SOURCE>" if name in families else name for name in names}
    return told - {TWILIO} | parts


def test_the_readme_names_every_setting_and_no_other() -> None:
    assert _settings_table() == _variables()


def test_the_overview_draws_the_stages_as_they_are() -> None:
    page = OVERVIEW.read_text()

    assert drawn(page) == page


def test_every_rule_of_the_clock_names_a_test_that_there_is() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / "clock.md").read_text()))
    files = (ROOT / "tests").rglob("test_*.py")
    known = {name for file in files for name in re.findall(r"def (test_\w+)", file.read_text())}
    assert len(named) > 20
    assert named - known == set()


def test_no_proxy_logs_the_token_of_a_link() -> None:
    """The rule in docs/operate.md leaves out every address that a link leads to."""
    page = (ROOT / "docs" / "operate.md").read_text()
    [rule] = re.findall(r"`location ~ (\S+) \{ access_log off; … \}`", page)
    made = [make for name, make in vars(links).items() if name.endswith("_link")]
    paths = [urlsplit(make("https://rappel.example", "token")).path for make in made]
    assert len(paths) > 2
    assert [path for path in paths if not re.match(rule, path)] == []
