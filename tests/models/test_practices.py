"""A practice names nobody, and is worth sharing only where the customer is satisfied again."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.actions import Close, Outcome
from models.case import CaseState
from models.errors import WrongMove
from models.people import Person, Role
from models.practices import Known, Trace, may_mark, require_worth_sharing, traces
from tests.models.rehearsal import CAUSE, HAPPY, REACHED, after

KNOWN = Known(
    names=("Odile Le Kerverné", "CT-88-1234"),
    comments=("Personne ne m'a rappelée depuis trois semaines !", "Rien."),
    colleagues=("Dora Director",),
)


@pytest.mark.parametrize(
    ("text", "trace"),
    [
        ("Ask maison@client.example for it.", Trace.EMAIL),
        ("She was called on +33 6 39 98 12 34.", Trace.PHONE),
        ("She was called on 06.39.98.12.34.", Trace.PHONE),
        ("It was file 482915.", Trace.NUMBER),
        ("It was flat B204 again.", Trace.NUMBER),
        ("ODILE was glad of it.", Trace.NAME),
        ("Mme Kerverne was glad of it.", Trace.NAME),
        ("Ask Dora Director how she did it.", Trace.NAME),
        ("She said: personne ne m’a rappelée depuis trois semaines.", Trace.WORDS),
    ],
)
def test_what_leads_to_somebody_is_found(text: str, trace: Trace) -> None:
    assert traces(text, KNOWN) == (trace,)


@pytest.mark.parametrize(
    "text",
    [
        "One visit with all trades, at 18:30, by 2027-03-12; 1 500 € less on the bill.",
        "Le client a été rappelé en trois semaines.",
        "A director called every week until the keys were there.",
        "Rien.",
        "",
    ],
)
def test_what_leads_to_nobody_passes(text: str) -> None:
    assert traces(text, KNOWN) == ()


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_name_is_found_wherever_it_stands(before: str, behind: str) -> None:
    assert Trace.NAME in traces(f"{before} Kerverne {behind}", Known(names=("Odile Kerverné",)))


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_text_that_repeats_a_long_comment_is_always_found(before: str, behind: str) -> None:
    comment = "Nobody has called me back since the plumber came."
    found = traces(f"{before} {comment.upper()} {behind}", Known(comments=(comment,)))
    assert Trace.WORDS in found


def test_the_cause_goes_with_the_practice() -> None:
    assert require_worth_sharing(after(*HAPPY)) == CAUSE.cause


@pytest.mark.parametrize(
    ("state", "rule"),
    [
        (None, "not_recovered"),
        (after(*HAPPY[:5]), "not_recovered"),
        (after(REACHED, CAUSE, Close(Outcome.NOT_RECOVERED)), "not_recovered"),
        (replace(after(*HAPPY), cause=None), "no_cause"),
    ],
)
def test_nothing_else_is_worth_sharing(state: CaseState | None, rule: str) -> None:
    with pytest.raises(WrongMove) as refused:
        require_worth_sharing(state)
    assert refused.value.rule == rule


@pytest.mark.parametrize(
    ("role", "owns", "may"),
    [
        (Role.DIRECTOR, True, True),
        (Role.PARTNER, True, True),
        (Role.NATIONAL_OWNER, False, True),
        (Role.DIRECTOR, False, False),
        (Role.EXECUTIVE, False, False),
        (Role.OPERATOR, True, False),
    ],
)
def test_the_owner_of_the_case_and_the_national_owner_share_it(
    *, role: Role, owns: bool, may: bool
) -> None:
    me = Person("me", "Me", role, "en")
    assert may_mark(me, owner="me" if owns else "somebody") is may
