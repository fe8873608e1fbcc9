"""What invented customers of a property developer say, by what went wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """A root cause: where it shows, what customers write of it, and what is done about it."""

    cause: str
    trades: Sequence[str]
    touchpoints: Sequence[str]
    fr: Sequence[str]
    en: Sequence[str]
    repairs: Sequence[str]


THEMES: Sequence[Theme] = (
    Theme(
        "delay_works",
        ("works",),
        ("site_visit", "keys"),
        (
            "Livraison prévue en juin, on parle maintenant de décembre. Nous payons un loyer et un crédit.",
            "Troisième report du chantier et toujours aucune explication écrite.",
            "J'ai donné mon préavis sur la foi de votre date. Je dors chez ma sœur avec deux enfants.",
            "Les travaux n'avancent plus depuis un mois, la grue est arrêtée.",
            "On nous annonce le retard par un courrier type, sans date nouvelle.",
            "Deux visites de chantier, deux fois le même mur.",
            "Personne n'ose nous donner une date. Dites-nous la vérité, même si elle est mauvaise.",
        ),
        (
            "Hand-over was promised for the summer. We still have no date and pay rent twice.",
            "The site has not moved since my last visit, and the letter I got explains nothing.",
        ),
        (
            "Date de livraison confirmée par écrit après point avec le conducteur de travaux",
            "Prise en charge de deux mois de loyer, courrier d'engagement",
            "Visite de chantier avec le conducteur de travaux et calendrier remis en main propre",
        ),
    ),
    Theme(
        "delay_deed",
        ("sales",),
        ("deed",),
        (
            "La signature chez le notaire a été repoussée deux fois, la veille pour le lendemain.",
            "Mon offre de prêt expire et l'acte n'est toujours pas signé.",
            "Le notaire attend une pièce que vous devez envoyer depuis trois semaines.",
            "J'avais posé ma journée pour signer. Annulé par un simple message.",
        ),
        ("The signing was put off twice, each time the day before. My loan offer runs out soon.",),
        (
            "Pièces manquantes envoyées au notaire, nouvelle date de signature retenue",
            "Prolongation de l'offre de prêt négociée avec la banque",
        ),
    ),
    Theme(
        "delay_snags",
        ("after_sales", "works"),
        ("keys", "first_year"),
        (
            "Onze réserves à la livraison, neuf toujours ouvertes quatre mois plus tard.",
            "Le volet de la chambre ne ferme pas depuis la remise des clés.",
            "L'artisan est venu, a pris des photos, et n'est jamais revenu.",
            "On a posé trois jours de congé pour des rendez-vous où personne n'est venu.",
            "La porte palière frotte, l'eau du balcon stagne, et vos réserves restent « en cours ».",
            "J'ai signalé la fuite sous l'évier en septembre. Je vide toujours une bassine.",
        ),
        (
            "Nine of our eleven snags are still open four months after we got the keys.",
            "The craftsman took pictures and never came back.",
        ),
        (
            "Passage du menuisier pour lever les réserves, rendez-vous fixé avec le client",
            "Levée des réserves restantes en une seule visite, quitus à signer",
            "Remplacement du volet, pièce commandée",
        ),
    ),
    Theme(
        "quality_finish",
        ("works", "after_sales"),
        ("keys", "first_year"),
        (
            "Peinture bâclée, traces de rouleau partout et plinthes décollées.",
            "Le carrelage de la douche a été posé de travers, cela se voit dès l'entrée.",
            "Rayures sur toutes les vitres, on nous dit que c'est la poussière.",
            "Pour ce prix, je m'attendais à des joints droits.",
        ),
        ("Scratched windows in every room, and paint on the new floor.",),
        (
            "Reprise des peintures du séjour par l'entreprise, état des lieux avant et après",
            "Vitres rayées remplacées",
            "Reprise du carrelage de la douche",
        ),
    ),
    Theme(
        "quality_defect",
        ("works", "after_sales"),
        ("keys", "first_year"),
        (
            "De l'humidité remonte dans le mur de la chambre du petit. Le médecin s'inquiète.",
            "Une fissure traverse le plafond du salon, elle s'allonge chaque semaine.",
            "Le chauffage s'arrête toutes les nuits, il fait quinze degrés au réveil.",
            "Infiltration dans le parking à chaque pluie, la voiture est couverte de calcaire.",
        ),
        ("Water comes through the bedroom wall whenever it rains.",),
        (
            "Recherche de fuite, puis reprise de l'étanchéité",
            "Passage du chauffagiste et remplacement de la régulation",
            "Expertise de la fissure, témoins posés, rapport au client",
        ),
    ),
    Theme(
        "quality_plan",
        ("choices", "works"),
        ("site_visit", "keys"),
        (
            "La cloison de la cuisine n'est pas là où elle est sur le plan signé.",
            "Il manque une prise sur deux par rapport au plan électrique validé.",
            "On nous avait vendu un placard, nous avons un renfoncement.",
        ),
        ("The kitchen wall does not stand where the signed plan shows it.",),
        (
            "Prises manquantes ajoutées par l'électricien",
            "Plan corrigé et avoir sur le placard non livré",
        ),
    ),
    Theme(
        "information_silence",
        ("sales", "after_sales"),
        ("reservation", "first_meeting", "first_year", "site_visit"),
        (
            "Six messages laissés, aucun rappel. On existait davantage avant d'avoir signé.",
            "Mon interlocutrice est partie et personne ne me l'a dit.",
            "Je n'ai plus de nouvelles depuis la réservation.",
            "Le service après livraison ne décroche jamais, et le formulaire ne répond pas.",
            "Je ne demande pas un miracle, seulement qu'on me rappelle.",
        ),
        (
            "Six messages and not one call back. We mattered more before we signed.",
            "My contact left the company and nobody told me.",
        ),
        (
            "Interlocutrice unique désignée, numéro direct donné au client",
            "Point téléphonique fixé chaque quinzaine jusqu'à la remise des clés",
        ),
    ),
    Theme(
        "information_contradiction",
        ("sales", "choices"),
        ("reservation", "fittings", "deed"),
        (
            "La vente dit une chose, le chantier une autre, et c'est à moi de trancher.",
            "On m'a confirmé le parking par téléphone, il n'est pas dans l'acte.",
            "Trois personnes, trois réponses sur la date de visite.",
        ),
        ("Sales says one thing, the site another, and I am asked to decide.",),
        (
            "Réponse écrite unique envoyée, relue par la vente et les travaux",
            "Place de parking confirmée par avenant",
        ),
    ),
    Theme(
        "promise",
        ("sales",),
        ("reservation", "first_meeting", "keys"),
        (
            "On nous avait promis la cuisine offerte. Aujourd'hui personne ne s'en souvient.",
            "Le commercial nous avait garanti la vue. Un immeuble se construit devant.",
            "Vous deviez me rappeler lundi. C'était il y a trois lundis.",
        ),
        ("We were promised the fitted kitchen. Today nobody remembers.",),
        (
            "Promesse du commercial retrouvée dans les échanges et tenue : cuisine commandée",
            "Geste commercial proposé et accepté, courrier envoyé",
        ),
    ),
    Theme(
        "price_options",
        ("choices",),
        ("fittings",),
        (
            "Huit cents euros pour déplacer une prise : on abuse de notre situation.",
            "Le catalogue des sols « compris » tient en trois références grises.",
            "Choix des matériaux expédié en vingt minutes, chaque envie est une option payante.",
        ),
        ("Eight hundred euros to move one socket: you take advantage of us.",),
        (
            "Devis des options revu ligne à ligne avec le client, remise accordée",
            "Second rendez-vous de choix, catalogue complet présenté",
        ),
    ),
    Theme(
        "price_fees",
        ("sales",),
        ("deed", "reservation"),
        (
            "Des frais de dossier apparus à la signature, jamais évoqués avant.",
            "L'appel de fonds est arrivé avant l'avancement des travaux.",
        ),
        ("File fees appeared at the signing which nobody had mentioned before.",),
        ("Frais de dossier remboursés", "Appel de fonds expliqué et décalé d'un mois"),
    ),
)

PRAISE: Mapping[str, Sequence[str]] = {
    "fr": (
        "Une équipe à l'écoute du premier rendez-vous à la remise des clés.",
        "Notre conseillère a toujours rappelé dans la journée. Merci à elle.",
        "Appartement impeccable, livré à la date dite.",
        "Le conducteur de travaux nous a tout expliqué, avec patience.",
        "Deux réserves à la livraison, levées en une semaine. Bravo.",
        "Nous avons recommandé la résidence à mon frère, il a signé.",
        "Un souci de chauffage, un appel, réglé le lendemain.",
        "",
        "",
    ),
    "en": (
        "Everybody listened to us, from the first meeting to the keys.",
        "Delivered on the day they said, and spotless.",
        "",
    ),
}

SO_SO: Mapping[str, Sequence[str]] = {
    "fr": (
        "Bien dans l'ensemble, mais il faut relancer pour obtenir une réponse.",
        "Bel appartement, suivi inégal selon les interlocuteurs.",
        "Rien à redire sur le logement, la communication pourrait être meilleure.",
        "Correct.",
        "",
    ),
    "en": ("Good on the whole, though we had to ask twice for most things.", ""),
}
