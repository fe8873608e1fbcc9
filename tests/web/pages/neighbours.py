"""A larger house than the small one: other customers, and colleagues who may not see them all."""

from dataclasses import replace

from models.case import CaseState
from models.store.organisations import apply_organisation
from models.survey import Identity, SurveyResponse
from models.tables import CaseRow
from tests.casework import MONDAY_MORNING, SMALL, UNHAPPY
from tests.web.pages.reception import Reception

COLLEAGUES = """\
  - {id: sami, name: Sami South, role: director, language: en, phone: "+33639980045", regions: [south]}
  - {id: eva, name: Eva Executive, role: executive, language: en, email: eva@small.example}
  - {id: paul, name: Paul Partner, role: partner, language: en, email: paul@small.example}
routing:
  - {region: south, to: sami}
"""


async def move_in(reception: Reception) -> None:
    """A director of the south, an executive and a partner join; the south is the director's."""
    text = SMALL.read_text().replace("routing:\n", COLLEAGUES)
    database = reception.casework.database
    await apply_organisation(database, text, name=SMALL.name, at=MONDAY_MORNING)


def answer_of(name: str, number: int = 1, **changes: object) -> SurveyResponse:
    """The unhappy answer of another customer. `number` makes his id and his phone."""
    customer = Identity(
        f"file-{number}", name, f"c{number}@client.example", f"+336399855{number:02}"
    )
    given = replace(UNHAPPY, response_id=f"answer-{number}", customer=customer)
    return replace(given, **changes)  # type: ignore[arg-type]


async def multiply(reception: Reception, state: CaseState, number: int) -> None:
    """The same case so many times."""
    async with reception.casework.database.write() as session:
        row = await session.get_one(CaseRow, state.case_id)
        for n in range(1, number):
            session.add(CaseRow(**row.model_dump() | {"id": f"case-{n}", "case_key": f"key-{n}"}))
