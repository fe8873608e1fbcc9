"""How deep the tests look that live a case in any order."""

import os

LIVES = int(os.environ.get("LIVES", "1"))
"""How many times as many lives as usual: see CONTRIBUTING."""
