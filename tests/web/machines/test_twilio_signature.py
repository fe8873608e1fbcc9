"""A call is Twilio's where its signature says so: over the public address and the form as it was sent."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import urlencode

import pytest
from fastapi import Request

from tests.web.machines.signed_calls import Pairs, sign
from web.twilio.signature import is_signed, read_form, signed_url

NEW, OLD = "a-token-of-today", "a-token-of-yesterday"
URL = "https://house.example/twilio/messages/c:1:0/status?b=2&a=1"
PAIRS = (("MessageSid", "SM12"), ("MessageStatus", "sent"), ("To", "+33639980041"))


def judged(
    url: str, pairs: Pairs, *, signed: str = URL, token: str = NEW, said: Pairs | None = None
) -> bool:
    """What is signed, and what is `said` then."""
    body = urlencode(pairs if said is None else said).encode()
    return is_signed(url, body, sign(token, signed, pairs), (NEW, OLD))


def test_a_signature_of_twilios_own_description_is_good() -> None:
    """Worked out by hand: the address, then the fields in order, without anything between."""
    text = f"{URL}MessageSidSM12MessageStatussentTo+33639980041"
    by_hand = base64.b64encode(hmac.digest(NEW.encode(), text.encode(), hashlib.sha1)).decode()
    assert sign(NEW, URL, PAIRS) == by_hand
    assert judged(URL, PAIRS)


@pytest.mark.parametrize(
    ("seen", "signed"),
    [
        ("https://house.example/x?a=1", "https://house.example:443/x?a=1"),
        ("http://house.example/x?a=1", "http://house.example:80/x?a=1"),
        ("https://house.example:8443/x?a=1", "https://house.example/x?a=1"),
        ("http://house.example:8080/x?a=1", "http://house.example:8080/x?a=1"),
    ],
)
def test_twilio_writes_a_port_or_leaves_it_out(seen: str, signed: str) -> None:
    assert judged(seen, PAIRS, signed=signed)


@pytest.mark.parametrize(
    "pairs",
    [
        (("FromCity", ""), ("Body", ""), ("MessageSid", "SM12")),
        (("Digits", "56"), ("Digits", "12"), ("Digits", "12"), ("Sid", "1"), ("SidOfAll", "2")),
        (("Body", "  Oui, à demain ☎ "), ("MessageSid", "SM12")),
        (),
    ],
    ids=["blank", "repeated", "spaces and other letters", "no field"],
)
def test_every_field_counts_as_it_was_sent(pairs: Pairs) -> None:
    assert judged(URL, pairs)
    assert read_form(urlencode(pairs).encode()).multi_items() == [*pairs]


@pytest.mark.parametrize(
    "said",
    [
        (("MessageSid", "SM12"), ("MessageStatus", "failed"), ("To", "+33639980041")),
        (*PAIRS, ("ErrorCode", "30003")),
        PAIRS[:2],
        (),
    ],
)
def test_what_was_changed_on_its_way_is_not_twilios(said: Pairs) -> None:
    assert not judged(URL, PAIRS, said=said)


@pytest.mark.parametrize(
    "url",
    [
        URL.replace("house.example", "other.example"),
        URL.replace("b=2&a=1", "a=1&b=2"),
        URL.replace("c:1:0", "c%3A1%3A0"),
        URL.replace("https", "http"),
        URL.partition("?")[0],
    ],
)
def test_another_address_is_another_call(url: str) -> None:
    assert not judged(url, PAIRS)


@pytest.mark.parametrize(("token", "good"), [(NEW, True), (OLD, True), ("guessed", False)])
def test_while_a_token_is_changed_both_are_good(token: str, *, good: bool) -> None:
    assert judged(URL, PAIRS, token=token) is good


@pytest.mark.parametrize("signature", ["", "x", "é" * 28, sign("", URL, PAIRS)])
def test_without_the_token_nothing_is_good(signature: str) -> None:
    body = urlencode(PAIRS).encode()
    assert not is_signed(URL, body, signature, (NEW,))
    assert not is_signed(URL, body, signature, ())


BODY = b'{"property": "value", "yes": true}'


@pytest.mark.parametrize(
    ("body", "good"), [(BODY, True), (BODY.replace(b"true", b"TRUE"), False), (b"", False)]
)
def test_json_is_signed_by_its_hash(body: bytes, *, good: bool) -> None:
    url = f"{URL}&bodySHA256={hashlib.sha256(BODY).hexdigest()}"
    assert is_signed(url, body, sign(NEW, url, ()), (NEW,)) is good


@pytest.mark.parametrize("body", [b"\xff\xfe=1", b"&".join([b"a=1"] * 500)])
def test_what_is_no_form_of_twilios_is_not_signed(body: bytes) -> None:
    assert not is_signed(URL, body, sign(NEW, URL, ()), (NEW,))


def asked(raw_path: bytes, query: bytes = b"") -> Request:
    """As a proxy passes it on, by HTTP and another host."""
    scope: Mapping[str, object] = {
        "type": "http",
        "method": "POST",
        "scheme": "http",
        "server": ("10.0.0.7", 8080),
        "path": "/decoded",
        "raw_path": raw_path,
        "query_string": query,
        "headers": [(b"host", b"10.0.0.7:8080"), (b"x-forwarded-host", b"evil.example")],
    }
    return Request(dict(scope))


@pytest.mark.parametrize(
    ("public_url", "raw_path", "query", "url"),
    [
        ("https://house.example", b"/t/c%3A1/s", b"", "https://house.example/t/c%3A1/s"),
        ("https://house.example:8443/calls", b"/t/s", b"", "https://house.example:8443/calls/t/s"),
        ("https://house.example", b"/t/s", b"b=%20&a=", "https://house.example/t/s?b=%20&a="),
        ("https://house.example", b"/t/s?a=1", b"a=1", "https://house.example/t/s?a=1"),
    ],
    ids=["raw path", "prefix and port", "raw query", "a server that leaves the query in the path"],
)
def test_the_address_is_the_one_that_twilio_was_told(
    public_url: str, raw_path: bytes, query: bytes, url: str
) -> None:
    assert signed_url(asked(raw_path, query), public_url) == url
