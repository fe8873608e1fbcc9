"""Deliveries that are not signed: a bearer token, or a name and a password, as the source says."""

import base64
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.errors import BadCredential
from models.mappings import Auth
from surveys.adapters import verify
from tests.surveys.deliveries import RECEIVED_AT
from tests.surveys.mapped import source_of
from tests.surveys.signing import tally

TOKEN, NEW_TOKEN = "an-invented-token", "the-one-after-it"
NAMED = "survey:pass:é"
BASIC = base64.b64encode(NAMED.encode()).decode()


def passes(given: str | None, *secrets: str, auth: Auth, kind: str = "generic") -> bool:
    headers = {} if given is None else {"authorization": given}
    source = replace(source_of(kind), auth=auth)
    try:
        verify(source, headers, b"{}", secrets, now=RECEIVED_AT)
    except BadCredential:
        return False
    return True


@pytest.mark.parametrize("given", [f"Bearer {TOKEN}", f"bearer  {TOKEN} "])
def test_a_token_passes(given: str) -> None:
    assert passes(given, TOKEN, auth=Auth.BEARER)


@pytest.mark.parametrize("given", [f"Basic {BASIC}", f"basic {BASIC}"])
def test_a_name_with_its_password_passes(given: str) -> None:
    assert passes(given, NAMED, auth=Auth.BASIC)


def test_two_tokens_are_good_while_one_is_changed_for_the_other() -> None:
    for token in (TOKEN, NEW_TOKEN):
        assert passes(f"Bearer {token}", TOKEN, NEW_TOKEN, auth=Auth.BEARER)
    assert not passes("Bearer a-third-one", TOKEN, NEW_TOKEN, auth=Auth.BEARER)


@pytest.mark.parametrize(
    "given",
    [None, "", "Bearer", "Bearer ", TOKEN, f"Token {TOKEN}", f"Basic {TOKEN}", f"Bearer {TOKEN}x"],
)
def test_anything_else_than_the_token_is_refused(given: str | None) -> None:
    assert not passes(given, TOKEN, auth=Auth.BEARER)


@pytest.mark.parametrize("given", [None, f"Basic {NAMED}", f"Bearer {BASIC}", "Basic !", "Basic é"])
def test_anything_else_than_the_name_and_password_is_refused(given: str | None) -> None:
    assert not passes(given, NAMED, auth=Auth.BASIC)


@given(value=st.text(), auth=st.sampled_from([Auth.BEARER, Auth.BASIC]))
@example(value="\ud800", auth=Auth.BEARER)
@example(value="\udcff\ud800", auth=Auth.BASIC)
def test_a_hostile_credential_is_refused_and_nothing_else(value: str, auth: Auth) -> None:
    assert not passes(f"{auth} {value}'", NAMED, auth=auth)


def test_a_source_that_says_how_it_shows_whose_it_is_is_asked_for_nothing_else() -> None:
    assert passes(f"Bearer {TOKEN}", TOKEN, auth=Auth.BEARER, kind="zendesk")


def test_the_signature_of_a_system_is_no_credential_of_another() -> None:
    source = replace(source_of("generic"), auth=Auth.BEARER)
    with pytest.raises(BadCredential):
        verify(source, tally(b"{}", TOKEN, RECEIVED_AT), b"{}", (TOKEN,), now=RECEIVED_AT)
