"""Segments are counted as Twilio's own calculator counts them, and spelling saves some."""

import random

import pytest

from models.segments import EXTENSION, MOST, SHORT, Alphabet, clipped, count, fitted, respelt
from tests.twilio_calculator import shown, twilio_counts

LINK = "https://rappel.example/l/Zx0_k-PqR7sT9uVwXyZa1b"
PIECES = (
    "a",
    "é",
    "€",
    "[",
    "œ",
    "’",
    "\u00a0",
    "Ω",
    "ж",
    "\n",
    "\r\n",
    "😀",
    "👩🏽",
    "e\u0301",
    "🇫🇷",
    "漢",
)


def test_every_sign_is_short_or_long_as_twilio_says() -> None:
    signs = [chr(point) for point in range(0x10000) if not 0xD800 <= point <= 0xDFFF]
    assert [shown(count(sign)) for sign in signs] == twilio_counts(signs)


def test_each_short_letter_takes_one_place_or_two_as_twilio_says() -> None:
    """As many as there is room for, and one more, of the short alphabet and of the long one."""
    texts = [
        before + sign * times
        for sign in sorted(SHORT)
        for before, room in (("", 80 if sign in EXTENSION else 160), ("ж", 69))
        for times in (room, room + 1)
    ]
    assert [shown(count(text)) for text in texts] == twilio_counts(texts)
    assert [count(text).segments for text in texts] == [1, 2] * (2 * len(SHORT))


def test_texts_of_any_length_and_mixture_are_counted_as_twilio_does() -> None:
    chance = random.Random(6)  # noqa: S311 - the same each time
    texts = [_text(chance, chance.randrange(1, 340)) for _ in range(3000)]
    assert [shown(count(text)) for text in texts] == twilio_counts(texts)


def _text(chance: random.Random, length: int) -> str:
    """Mostly of one kind of letters, and now and then of all."""
    among = PIECES if chance.random() < 0.3 else chance.sample(PIECES, 2)
    return "".join(chance.choice((*among, "a", "b")) for _ in range(length))


@pytest.mark.parametrize(
    ("text", "alphabet", "places", "segments"),
    [
        ("", Alphabet.GSM_7, 0, 1),
        ("a" * 160, Alphabet.GSM_7, 160, 1),
        ("a" * 161, Alphabet.GSM_7, 161, 2),
        ("a" * 307, Alphabet.GSM_7, 307, 3),
        ("€" * 80, Alphabet.GSM_7, 160, 1),
        ("a" * 152 + "€" + "a" * 152, Alphabet.GSM_7, 306, 3),
        ("œ" * 70, Alphabet.UCS_2, 70, 1),
        ("œ" * 71, Alphabet.UCS_2, 71, 2),
        ("œ" * 66 + "😀" + "œ" * 66, Alphabet.UCS_2, 134, 3),
    ],
)
def test_a_letter_is_never_broken_between_two_segments(
    text: str, alphabet: Alphabet, places: int, segments: int
) -> None:
    counted = count(text)
    assert (counted.alphabet, counted.places, counted.segments) == (alphabet, places, segments)


@pytest.mark.parametrize(
    ("written", "spelt"),
    [
        ("François Lefrançois", "Francois Lefrancois"),
        ("Kœnigsmark, ŒUVRE", "Koenigsmark, OEUVRE"),
        ("« l’œuvre » — “bien”…", '" l\'oeuvre " - "bien"...'),
        ("à\u00a0voir\u202f: n°\u00a04", "à voir : no 4"),
        ("Ève, Noël, Île, Zoë", "Eve, Noel, Ile, Zoe"),
        ("Łukasz Żółć, Đorđe, Ştefan", "Lukasz Zolc, Dorde, Stefan"),
        ("Jos\u0065\u0301 aou\u0302t", "José aout"),
        ("Grüße, Ñandú, Søren, Åse", "Grüße, Ñandu, Søren, Åse"),
        ("¿Qué? ¡Sí!", "¿Qué? ¡Si!"),
    ],
)
def test_letters_outside_the_short_alphabet_are_spelt_with_their_neighbours(
    written: str, spelt: str
) -> None:
    assert respelt(written) == spelt
    assert set(respelt(written)) <= SHORT


@pytest.mark.parametrize("written", ["Γεωργία d’Œuvre", "Анна Noël", "Zoë 😀"])
def test_where_one_letter_has_no_neighbour_nothing_is_respelt(written: str) -> None:
    assert respelt(written) == written


def test_what_is_too_long_loses_words_before_its_link_and_never_the_link() -> None:
    short = fitted(f"{'mot ' * 100}{LINK} Merci.", LINK)
    assert short.endswith(f" mot... {LINK}")
    assert count(short).segments == MOST
    assert count(short.replace("...", "... mot")).segments > MOST


def test_in_the_long_alphabet_less_is_kept() -> None:
    short = fitted(f"{'œuvre ' * 100}{LINK}", LINK)
    assert short.endswith(f"... {LINK}")
    assert (count(short).alphabet, count(short).segments) == (Alphabet.UCS_2, MOST)


def test_what_fits_and_what_has_no_link() -> None:
    fits, without = f"Bonjour {LINK}", "mot " * 100
    assert fitted(fits, LINK) == fits
    assert fitted(without, LINK).endswith("mot...")
    assert count(fitted(without, LINK)).segments == MOST


def test_a_clipped_word_says_that_it_is() -> None:
    assert [clipped("Gros œuvre", 10), clipped("Gros œuvre", 8)] == ["Gros œuvre", "Gros..."]
