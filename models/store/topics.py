"""The zero-tolerance topics of answers: ids for everybody, the words that showed them sealed."""

import json
from collections.abc import Iterable, Mapping, Sequence

from models.organisation import Organisation, topic_match
from models.survey import SurveyResponse
from models.tables import ResponseRow
from models.vault import Box


def note_topic(
    row: ResponseRow, response: SurveyResponse, box: Box, *, today: Organisation
) -> None:
    match = topic_match(response, today)
    if match is None:
        return
    row.topic = match.topic
    words = json.dumps(match.words, ensure_ascii=False) if match.words else None
    row.topic_words_sealed = box.seal_if_any(_place(row), words)


def topic_to_hear(response: ResponseRow, of_case: str | None) -> str | None:
    """The gravest of the case, where this answer has one: a lighter one takes the case nowhere."""
    return of_case if response.topic else None


def topic_words_of(row: ResponseRow, box: Box | None) -> Sequence[str]:
    """None once the customer is forgotten, nor where the survey named the topic."""
    words = box.open_if_any(_place(row), row.topic_words_sealed) if box else None
    return json.loads(words) if words else ()


def topic_words_by_commit(
    rows: Iterable[ResponseRow], boxes: Mapping[str, Box | None]
) -> Mapping[int, Mapping[str, str]]:
    """Those of all answers that a commit heard, for its entry on the timeline; `boxes` are by customer."""
    heard: dict[int, list[str]] = {}
    for row in rows:
        heard.setdefault(row.consumed_seq or 0, []).extend(
            topic_words_of(row, boxes[row.customer_id])
        )
    return {seq: {"topic_words": " · ".join(words)} for seq, words in heard.items() if words}


def _place(row: ResponseRow) -> str:
    return f"responses.{row.id}.topic_words"
