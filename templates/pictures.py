"""Pictures of figures: drawn as SVG for a page, painted as PNG for a letter."""

from pathlib import Path

import font_roboto
from jinja2 import Environment
from resvg_py import svg_to_bytes

from models.organisation import SPOKEN, page_language
from templates.instants import spaced
from templates.speaking import speaking

PAPER = Path(__file__).parent / "pictures" / "paper.css"
FONTS = (font_roboto.Roboto, font_roboto.RobotoBold)
SHARPNESS = 2
"""Pixels of a painted picture for each of the drawn one."""


class Pictures:
    """Every picture is one template under `pictures`, which says at its top what facts it takes."""

    def __init__(self) -> None:
        self._environments: dict[str, Environment] = {
            language: speaking(language, "pictures") for language in SPOKEN
        }
        self._paper = PAPER.read_text()

    def draw(self, name: str, language: str, **facts: object) -> str:
        """An SVG without colours of its own: the page's style has them, by day and by night."""
        return (
            self._environments[page_language(language)]
            .get_template(f"{name}.svg")
            .render(facts)
            .strip()
        )

    def paint(self, name: str, language: str, **facts: object) -> bytes:
        """A PNG on white, with our own font: the machine that paints may have none."""
        return svg_to_bytes(
            svg_string=spaced(self.draw(name, language, **facts)),
            background="#ffffff",
            style_sheet=self._paper,
            zoom=SHARPNESS,
            font_files=list(FONTS),
            skip_system_fonts=True,
        )
