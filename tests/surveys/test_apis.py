"""How the vendors' APIs are asked, and what their pages hold."""

import json
from datetime import datetime, timedelta, timezone

import pytest

from models.errors import NotUnderstood
from models.mappings import Scale, Source, SurveyMapping
from models.submissions import Submission
from models.survey import Metric, SurveyResponse
from surveys import qualtrics, qualtrics_api, surveymonkey, surveymonkey_api, typeform_api
from surveys.adapters import ADAPTERS, hear
from surveys.apis import APIS
from surveys.asking import Ask, Listed, Page
from tests.surveys import qualtrics_bodies, surveymonkey_bodies
from tests.surveys.deliveries import RECEIVED_AT

SINCE = datetime(2026, 11, 20, 1, 30, tzinfo=timezone(timedelta(hours=1)))
"""00:30 in UTC."""


def test_only_what_is_understood_can_be_asked() -> None:
    assert APIS.keys() <= ADAPTERS.keys()


def test_one_response_is_asked_for_at_its_address() -> None:
    assert qualtrics_api.one("SV_1", "R_1") == Ask("/API/v3/surveys/SV_1/responses/R_1")
    assert surveymonkey_api.one("51", "88") == Ask(
        "/v3/surveys/51/responses/88/details", {"simple": "true"}
    )
    assert qualtrics_api.headers("t") == {"X-API-TOKEN": "t"}


def test_no_id_leads_to_another_address() -> None:
    assert "/../" not in qualtrics_api.one("SV_1", "../../whoami").path
    assert "?" not in surveymonkey_api.one("51", "88?x=1").path


def test_the_answer_of_qualtrics_is_kept_with_its_survey() -> None:
    sent = qualtrics_bodies.fetched()
    kept = qualtrics_api.read_one(
        {"result": {**dict(sent["result"]), "surveyId": ""}},  # type: ignore[call-overload]
        qualtrics_bodies.SURVEY,
        qualtrics_bodies.RESPONSE,
    )

    assert qualtrics.read_fetched(kept).survey_id == qualtrics_bodies.SURVEY
    [heard] = qualtrics.read(json.dumps(kept).encode())
    assert isinstance(heard, Submission)
    assert heard.response_id == qualtrics_bodies.RESPONSE


def test_the_answer_of_another_response_is_refused() -> None:
    with pytest.raises(NotUnderstood):
        qualtrics_api.read_one(qualtrics_bodies.fetched(), qualtrics_bodies.SURVEY, "R_another")
    with pytest.raises(NotUnderstood):
        surveymonkey_api.read_one(surveymonkey_bodies.details(), surveymonkey_bodies.SURVEY, "1")
    with pytest.raises(NotUnderstood):
        qualtrics_api.read_one({"result": {"responseId": "R_1"}}, "SV_1", "R_1")


def test_surveymonkey_is_read_page_by_page() -> None:
    first = surveymonkey_api.page("51", SINCE, None)
    more = {"data": [surveymonkey_bodies.details()], "links": {"next": "https://elsewhere.example"}}
    last = {"data": [surveymonkey_bodies.details()], "links": {}}

    assert first.path == "/v3/surveys/51/responses/bulk"
    assert first.query["start_modified_at"] == "2026-11-20T00:30:00+00:00"
    assert first.query["page"] == "1"
    page = surveymonkey_api.read_page(more, "51", None)
    assert page.next == "2"
    assert surveymonkey_api.page("51", SINCE, page.next).query["page"] == "2"
    assert surveymonkey_api.read_page(last, "51", "2").next is None
    assert surveymonkey_api.read_page({"data": [], "links": {"next": "x"}}, "51", "3").next is None
    assert surveymonkey.read_fetched(page.found[0]).response_id == surveymonkey_bodies.RESPONSE


def test_typeform_is_read_back_from_its_newest_response() -> None:
    items = [{"token": f"t-{n}"} for n in range(typeform_api.PER_PAGE)]
    page = typeform_api.read_page({"items": items}, "form", None)

    assert typeform_api.page("form", SINCE, None).query["since"] == "2026-11-20T00:30:00"
    assert page.next == items[-1]["token"]
    assert typeform_api.page("form", SINCE, page.next).query["before"] == page.next
    assert typeform_api.read_page({"items": items[:3]}, "form", "t").next is None
    assert typeform_api.read_page({"items": []}, "form", "t") == Page()


def test_what_typeform_lists_is_read_like_a_delivery() -> None:
    answer = {"type": "number", "number": 3, "field": {"id": "f1", "ref": "nps"}}
    item = {"token": "t-1", "submitted_at": "2026-11-21T17:00:00Z", "answers": [answer]}
    [found] = typeform_api.read_page({"items": [item]}, "form", None).found
    mapping = SurveyMapping("form", Metric.NPS, "nps", Scale(0, 10))
    source = Source("paper", "typeform", mappings=(mapping,))

    [told] = hear(source, json.dumps(found).encode(), received_at=RECEIVED_AT)

    assert isinstance(told, SurveyResponse)
    assert (told.response_id, told.score) == ("t-1", 3)


def test_qualtrics_prepares_an_export_before_it_is_read() -> None:
    begun = qualtrics_api.page("SV_1", SINCE, None)
    assert begun.path == "/API/v3/surveys/SV_1/export-responses"
    assert begun.sends == {
        "format": "json",
        "compress": False,
        "startDate": "2026-11-20T00:30:00Z",
    }

    waiting = qualtrics_api.read_page({"result": {"progressId": "ES_1"}}, "SV_1", None)
    assert not waiting.ready
    assert qualtrics_api.page("SV_1", SINCE, waiting.next).path.endswith("/export-responses/ES_1")
    still = qualtrics_api.read_page({"result": {"status": "inProgress"}}, "SV_1", waiting.next)
    assert (still.next, still.ready) == (waiting.next, False)

    done = {"result": {"status": "complete", "fileId": "f-1"}}
    ready = qualtrics_api.read_page(done, "SV_1", still.next)
    assert qualtrics_api.page("SV_1", SINCE, ready.next).path.endswith("/export-responses/f-1/file")
    result = qualtrics_bodies.fetched()["result"]
    whole = qualtrics_api.read_page({"responses": [result]}, qualtrics_bodies.SURVEY, ready.next)
    assert whole.next is None
    assert qualtrics.read_fetched(whole.found[0]).response_id == qualtrics_bodies.RESPONSE


def test_an_export_that_failed_is_said() -> None:
    with pytest.raises(NotUnderstood):
        qualtrics_api.read_page({"result": {"status": "failed"}}, "SV_1", "progress/ES_1")
    with pytest.raises(NotUnderstood):
        qualtrics_api.read_page({"result": {}}, "SV_1", None)


def test_all_surveys_are_listed_page_by_page() -> None:
    found = {"data": [{"id": "51"}], "links": {"next": "https://elsewhere.example"}}
    assert surveymonkey_api.read_surveys(found, None) == Listed(["51"], "2")
    assert surveymonkey_api.surveys("2").query["page"] == "2"
    assert surveymonkey_api.read_surveys({"data": [], "links": {"next": "x"}}, "2") == Listed([])

    forms = {"items": [{"id": "hY7"}], "page_count": 2}
    assert typeform_api.read_surveys(forms, None) == Listed(["hY7"], "2")
    assert typeform_api.surveys("2") == Ask("/forms", {"page_size": "200", "page": "2"})
    assert typeform_api.read_surveys(forms, "2") == Listed(["hY7"])

    following = "https://elsewhere.example/API/v3/surveys?offset=100"
    listed = {"result": {"elements": [{"id": "SV_1"}], "nextPage": following}}
    assert qualtrics_api.read_surveys(listed, None) == Listed(["SV_1"], "offset=100")
    assert qualtrics_api.surveys("offset=100") == Ask("/API/v3/surveys", {"offset": "100"})
    last = {"result": {"elements": [{"id": "SV_2"}], "nextPage": None}}
    assert qualtrics_api.read_surveys(last, "offset=100") == Listed(["SV_2"])
