"""An organisation with zero-tolerance topics, and answers that touch on them."""

from dataclasses import replace

from models.store.organisations import apply_organisation
from models.survey import SurveyResponse
from tests.casework import MONDAY_MORNING, SMALL, UNHAPPY, Casework

TOPICS = """
zero_tolerance:
  - id: danger
    name: {fr: Sécurité, en: Safety}
    words: {fr: [en danger], en: [unsafe]}
    targets: {acknowledge: 10m, contact: 20m}
  - id: law
    name: {fr: Menace de poursuites, en: Legal threat}
    words: {fr: [mon avocat*, mise en demeure], en: [my lawyer]}
"""
AT_ONCE = TOPICS.replace("contact: 20m}", "contact: 20m}\n    at_once: true")
LEGAL = replace(UNHAPPY, comment="Je saisis mon avocate, la MISE-EN-DEMEURE part demain.")
"""Of a customer whose case would be dora's; nora is the national owner."""


OFFICE = SMALL.read_text().replace("id: nora,", 'id: nora, hours: {mon-fri: "09:00-18:30"},')
"""In which the national owner does not work at night."""


async def have_topics(
    casework: Casework, *, topics: str = TOPICS, organisation: str = OFFICE
) -> None:
    text = organisation + topics
    await apply_organisation(casework.database, text, name="grave.yaml", at=MONDAY_MORNING)


def grave(response_id: str, comment: str, **changes: object) -> SurveyResponse:
    said = {"response_id": response_id, "comment": comment, **changes}
    return replace(UNHAPPY, **said)  # type: ignore[arg-type]
