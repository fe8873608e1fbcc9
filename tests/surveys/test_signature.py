"""Who may bring a delivery: the Standard Webhooks signature."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from models.errors import BadCredential, Misconfigured
from surveys.signature import _webhook, verify
from tests.surveys.deliveries import signed_by_hand

SECRET = "whsec_c2VjcmV0IG9mIHRoZSB0ZXN0cw=="
BODY = b'{"response_id": "r-1"}'


def signed(*, age: timedelta = timedelta()) -> dict[str, str]:
    """As the library signs."""
    at = datetime.now(UTC) - age
    return {
        "Webhook-Id": "msg_1",
        "Webhook-Timestamp": str(int(at.timestamp())),
        "Webhook-Signature": Webhook(SECRET).sign("msg_1", at, BODY.decode()),
    }


def test_a_good_signature_passes_whatever_the_case_of_the_headers() -> None:
    verify(signed(), BODY, SECRET)


def test_one_good_signature_among_several_is_enough() -> None:
    headers = signed()
    headers["Webhook-Signature"] = f"v1,AAAA v2,BBBB {headers['Webhook-Signature']}"

    verify(headers, BODY, SECRET)


@pytest.mark.parametrize("age", [timedelta(minutes=6), timedelta(minutes=-6)])
def test_an_old_signature_and_one_from_the_future_are_refused(age: timedelta) -> None:
    with pytest.raises(BadCredential):
        verify(signed(age=age), BODY, SECRET)


def test_another_body_is_refused() -> None:
    with pytest.raises(BadCredential):
        verify(signed(), BODY + b" ", SECRET)


def test_another_secret_is_refused() -> None:
    with pytest.raises(BadCredential):
        verify(signed(), BODY, "whsec_b3RoZXI=")


@pytest.mark.parametrize("header", ["Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"])
def test_a_missing_header_is_refused(header: str) -> None:
    headers = signed()
    del headers[header]

    with pytest.raises(BadCredential):
        verify(headers, BODY, SECRET)


@given(st.sampled_from(["Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"]), st.text())
def test_a_hostile_header_is_refused_and_nothing_else(header: str, value: str) -> None:
    with pytest.raises(BadCredential):
        verify({**signed(), header: value + "'"}, BODY, SECRET)


@pytest.mark.parametrize("signature", ["v1", "v1,a", "v1,é", "v1,a,b", ",", "v1,\ud800"])
def test_a_malformed_signature_is_refused(signature: str) -> None:
    with pytest.raises(BadCredential):
        verify({**signed(), "Webhook-Signature": signature}, BODY, SECRET)


@given(st.binary())
def test_bytes_that_are_no_text_are_signed_as_well_as_any(body: bytes) -> None:
    verify(signed_by_hand(body, SECRET), body, SECRET)


@pytest.mark.parametrize("another", [b"\xfe", b"\xef\xbf\xbd", b"\xed\xb3\xbf", b"", b"?"])
def test_bytes_that_are_no_text_are_taken_for_no_others(another: bytes) -> None:
    with pytest.raises(BadCredential):
        verify(signed_by_hand(b"\xff", SECRET), another, SECRET)


@pytest.mark.parametrize("secret", ["", "whsec_", "é"])
def test_an_unusable_secret_is_the_operators_affair(secret: str) -> None:
    with pytest.raises(Misconfigured):
        verify(signed(), BODY, secret)


def test_the_published_example_of_the_scheme_has_the_signature_that_is_published() -> None:
    """From the specification's own tests. Its time is long gone, so it is signed and not verified."""
    at = datetime.fromtimestamp(1614265330, UTC)
    webhook = _webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")

    assert webhook.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, '{"test": 2432232314}') == (
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )
