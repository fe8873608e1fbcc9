"""What a message is counted as is what Twilio's own calculator says, whoever is named in it."""

import random
from collections.abc import Iterator
from dataclasses import replace

from models.organisation import WRITTEN
from models.people import Channel
from models.segments import BASIC, EXTENSION, count
from templates.messages import MessageFacts, MessageTemplates
from tests.templates.test_messages import LONG, MESSAGES
from tests.twilio_calculator import shown, twilio_counts

NAMES, EACH = 1000, 10
"""Every message takes each tenth of them, and begins where the one before did not: all is too slow."""
FIRST = (
    *("Zoë", "François", "Marie-Thérèse", "Łukasz", "Søren", "Jürgen", "Begoña", "Þór", "Ștefan"),
    *("Anne", "Jean", "Luca", "Niccolò", "Chloé", "Gaël", "Ángel", "Ğülşen", "Đorđe", "Γεωργία"),
)
LAST = (
    *("d’Œuvremont", "Lefrançois", "Kœnigsmark", "Dupont", "O'Neill", "Weiß", "Núñez", "Żółć"),
    *("Van den Bergh", "Müller-Lüdenscheidt", "De\u00a0Santis", "Ibañez", "Ħaġar", "Петров", "李"),
)
ALIKE = dict.fromkeys(map(ord, BASIC - {"\r", "\n"}), "a") | dict.fromkeys(map(ord, EXTENSION), "€")
"""Each takes the places that the other takes, as tests/models/test_segments.py has it from Twilio."""
PARTICLES = ("", " de", " von", "-Luc", " «Bibi»", " [2]", " 😀", " e\u0301", " €")


def test_segments_are_those_of_twilio_for_a_thousand_names() -> None:
    """Its calculator is slow: of texts that differ only in letters alike it is asked about one."""
    templates, named = MessageTemplates(), list(_named())
    said = {
        templates.say(message, Channel.SMS, language, facts).body
        for language in WRITTEN
        for turn, message in enumerate(MESSAGES)
        for facts in named[turn % EACH :: EACH]
    }
    assert len(said) > 2 * NAMES * len(WRITTEN)
    shapes = {body: body.translate(ALIKE) for body in said}
    asked = sorted(set(shapes.values()))
    answers = dict(zip(asked, twilio_counts(asked), strict=True))
    assert [body for body in said if shown(count(body)) != answers[shapes[body]]] == []


def _named() -> Iterator[MessageFacts]:
    """Most of them where names are respelt, every tenth where they are sent as they are written."""
    chance = random.Random(1)  # noqa: S311 - the same each time
    for number in range(NAMES):
        name = f"{chance.choice(FIRST)}{chance.choice(PARTICLES)} {chance.choice(LAST)} {number}"
        yield replace(
            LONG,
            recipient=name,
            owner=name,
            region=f"Chez {name}",
            trade="",
            topic="",
            what=name,
            organisation=f"Maison {chance.choice(LAST)}",
            transliterate=number % 10 != 0,
        )
