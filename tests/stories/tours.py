"""Who is shown which pages: everybody every page that he may see, in his language, on his screen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from playwright.async_api import ViewportSize

from models.case import Stage
from scripts.chromium import DESK, PHONE
from tests.web.test_rights import DOORS, EVERYBODY, OPEN_TO
from web.answers import MACHINES

NO_PAGE: Mapping[str, str] = {
    "/board.csv": "a file",
    "/board/cases.csv": "a file",
    "/board.xlsx": "a file",
    "/outbox/{intent}/{name}": "a picture",
    "/static/rappel.css": "a style",
    "/sign-in/provider": "leads to the company's provider",
    "/sign-in/provider/return": "leads on, or shows the page of /sign-in",
}
"""What a browser is answered with instead. To machines nothing is a page."""
GETS = frozenset(path for method, path in DOORS if method == "GET")
ASKED_AGAIN = "/s/{token}"
"""Nobody is asked again here: tests/web/pages/test_resurveys.py looks at that page."""
PAGES = frozenset(
    path for path in GETS - NO_PAGE.keys() - {ASKED_AGAIN} if not path.startswith(MACHINES)
)
LETTER = "/outbox/{intent}"
"""Its own content policy lets no script run, not even one that looks for barriers."""
LINK = "/l/{token}"
"""Everybody who signs in has opened his own."""
DOORSTEP = frozenset(path for path in PAGES if OPEN_TO["GET", path] == EVERYBODY) - {LETTER, LINK}
ROOMS = PAGES - DOORSTEP - {LETTER, LINK}
OWNERS_ALONE = frozenset(path for path in ROOMS if OPEN_TO["GET", path] == {"national_owner"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tour:
    """`visitor` is one of the table of rights, `person` his id in the organisation; a stranger has none.

    `stage` is that of the case which he opens. Without scripts a stranger looks at a letter instead.
    """

    visitor: str = "nobody"
    person: str | None = None
    language: str
    screen: ViewportSize
    stage: Stage = Stage.ASKED
    scripts: bool = True

    @property
    def addresses(self) -> Sequence[str]:
        if self.person:
            return sorted(path for path in ROOMS if self.visitor in OPEN_TO["GET", path])
        return sorted(DOORSTEP) if self.scripts else [LETTER]

    @property
    def pages(self) -> frozenset[str]:
        return frozenset(self.addresses) | ({LINK} if self.person else frozenset())

    def __str__(self) -> str:
        of = self.person or f"stranger-{self.language}"
        return of if self.scripts else f"{of}-without-scripts"


TOURS = (
    Tour(visitor="owner", person="director_alsace", language="fr", screen=PHONE),
    Tour(
        visitor="deputy",
        person="deputy_alsace",
        language="fr",
        screen=PHONE,
        stage=Stage.CONFIRMING,
        scripts=False,
    ),
    Tour(
        visitor="deputy",
        person="deputy_north",
        language="en",
        screen=DESK,
        stage=Stage.CONFIRMING,
    ),
    Tour(visitor="partner", person="partner_english_line", language="en", screen=PHONE),
    Tour(
        visitor="national_owner",
        person="national_owner",
        language="fr",
        screen=PHONE,
        stage=Stage.CONFIRMING,
    ),
    Tour(visitor="executive", person="managing_director", language="en", screen=DESK),
    Tour(visitor="operator", person="operator", language="en", screen=DESK),
    Tour(language="fr", screen=PHONE),
    Tour(language="en", screen=DESK),
    Tour(language="fr", screen=PHONE, scripts=False),
    Tour(language="en", screen=DESK, scripts=False),
)
"""French needs more room, so it has the smaller screen."""
