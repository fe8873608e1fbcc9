"""The figures as rows, one number each: the long form that spreadsheets and other tools read."""

from collections.abc import Iterator

from models.figures import Figures, Measured, OnBothClocks, Wait
from models.money import Money
from models.rates import Rate
from web.board.exports import Row
from web.board.names import Names

HEAD: Row = ("of", "id", "name", "figure", "part", "n", "d", "value", "low", "high")
"""The words are the same in every language, so that what reads the file goes on reading it."""
HOUR = 3600


def rows_of(figures: Figures, names: Names) -> Iterator[Row]:
    """Shares are in 0 … 1 with their 95 % interval, waits in hours: n happened, d − n still wait."""
    yield HEAD
    yield from _all("all", "", "", figures.overall)
    for region in figures.by_region:
        yield from _all("region", region.region, names.region(region.region), region.measured)
    for trade in figures.by_trade:
        yield from _all("trade", trade.trade, names.trade(trade.trade), trade.measured)
    for period in figures.by_period:
        yield from _all("month", period.period, period.period, period.measured)
    for cause in figures.causes:
        label = names.causes.get(cause.cause or "", "")
        for part, n in (("all", cause.cases), ("playbook", cause.played)):
            yield ("cause", cause.cause, label, "cases", part, n, None, None, None, None)
        for row in _costs(cause.cost):
            yield ("cause", cause.cause, label, *row)


def _all(of: str, id_: str | None, name: str, measured: Measured) -> Iterator[Row]:
    for row in _figures(measured):
        yield (of, id_, name, *row)


def _figures(measured: Measured) -> Iterator[Row]:
    yield from _counts(measured)
    yield _share("quality", "all", measured.quality)
    yield _share("service_level", "all", measured.service_level)
    yield from _loop(measured)
    yield _share("contact", "all", measured.contact)
    waits = measured.waits
    for until, wait in (
        ("attempt", waits.attempt),
        ("contact", waits.contact),
        ("close", waits.close),
    ):
        yield from _waits(f"time_to_{until}", wait)
    yield _share("attainment", "all", measured.attainment.overall)
    for target, rate in measured.attainment.by_target.items():
        yield _share("attainment", target, rate)
    yield _share("promises", "kept", measured.promises)
    yield _share("remediation", "in_time", measured.in_time)
    yield _share("remediation", "refused", measured.refusals)
    yield from _costs(measured.cost)
    yield _share("referrals", "all", measured.referrals)
    for channel, contacted in measured.by_hand.items():
        yield _share("by_hand", channel, contacted)
    for way, covered in measured.back_filed.items():
        yield _share("back_filed", way, covered)
    yield _share("recovery", "recovered", measured.recovery.recovered)
    yield _share("recovery", "answered", measured.recovery.answered)
    yield _share("recovery", "floor", measured.recovery.floor)
    for step in measured.escalation:
        yield _share("escalation", str(step.level), step.reached)
    yield _share("coverage", "covered", measured.coverage.covered)
    for reason, n in measured.coverage.others.items():
        yield ("coverage", reason, n, measured.responses, None, None, None)
    for word, n in measured.coverage.unread.items():
        yield ("coverage", word, n, None, None, None, None)


def _costs(costs: tuple[Money, ...]) -> Iterator[Row]:
    """In the whole unit of the currency, which is the part."""
    for cost in costs:
        yield ("cost", cost.currency, None, None, cost.cents / 100, None, None)


def _counts(measured: Measured) -> Iterator[Row]:
    for figure, n in (
        ("answers", measured.answers),
        ("responses", measured.responses),
        ("reachable", measured.reachable),
        ("cases", measured.cases),
        ("backlog", measured.backlog),
        ("stalled", measured.stalled),
    ):
        yield (figure, "all", n, None, None, None, None)


def _loop(measured: Measured) -> Iterator[Row]:
    loop = measured.closed_loop
    figure = f"closed_loop_{loop.days}"
    yield _share(figure, "closed", loop.closed)
    yield _share(figure, "confirmed", loop.confirmed)
    yield _share(figure, "unreachable", loop.unreachable)
    yield _share(figure, "withdrawn", loop.withdrawn)
    yield _share(figure, "reopened", loop.reopened)


def _waits(figure: str, both: OnBothClocks) -> Iterator[Row]:
    for clock, wait in (("wall", both.wall), ("working", both.working)):
        yield from _wait(figure, clock, wait)


def _wait(figure: str, clock: str, wait: Wait) -> Iterator[Row]:
    n, d = wait.happened, wait.happened + wait.waiting
    for part, seconds in (("median", wait.median), ("p90", wait.p90), ("mean", wait.mean)):
        hours = None if seconds is None else seconds / HOUR
        yield (figure, f"{clock}_{part}_hours", n, d, hours, None, None)


def _share(figure: str, part: str, rate: Rate) -> Row:
    return (figure, part, rate.n, rate.d, rate.value, rate.low, rate.high)
