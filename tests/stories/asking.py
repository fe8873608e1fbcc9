"""How a case gets to its owner, as a story waits for it: opened, asked, with the link of the message."""

import re

from tests.stories.callers import Json
from tests.stories.household import Household, eventually


async def is_asked(household: Household, case: str) -> bool:
    return "asked" in await household.office.told(case)


async def asked(household: Household, answer: Json) -> str:
    """The id of a case whose director has been written to."""
    case = str((await household.survey.deliver(answer))["case_id"])
    await link(household, case, "ask")
    return case


async def link(household: Household, case: str, message: str) -> str:
    """As it stands in the message."""

    async def written() -> str | None:
        letters = (await household.office.get("outbox?limit=200"))["items"]
        bodies = [m["body"] for m in letters if (m["case_id"], m["message"]) == (case, message)]
        return str(bodies[0]) if bodies else None

    found = re.search(r"http\S+", await eventually(written))
    assert found, "a message without a link"
    return found[0]
