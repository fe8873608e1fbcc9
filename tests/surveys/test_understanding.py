"""What a submission means, by its mapping and by nothing else."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import NotUnderstood
from models.mappings import ANY_SURVEY, Consent, Exclusion, Role, Scale, Source, SurveyMapping
from models.submissions import Heard, Ping, Pointer, Progress, Submission, Trial
from models.survey import (
    SCALES,
    Identity,
    Metric,
    Origin,
    SurveyResponse,
    Unscored,
    Withdrawal,
)
from surveys.understanding import Told, flattened, understand
from surveys.values import on_scale
from tests.surveys.deliveries import RECEIVED_AT

MAPPING = SurveyMapping("handover", Metric.NPS, "q1", Scale(0, 10))
SOURCE = Source("survey", "typeform", mappings=(MAPPING,))
HEARD = Submission("r-1", "handover", values={"q1": 2})


def told(
    mapping: SurveyMapping = MAPPING, heard: Heard = HEARD, *, source: Source = SOURCE
) -> Told:
    return understand(heard, replace(source, mappings=(mapping,)), received_at=RECEIVED_AT)


def response(
    mapping: SurveyMapping = MAPPING, values: Mapping[str, object] | None = None, **sent: Any
) -> SurveyResponse:
    """To the score of 2 there are `values`; `sent` is what the system says by itself."""
    heard = replace(HEARD, values={"q1": 2, **(values or {})}, **sent)
    found = told(mapping, heard)
    assert isinstance(found, SurveyResponse)
    return found


def by(role: Role, *references: str, **also: Any) -> SurveyMapping:
    return replace(MAPPING, roles={role: references}, **also)


def refusal(mapping: SurveyMapping, heard: Submission, source: Source = SOURCE) -> NotUnderstood:
    with pytest.raises(NotUnderstood) as refused:
        told(mapping, heard, source=source)
    return refused.value


def test_with_a_score_alone_it_is_a_response() -> None:
    assert response() == SurveyResponse(
        "r-1", "handover", RECEIVED_AT, Metric.NPS, 2, raw_score="2"
    )


def test_what_is_no_submission_has_nothing_to_be_mapped() -> None:
    for heard in (Ping(), Pointer("r-1", MAPPING.survey)):
        assert told(heard=heard) is heard


# The score and its scale.


@pytest.mark.parametrize(
    ("metric", "scale", "scores"),
    [
        (Metric.NPS, Scale(0, 10), {0: 0, 6: 6, 10: 10}),
        (Metric.NPS, Scale(1, 5), {1: 0, 2: 2, 3: 5, 4: 7, 5: 10}),
        (Metric.NPS, Scale(1, 11), {1: 0, 7: 6, 11: 10}),
        (Metric.NPS, Scale(10, 0), {10: 0, 0: 10, 9: 1}),
        (Metric.CSAT, Scale(1, 6), {1: 1, 2: 2, 3: 3, 4: 3, 5: 4, 6: 5}),
        (Metric.CSAT, Scale(6, 1), {6: 1, 5: 2, 1: 5}),
        (Metric.CSAT, Scale(0, 10), {0: 1, 5: 3, 10: 5}),
        (Metric.CSAT, Scale(0, 1), {0: 1, 1: 5}),
        (Metric.CSAT, Scale(-2, 2), {-2: 1, 0: 3, 2: 5}),
        (Metric.CES, Scale(7, 1), {7: 1, 4: 4, 1: 7}),
        (Metric.CES, Scale(1, 5), {1: 1, 2: 2, 3: 4, 4: 5, 5: 7}),
    ],
)
def test_an_answer_keeps_its_share_of_the_scale_and_a_half_falls_to_the_unhappier_side(
    metric: Metric, scale: Scale, scores: dict[int, int]
) -> None:
    mapping = replace(MAPPING, metric=metric, scale=scale)

    assert {raw: response(mapping, {"q1": raw}).score for raw in scores} == scores


@given(
    metric=st.sampled_from(Metric),
    low=st.integers(-9, 9),
    steps=st.integers(1, 20),
    turned=st.booleans(),
)
def test_a_scale_is_kept_in_its_order_and_from_end_to_end(
    metric: Metric, low: int, steps: int, *, turned: bool
) -> None:
    ends = (low, low + steps)
    scale = Scale(*reversed(ends)) if turned else Scale(*ends)
    answers = range(scale.worst, scale.best + (-1 if turned else 1), -1 if turned else 1)
    scores = [on_scale(answer, scale, metric, place="score") for answer in answers]

    assert (scores[0], scores[-1]) == SCALES[metric]
    assert scores == sorted(scores)


@pytest.mark.parametrize("answer", [0, "0", 0.0, "0.0", [0], ["0"]])
def test_the_worst_answer_is_an_answer_however_it_is_written(answer: object) -> None:
    found = response(values={"q1": answer})

    assert (found.score, found.raw_score[:1]) == (0, "0")


@pytest.mark.parametrize("answer", [11, -1, "11"])
def test_an_answer_outside_its_scale_is_refused_and_never_bent(answer: object) -> None:
    refused = refusal(MAPPING, replace(HEARD, values={"q1": answer}))

    assert refused.detail == "The score is outside its scale, 0 (worst) to 10 (best)."


@pytest.mark.parametrize("answer", [2.5, True, "two", [1, 2], {"a": 1}, float("inf")])
def test_an_answer_that_is_no_number_is_refused_with_its_reference(answer: object) -> None:
    refused = refusal(MAPPING, replace(HEARD, values={"q1": answer}))

    assert refused.place == "q1"
    assert refused.detail == (
        "The answer to q1 is no whole number, and no word that the mapping knows."
    )


@pytest.mark.parametrize("answer", ["Très déçu", " TRÈS DÉÇU ", ["très déçu"]])
def test_a_word_stands_for_its_number_in_any_case(answer: object) -> None:
    mapping = replace(MAPPING, scale=Scale(1, 4), words={"très déçu": 1, "ravi": 4})
    found = response(mapping, {"q1": answer})

    assert (found.score, found.raw_score.casefold()) == (0, "très déçu")


def test_a_word_may_be_a_number_that_means_another_one() -> None:
    assert response(replace(MAPPING, words={"1": 10}), {"q1": 1}).score == 10


@pytest.mark.parametrize("answer", [None, "", "  ", [], [None, ""]])
def test_a_response_without_its_score_is_refused_with_the_reference(answer: object) -> None:
    refused = refusal(MAPPING, replace(HEARD, values={"q1": answer, "q2": 3}))

    assert (refused.place, refused.detail) == (
        "q1",
        "There is no answer to q1, which is the score.",
    )


def test_a_partial_response_may_come_to_its_score_later() -> None:
    assert told(heard=replace(HEARD, values={}, progress=Progress.PARTIAL)) == Unscored(
        "r-1", "handover"
    )


def test_a_partial_response_with_its_score_is_one_that_is_partial() -> None:
    assert response(progress=Progress.PARTIAL).progress is Progress.PARTIAL


def test_the_raw_score_is_kept_as_it_was_given_as_far_as_there_is_room() -> None:
    mapping = replace(MAPPING, words={"x" * 70: 3})

    assert response(mapping, {"q1": "x" * 70}).raw_score == "x" * 63 + "…"


# Which mapping.


def test_a_survey_that_no_mapping_names_is_refused_with_what_was_probably_meant() -> None:
    refused = refusal(MAPPING, replace(HEARD, survey_id="handovr"))

    assert refused.place == "survey"
    assert refused.detail == (
        "No mapping of the source survey names the survey 'handovr'; did you mean 'handover'?"
    )


def test_the_mapping_of_any_survey_takes_those_that_no_other_names() -> None:
    own = replace(MAPPING, metric=Metric.CSAT, scale=Scale(1, 5))
    source = replace(SOURCE, mappings=(replace(MAPPING, survey=ANY_SURVEY), own))

    def metric(survey: str) -> Metric | None:
        heard = replace(HEARD, survey_id=survey)
        found = understand(heard, source, received_at=RECEIVED_AT)
        assert isinstance(found, SurveyResponse)
        assert found.survey_id == survey
        return found.metric

    assert (metric("handover"), metric("another")) == (Metric.CSAT, Metric.NPS)


GENERIC = Source("crm", "generic")
UNNAMED = Submission("r-1", "", values={"q1": 2, "form": "handover"})


def test_a_body_that_names_no_survey_belongs_to_the_only_one() -> None:
    found = told(MAPPING, UNNAMED, source=GENERIC)

    assert isinstance(found, SurveyResponse)
    assert found.survey_id == "handover"


def test_a_body_that_names_no_survey_where_any_is_taken_has_the_name_of_its_source() -> None:
    found = told(replace(MAPPING, survey=ANY_SURVEY), UNNAMED, source=GENERIC)

    assert isinstance(found, SurveyResponse)
    assert found.survey_id == "crm"


def test_the_source_says_where_a_body_names_its_survey() -> None:
    source = replace(GENERIC, survey="form", mappings=(replace(MAPPING, survey="x"), MAPPING))
    found = understand(UNNAMED, source, received_at=RECEIVED_AT)

    assert isinstance(found, SurveyResponse)
    assert found.survey_id == "handover"


def test_a_body_that_does_not_say_its_survey_where_it_must_is_refused_with_the_place() -> None:
    heard = replace(UNNAMED, values={"q1": 2})

    assert refusal(MAPPING, heard, replace(GENERIC, survey="form")).place == "form"


def test_a_name_of_a_survey_as_long_as_a_letter_is_refused_at_once() -> None:
    assert "200 characters" in refusal(MAPPING, replace(HEARD, survey_id="x" * 10**6)).detail


# Roles.


def test_a_zone_that_is_none_is_a_fact_and_holds_up_no_call() -> None:
    found = response(by(Role.CUSTOMER_ZONE, "tz"), {"tz": "Indian/Reunio"})

    assert found.customer == Identity()
    assert found.facts == {"customer.zone": "Indian/Reunio"}


def test_of_several_references_the_first_with_an_answer_counts() -> None:
    mapping = by(Role.CUSTOMER_EMAIL, "hidden.mail", "q5", "q6")
    found = response(mapping, {"hidden.mail": " ", "q5": "b@c.example", "q6": "c@c.example"})

    assert found.customer == Identity(email="b@c.example")


def test_of_comments_and_parts_of_a_name_all_count() -> None:
    roles = {Role.COMMENT: ("q2", "q3", "q4"), Role.CUSTOMER_NAME: ("first", "last")}
    found = response(
        replace(MAPPING, roles=roles),
        {"q2": "Froid.", "q4": ["Murs", "Sols"], "first": "Odile", "last": "Sauvage"},
    )

    assert found.comment == "Froid.\n\nMurs, Sols"
    assert found.customer.name == "Odile Sauvage"


def test_what_is_always_so_gives_way_to_an_answer() -> None:
    mapping = by(Role.REGION, "q7", always={Role.REGION: "alsace", Role.CHANNEL: "phone"})

    assert response(mapping).region == "alsace"
    assert response(mapping).origin is Origin.PHONE
    assert response(mapping, {"q7": "bretagne"}).region == "bretagne"


def test_each_role_has_its_place_in_the_response() -> None:
    roles = {role: (str(role),) for role in Role}
    found = response(
        replace(MAPPING, roles=roles),
        {
            "response_id": 4711,
            "comment": "Trop long.",
            "language": "fr-CA",
            "customer.id": "c-7",
            "customer.phone": "06 39 98 00 99",
            "customer.zone": "Indian/Reunion",
            "contract": "V-12",
            "region": "alsace",
            "trade": "works",
            "touchpoint": "keys",
            "topic": "press",
            "channel": "Social",
            "resurvey_of": True,
            "submitted_at": "2026-11-20T09:00:00Z",
            "changed_at": 1795255200,
            "progress": "Incomplete",
        },
    )

    assert found == SurveyResponse(
        "4711",
        "handover",
        datetime(2026, 11, 20, 9, tzinfo=UTC),
        Metric.NPS,
        2,
        comment="Trop long.",
        language="fr",
        customer=Identity(id="c-7", phone="+33639980099", zone="Indian/Reunion"),
        contract="V-12",
        region="alsace",
        trade="works",
        touchpoint="keys",
        topic="press",
        origin=Origin.SOCIAL,
        resurvey_of="last",
        changed_at=datetime.fromtimestamp(1795255200, UTC),
        progress=Progress.PARTIAL,
        raw_score="2",
    )


def test_a_response_without_an_id_is_refused() -> None:
    assert refusal(by(Role.RESPONSE_ID, "q9"), HEARD).place == "response_id"


def test_the_language_that_the_system_says_gives_way_to_an_answer() -> None:
    mapping = by(Role.LANGUAGE, "q8")

    assert response(mapping, {"q8": "EN"}, language="fr").language == "en"
    assert response(mapping, language="fr").language == "fr"


def test_a_trial_stays_one() -> None:
    assert response(trial=Trial.TEST).trial is Trial.TEST


def test_what_is_no_address_is_told_as_a_fact() -> None:
    roles = {Role.CUSTOMER_EMAIL: ("mail",), Role.CUSTOMER_PHONE: ("phone",)}
    found = response(
        replace(MAPPING, roles=roles), {"mail": "chez moi", "phone": "06.39.98.92.99 ext 12"}
    )

    assert found.customer == Identity(phone="+33639989299")
    assert found.facts == {
        "customer.email": "chez moi",
        "customer.phone": "06.39.98.92.99 ext 12",
    }


def test_facts_have_names_of_ours_and_only_those_that_were_answered() -> None:
    mapping = replace(MAPPING, facts={"lot": "hidden.lot", "paid": "q4", "gone": "q5"})

    assert response(mapping, {"hidden.lot": 12, "q4": False}).facts == {
        "lot": "12",
        "paid": "false",
    }


# Consent and exclusions.


@pytest.mark.parametrize(
    ("answer", "consents"),
    [("Oui", True), (["non", "OUI"], True), ("Non", False), ("", False), (None, False), (1, False)],
)
def test_where_a_survey_asks_for_consent_only_the_words_give_it(
    answer: object, *, consents: bool
) -> None:
    mapping = replace(MAPPING, consent=Consent("q3", frozenset({"oui"})))

    assert response(mapping, {"q3": answer}).consent is consents


def test_where_a_survey_does_not_ask_the_customer_may_be_called() -> None:
    assert response().consent is True


def test_a_truth_value_is_a_word_too() -> None:
    mapping = replace(MAPPING, consent=Consent("q3", frozenset({"true"})))

    assert response(mapping, {"q3": True}).consent is True


def test_what_any_one_rule_excludes_is_excluded() -> None:
    rules = (
        Exclusion("staff", frozenset({"yes"})),
        Exclusion("hidden.kind", frozenset({"test", "demo"})),
    )
    mapping = replace(MAPPING, exclusions=rules)

    assert response(mapping, {"staff": "no"}).excluded is False
    assert response(mapping, {"hidden.kind": "Demo"}).excluded is True


# Instants.


@pytest.mark.parametrize(
    ("zone", "written", "instant"),
    [
        ("Europe/Paris", "2026-07-01 12:00:00", datetime(2026, 7, 1, 10, tzinfo=UTC)),
        ("Europe/Paris", "2026-01-01 12:00:00", datetime(2026, 1, 1, 11, tzinfo=UTC)),
        ("America/Denver", "2026-07-01T12:00", datetime(2026, 7, 1, 18, tzinfo=UTC)),
        ("Europe/Paris", "2026-07-01T12:00:00Z", datetime(2026, 7, 1, 12, tzinfo=UTC)),
        (None, "2026-07-01T12:00:00+02:00", datetime(2026, 7, 1, 10, tzinfo=UTC)),
    ],
)
def test_a_wall_clock_that_does_not_say_its_zone_has_that_of_the_mapping(
    zone: str | None, written: str, instant: datetime
) -> None:
    mapping = by(Role.SUBMITTED_AT, "at", zone=zone)

    assert response(mapping, {"at": written}).submitted_at == instant


def test_a_wall_clock_that_nobody_knows_the_zone_of_is_refused() -> None:
    heard = replace(HEARD, values={"q1": 2, "at": "2026-07-01 12:00:00"})

    assert refusal(by(Role.SUBMITTED_AT, "at"), heard).place == "submitted_at"


def test_an_instant_that_is_mapped_goes_before_that_of_the_system() -> None:
    mapping, own = by(Role.SUBMITTED_AT, "at"), RECEIVED_AT - timedelta(hours=2)
    sent = response(mapping, {"at": "2026-11-20T09:00:00Z"}, submitted_at=own)

    assert sent.submitted_at == datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert response(mapping, submitted_at=own).submitted_at == own


@pytest.mark.parametrize("key", ["submitted_at", "changed_at"])
def test_an_instant_of_the_system_from_the_future_is_refused(key: str) -> None:
    late = RECEIVED_AT + timedelta(days=2)
    sent: dict[str, Any] = {key: late}

    assert refusal(MAPPING, replace(HEARD, **sent)).place == key


# How far it has come.


@pytest.mark.parametrize("word", ["deleted", "DELETE", "withdrawn"])
def test_a_response_that_was_deleted_needs_no_score(word: str) -> None:
    heard = replace(HEARD, values={"state": word}, changed_at=RECEIVED_AT)

    assert told(by(Role.PROGRESS, "state"), heard) == Withdrawal("r-1", "handover", RECEIVED_AT)


@pytest.mark.parametrize(
    ("word", "progress"),
    [
        ("Complete", Progress.COMPLETED),
        ("incomplete", Progress.PARTIAL),
        ("updated", Progress.UPDATED),
        ("archived", Progress.UPDATED),
        ("", Progress.UPDATED),
    ],
)
def test_a_word_of_progress_that_nobody_knows_changes_nothing(
    word: str, progress: Progress
) -> None:
    mapping = by(Role.PROGRESS, "state")

    assert response(mapping, {"state": word}, progress=Progress.UPDATED).progress is progress


# Places of a JSON document.


def test_a_document_is_flattened_into_places() -> None:
    document = {
        "a": {"b": 1, "c": {"d": None}},
        "list": ["x", 2],
        "rows": [{"k": "v"}, ["y"], "z"],
        "empty": {},
        "none": [],
    }

    assert flattened(document) == {
        "a.b": 1,
        "a.c.d": None,
        "list": ["x", 2],
        "rows[0].k": "v",
        "rows[1]": ["y"],
        "rows[2]": "z",
        "none": [],
    }
