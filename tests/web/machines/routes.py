"""The doors of the API, taken from the code: a new one is tested by being there."""

import re
from collections.abc import Iterator

from fastapi.routing import APIRoute

from web.api.routes import router

FILLED = {"source": "survey", "number": "1"}


def _routes() -> Iterator[tuple[str, str]]:
    """Method and path template of each."""
    for route in router.routes:
        assert isinstance(route, APIRoute)
        for method in sorted(route.methods or ()):
            yield method, route.path_format


def filled(path: str, case: str = "some-case") -> str:
    """The path with something in its gaps."""
    return re.sub(r"\{(\w+)\}", lambda gap: FILLED.get(gap[1], case), path)


ROUTES = tuple(_routes())
GETS = [path for method, path in ROUTES if method == "GET"]
POSTS = [path for method, path in ROUTES if method == "POST"]
