"""A row of a back-file is read by the mapping of its source, or in our own words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from models.errors import NotUnderstood
from models.mappings import Role, Scale, Source, SurveyMapping
from models.survey import Metric, SurveyResponse
from surveys.back_rows import BackFile, Cells, faults_of_headers
from tests.surveys.deliveries import RECEIVED_AT

LONG_AGO = RECEIVED_AT - timedelta(days=30)
OWN = BackFile(Source("survey", "generic"), RECEIVED_AT, LONG_AGO)
MAPPING = SurveyMapping(
    "handover",
    Metric.CSAT,
    "Stars",
    Scale(1, 5),
    roles={Role.RESPONSE_ID: ("Id",), Role.CUSTOMER_ID: ("Client",), Role.SUBMITTED_AT: ("On",)},
)
MAPPED = BackFile(
    Source("old", "generic", mappings=(MAPPING,)), RECEIVED_AT, LONG_AGO, zone="Europe/Paris"
)
ROW = {
    "response_id": "r-1",
    "survey_id": "handover",
    "submitted_at": "2026-11-20T10:00:00+01:00",
    "metric": "nps",
    "score": "2",
    "customer.email": "renee@customer.example",
    "context.region": "alsace",
    "context.lot": 12,
    "consent": "no",
}


def read(back: BackFile, cells: Cells) -> SurveyResponse:
    told = back.of_row(cells)
    assert isinstance(told, SurveyResponse)
    return told


def test_our_own_words_are_dotted_columns() -> None:
    told = read(OWN, ROW)
    assert (told.score, told.customer.email, told.region) == (2, "renee@customer.example", "alsace")
    assert (told.facts, told.consent, told.too_old) == ({"lot": "12"}, False, False)


def test_the_references_of_a_mapping_are_columns() -> None:
    told = read(MAPPED, {"Id": 7.0, "Stars": 1.0, "Client": "c-7", "On": "2026-11-20 10:00"})
    assert (told.response_id, told.score, told.customer.id) == ("7", 1, "c-7")
    assert told.submitted_at == datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def test_a_spreadsheets_instant_stands_in_the_zone_that_is_said() -> None:
    at = datetime(2026, 11, 20, 10, 0)  # noqa: DTZ001  as a spreadsheet has it
    told = read(MAPPED, {"Id": "7", "Stars": 1, "On": at})
    ours = read(replace(OWN, zone="Europe/Paris"), ROW | {"submitted_at": at})
    assert told.submitted_at == ours.submitted_at == datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def test_without_a_zone_it_is_refused() -> None:
    with pytest.raises(NotUnderstood, match="does not say its zone") as refused:
        OWN.of_row(ROW | {"submitted_at": "2026-11-20 10:00"})
    assert refused.value.place == "submitted_at"


def test_what_is_older_than_what_opens_cases_is_too_old() -> None:
    assert read(OWN, ROW | {"submitted_at": "2024-11-20T10:00:00Z"}).too_old


def test_a_fault_names_the_column_and_not_the_role() -> None:
    with pytest.raises(NotUnderstood) as refused:
        MAPPED.of_row({"Id": "7", "Stars": 1, "Client": "c" * 300})
    assert refused.value.place == "Client"


@pytest.mark.parametrize(
    ("back", "headers", "place", "said"),
    [
        (OWN, [*ROW, "comments"], "comments", "did you mean 'comment'?"),
        (OWN, [*ROW, "customer"], "customer", "no such column"),
        (OWN, [*ROW, "score"], "score", "stands twice"),
        (
            OWN,
            [each for each in ROW if each != "score"] + ["scor"],
            "score",
            "did you mean 'scor'?",
        ),
        (MAPPED, ["Id", "Star"], "Stars", "did you mean 'Star'?"),
        (MAPPED, ["Stars"], "Id", "missing"),
    ],
)
def test_columns_that_no_row_could_make_good(
    back: BackFile, headers: list[str], place: str, said: str
) -> None:
    fault = next(each for each in faults_of_headers(back.source, headers) if each.place == place)
    assert said in fault.detail


def test_a_good_file_has_no_fault() -> None:
    assert list(faults_of_headers(OWN.source, list(ROW))) == []
    assert list(faults_of_headers(MAPPED.source, ["Id", "Stars", "anything"])) == []
