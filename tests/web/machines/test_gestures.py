"""Gestures as a trusted server meets them: the limits in force decide, and each yes is asked for once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from httpx2 import AsyncClient, Response

from models.action import Action, Approval
from models.actions import Act, AddAction, FinishAction, PromiseKind
from models.errors import WrongMove
from models.handling import ChangeAction
from models.money import Money
from models.organisation import Organisation
from models.organisation_file.reading import read_organisation
from models.store.casebook import write_state
from models.store.database import Database
from models.store.organisations import apply_organisation
from models.store.views import find_case
from models.tables import CaseRow
from tests.casework import MONDAY_MORNING, Casework
from tests.stories.callers import Json, Office
from tests.web.machines.faults import fault_of
from tests.web.machines.firm import Firm, staffed
from web.gestures import judged, require_within

LIMITS = "{director: 100, deputy: 500, partner: 50, national_owner: 5000, executive: any}"
AUTHORITY = f"authority: {{gestures: {LIMITS}, review_share: 100%}}"
DUE = MONDAY_MORNING + timedelta(days=3)
GESTURE: Json = {"what": "A voucher.", "promise": "gesture"}


def limited() -> str:
    return staffed().replace("unhappy_up_to: {nps: 7}", AUTHORITY)


@pytest.fixture
async def casework(casework: Casework, database: Database) -> Casework:
    await apply_organisation(database, limited(), name="limited.yaml", at=MONDAY_MORNING)
    return casework


@pytest.fixture
async def case(casework: Casework) -> str:
    return (await casework.open()).case_id


@pytest.fixture
def today() -> Organisation:
    return read_organisation(limited(), name="limited.yaml")


def euros(number: int) -> Money:
    return Money(number * 100, "EUR")


def gesture(number: int, **told: object) -> Action:
    promised = Action(number, "dora", DUE, promise=PromiseKind.GESTURE, promised_by="dora")
    return replace(promised, **told)  # type: ignore[arg-type]


async def on_case(casework: Casework, case: str, *actions: Action) -> CaseRow:
    """As if these had been promised on it."""
    state = replace(await casework.state(case), actions=actions)
    async with casework.database.read() as session:
        row = await find_case(session, case)
    write_state(row, state, commit_id="", at=MONDAY_MORNING)
    return row


def beyond(act: Act) -> bool:
    assert isinstance(act, AddAction | ChangeAction)
    return act.beyond


@pytest.mark.parametrize(
    ("actor", "cost", "expected"),
    [
        ("dora", 100, False),
        ("dora", 101, True),
        ("denis", 500, False),
        ("denis", 501, True),
        ("paul", 51, True),
        ("nora", 5001, True),
        ("eva", 1_000_000, False),
    ],
)
async def test_the_limit_of_the_role_decides(
    casework: Casework, case: str, today: Organisation, actor: str, cost: int, *, expected: bool
) -> None:
    act = AddAction("dora", DUE, PromiseKind.GESTURE, cost=euros(cost))
    assert beyond(judged(act, actor, await on_case(casework, case), today)) is expected


async def test_two_halves_are_not_below_the_limit(
    casework: Casework, case: str, today: Organisation
) -> None:
    row = await on_case(casework, case, gesture(1, cost=euros(60)))
    half = AddAction("dora", DUE, PromiseKind.GESTURE, cost=euros(60))

    assert beyond(judged(half, "dora", row, today))
    assert not beyond(judged(half, "denis", row, today))


async def test_what_was_dropped_or_had_a_yes_leaves_the_limit_whole(
    casework: Casework, case: str, today: Organisation
) -> None:
    gone = gesture(1, cost=euros(90), dropped_at=MONDAY_MORNING)
    given = gesture(2, cost=euros(900), approval=Approval.GIVEN)
    row = await on_case(casework, case, gone, given)
    act = AddAction("dora", DUE, PromiseKind.GESTURE, cost=euros(100))

    assert not beyond(judged(act, "dora", row, today))


async def test_a_repair_may_cost_what_it_costs(
    casework: Casework, case: str, today: Organisation
) -> None:
    repair = AddAction("dora", DUE, PromiseKind.REPAIR, cost=euros(9000))
    assert judged(repair, "dora", await on_case(casework, case), today) == repair


async def test_without_limits_nobody_waits_for_anybody(casework: Casework, case: str) -> None:
    free = read_organisation(staffed(), name="free.yaml")
    act = AddAction("dora", DUE, PromiseKind.GESTURE, cost=euros(9000))
    assert not beyond(judged(act, "dora", await on_case(casework, case), free))


@pytest.mark.parametrize(("cost", "expected"), [(80, False), (101, True)])
async def test_a_change_of_the_cost_is_judged_by_itself(
    casework: Casework, case: str, today: Organisation, cost: int, *, expected: bool
) -> None:
    row = await on_case(casework, case, gesture(1, cost=euros(90)))
    changed = judged(ChangeAction(1, cost=euros(cost)), "dora", row, today)
    assert beyond(changed) is expected


async def test_a_gesture_does_not_grow_while_it_is_done(
    casework: Casework, case: str, today: Organisation
) -> None:
    row = await on_case(casework, case, gesture(1, cost=euros(90)))
    dora = today.people["dora"]

    require_within(dora, FinishAction(1, cost=euros(100)), row, today)
    with pytest.raises(WrongMove):
        require_within(dora, FinishAction(1, cost=euros(300)), row, today)


async def test_a_gesture_says_what_it_is_worth(office: Office, case: str) -> None:
    refused = fault_of(await office.act(case, "actions", by="dora", **GESTURE))
    assert (refused.code, refused.place) == ("not_understood", "worth")


async def promise(firm: Firm, case: str, cents: int, **told: object) -> Response:
    due = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    said = {**GESTURE, "cost": {"cents": cents}, "due": due, **told}
    return await firm.office.act(case, "actions", by="dora", **said)


async def spoken(firm: Firm) -> str:
    case = await firm.asked()
    await firm.office.act(case, "attempts", by="dora", outcome="reached")
    await firm.office.act(case, "cause", by="dora", cause="late_works")
    return case


async def test_a_gesture_above_the_limit_goes_out_after_the_yes(firm: Firm) -> None:
    case = await spoken(firm)
    [waiting] = (await promise(firm, case, 300_00)).json()["actions"]
    assert (waiting["stand"], waiting["approver"], waiting["is_promised"]) == (
        "to_approve",
        "denis",
        False,
    )
    asked = (await firm.http.get("/api/people/denis/gestures")).json()
    assert [(line["case_id"], line["number"]) for line in asked["items"]] == [(case, 1)]

    assert (await firm.office.act(case, "actions/1/approve", by="dora")).status_code == 409
    given = await firm.office.act(case, "actions/1/approve", by="denis")
    assert given.status_code == 200
    again = await firm.office.act(case, "actions/1/approve", by="denis")
    assert fault_of(again).rule == "approved_already"
    told = [m["message"] for m in (await firm.office.case(case))["messages"]]
    assert told.count("promised") == 1


async def test_a_gesture_within_the_limit_goes_out_and_is_looked_at_once(firm: Firm) -> None:
    case = await spoken(firm)
    [given] = (await promise(firm, case, 80_00)).json()["actions"]
    assert (given["stand"], given["is_promised"]) == ("to_do", True)

    path, said = f"/api/reviews/{case}/1", {"by": "nora", "verdict": "fine", "note": "Well done."}
    [line] = (await firm.http.get("/api/reviews", params={"by": "nora"})).json()["items"]
    assert (line["case_id"], line["cents"], line["cause"]) == (case, 80_00, "late_works")
    assert "dora" not in str(line)
    first, second = [await firm.http.post(path, json=said) for _ in range(2)]
    assert first.json() == second.json()
    other = await firm.http.post(path, json=said | {"verdict": "to_talk_about"})
    assert other.status_code == 409
    assert (await firm.http.get("/api/reviews")).json() == {"count": 0, "items": []}


async def test_only_the_national_owner_reviews(api: AsyncClient, case: str) -> None:
    said = {"by": "denis", "verdict": "fine"}
    assert (await api.post(f"/api/reviews/{case}/1", json=said)).status_code == 403
    assert (await api.get("/api/reviews", params={"by": "denis"})).status_code == 403
