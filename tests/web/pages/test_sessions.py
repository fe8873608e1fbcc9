"""The page of one's own sessions, and what ends them."""

from datetime import timedelta

from models.store.organisations import apply_organisation
from tests.casework import SMALL
from tests.web.pages.arrivals import link_for, signed_in
from tests.web.pages.browser import Browser
from tests.web.pages.reception import Reception

PIXEL = "Mozilla/5.0 (Android 15; Mobile; rv:141.0) Gecko/141.0 Firefox/141.0"


async def test_who_becomes_somebody_else_leaves_no_session_behind(reception: Reception) -> None:
    dora = await signed_in(reception, "dora")
    before = dora.http.cookies["rappel_session"]

    await dora.post(await link_for(reception, "nora"))

    assert "Nora National" in (await dora.get("/account")).words
    former = Browser(reception.app, cookie=f"rappel_session={before}")
    assert (await former.get("/account")).status == 401


async def test_a_session_is_always_a_new_one(reception: Reception) -> None:
    """A cookie that somebody planted before signs nobody else in afterwards."""
    planted = await signed_in(reception, "dora")
    cookie = planted.http.cookies["rappel_session"]
    victim = Browser(reception.app)
    victim.http.cookies.set("rappel_session", cookie)

    await victim.post(await link_for(reception, "nora"))

    assert (await planted.get("/account")).status == 401


async def test_each_session_is_listed_with_its_device(reception: Reception) -> None:
    dora = await signed_in(reception, "dora", **{"user-agent": PIXEL})
    await signed_in(reception, "dora")

    page = await dora.get("/account")

    assert "Firefox, Android" in page.words
    assert "Appareil inconnu" in page.words
    assert page.words.count("celui-ci") == 1


async def test_a_session_is_ended_from_another_device(reception: Reception) -> None:
    dora, lost = await signed_in(reception, "dora"), await signed_in(reception, "dora")

    await dora.send((await dora.get("/account")).form("/account/end"))

    assert (await lost.get("/account")).status == 401
    assert (await dora.get("/account")).status == 200


async def test_nobody_ends_what_he_cannot_name(reception: Reception) -> None:
    dora, nora = await signed_in(reception, "dora"), await signed_in(reception, "nora")

    for handle in ("", "%", "0", "0" * 64):
        await dora.post("/account/end", {"session": handle})

    assert (await nora.get("/account")).status == 200
    assert (await dora.get("/account")).status == 200


async def test_all_others_end_at_once(reception: Reception) -> None:
    dora = await signed_in(reception, "dora")
    others = [await signed_in(reception, "dora") for _ in range(2)]

    await dora.post("/account/end-others")

    assert [(await other.get("/account")).status for other in others] == [401, 401]
    assert (await dora.get("/account")).status == 200


async def test_who_signs_out_is_out_everywhere_the_cookie_went(reception: Reception) -> None:
    dora = await signed_in(reception, "dora")
    cookie = dora.http.cookies["rappel_session"]

    await dora.post("/account/sign-out")

    assert "rappel_session" not in dora.http.cookies
    thief = Browser(reception.app, cookie=f"rappel_session={cookie}")
    assert (await thief.get("/account")).status == 401


async def test_when_somebody_was_last_seen_is_noted_now_and_then(reception: Reception) -> None:
    dora = await signed_in(reception, "dora")
    reception.clock.now += timedelta(hours=3)
    await dora.get("/account")

    assert "13h05" in (await dora.get("/account")).words


async def test_the_owner_shuts_a_lost_phone_out(reception: Reception) -> None:
    nora, dora = await signed_in(reception, "nora"), await signed_in(reception, "dora")
    link = await link_for(reception, "dora")

    await nora.send((await nora.get("/account/of/dora")).form("/end"))

    assert (await dora.get("/account")).status == 401
    assert (await Browser(reception.app).get(link)).status == 410


async def test_a_session_has_todays_rights(reception: Reception) -> None:
    dora = await signed_in(reception, "dora")
    assert (await dora.get("/board")).status == 403
    raised = SMALL.read_text().replace("role: director", "role: executive")

    await apply_organisation(
        reception.casework.database, raised, name="raised.yaml", at=reception.clock()
    )

    assert (await dora.get("/board")).status == 200
