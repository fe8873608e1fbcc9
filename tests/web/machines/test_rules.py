"""The rules by API, and acts that follow a playbook or tell of a referral."""

import pytest
from httpx2 import AsyncClient

from models.store.organisations import apply_organisation
from tests.casework import MONDAY_MORNING, Casework
from tests.stories.callers import Json, Office
from tests.web.machines.faults import fault_of
from tests.web.machines.firm import Firm, staffed

GAIN = "{fr: Le client y gagne., en: The customer gains.}"
ACTION: Json = {"what": "Give a date.", "by": "dora"}


async def test_rules_and_playbooks_say_what_they_are_good_for(
    api: AsyncClient, casework: Casework
) -> None:
    text = staffed().replace("{to: nora}", f"{{to: nora, raises: {GAIN}}}")
    database = casework.database
    applied = await apply_organisation(database, text, name="staffed.yaml", at=MONDAY_MORNING)

    found = (await api.get("/api/rules")).json()

    assert found["version"] == applied.number
    said: Json = {rule["place"]: rule["raises"] for rule in found["rules"]}
    assert said["routing.2"] == {"fr": "Le client y gagne.", "en": "The customer gains."}
    assert said["calls"] is None
    [playbook] = found["playbooks"]
    assert (playbook["cause"], playbook["raises"]["en"]) == ("delay", "A date that holds.")
    assert [action["id"] for action in playbook["actions"]] == ["delay:1", "delay:2"]


async def test_an_action_that_follows_a_playbook_says_so(firm: Firm) -> None:
    case, office = await firm.asked(), firm.office
    await office.act(case, "attempts", by="dora", outcome="reached")
    await office.act(case, "cause", by="dora", cause="late_works")

    done = (await office.act(case, "actions", suggested="delay:1", **ACTION)).json()

    [facts] = [e["facts"] for e in done["timeline"] if e["kind"] == "action_added"]
    assert (facts["playbook"], facts["suggestion"]) == ("delay", 1)


@pytest.mark.parametrize("suggested", ["delay:3", "late_works:1", "gone:1", "delay"])
async def test_what_no_playbook_suggests_is_refused(
    office: Office, casework: Casework, suggested: str
) -> None:
    case = (await casework.open()).case_id
    refused = await office.act(case, "actions", suggested=suggested, **ACTION)
    assert (refused.status_code, fault_of(refused).place) == (422, "suggested")


async def test_a_referral_ends_a_case_on_its_timeline(firm: Firm) -> None:
    case, office = await firm.asked(), firm.office
    await office.act(case, "attempts", by="dora", outcome="reached")

    said: Json = {"cause": "delay", "done": "Gave a date.", "solved": "yes", "referral": 2}
    closed = (await office.act(case, "wrap-up", by="dora", **said)).json()

    [facts] = [e["facts"] for e in closed["timeline"] if e["kind"] == "closed"]
    assert facts["referral"] == 2


async def test_who_was_not_asked_recommends_nobody(firm: Firm) -> None:
    case, office = await firm.asked(), firm.office
    await office.act(case, "attempts", by="dora", outcome="reached")

    said: Json = {"cause": "delay", "done": "Gave a date.", "referral": 0}
    refused = await office.act(case, "wrap-up", by="dora", **said)

    assert (refused.status_code, fault_of(refused).rule) == (409, "referral")


@pytest.mark.parametrize("referral", [-1, 21])
async def test_more_names_than_anybody_gives_are_refused(
    office: Office, casework: Casework, referral: int
) -> None:
    case = (await casework.open()).case_id
    said: Json = {"outcome": "recovered", "referral": referral}
    refused = await office.act(case, "close", by="dora", **said)
    assert (refused.status_code, fault_of(refused).place) == (422, "referral")
