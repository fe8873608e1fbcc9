"""The sources of the organisation's file: what each line becomes, and how each fault is told."""

from datetime import timedelta
from pathlib import Path

import pytest

from models.mappings import Allowance, Auth, Consent, Exclusion, Role, Scale, Source, SurveyMapping
from models.organisation_file.reading import OrganisationRefused, read_organisation
from models.survey import Metric, Origin

SMALL = (Path(__file__).parents[1] / "data/small.yaml").read_text()
ONLY = "  - {id: survey, kind: generic}\n"
FULL = """
  - id: homes
    kind: typeform
    channel: social
    settle: 2h
    limits: {largest: 256kB, per_minute: 60}
    surveys:
      - id: hY7kLm2Q
        metric: csat
        score: rating
        scale: 5-1
        words: {Bad: 5, Good: 1}
        fields:
          comment: [why, more]
          customer.email: mail
        always: {region: north, touchpoint: keys}
        facts: {Lot: hidden.lot}
        consent: {field: call, given: [Oui, yes]}
        exclude: [{field: hidden.staff, answers: Yes}]
        zone: Europe/Paris
"""
SURVEY = "{id: s, metric: nps, score: q, fields: {response_id: r}}"


def read(sources: str) -> Source:
    small = read_organisation(SMALL.replace(ONLY, sources), name="small")
    [source] = small.sources.values()
    return source


def faults_of(sources: str) -> list[str]:
    with pytest.raises(OrganisationRefused) as refused:
        read(sources)
    return [str(fault).partition(": ")[2] for fault in refused.value.faults]


def test_a_source_is_read_with_all_that_its_mapping_says() -> None:
    mapping = SurveyMapping(
        "hY7kLm2Q",
        Metric.CSAT,
        "rating",
        Scale(5, 1),
        words={"bad": 5, "good": 1},
        roles={Role.COMMENT: ("why", "more"), Role.CUSTOMER_EMAIL: ("mail",)},
        always={Role.REGION: "north", Role.TOUCHPOINT: "keys"},
        facts={"Lot": "hidden.lot"},
        consent=Consent("call", frozenset({"oui", "yes"})),
        exclusions=(Exclusion("hidden.staff", frozenset({"yes"})),),
        zone="Europe/Paris",
    )

    assert read(FULL) == Source(
        "homes",
        "typeform",
        Origin.SOCIAL,
        mappings=(mapping,),
        settle=timedelta(hours=2),
        allowance=Allowance(256 * 1024, 60),
    )


def test_what_is_left_out_is_the_usual() -> None:
    source = read("  - {id: homes, kind: tally, surveys: [{id: f, metric: ces, score: q}]}\n")

    assert source == Source(
        "homes", "tally", mappings=(SurveyMapping("f", Metric.CES, "q", Scale(1, 7)),)
    )


@pytest.mark.parametrize("auth", list(Auth))
@pytest.mark.parametrize("kind", ["generic", "zendesk"])
def test_who_may_write_the_body_may_sign_it_otherwise(kind: str, auth: Auth) -> None:
    source = read(
        f"  - {{id: homes, kind: {kind}, auth: {auth}, survey: form, surveys: [{SURVEY}]}}\n"
    )

    assert (source.auth, source.survey) == (auth, "form")


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("kind: typeform", "kind: typform", "unknown word 'typform'; did you mean 'typeform'?"),
        (
            "channel: social",
            "channel: socail",
            "sources.0.channel: unknown word 'socail'; did you mean 'social'?",
        ),
        (
            "channel: social",
            "auth: bearer",
            "sources.0: a source of the kind typeform signs by itself; leave out auth",
        ),
        (
            "channel: social",
            "survey: form",
            "sources.0: a source of the kind typeform says its survey by itself",
        ),
        (
            "settle: 2h",
            "settle: soon",
            "sources.0.settle: 'soon' is no duration; write a whole number above 0",
        ),
        (
            "256kB",
            "9MB",
            "sources.0.limits.largest: '9MB' is no size from 1 kB to 8 MB; write 256kB or 1MB",
        ),
        (
            "per_minute: 60",
            "per_minute: 0",
            "sources.0.limits.per_minute: should be greater than or equal to 1",
        ),
        (
            "metric: csat",
            "metric: cast",
            "sources.0.surveys.0.metric: unknown word 'cast'; did you mean 'csat'?",
        ),
        ("        score: rating\n", "", "sources.0.surveys.0.score: is missing"),
        (
            "scale: 5-1",
            "scale: five",
            "sources.0.surveys.0.scale: 'five' is no scale; write 0-10, from the worst answer",
        ),
        (
            "scale: 5-1",
            "scale: 5-5",
            "sources.0.surveys.0.scale: '5-5' is no scale; write 0-10, from the worst answer",
        ),
        ("Bad: 5", "Bad: 6", "sources.0.surveys.0.words.Bad: 6 is not on the scale 5-1"),
        (
            "{Bad: 5,",
            "{Bad: 5, bad: 4,",
            "sources.0.surveys.0.words.bad: the word 'bad' already stands for another number",
        ),
        (
            "comment:",
            "coment:",
            "surveys.0.fields.coment: unknown word 'coment'; did you mean 'comment'?",
        ),
        (
            "region: north",
            "region: nroth",
            "sources.0.surveys.0.always.region: unknown region 'nroth'; did you mean 'north'?",
        ),
        (
            "touchpoint: keys",
            "channel: fone",
            "sources.0.surveys.0.always.channel: unknown channel 'fone'; did you mean 'phone'?",
        ),
        (
            "touchpoint: keys",
            "customer.zone: Indian/Reunio",
            "always.customer.zone: unknown customer.zone 'Indian/Reunio'; did you mean 'Indian/Reunion'?",
        ),
        (
            "region: north",
            "response_id: r",
            "surveys.0.always.response_id: response_id cannot be the same in each answer",
        ),
        ("given: [Oui, yes]", "given: []", "sources.0.surveys.0.consent.given: is empty"),
        (
            "given: [Oui, yes]",
            "given: true",
            "sources.0.surveys.0.consent.given.0: is no text; put it in quotes",
        ),
        (
            "{field: call,",
            "{feild: call,",
            "sources.0.surveys.0.consent.feild: unknown key 'feild'; did you mean 'field'?",
        ),
        ("answers: Yes", "answer: Yes", "sources.0.surveys.0.exclude.0.answers: is missing"),
        (
            "zone: Europe/Paris",
            "zone: Europe/Pari",
            "surveys.0.zone: unknown time zone 'Europe/Pari'; did you mean 'Europe/Paris'?",
        ),
        (
            "        zone: Europe/Paris\n",
            "      - {id: hY7kLm2Q, metric: nps, score: q}\n",
            "sources.0.surveys.1.id: the survey 'hY7kLm2Q' stands in this source twice",
        ),
    ],
)
def test_a_fault_of_a_source_says_where_and_what_was_meant(was: str, now: str, says: str) -> None:
    assert was in FULL

    assert says in " ".join(faults_of(FULL.replace(was, now, 1)))


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (
            "kind: tally",
            "a source of the kind tally needs surveys: which answer is the score?",
        ),
        (
            "kind: generic, survey: form",
            "a source without surveys is written in our own words; leave out survey",
        ),
        (
            "kind: generic, surveys: [{id: s, metric: nps, score: q}]",
            "surveys.0 needs fields: response_id, which tells answers apart",
        ),
        (
            f"kind: generic, surveys: [{SURVEY}, {SURVEY.replace('id: s', 'id: t')}]",
            "of several surveys the body must say which: name its place with survey",
        ),
    ],
)
def test_a_source_that_could_not_be_read_later_is_refused_now(written: str, says: str) -> None:
    assert faults_of(f"  - {{id: homes, {written}}}\n") == [f"sources.0: {says}"]


SEVERAL = "{id: s, metric: nps, score: 'events[*].q', fields: {response_id: 'events[*].id'}}"


def test_a_list_of_responses_is_found_by_its_references() -> None:
    assert read(f"  - {{id: crm, kind: generic, surveys: [{SEVERAL}]}}\n").each == "events"
    assert read(f"  - {{id: crm, kind: generic, surveys: [{SURVEY}]}}\n").each is None


@pytest.mark.parametrize(
    ("written", "meant", "fault"),
    [
        ("'events[*].id'", "'reviews[*].id'", "another list than 'events[*]'"),
        ("'events[*].id'", "'events[*].a[*]'", "another list than 'events[*]'"),
        ("'events[*].id'", "'events[0].id'", "of one response only"),
        ("'events[*].id'", "['events[*].id', id]", "each response has its own"),
        ("'events[*].q'", "q", "each response has its own"),
        ("{response_id", "{comment: 'reviews[*].text', response_id", "another list"),
    ],
)
def test_a_mapping_of_a_list_speaks_of_one_list(written: str, meant: str, fault: str) -> None:
    survey = SEVERAL.replace(written, meant, 1)
    [found] = faults_of(f"  - {{id: crm, kind: generic, surveys: [{survey}]}}\n")
    assert fault in found


def test_a_vendors_own_body_is_one_response() -> None:
    survey = "{id: s, metric: nps, score: 'events[*].q'}"
    [found] = faults_of(f"  - {{id: crm, kind: tally, surveys: [{survey}]}}\n")
    assert "is one response" in found
