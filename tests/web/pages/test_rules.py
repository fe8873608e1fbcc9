"""The rules in plain sentences, for everybody who works by them."""

import pytest

from models.store.organisations import apply_organisation
from tests.casework import MONDAY_MORNING, SMALL, Casework
from tests.web.machines.firm import staffed
from tests.web.pages.reception import Reception

TOPIC = (
    "zero_tolerance:\n"
    "  - {id: law, name: Law, words: {fr: [plainte], en: [sue]}, targets: {contact: 1h}, at_once: true}"
)

TEAM = (
    "teams: [{id: desk, name: Desk, members: [dora, denis], share: least_loaded, ceiling: 9,"
    " overflow: nora, raises: {fr: Du temps., en: Time for him.}}]"
)
OTHERS = (
    "ladders: [{id: works, trade: works, raises: {fr: Métier., en: The right craft.}, levels:"
    " [{level: assignee, targets: {acknowledge: 1h}, raises: {fr: Tôt., en: It is early.}},"
    " {level: national_owner, repeat_every: 1d}]}]\n"
    "resurvey: {after: 30d, outcomes: [recovered], raises: {fr: On revient., en: We come back.}}"
)


@pytest.fixture
async def staffed_reception(reception: Reception, casework: Casework) -> Reception:
    text = staffed().replace("unhappy_up_to: {nps: 7}", f"unhappy_up_to: {{nps: 7}}\n{TOPIC}")
    text = text.replace("\nrouting:", f"\n{TEAM}\nrouting:").replace(
        "\ncalls:", f"\n{OTHERS}\ncalls:"
    )
    text = text.replace("{to: nora}", "{to: nora, raises: {fr: On répond., en: An answer.}}")
    await apply_organisation(casework.database, text, name=SMALL.name, at=MONDAY_MORNING)
    return reception


@pytest.mark.parametrize("person", ["dora", "denis", "paul", "nora", "eva", "oscar"])
async def test_whoever_is_signed_in_reads_them(staffed_reception: Reception, person: str) -> None:
    state = await staffed_reception.casework.open()
    page = await (await staffed_reception.signed_in(person, state)).get("/rules")
    assert page.status == 200


async def test_each_rule_is_a_sentence_with_what_the_customer_gains(
    staffed_reception: Reception,
) -> None:
    state = await staffed_reception.casework.open()
    page = await (await staffed_reception.signed_in("denis", state)).get("/rules")
    for said in (
        "North, Works, Keys, in French: Dora Director answers.",
        "Everything else: Nora National answers.",
        "What the customer gains: An answer.",
        "Take the case: 30 min of working time · Speak with the customer: 4 h of working time",
        "Level 1: the person in charge. Reminded after 50%, 90% of the time.",
        "Level 3: the national owner. Asked again every 1 working day until somebody acts.",
        "At most 3 attempts, at least 3 h apart",
        "Desk: Dora Director, Denis Deputy. A case goes to whoever has the fewest open ones.",
        "At most 9 open cases each. When nobody here can take a case: Nora National.",
        "What the customer gains: Time for him.",
        "Works: a ladder of its own. What the customer gains: The right craft.",
        "Level 1: the person in charge. Take the case: 60 min of working time.",
        "60 min of working time. What the customer gains: It is early.",
        "All pauses of a case together: 5 working days at most.",
        "Customer away: a case may rest for 3 working days at most.",
        "One question, 30 days after the end of the case",
        "nobody is asked twice within 90 days. What the customer gains: We come back.",
        "NPS: up to 7",
        "Law: the case starts at the top. Speak with the customer: 60 min of working time.",
        "The message leaves at night too.",
        "A commitment to repair may be made by: regional director",
        "Give you a date (Works)",
        "What the customer gains: A date that holds.",
        "The file does not say yet what the customer gains.",
    ):
        assert said in page.words


async def test_a_target_of_seconds_is_not_told_as_no_time(
    reception: Reception, casework: Casework
) -> None:
    quick = staffed().replace("acknowledge: 30m", "acknowledge: 20s")
    await apply_organisation(casework.database, quick, name=SMALL.name, at=MONDAY_MORNING)
    denis = await reception.signed_in("denis", await casework.open())
    page = await denis.get("/rules")
    assert "Take the case: 20 s of working time" in page.words
