"""The doors of the API, taken from the code: a new one is tested by being there."""

import re

from tests.web.doors import walk
from web.api.routes import router

FILLED = {"source": "survey", "number": "1"}


def filled(path: str, case: str = "some-case") -> str:
    """The path with something in its gaps."""
    return re.sub(r"\{(\w+)\}", lambda gap: FILLED.get(gap[1], case), path)


ROUTES = tuple(walk(router.routes))
GETS = [path for method, path in ROUTES if method == "GET"]
KEEPS_NOTHING = frozenset({"/api/rehearsals", "/api/practices/search"})
ONCE = frozenset(
    {
        "/api/customers/merge",
        "/api/customers/part",
        "/api/reviews/{case_id}/{number}",
        "/api/quarantine/{delivery}/replay",
        "/api/quarantine/replay",
        "/api/fetches/given-up",
        "/api/fetches/{fetch}/again",
    }
)
"""Said once for each: a repeat is answered as the first time, whatever its key."""
POSTS = [p for method, p in ROUTES if method == "POST" and p not in KEEPS_NOTHING | ONCE]
