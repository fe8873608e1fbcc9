"""The figures that the API gives, against those that an independent query finds in the event log."""

from collections.abc import Iterator, Sequence

from httpx2 import AsyncClient
from pydantic import TypeAdapter

from models.figures import Asked, Figures
from tests.plain_figures import Log, Told, asked_for, plain, plain_causes, read_log, told
from year.invariants.verdict import Verdict
from year.stage import Stage

_FIGURES = TypeAdapter(Figures)


async def judge_figures(stage: Stage) -> Verdict:
    """All of them together, by region, by trade and by month, for some questions."""
    log, found = await read_log(stage.house, stage.clock()), list[str]()
    checked = 0
    for asked in _questions(log):
        told_by_api = await ask(stage, asked)
        for where, by_api, by_log in _pairs(told_by_api, log, asked):
            checked += len(by_log)
            found += [f"{asked}, {where}: {each}" for each in differences(by_api, by_log)]
    return Verdict("The figures of the API are those of the event log", checked, found)


async def ask(stage: Stage, asked: Asked) -> Figures:
    token = stage.house.settings.api_token.get_secret_value()
    given = {"from": asked.first, "to": asked.last, "region": asked.region, "trade": asked.trade}
    wanted = {name: word for name, word in given.items() if word} | {"days": str(asked.days)}
    http: AsyncClient = stage.doors.http
    answer = await http.get(
        "/api/figures", params=wanted, headers={"authorization": f"Bearer {token}"}
    )
    return _FIGURES.validate_json(answer.raise_for_status().content)


def _questions(log: Log) -> Sequence[Asked]:
    months = sorted({log.month(response) for response in log.responses})
    region = min({response.region for response in log.responses if response.region})
    return (
        Asked(),
        Asked(days=7),
        Asked(months[len(months) // 2], months[len(months) // 2]),
        Asked(region=region, days=90),
        Asked(months[0], months[-1], region, "works", 14),
    )


def _pairs(found: Figures, log: Log, asked: Asked) -> Iterator[tuple[str, Told, Told]]:
    responses = asked_for(log, asked)
    yield "overall", told(found.overall), plain(log, responses, asked.days)
    causes = {str(of.cause): of.cases for of in found.causes}
    by_log = {str(cause): n for cause, n in plain_causes(log, responses).items()}
    yield "causes", dict(causes), dict(by_log)
    for region in found.by_region:
        some = [r for r in responses if r.region == region.region]
        yield str(region.region), told(region.measured), plain(log, some, asked.days)
    for trade in found.by_trade:
        some = [r for r in responses if r.trade == trade.trade]
        yield str(trade.trade), told(trade.measured), plain(log, some, asked.days)
    for month in found.by_period:
        some = [r for r in responses if log.month(r) == month.period]
        yield month.period, told(month.measured), plain(log, some, asked.days)


def differences(by_api: Told, by_log: Told) -> Iterator[str]:
    for name in sorted(by_api.keys() | by_log.keys()):
        if by_api.get(name) != by_log.get(name):
            yield f"{name} is {by_api.get(name)}, by the log {by_log.get(name)}"
