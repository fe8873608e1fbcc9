"""Deliveries as these systems send them on other days: other kinds of questions, older formats, gaps.

None may be read as what it does not say: it is understood as it is meant, or waits with its place.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from models.errors import NotUnderstood
from models.mappings import ANY_SURVEY, Consent, Role, Scale, Source, SurveyMapping
from models.submissions import Pointer, Progress, Trial
from models.survey import Metric, SurveyResponse, Told, Unscored, Withdrawal
from surveys.adapters import hear
from tests.surveys import surveymonkey_bodies
from tests.surveys.deliveries import RECEIVED_AT
from tests.surveys.test_formbricks import delivery as formbricks
from tests.surveys.test_tally import delivery as tally
from tests.surveys.test_typeform import delivery as typeform
from tests.surveys.test_zendesk import RATED

MAPPING = SurveyMapping(ANY_SURVEY, Metric.NPS, "nps", Scale(0, 10))


def told(
    kind: str, sent: object, roles: Mapping[Role, str] | None = None, **changes: object
) -> Told | NotUnderstood:
    """By a mapping with these roles; a text is sent as it is."""
    named = {role: (reference,) for role, reference in (roles or {}).items()}
    mapping = replace(MAPPING, roles=named, **changes)  # type: ignore[arg-type]
    body = sent if isinstance(sent, str) else json.dumps(sent)
    source = Source("survey", kind, mappings=(mapping,))
    try:
        [found] = hear(source, body.encode(), received_at=RECEIVED_AT)
    except NotUnderstood as fault:
        return fault
    return found


def answer(
    kind: str, sent: object, roles: Mapping[Role, str] | None = None, **changes: object
) -> SurveyResponse:
    found = told(kind, sent, roles, **changes)
    assert isinstance(found, SurveyResponse), found
    return found


def place_of(found: Told | NotUnderstood) -> str:
    assert isinstance(found, NotUnderstood), found
    return found.place


def asked(ref: str, kind: str, value: object, **field: object) -> dict[str, object]:
    """An answer as Typeform sends it."""
    return {"type": kind, kind: value, "field": {"id": f"id-{ref}", "ref": ref, **field}}


NPS = asked("nps", "number", 2, type="nps")


def test_typeform_a_link_that_nobody_filled_in_makes_no_customer() -> None:
    hidden = {"customer": "xxxxx", "region": "xxxxx", "contract": "V-1"}
    roles = {Role.CUSTOMER_ID: "hidden.customer", Role.CONTRACT: "hidden.contract"}
    found = answer("typeform", typeform(answers=[NPS], hidden=hidden), roles)
    assert (found.customer.id, found.contract) == (None, "V-1")


def test_typeform_rows_of_a_matrix_are_questions_of_their_own() -> None:
    rows = [
        asked("row_delay", "choice", {"id": "c", "label": "Mauvais", "ref": "bad"}, type="matrix"),
        asked("row_staff", "choice", {"id": "d", "label": "Bon", "ref": "good"}, type="matrix"),
    ]
    words = {"mauvais": 1, "bon": 9}
    found = answer("typeform", typeform(answers=rows), score="row_delay", words=words)
    assert (found.score, found.raw_score) == (1, "Mauvais")


def test_typeform_a_ranking_is_no_score() -> None:
    ranked = asked("nps", "choices", {"ids": ["a", "b"], "labels": ["2", "1"], "refs": ["x", "y"]})
    assert place_of(told("typeform", typeform(answers=[ranked]))) == "nps"


def test_typeform_what_a_quiz_counted_is_not_the_recommendation() -> None:
    sent = typeform(answers=[asked("why", "text", "Rien.")], calculated={"score": 7})
    assert place_of(told("typeform", sent)) == "nps"


def test_typeform_zero_is_a_score_and_not_nothing() -> None:
    assert answer("typeform", typeform(answers=[asked("nps", "number", 0)])).score == 0


def test_typeform_a_score_of_eleven_steps_is_refused_where_ten_are_meant() -> None:
    assert place_of(told("typeform", typeform(answers=[asked("nps", "number", 11)]))) == "nps"


def test_typeform_new_keys_and_kinds_beside_change_nothing() -> None:
    answers = [
        asked("clip", "multi_format", {"video_url": "https://v.example/1", "transcript": "9"}),
        asked("paid", "payment", {"amount": "£10", "last4": "4242", "success": True}),
        asked("file", "file_url", "https://files.example/a%20b.pdf"),
        NPS,
    ]
    sent = typeform(answers=answers, thankyou_screen_ref="x", outcome={"id": "o"}, ending=None)
    assert answer("typeform", {**sent, "api_version": 3}).score == 2


def test_typeform_a_customer_who_left_before_the_score_is_on_his_way() -> None:
    sent = typeform("form_response_partial", answers=[asked("why", "text", "Bof")])
    assert isinstance(told("typeform", sent), Unscored)


def test_typeform_consent_by_yes_or_no_is_read_as_it_was_given() -> None:
    consent = Consent("call", frozenset({"true"}))
    for given in (True, False):
        sent = typeform(answers=[NPS, asked("call", "boolean", given)])
        assert answer("typeform", sent, consent=consent).consent is given


def test_typeform_words_in_any_writing_stay_what_they_are() -> None:
    words = "Très déçu 😡 — \u202bلا أحد يرد\u202c\nzweite Zeile\t„so“ <b>&amp;</b>"
    sent = typeform(answers=[NPS, asked("why", "text", words)])
    assert answer("typeform", sent, {Role.COMMENT: "why"}).comment == words


def test_typeform_a_huge_comment_is_cut_and_never_refused() -> None:
    sent = typeform(answers=[NPS, asked("why", "text", "é" * 60_000)])
    comment = answer("typeform", sent, {Role.COMMENT: "why"}).comment
    assert 1_000 < len(comment) < 60_000
    assert comment.endswith("…")


def test_tally_other_is_what_the_customer_typed() -> None:
    options = [
        {"id": "o1", "text": "Peinture"},
        {"id": "o9", "text": "Le jardin", "isOtherOption": True},
    ]
    chosen = {"key": "trade", "type": "MULTIPLE_CHOICE", "value": ["o9"], "options": options}
    score = {"key": "nps", "type": "LINEAR_SCALE", "value": 3}
    assert answer("tally", tally(score, chosen), {Role.COMMENT: "trade"}).comment == "Le jardin"


def test_tally_boxes_told_apart_do_not_stand_for_the_list() -> None:
    fields = (
        {"key": "nps", "type": "RATING", "value": 3},
        {"key": "why_o1", "type": "CHECKBOXES", "value": True},
        {"key": "why_o2", "type": "CHECKBOXES", "value": False},
        {
            "key": "why",
            "type": "CHECKBOXES",
            "value": ["o1"],
            "options": [{"id": "o1", "text": "Délai"}, {"id": "o2", "text": "Prix"}],
        },
    )
    assert answer("tally", tally(*fields), {Role.COMMENT: "why"}).comment == "Délai"


def test_tally_a_question_that_was_left_out_is_no_score() -> None:
    assert place_of(told("tally", tally({"key": "nps", "type": "RATING", "value": None}))) == "nps"


def test_tally_a_number_typed_as_a_text_is_that_number() -> None:
    assert answer("tally", tally({"key": "nps", "type": "INPUT_TEXT", "value": " 7 "})).score == 7


@pytest.mark.parametrize("written", ["7,5", "7/10", "sept", "７", "+7", "0x7", "1e1", True, [7, 8]])
def test_tally_what_is_almost_a_number_is_none(written: object) -> None:
    sent = tally({"key": "nps", "type": "INPUT_TEXT", "value": written})
    assert place_of(told("tally", sent)) == "nps"


def test_formbricks_a_score_that_was_skipped_is_none() -> None:
    sent = formbricks(data={"nps": "", "why": "Bof"})
    assert place_of(told("formbricks", sent)) == "nps"


def test_formbricks_another_language_and_no_contact_are_no_fault() -> None:
    sent = formbricks(
        contact=None, contactAttributes=None, language="de", variables=None, meta=None, tags=None
    )
    found = answer("formbricks", sent, {Role.CUSTOMER_ID: "contact.userId"})
    assert (found.language, found.customer.id) == ("de", None)


def test_formbricks_files_dates_and_rows_stand_beside_the_score() -> None:
    data = {
        "nps": 3,
        "files": ["https://f.example/a.png"],
        "when": "2026-11-20",
        "matrix": {"Délai": "mauvais", "Prix": ""},
        "ranking": ["Prix", "Délai"],
        "address": ["1 rue des Clés", "", "Strasbourg", "", "67000", "FR"],
        "cta": "dismissed",
    }
    found = answer("formbricks", formbricks(data=data), {Role.COMMENT: "matrix.Délai"})
    assert (found.score, found.comment) == (3, "mauvais")


def test_formbricks_an_unfinished_update_waits() -> None:
    found = answer("formbricks", formbricks("responseUpdated", finished=False, data={"nps": 1}))
    assert found.progress is Progress.PARTIAL


QUALTRICS: Mapping[str, object] = {
    "responseId": "R_unseen1",
    "surveyId": "SV_unseen1",
    "values": {
        "nps": 3,
        "nps_NPS_GROUP": 1,
        "status": 0,
        "finished": 1,
        "recordedDate": "2026-11-21T17:28:11.123Z",
        "distributionChannel": "email",
        "userLanguage": "PT-BR",
        "QID5_1": 4,
        "QID7": ["1", "3"],
        "ExternalReference": None,
    },
    "labels": {"nps": "3", "QID7": ["Délai", "Prix"], "finished": "True"},
    "displayedFields": ["nps"],
}


def qualtrics(**values: object) -> dict[str, object]:
    known = QUALTRICS["values"]
    assert isinstance(known, dict)
    return {"result": {**QUALTRICS, "values": {**known, **values}}}


def test_qualtrics_the_group_of_a_score_is_not_the_score() -> None:
    assert answer("qualtrics", qualtrics()).score == 3
    assert place_of(told("qualtrics", qualtrics(nps=None))) == "nps"


def test_qualtrics_several_choices_are_told_by_their_words() -> None:
    found = answer("qualtrics", qualtrics(), {Role.COMMENT: "QID7.label"})
    assert (found.comment, found.language) == ("Délai, Prix", "pt")


@pytest.mark.parametrize(("status", "trial"), [(1, Trial.PREVIEW), ("2", Trial.TEST), (8, None)])
def test_qualtrics_previews_and_tests_are_no_answers(status: object, trial: Trial | None) -> None:
    assert answer("qualtrics", qualtrics(status=status)).trial is trial


def test_qualtrics_an_event_that_another_system_hands_on_still_only_points() -> None:
    event = {"Status": "Complete", "SurveyID": "SV_1", "ResponseID": "R_1", "BrandID": "house"}
    assert told("qualtrics", event) == Pointer("R_1", "SV_1")
    own = {**event, "nps": "2"}
    assert answer("qualtrics", own).score == 2


def test_qualtrics_words_that_break_the_body_wait_and_are_not_half_read() -> None:
    broken = (
        '{"ResponseID": "R_1", "SurveyID": "SV_1", "nps": "2", "why": "Il a dit "non" deux fois"}'
    )
    assert place_of(told("qualtrics", broken)) == ""


def test_qualtrics_a_field_that_was_never_filled_in_is_no_customer() -> None:
    sent = {"ResponseID": "R_1", "SurveyID": "SV_1", "nps": "2", "who": "${e://Field/CustomerID}"}
    assert answer("qualtrics", sent, {Role.CUSTOMER_ID: "who"}).customer.id is None


def surveymonkey(*answers: Mapping[str, object]) -> dict[str, object]:
    questions = [{"id": "nps", "answers": list(answers)}]
    return surveymonkey_bodies.details(pages=[{"id": "1", "questions": questions}, {"id": "2"}])


def test_surveymonkey_stars_of_no_weight_are_their_words() -> None:
    assert answer("surveymonkey", surveymonkey({"choice_id": "9", "simple_text": "4"})).score == 4


def test_surveymonkey_not_applicable_is_no_score() -> None:
    said = {"choice_id": "9", "choice_metadata": {"weight": None}, "simple_text": "N/A"}
    assert place_of(told("surveymonkey", surveymonkey(said))) == "nps"


def test_surveymonkey_several_rows_are_no_one_score() -> None:
    rows = [{"row_id": f"r{n}", "choice_metadata": {"weight": str(n)}} for n in (2, 9)]
    assert place_of(told("surveymonkey", surveymonkey(*rows))) == "nps"
    assert answer("surveymonkey", surveymonkey(*rows), score="nps.r2").score == 2


def test_surveymonkey_a_file_beside_is_its_name() -> None:
    file = {
        "text": "photo.jpg",
        "download_url": "https://f.example/1",
        "content_type": "image/jpeg",
    }
    sent = surveymonkey({"choice_metadata": {"weight": 2}})
    pages = sent["pages"]
    assert isinstance(pages, list)
    pages[1] = {"id": "2", "questions": [{"id": "photo", "answers": [file]}]}
    assert answer("surveymonkey", sent, {Role.COMMENT: "photo"}).comment == "photo.jpg"


@pytest.mark.parametrize("offered", ["OFFERED", "UNOFFERED", None, ""])
def test_zendesk_a_ticket_that_was_not_rated_has_no_score(offered: object) -> None:
    sent = {**RATED, "event": {"satisfaction_score": {"score": offered}}}
    score = "event.satisfaction_score.score"
    found = told("zendesk", sent, score=score, words={"good": 10, "bad": 0})
    assert place_of(found) == score


GENERIC = {Role.RESPONSE_ID: "id", Role.SUBMITTED_AT: "at"}
BODY: Mapping[str, object] = {"id": "r-1", "nps": "2", "at": 1795111200123}


def test_generic_milliseconds_are_an_instant() -> None:
    found = answer("generic", BODY, GENERIC)
    assert found.submitted_at == datetime.fromtimestamp(1795111200.123, UTC)


@pytest.mark.parametrize("at", ["21/11/2026", "2026-11-21 18:30", "20261121183000", "soon", 12])
def test_generic_an_instant_that_may_mean_two_things_is_refused(at: object) -> None:
    assert place_of(told("generic", {**BODY, "at": at}, GENERIC)) == "submitted_at"


@pytest.mark.parametrize(
    "written", ["{{contact.id}}", "${id}", "*|ID|*", "%%ID%%", "[[id]]", "", None, []]
)
def test_generic_an_id_that_was_never_filled_in_makes_no_one_customer_of_many(
    written: object,
) -> None:
    roles = {**GENERIC, Role.CUSTOMER_ID: "who"}
    assert answer("generic", {**BODY, "who": written}, roles).customer.id is None
    assert place_of(told("generic", {**BODY, "id": written}, GENERIC)) == "response_id"


def test_generic_a_null_around_the_score_is_no_score() -> None:
    assert place_of(told("generic", {**BODY, "nps": None}, GENERIC)) == "nps"
    assert place_of(told("generic", {**BODY, "nps": {"value": 2}}, GENERIC)) == "nps"


@pytest.mark.parametrize(
    ("written", "language"), [("German", None), ("FR-fr", "fr"), ("zh_Hans", "zh"), ("fra", None)]
)
def test_generic_a_language_is_a_code_or_none(written: str, language: str | None) -> None:
    roles = {**GENERIC, Role.LANGUAGE: "language"}
    assert answer("generic", {**BODY, "language": written}, roles).language == language


@pytest.mark.parametrize("event", ["deleted", "response.deleted", "SURVEY_RESPONSE_DELETED"])
def test_generic_what_was_deleted_is_taken_back(event: str) -> None:
    found = told("generic", {**BODY, "event": event}, {**GENERIC, Role.PROGRESS: "event"})
    assert found == Withdrawal("r-1", "survey")
