"""What a message is counted as is what Twilio's own calculator says, whoever is named in it."""

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from models.organisation import WRITTEN
from models.people import Channel
from models.segments import count
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
PARTICLES = ("", " de", " von", "-Luc", " «Bibi»", " [2]", " 😀", " e\u0301", " €")


@pytest.mark.parametrize("language", WRITTEN)
def test_segments_are_those_of_twilio_for_a_thousand_names(language: str) -> None:
    templates, named = MessageTemplates(), list(_named())
    said = sorted(
        {
            templates.say(message, Channel.SMS, language, facts).body
            for turn, message in enumerate(MESSAGES)
            for facts in named[turn % EACH :: EACH]
        }
    )
    assert len(said) > 2 * NAMES
    assert [shown(count(body)) for body in said] == twilio_counts(said)


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
