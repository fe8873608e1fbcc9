"""Twilio's own description of its API, as far as we ask it, and mended where Prism could not use it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models.twilio_account import E164
from tests.carrier.packages import PACKAGES

SPEC = PACKAGES / "@twilio-alpha/mcp/twilio-oai/spec/json/twilio_api_v2010.json"
ASKED = ("Messages", "Messages/{Sid}", "Calls", "Calls/{Sid}")
"""To whoever asks for anything else, Prism says that there is no such thing."""
FORM = "application/x-www-form-urlencoded"
NUMBERS = ("phone-number", "endpoint")
"""Formats that Prism does not know: any text would pass."""
SENDER = rf"^({E164.pattern}|\d{{3,8}}|[\w +&-]{{1,11}})$"

Json = dict[str, Any]


def mended(spec: Path = SPEC) -> Json:
    """What Twilio demands stands as it was. A number must be one, which is our own reading."""
    told: Json = json.loads(spec.read_text())
    paths = (f"/2010-04-01/Accounts/{{AccountSid}}/{each}.json" for each in ASKED)
    told["paths"] = {path: told["paths"][path] for path in paths}
    for operation in _operations(told):
        for parameter in operation.get("parameters", ()):
            _mend_number(parameter["name"], parameter["schema"])
        form = operation.get("requestBody", {}).get("content", {}).get(FORM)
        if form is not None:
            _mend_form(form)
        for response in operation["responses"].values():
            _mend_pages(response.get("content", {}))
    return told


def _operations(told: Json) -> Iterator[Json]:
    for path in told["paths"].values():
        yield from (path[method] for method in ("get", "post") if method in path)


def _mend_form(form: Json) -> None:
    """Of repeated fields Prism makes a list only where it is told to."""
    properties: Json = form["schema"].get("properties", {})
    for name, schema in properties.items():
        _mend_number(name, schema)
    repeated = [name for name, schema in properties.items() if schema.get("type") == "array"]
    form["encoding"] = {name: {"style": "form", "explode": True} for name in repeated}


def _mend_number(name: str, schema: Json) -> None:
    if schema.get("format") in NUMBERS:
        schema["pattern"] = SENDER if name == "From" else f"^{E164.pattern}$"


def _mend_pages(content: Json) -> None:
    """Twilio calls the addresses of a list's pages absolute, and tells relative ones."""
    for media in content.values():
        for schema in media["schema"].get("properties", {}).values():
            if schema.get("format") == "uri":
                schema["format"] = "uri-reference"
