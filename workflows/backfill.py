"""What lost deliveries left behind, asked for survey by survey and page by page."""

from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError

from models.backfill import BackfillAsked, BackfillEnd, BackfillStart, PageAsked, PageEnd
from workflows import ports

NOT_READY = timedelta(seconds=5)
"""Until a vendor that prepares its answer is asked how far it is."""
AWAY = "away"


@workflow.defn(name="BackfillWorkflow")
class BackfillWorkflow:
    """A survey that cannot be read to its end holds up no other."""

    @workflow.run
    async def run(self, start: BackfillStart) -> BackfillEnd:
        left = start.left if start.left is not None else await _plan(start)
        tally, problems = start.tally, start.problems
        while left:
            page, *others = left
            end = await _take(page)
            tally += end.tally
            if end.problem:
                problems += (f"{page.source}/{page.survey}: {end.problem}",)
            following = end.following(page)
            left = (*((following,) if following else ()), *others, *end.opened(page))
            if not end.ready:
                await workflow.sleep(NOT_READY)
            if left and workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(
                    BackfillStart(start.source, start.since, left, tally, problems)
                )
        return BackfillEnd(tally, problems)


async def _plan(start: BackfillStart) -> tuple[PageAsked, ...]:
    asked = BackfillAsked(workflow.now(), start.source, start.since)
    return (await ports.plan_backfill(asked)).pages


async def _take(page: PageAsked) -> PageEnd:
    try:
        return await ports.take_page(page)
    except ActivityError:
        return PageEnd(problem=AWAY)
