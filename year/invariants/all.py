"""All invariants, in the order of a case's life."""

from collections.abc import Sequence

from year.invariants import arrivals, clocks, gestures, letters, people, promises
from year.invariants.verdict import Invariant, Verdict, verdict_of
from year.tables import Tables

INVARIANTS: Sequence[Invariant] = (
    arrivals.every_detractor_has_a_case_or_a_recorded_reason,
    arrivals.every_delivery_became_a_response_or_names_its_fault,
    arrivals.every_response_of_a_case_was_heard_by_it,
    arrivals.a_customer_has_one_open_case_at_a_time,
    arrivals.a_timeline_misses_no_commit,
    letters.letters_leave_in_the_working_time_of_whom_they_are_for,
    letters.nothing_waits_in_the_outbox_that_could_leave,
    letters.nobody_is_told_the_same_twice_by_one_move,
    clocks.a_rung_fires_once,
    clocks.a_rung_fires_within_a_second,
    letters.nobody_is_reminded_twice_in_a_minute,
    letters.nobody_is_nagged_after_the_act_that_answered,
    letters.no_letter_is_withdrawn_without_an_act_a_new_owner_or_the_end,
    letters.nothing_leaves_after_the_end_but_the_last_words,
    clocks.an_open_case_has_a_next_instant,
    people.who_gets_a_case_takes_cases_and_is_there,
    people.who_has_an_open_case_takes_cases_and_is_there,
    people.a_case_that_is_handed_up_changes_hands_or_says_why_not,
    clocks.a_case_that_rests_leaves_everybody_in_peace,
    promises.every_promise_has_its_word,
    promises.a_promise_that_passes_is_noted_at_its_date,
    gestures.a_gesture_that_needs_a_yes_is_answered_or_still_asked,
    gestures.who_says_yes_was_asked_or_has_the_authority,
    gestures.who_is_asked_and_silent_is_reminded_or_passed_over,
    gestures.the_customer_hears_of_a_gesture_after_the_yes_only,
    clocks.a_target_ends_by_timestamps_or_runs,
    people.a_closed_case_has_its_grounds,
    people.who_asked_not_to_be_called_is_not_called,
    arrivals.every_act_was_answered,
    arrivals.what_the_audit_found_was_mended,
    arrivals.every_stamp_lies_in_the_time_that_was_played,
)


def judge(tables: Tables) -> Sequence[Verdict]:
    return [verdict_of(invariant, tables) for invariant in INVARIANTS]
