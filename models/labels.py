"""What a thing is called: a word for each language."""

from collections.abc import Mapping
from typing import TypeAlias

Label: TypeAlias = Mapping[str, str]
"""The same word by language code."""
