"""Figures made by hand: what a page or a picture shows does not depend on how they were counted."""

from models.figures import (
    Attainment,
    ClosedLoop,
    Coverage,
    Escalation,
    Lateness,
    Measured,
    OfPeriod,
    OfRegion,
    OnBothClocks,
    Recovery,
    Wait,
    Waits,
)
from models.ladder import Target
from models.rates import rate

HOUR = 3600.0


def measured(responses: int, closed: int, *, old_enough: int | None = None) -> Measured:
    """`closed` of those that are old enough, by default all of them."""
    old = responses if old_enough is None else old_enough
    wait = Wait(closed, responses - closed, 4 * HOUR, 20 * HOUR, 7 * HOUR)
    both = OnBothClocks(wait, wait)
    return Measured(
        answers=4 * responses,
        responses=responses,
        reachable=responses,
        cases=responses,
        backlog=responses - closed,
        late=1,
        quality=rate(closed // 2, closed),
        service_level=rate(closed, responses),
        coverage=Coverage(rate(responses, responses), {}),
        contact=rate(closed, responses),
        waits=Waits(both, both, both),
        closed_loop=ClosedLoop(
            30, rate(closed, old), rate(closed // 2, old), rate(0, old), rate(0, old), rate(1, old)
        ),
        attainment=Attainment(rate(closed, responses), {Target.CONTACT: rate(closed, responses)}),
        escalation=(Escalation(1, rate(1, responses)),),
        lateness=Lateness(0, None, None, None),
        promises=rate(closed, responses),
        in_time=rate(closed, responses),
        refusals=rate(0, responses),
        referrals=rate(closed // 4, closed),
        recovery=Recovery(rate(closed // 4, closed // 2), rate(1, 2), rate(closed // 4, closed)),
    )


def of_region(region: str | None, responses: int, closed: int) -> OfRegion:
    return OfRegion(region, responses < 30, measured(responses, closed))


PERIODS = (
    OfPeriod("2026-11", measured(40, 20)),
    OfPeriod("2026-12", measured(50, 40)),
    OfPeriod("2027-01", measured(9, 0, old_enough=0)),
)
CAUSES = (("Réserves non levées", 12), ("Personne ne répond", 7), ("Retard", 1))
