"""Invented people and places: what a message is shown with, and tried out, before anybody is written to."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from models.actions import PromiseKind
from models.money import EURO, Money, spoken
from models.replies import Meaning
from templates.messages import MessageFacts

PARIS = ZoneInfo("Europe/Paris")


class Words(NamedTuple):
    motto: str
    trade: str
    touchpoint: str
    topic: str
    what: str


WORDS: Mapping[str, Words] = {
    "de": Words(
        "Jeder Kunde verdient einen Rückruf.",
        "Rohbau, Fassaden und Mauerwerk",
        "Unterschrift beim Notar",
        "Sicherheit von Personen",
        "Balkon und beide Türschwellen vollständig neu abdichten",
    ),
    "en": Words(
        "Every customer deserves to be called back.",
        "Structural works, façades and masonry",
        "Signing at the notary’s",
        "Safety of persons",
        "Make the balcony and both thresholds watertight again",
    ),
    "es": Words(
        "Todo cliente merece que le llamemos.",
        "Estructura, fachadas y albañilería",
        "Firma ante notario",
        "Seguridad de las personas",
        "Impermeabilizar de nuevo el balcón y los dos umbrales",
    ),
    "fr": Words(
        "Chaque client mérite d’être rappelé.",
        "Gros œuvre, façades et maçonnerie",
        "Signature chez le notaire",
        "Sécurité des personnes",
        "Reprise complète de l’étanchéité du balcon et des deux seuils",
    ),
    "it": Words(
        "Ogni cliente merita di essere richiamato.",
        "Opere murarie, facciate e finiture",
        "Firma dal notaio",
        "Sicurezza delle persone",
        "Impermeabilizzare di nuovo il balcone e le due soglie",
    ),
}


def longest(language: str) -> MessageFacts:
    """As much as there can be to say, with long names."""
    words = WORDS[language]
    return MessageFacts(
        organisation="Maisons Belvallée & Compagnons Bâtisseurs",
        motto=words.motto,
        recipient="Marie-Françoise Delahaye-Kœnigsmark",
        link="https://rappel.maisons-belvallee.example/l/Zx0_k-PqR7sT9uVwXyZa1b",
        region="Provence-Alpes-Côte d’Azur",
        trade=words.trade,
        touchpoint=words.touchpoint,
        topic=words.topic,
        score="NPS 10",
        owner="Jean-Baptiste Châteaubriand-Lefrançois",
        due=datetime(2026, 8, 26, 17, 30, tzinfo=PARIS),
        now=datetime(2026, 8, 26, 9, 0, tzinfo=PARIS),
        promise=PromiseKind.COMMITMENT_TO_REPAIR,
        what=words.what,
        by=datetime(2026, 8, 27, 23, 59, tzinfo=PARIS),
        asked=datetime(2026, 8, 28, 23, 59, tzinfo=PARIS),
        cost=spoken(Money(12_450_00, EURO), language),
        waiting=7,
        understood=Meaning.LATER,
        again=datetime(2026, 8, 26, 18, 30, tzinfo=PARIS),
        choices=("J1 = NPS 2, Bâtiment, Bretagne", "J2 = NPS 0, Jardins, Alsace"),
    )


def shortest(language: str) -> MessageFacts:
    """With nothing but what there always is."""
    whole = longest(language)
    unsaid = ("motto", "recipient", "region", "trade", "touchpoint", "topic", "score", "owner")
    bare: dict[str, Any] = dict.fromkeys((*unsaid, "what", "cost"), "")
    return replace(whole, **bare, due=None, asked=None, again=None, choices=())


def every_kind(language: str) -> tuple[MessageFacts, ...]:
    """All that a template may have to tell apart."""
    whole = longest(language)
    promises = [replace(whole, promise=kind) for kind in PromiseKind]
    understood = [replace(whole, understood=each) for each in ("", "refused", *Meaning)]
    return (
        *promises,
        *understood,
        replace(whole, answerable=True),
        shortest(language),
        replace(whole, nowhere=True),
        replace(whole, called=False),
    )
