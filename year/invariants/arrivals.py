"""What came in, and what was answered."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from models.tables import CaseRow
from year.invariants.verdict import Wrong, name_of, unless
from year.tables import Tables


def every_detractor_has_a_case_or_a_recorded_reason(tables: Tables) -> Iterator[Wrong]:
    for response in tables.responses:
        thresholds = tables.in_force(response.received_at).unhappy_up_to
        limits = {str(metric): limit for metric, limit in thresholds.items()}
        if response.score <= limits[response.metric]:
            has_case = response.case_id in tables.cases
            told = has_case is not (response.reason == "no_way_to_reach")
            yield unless(told, f"{response.response_id} has neither a case nor a reason")


def every_delivery_became_a_response_or_names_its_fault(tables: Tables) -> Iterator[Wrong]:
    known = {response.id for response in tables.responses}
    for delivery in tables.deliveries:
        good = delivery.response_row in known or bool(delivery.problem)
        yield unless(good, f"delivery {delivery.id} came to nothing")


def every_response_of_a_case_was_heard_by_it(tables: Tables) -> Iterator[Wrong]:
    for response in tables.responses:
        if case := tables.cases.get(response.case_id or ""):
            heard = response.consumed_seq is not None and 1 <= response.consumed_seq <= case.seq
            yield unless(heard, f"{response.response_id} was not heard by {name_of(case)}")


def a_customer_has_one_open_case_at_a_time(tables: Tables) -> Iterator[Wrong]:
    by_customer: defaultdict[str, list[CaseRow]] = defaultdict(list)
    for case in tables.cases.values():
        by_customer[case.customer_id].append(case)
    for cases in by_customer.values():
        lives = sorted((case.opened_at, case.closed_at or tables.now) for case in cases)
        alone = all(ended <= begins for (_, ended), (begins, _) in pairwise(lives))
        yield unless(alone, f"{name_of(cases[0])} was open beside another case of its customer")


def a_timeline_misses_no_commit(tables: Tables) -> Iterator[Wrong]:
    for case in tables.cases.values():
        numbers = sorted({entry.seq for entry in tables.of(case.id)})
        whole = numbers == list(range(1, case.seq + 1))
        yield unless(whole, f"the timeline of {name_of(case)} has a hole")


def every_act_was_answered(tables: Tables) -> Iterator[Wrong]:
    for act in tables.acts:
        answered = (act.seq is None) is not (act.refusal is None)
        yield unless(answered, f"{act.kind} of {act.actor} at {act.received_at}")


def what_the_audit_found_was_mended(tables: Tables) -> Iterator[Wrong]:
    for finding in tables.findings:
        mended = finding.repaired_at is not None and finding.ended_at is not None
        yield unless(mended, f"{finding.finding} of {finding.case_id} since {finding.found_at}")


def every_stamp_lies_in_the_time_that_was_played(tables: Tables) -> Iterator[Wrong]:
    """A real clock somewhere would show another year. What is planned, or looked back to, lies near it."""
    near = timedelta(days=120)
    for column, (first, last) in tables.stamps.items():
        good = tables.since - near <= first and last <= tables.now + near
        yield unless(good, f"{column} goes from {first} to {last}")
