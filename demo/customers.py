"""Invented customers. Their numbers are reserved for fiction, their addresses lead nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random

FIRST = (
    "Adèle Aïcha Alban Anaïs Baptiste Bérénice Camille Clément Corentin Delphine Edgar Élodie Fatou "
    "Florian Gaëlle Gildas Hugo Ines Ismaël Jeanne Joris Karim Lamia Léonie Loïc Lucie Maël Maud Nadia "
    "Noé Océane Pascal Quentin Rachida Romane Samuel Solène Théo Ursule Valentin Yasmine Zoé"
)
LAST = (
    "Abergel Aubanel Barthenay Belkorane Bressuire Cadoret Calvignac Castaing Charmoille Corvaisier "
    "Dembraye Desrivières Escoffre Falguière Ferraby Garrouste Grandchamp Hautecœur Issartel Jolivart "
    "Kerambrun Lacombrade Lamoureaux Lestrange Maillefer Marcillat Nadjar Ouvrelle Palissade Peyroulet "
    "Quintrec Rambourg Roquefeuil Sabouret Sarrasin Taillandy Tournevache Valcourt Verniolle Zellner"
)
PROGRAMMES = (
    "Les Terrasses du Canal",
    "Villa Garance",
    "Le Clos des Tanneurs",
    "Les Allées Vauban",
    "Résidence Mistral",
    "Cour des Lilas",
    "Les Hauts de Saint-Leu",
)


@dataclass(frozen=True, slots=True)
class Customer:
    """One who is not `known` gives nothing by which he could be called back."""

    number: int
    name: str
    phone: str
    language: str
    programme: str
    lot: str
    known: bool = True
    contract: str | None = None
    """Of two who bought together: what either says of it is heard in one case."""

    @property
    def identity(self) -> Mapping[str, str]:
        if not self.known:
            return {"name": self.name}
        return {
            "id": f"C-{self.number:06}",
            "name": self.name,
            "phone": self.phone,
            "email": f"c{self.number:06}@client.example",
        }


def invent(rng: Random) -> Customer:
    return Customer(
        number=rng.randrange(10**6),
        name=f"{rng.choice(FIRST.split())} {rng.choice(LAST.split())}",
        phone=f"+3363998{rng.randrange(10**4):04}",
        language="en" if rng.random() < 0.1 else "fr",
        programme=rng.choice(PROGRAMMES),
        lot=f"{rng.choice('ABCD')} {rng.randrange(1, 6)}{rng.randrange(1, 13):02}",
    )


def buy_together(rng: Random) -> tuple[Customer, Customer]:
    """Under one contract and one roof; each has a number of his own."""
    one, other = invent(rng), invent(rng)
    contract, surname = f"K-{one.number:06}", one.name.partition(" ")[2]
    first_name = other.name.partition(" ")[0]
    other = replace(one, number=other.number, phone=other.phone, name=f"{first_name} {surname}")
    return replace(one, contract=contract), replace(other, contract=contract)
