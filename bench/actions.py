"""What a history costs on Temporal Cloud, counted from its events.

Counted as Temporal's price list does: a start, every activity with each of its retries, every timer,
signal and accepted update, a search-attribute upsert and a continue-as-new are one action each.
"""

from collections import Counter
from dataclasses import dataclass

from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory

BILLED = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED: "start",
    EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED: "commit",
    EventType.EVENT_TYPE_TIMER_STARTED: "timer",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED: "signal",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED: "update",
    EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES: "upsert",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW: "continue as new",
}


@dataclass(frozen=True, slots=True)
class Cost:
    actions: int
    events: int
    bytes: int
    by_kind: dict[str, int]


def cost_of(history: WorkflowHistory) -> Cost:
    kinds = Counter(BILLED[e.event_type] for e in history.events if e.event_type in BILLED)
    kinds["retry"] = sum(
        event.activity_task_started_event_attributes.attempt - 1
        for event in history.events
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED
    )
    size = sum(event.ByteSize() for event in history.events)
    return Cost(sum(kinds.values()), len(history.events), size, dict(+kinds))
