"""Sources with one mapping, for tests of what a system says and what it then means."""

import json
from collections.abc import Mapping

from models.mappings import ANY_SURVEY, Role, Scale, Source, SurveyMapping
from models.submissions import Submission
from models.survey import Metric
from surveys.adapters import ADAPTERS


def source_of(kind: str, score: str = "score", survey: str = ANY_SURVEY) -> Source:
    """Of the kind, whose NPS stands at `score`; a comment and a name stand where their roles say."""
    mapping = SurveyMapping(
        survey,
        Metric.NPS,
        score,
        Scale(0, 10),
        roles={Role.COMMENT: ("comment",), Role.CUSTOMER_NAME: ("name",)},
    )
    return Source("survey", kind, mappings=(mapping,))


def said(kind: str, sent: Mapping[str, object]) -> Submission:
    """By the adapter alone."""
    [heard] = ADAPTERS[kind].read(json.dumps(sent).encode())
    assert isinstance(heard, Submission)
    return heard
