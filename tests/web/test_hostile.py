"""What somebody sends who means no good: into pages, into headers, and at other people's cases."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from httpx2 import Response
from ruamel.yaml import YAML

from models.actions import Attempt, Reached
from models.survey import Identity
from models.vault import Vault
from tests.casework import UNHAPPY
from tests.web.doors import Door
from tests.web.staff import Staff, staffed_house, with_strangers
from tests.web.test_rights import OPEN_TO

MARK = "0wned"
HOSTILE = f"""<script>{MARK}</script>"><img src=x onerror={MARK}> '{{{{7*7}}}} javascript:{MARK}"""
"""Breaks out of text, of an attribute and of a template."""
ANSWER = replace(
    UNHAPPY,
    response_id=HOSTILE,
    survey_id=HOSTILE,
    comment=HOSTILE,
    facts={HOSTILE: HOSTILE, "lot": HOSTILE},
    customer=Identity(HOSTILE, HOSTILE, f"{MARK}@client.example", "+33639981234"),
    touchpoint=HOSTILE,
)
PAGES = [door for door in OPEN_TO if door[0] == "GET" and not door[1].startswith("/api")]
READERS = ("owner", "national_owner", "executive", "operator")
BREAKS = ("%0d%0aSet-Cookie:%20a=b", "%0aX-A:%20b", "%E5%98%8A%E5%98%8DX-A:b")


class Broken(HTMLParser):
    """Finds elements and attributes that nobody of us wrote."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name.startswith("on") or (value or "").strip().startswith("javascript:"):
                self.found.append(f"{tag} {name}")
        if tag in {"script", "img"} and not dict(attrs).get("src", "").startswith("/"):  # type: ignore[union-attr]
            self.found.append(tag)


def spoilt(written: object) -> object:
    """The same organisation, in which every name and motto is hostile."""
    match written:
        case dict():
            return {
                k: _evil(v) if k in {"name", "motto"} else spoilt(v) for k, v in written.items()
            }
        case list():
            return [spoilt(each) for each in written]
        case _:
            return written


def _evil(label: object) -> object:
    return dict.fromkeys(label, HOSTILE) if isinstance(label, dict) else HOSTILE


@pytest.fixture(scope="module")
async def staff(
    migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory, vault: Vault
) -> AsyncIterator[Staff]:
    """Whatever a survey, an organisation file or a colleague can say has been said."""
    written = json.dumps(spoilt(YAML(typ="safe").load(with_strangers())), default=str)
    folder = tmp_path_factory.mktemp("hostile")
    async with staffed_house(
        migrated_sqlite, folder, vault, organisation=written, answer=ANSWER
    ) as staff:
        await _say_everything(staff)
        yield staff


async def _say_everything(staff: Staff) -> None:
    """A call with a note, and a draft of the next one."""
    case, sent = staff.directors_case, {"outcome": "reached", "note": HOSTILE}
    await _as(staff, "owner", "POST", f"/cases/{case}/attempts", sent)
    state = await staff.reception.casework.state(case)
    await staff.reception.apply_kept(state, Attempt(Reached.REACHED))
    await _as(staff, "owner", "POST", f"/cases/{case}/drafts/cause", {"words": HOSTILE})


async def _as(
    staff: Staff, visitor: str, method: str, path: str, sent: Mapping[str, str] | None = None
) -> Response:
    cookie = (await staff.cookies())[visitor]
    headers = {"accept": "text/html", **({"cookie": cookie} if cookie else {})}
    return await staff.http.request(method, path, headers=headers, data=dict(sent or {}))


@pytest.mark.parametrize("door", PAGES, ids=" ".join)
async def test_no_name_and_no_word_becomes_part_of_a_page(staff: Staff, door: Door) -> None:
    cookies = await staff.cookies()

    for visitor in READERS:
        answered = await staff.knock(visitor, door, cookies[visitor])
        if "html" in answered.headers.get("content-type", ""):
            assert Broken(answered.text).found == []
            assert f"<script>{MARK}" not in answered.text
            assert "49 javascript" not in answered.text, "a template in it was rendered"


@pytest.mark.parametrize("path", ["/cases/{}", "/inbox", "/account", "/outbox"])
async def test_what_is_hostile_does_stand_there(staff: Staff, path: str) -> None:
    page = await _as(staff, "owner", "GET", path.format(staff.directors_case))
    assert f"&lt;script&gt;{MARK}" in page.text


@pytest.mark.parametrize("act", ["attempts", "cause", "actions", "hand-over", "close", "wrap-up"])
async def test_what_was_refused_comes_back_as_text(staff: Staff, act: str) -> None:
    fields = ("outcome", "cause", "note", "words", "what", "to", "reason", "due", "answer", "key")
    sent = dict.fromkeys(fields, HOSTILE)

    page = await _as(staff, "owner", "POST", f"/cases/{staff.directors_case}/{act}", sent)

    assert page.status_code == 422
    assert Broken(page.text).found == []


@pytest.mark.parametrize("broken", BREAKS)
async def test_no_line_break_reaches_a_header(staff: Staff, broken: str) -> None:
    case = staff.directors_case
    asked = (
        ("GET", f"/cases/{case}{broken}"),
        ("POST", f"/cases/{case}{broken}/acknowledge"),
        ("POST", f"/cases/{case}/drafts/attempt{broken}"),
        ("GET", f"/board?region={broken}"),
        ("GET", f"/board.csv?region={broken}"),
        ("POST", f"/account/of/dora{broken}/end"),
        ("GET", f"/l/{broken}"),
        ("GET", f"/outbox/{broken}"),
    )
    for visitor in ("national_owner", "nobody"):
        for method, path in asked:
            answered = await _as(staff, visitor, method, path)
            assert answered.status_code < 500, path
            assert not {"a", "x-a"} & (answered.headers.keys() | answered.cookies.keys())
            assert not any("\r" in v or "\n" in v for v in answered.headers.values())


async def test_a_path_remembered_for_later_breaks_no_header_either(staff: Staff) -> None:
    asked = await _as(staff, "nobody", "GET", f"/board?region={BREAKS[0]}")
    wanted = asked.headers["set-cookie"].partition(";")[0]
    assert BREAKS[0] not in wanted
    assert len(asked.headers.get_list("set-cookie")) == 1


@pytest.mark.parametrize("visitor", ["other_region", "other_partner", "operator", "executive"])
async def test_anothers_case_shows_its_customer_to_nobody(staff: Staff, visitor: str) -> None:
    """By address, by search and by the API in his name; a draft of his keeps nothing there."""
    cookies = await staff.cookies()
    shown = [
        (await staff.knock(visitor, door, cookies[visitor])).text
        for door in (
            ("GET", "/cases/{case_id}"),
            ("POST", "/search"),
            ("GET", "/inbox"),
            ("GET", "/round"),
            ("GET", "/api/cases"),
            ("GET", "/api/cases/{case_id}"),
        )
    ]

    secrets = (f"{MARK}@client.example", "33639981234", "9981234", "lot")
    assert [secret for secret in secrets if any(secret in text for text in shown)] == []


@pytest.mark.parametrize("visitor", ["other_region", "other_partner", "operator"])
async def test_the_api_lists_for_a_person_what_he_may_read(staff: Staff, visitor: str) -> None:
    answered = await staff.knock(visitor, ("GET", "/api/cases"), None)
    assert answered.json()["items"] == []
    assert len((await staff.knock("executive", ("GET", "/api/cases"), None)).json()["items"]) == 2


async def test_the_api_names_who_was_probably_meant(staff: Staff) -> None:
    headers = {"authorization": f"Bearer {staff.reception.settings.api_token.get_secret_value()}"}
    answered = await staff.http.get("/api/cases?by=norra", headers=headers)
    assert (answered.status_code, answered.json()["error"]["place"]) == (422, "by")
    assert "nora" in answered.json()["error"]["detail"]
