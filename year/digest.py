"""One word for all that happened: the same seed gives the same one, on any machine.

Ids are random, and a quick machine differs from a slow one by fractions of a second: so a case is called
by the response that opened it, and instants count to the minute. Everything planned lies on whole minutes
(`year.plan`), rungs on a few seconds of them, so that nothing lies just before the end of one.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime

from models.tables import EntryRow
from year.tables import Tables


def digest_of(tables: Tables) -> str:
    lines = sorted(_lines(tables))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _lines(tables: Tables) -> Iterator[str]:
    names = {response.id: response.response_id for response in tables.responses}
    openers = {
        response.case_id: response.response_id
        for response in tables.responses
        if response.case_id and not response.joined
    }
    for response in tables.responses:
        case = openers.get(response.case_id or "")
        yield _line("response", response.response_id, case, response.reason)
    for entry in tables.all_entries():
        facts = {key: _told(word, names) for key, word in entry.facts.items()}
        yield _line(openers[entry.case_id], entry.seq, entry.n, *_said(entry), facts)
    for intent in tables.intents:
        case = openers.get(intent.case_id or "")
        yield _line(
            "letter", case, intent.seq, intent.message, intent.person, intent.status, intent.nags
        )


def _said(entry: EntryRow) -> tuple[object, ...]:
    return entry.kind, entry.by, _minute(entry.at), entry.due and _minute(entry.due)


def _told(word: str | int, names: dict[str, str]) -> str | int:
    if isinstance(word, int):
        return word
    try:
        return _minute(datetime.fromisoformat(word))
    except ValueError:
        return names.get(word, word)


def _minute(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M}"


def _line(*words: object) -> str:
    return json.dumps(words, sort_keys=True, ensure_ascii=False)
