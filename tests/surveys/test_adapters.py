"""All kinds of sources at once: whatever arrives at any of them is understood or refused, and no more."""

import json
from contextlib import suppress
from datetime import UTC

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.errors import NotUnderstood
from models.mappings import (
    ANY_SURVEY,
    Consent,
    Exclusion,
    Role,
    Scale,
    Source,
    SurveyMapping,
)
from models.organisation_file.fields import SOURCE_KINDS
from models.submissions import Submission
from models.survey import SCALES, Metric, SurveyResponse
from surveys.adapters import ADAPTERS, alone, hear
from surveys.apis import APIS
from surveys.shapes import shapes_of
from surveys.tracing import trace
from tests.surveys import qualtrics_bodies, surveymonkey_bodies
from tests.surveys.deliveries import RECEIVED_AT
from tests.surveys.envelopes import ENVELOPES, WORDS, at, places, spoilt, without

KINDS = pytest.mark.parametrize("kind", sorted(ADAPTERS))

WORD = st.sampled_from(WORDS) | st.text(max_size=5)
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORD, inner, max_size=4),
    max_leaves=10,
)


ODD: tuple[object, ...] = (
    *(None, True, 0, -1, 1.5, 10**30, "", " ", "x" * 300, "9999-12-31T23:59:59-14:00"),
    *([], [None], [[]], [{}], [[{"a": None}]], {}, {"": None}, {"a": {"b": []}}),
)


def test_every_kind_that_an_organisation_may_name_is_understood() -> None:
    assert set(SOURCE_KINDS) == set(ADAPTERS)


def references_of(kind: str) -> tuple[str, ...]:
    """All that the good delivery of the kind can be asked for."""
    found: set[str] = set()
    with suppress(KeyError):
        for heard in ADAPTERS[kind].read(json.dumps(ENVELOPES[kind]).encode()):
            found |= set(heard.values) if isinstance(heard, Submission) else set()
    return (*sorted(found), "a", "b")


def mapped_all_over(kind: str, *, turned: int) -> Source:
    """Each role has another reference, and all come round."""
    references = references_of(kind)

    def at(number: int) -> str:
        return references[(number + turned) % len(references)]

    mapping = SurveyMapping(
        ANY_SURVEY,
        Metric.CSAT,
        at(0),
        Scale(0, 10),
        words={"bad": 0},
        roles={role: (at(n), at(n + 1)) for n, role in enumerate(Role)},
        facts={"a fact": at(1), "another": at(2)},
        consent=Consent(at(3), frozenset({"true"})),
        exclusions=(Exclusion(at(4), frozenset({"bad"})),),
        zone="Europe/Paris",
    )
    return Source("survey", kind, mappings=(mapping,))


def check(kind: str, body: bytes, turned: int = 0) -> None:
    check_by(mapped_all_over(kind, turned=turned), body)


def check_by(source: Source, body: bytes) -> None:
    """It is heard, traced, shown by its shape and taken apart; nothing but NotUnderstood is raised."""
    for part in alone(source, body):
        with suppress(NotUnderstood):
            trace(source, part, received_at=RECEIVED_AT)
    shapes_of(source, body)
    try:
        heard = hear(source, body, received_at=RECEIVED_AT)
    except NotUnderstood:
        return
    low, high = SCALES[Metric.CSAT]
    for told in heard:
        if isinstance(told, SurveyResponse):
            assert told.score is not None
            assert low <= told.score <= high
            assert told.submitted_at.tzinfo is UTC
            assert all(isinstance(fact, str) for fact in told.facts.values())


@KINDS
@given(body=st.binary())
@example(body=b"")
@example(body=b"\xff\xfe")
@example(body=b"[" * 100_000)
@example(body=b'{"a": ' * 60 + b"1" + b"}" * 60)
@example(body=b'{"a": "\\ud800"}')
@example(body=b'{"a": 1e999, "b": -0.0}')
@example(body=b'{"a": ' + b"9" * 5000 + b"}")
def test_noise_is_not_understood_by_any_kind_and_nothing_worse(kind: str, body: bytes) -> None:
    check(kind, body)


@KINDS
@given(sent=st.dictionaries(WORD, JUNK, max_size=6))
@example(sent={"event_type": "form_response", "form_response": {"answers": [None, "x", {}]}})
@example(sent={"event": "responseFinished", "data": {"data": [], "meta": "x", "tags": [[{}]]}})
@example(sent={"data": {"fields": {"key": "x"}, "responseId": True}})
@example(sent={"type": "zen:event-type:ticket.csat_received", "detail": "x", "time": "9999-99"})
def test_json_of_any_shape_is_understood_or_not_and_nothing_worse(
    kind: str, sent: dict[str, object]
) -> None:
    check(kind, json.dumps(sent).encode())


@KINDS
@given(data=st.data(), junk=JUNK, turned=st.integers(0, 40))
def test_a_delivery_with_junk_in_one_place_is_understood_or_not_and_nothing_worse(
    kind: str, data: st.DataObject, junk: object, turned: int
) -> None:
    place = data.draw(st.sampled_from(list(places(ENVELOPES[kind]))))

    check(kind, json.dumps(spoilt(ENVELOPES[kind], place, junk)).encode(), turned)


@st.composite
def mutated(draw: st.DrawFn, good: object) -> object:
    """What still looks like it: parts are missing, stand elsewhere too, or are wrapped, several at once."""
    for _ in range(draw(st.integers(1, 6))):
        found = list(places(good))
        here, there = (draw(st.sampled_from(found)) for _ in "12")
        taken = at(good, there)
        put = st.sampled_from([taken, [taken], {"a": taken}, str(taken), [taken, taken]]) | JUNK
        gone = bool(here) and draw(st.booleans())
        good = without(good, here) if gone else spoilt(good, here, draw(put))
    return good


@KINDS
@given(data=st.data(), turned=st.integers(0, 40))
def test_a_delivery_that_was_cut_up_is_understood_or_not_and_nothing_worse(
    kind: str, data: st.DataObject, turned: int
) -> None:
    sent = data.draw(mutated(ENVELOPES[kind]))

    check(kind, json.dumps(sent).encode(), turned)


SEVERAL = SurveyMapping(
    ANY_SURVEY,
    Metric.CSAT,
    "data.events[*].stars",
    Scale(0, 10),
    roles={
        Role.RESPONSE_ID: ("data.events[*].id",),
        Role.COMMENT: ("data.events[*].text", "note"),
        Role.SUBMITTED_AT: ("data.events[*].at",),
    },
)
BATCH: dict[str, object] = {
    "note": "x",
    "data": {
        "events": [
            {"id": "a", "stars": 1, "text": "Rien.", "at": "2026-11-21T17:00:00Z"},
            {"id": "b", "stars": "2", "tags": [{"a": [None]}]},
        ]
    },
}


@given(sent=mutated(BATCH))
@example(sent=[])
@example(sent={"data": {"events": [[[]], None, {"stars": {}}]}})
@example(sent={"data": {"events": {}}, "data.events": [{"id": "a", "stars": 1}]})
@example(sent={"data": {"events": [{"id": "a", "stars": 1}], "": None}, "": {"": 1e999}})
def test_a_body_of_several_responses_is_understood_or_not_and_nothing_worse(sent: object) -> None:
    check_by(Source("survey", "generic", mappings=(SEVERAL,)), json.dumps(sent).encode())


DOCUMENTS: tuple[dict[str, object], ...] = (
    {"data": [surveymonkey_bodies.details()], "links": {"next": "https://a.example/?page=2"}},
    {"items": [{"token": "t", "id": "f", "answers": []}], "page_count": 2},
    {"result": {"elements": [{"id": "SV_1"}], "nextPage": "https://a.example/x?offset=1"}},
    {"result": {"progressId": "ES_1", "fileId": "f", "status": "complete", "responseId": "R"}},
    {"responses": [dict(qualtrics_bodies.fetched())]},
)
"""What the vendors' APIs answer."""


@pytest.mark.parametrize("kind", sorted(APIS))
@given(data=st.data())
def test_whatever_a_vendor_answers_is_understood_or_not_and_nothing_worse(
    kind: str, data: st.DataObject
) -> None:
    sent = data.draw(mutated(data.draw(st.sampled_from(DOCUMENTS))))
    api, document = APIS[kind], sent if isinstance(sent, dict) else {}
    after = data.draw(st.sampled_from([None, "2"]))
    with suppress(NotUnderstood):
        api.read_page(document, "51", after)
    with suppress(NotUnderstood):
        assert all(isinstance(each, str) for each in api.read_surveys(document, after).surveys)
    if api.read_one is not None:
        with suppress(NotUnderstood):
            check(kind, json.dumps(api.read_one(document, "510001", "880001")).encode())


@pytest.mark.parametrize("kind", sorted(ENVELOPES))
def test_a_delivery_with_anything_odd_in_any_place_is_understood_or_not_and_nothing_worse(
    kind: str,
) -> None:
    for place in places(ENVELOPES[kind]):
        for odd in ODD:
            check(kind, json.dumps(spoilt(ENVELOPES[kind], place, odd)).encode())


@pytest.mark.parametrize("kind", sorted(ENVELOPES))
@pytest.mark.parametrize("turned", range(12))
def test_any_reference_in_any_role_is_understood_or_not_and_nothing_worse(
    kind: str, turned: int
) -> None:
    check(kind, json.dumps(ENVELOPES[kind]).encode(), turned)
