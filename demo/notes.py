"""What colleagues write down on a case, as short as they do between two calls."""

from collections.abc import Mapping, Sequence

ATTEMPTS: Mapping[str, Sequence[str]] = {
    "reached": (
        "Longue conversation, le client avait surtout besoin d'être entendu.",
        "Très en colère au début, plus calme à la fin. Attend une date précise.",
        "Conversation cordiale, les faits sont confirmés.",
        "Le couple était présent, ils veulent un engagement écrit.",
        "Vingt minutes. Je rappelle dès que j'ai la réponse des travaux.",
    ),
    "voicemail": (
        "Message laissé avec mon numéro direct.",
        "Répondeur, message laissé.",
        "",
    ),
    "no_answer": ("Sonne dans le vide.", "Pas de réponse, nouvel essai en fin de journée.", ""),
    "wrong_number": ("Numéro attribué à quelqu'un d'autre, demandé le bon à la vente.",),
    "later": ("Au travail, souhaite être rappelé en fin de journée.", "Préfère demain matin."),
    "refused": ("Ne souhaite pas en parler, dit avoir tout écrit.",),
}
TAKEN: Sequence[str] = ("", "", "", "Je m'en occupe.", "J'appelle dans la journée.")
DONE: Sequence[str] = (
    "Fait, le client a signé.",
    "Intervention terminée, photos au dossier.",
    "Courrier parti, copie au dossier.",
    "Réglé sur place.",
    "",
)
HANDED_OVER: Sequence[str] = (
    "Le client connaît déjà ma collègue, elle reprend.",
    "Sujet purement travaux, tu es mieux placé.",
    "Je suis en congé la semaine prochaine.",
)
GAVE_UP: Sequence[str] = (
    "Trois essais à des heures différentes, courrier envoyé.",
    "Aucune réponse, un courriel reste ouvert pour le client.",
)
YES: Sequence[str] = (
    "Oui, merci d'avoir rappelé.",
    "C'est réglé. Dommage qu'il ait fallu se plaindre.",
    "Oui.",
    "",
)
NO: Sequence[str] = (
    "Non, l'artisan n'a fait que la moitié.",
    "Toujours pas. Le problème est revenu dès le lendemain.",
    "Non, on attend encore le courrier promis.",
)
STAYS: Sequence[str] = ("Le client ne veut plus de nous, il a été entendu et le sait.",)
GESTURES: Sequence[str] = (
    "Nous prenons à notre charge le mois de loyer que le retard vous coûte",
    "Les frais de garde-meubles vous sont remboursés",
    "Une journée de votre temps, perdue à attendre l'artisan, vous est dédommagée",
)
HEARD: Mapping[str, Sequence[str]] = {
    "meeting": ("On nous avait promis une place de parking, elle a disparu du plan.",),
    "phone": ("Je vous appelle parce que personne ne répond à mes courriels depuis un mois.",),
    "mail": ("Par la présente, je vous demande une date de levée des réserves.",),
    "social": ("Trois visites, trois artisans différents, et toujours la même fuite. Bravo.",),
}
"""What one of the company was told, and wrote down, by channel."""
