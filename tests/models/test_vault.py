"""What is sealed opens in its own place only, and never without its keys."""

import secrets
from base64 import b64encode

import pytest

from models.errors import Misconfigured
from models.vault import Box, Vault

WORDS = "Le carrelage sonne creux"
PLACE = "responses.1.comment"


@pytest.fixture
def vault() -> Vault:
    return Vault(bytes(range(32)))


@pytest.fixture
def box(vault: Vault) -> Box:
    return vault.unlock(vault.new_key("key-1"))


def test_what_was_sealed_opens_again(box: Box) -> None:
    assert box.open(PLACE, box.seal(PLACE, WORDS)) == WORDS


def test_a_stored_key_opens_what_was_sealed_before(vault: Vault) -> None:
    key = vault.new_key("key-1")
    sealed = vault.unlock(key).seal(PLACE, WORDS)

    assert Vault(bytes(range(32))).unlock(key).open(PLACE, sealed) == WORDS


def test_what_is_sealed_shows_no_words(box: Box) -> None:
    assert not any(word in box.seal(PLACE, WORDS) for word in WORDS.encode().split())


def test_the_same_words_look_different_each_time(box: Box) -> None:
    assert box.seal(PLACE, WORDS) != box.seal(PLACE, WORDS)


def test_a_value_moved_to_another_place_does_not_open(box: Box) -> None:
    with pytest.raises(Misconfigured, match=r"responses\.2\.comment was altered or moved"):
        box.open("responses.2.comment", box.seal(PLACE, WORDS))


def test_an_altered_value_does_not_open(box: Box) -> None:
    sealed = bytearray(box.seal(PLACE, WORDS))
    sealed[-1] ^= 1

    with pytest.raises(Misconfigured):
        box.open(PLACE, bytes(sealed))


def test_another_customers_key_does_not_open(vault: Vault, box: Box) -> None:
    other = vault.unlock(vault.new_key("key-2"))

    with pytest.raises(Misconfigured):
        other.open(PLACE, box.seal(PLACE, WORDS))


def test_another_master_key_opens_no_data_key(vault: Vault) -> None:
    key = vault.new_key("key-1")

    with pytest.raises(Misconfigured, match="not the key this database was written with"):
        Vault(secrets.token_bytes(32)).unlock(key)


def test_a_data_key_put_in_anothers_row_does_not_open(vault: Vault) -> None:
    key = vault.new_key("key-1")
    moved = type(key)("key-2", key.wrapped)

    with pytest.raises(Misconfigured):
        vault.unlock(moved)


def test_nothing_is_sealed_as_nothing(box: Box) -> None:
    assert box.seal_if_any(PLACE, None) is None
    assert box.seal_if_any(PLACE, "") is None
    assert box.open_if_any(PLACE, None) is None


def test_the_master_key_is_read_from_base64() -> None:
    master = secrets.token_bytes(32)
    key = Vault(master).new_key("key-1")

    Vault.from_text(b64encode(master).decode()).unlock(key)


@pytest.mark.parametrize(
    "text", ["", "not base64!", "clé", b64encode(b"too short").decode()], ids=repr
)
def test_a_master_key_that_is_none_is_refused_without_quoting_it(text: str) -> None:
    with pytest.raises(Misconfigured, match="RAPPEL_DATA_KEY must be 32 bytes") as refused:
        Vault.from_text(text)

    assert not text or text not in refused.value.detail


def test_a_blind_index_is_equal_for_equal_parts_only(vault: Vault) -> None:
    index = vault.index("customer", "email", "claire@example.org")

    assert index == Vault(bytes(range(32))).index("customer", "email", "claire@example.org")
    assert index != vault.index("customer", "phone", "claire@example.org")
    assert index != Vault(secrets.token_bytes(32)).index("customer", "email", "claire@example.org")
