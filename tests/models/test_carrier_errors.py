"""Each error of the carrier's, row by row, has one answer."""

import pytest

from models.carrier_errors import (
    Remedy,
    Silence,
    is_listed,
    remedy_of,
    remedy_of_answer,
    silence_after,
)

ROWS = {
    Remedy.LATER: (20429, 21611, 30001, 10004),
    Remedy.FIX_NUMBER: (21211, 21201, 21217, 21614, 21635, 21612, 21214, 30005, 30006),
    Remedy.SUPPRESS: (21610,),
    Remedy.NOT_REACHED: (30003, 30008, 30036),
    Remedy.BLOCKED: (30004, 30007),
    Remedy.OPERATOR: (
        21408,
        21215,
        13227,
        21212,
        21606,
        21603,
        21210,
        21657,
        21659,
        21703,
        30024,
        30042,
    ),
    Remedy.BREAK: (20003, 20005, 30002),
}
EACH = [(code, remedy) for remedy, codes in ROWS.items() for code in codes]


def test_every_remedy_has_its_errors() -> None:
    assert ROWS.keys() == {*Remedy}


@pytest.mark.parametrize(("code", "remedy"), EACH)
def test_a_code_has_one_remedy_in_an_answer_and_in_later_news(code: int, remedy: Remedy) -> None:
    assert is_listed(code)
    assert remedy_of(code) is remedy
    assert remedy_of_answer(400, code) is remedy


@pytest.mark.parametrize(
    ("status", "code", "remedy"),
    [
        (429, 0, Remedy.LATER),
        (429, 20429, Remedy.LATER),
        (401, 0, Remedy.BREAK),
        (401, 20003, Remedy.BREAK),
        (403, 0, Remedy.BREAK),
        (403, 20005, Remedy.BREAK),
        (403, 21610, Remedy.SUPPRESS),
        (400, 0, Remedy.OPERATOR),
        (404, 20404, Remedy.BREAK),
        (422, 422, Remedy.OPERATOR),
    ],
)
def test_the_status_tells_where_the_code_does_not(status: int, code: int, remedy: Remedy) -> None:
    assert remedy_of_answer(status, code) is remedy


@pytest.mark.parametrize("status", [302, 408, 500, 502, 503, 504])
def test_what_may_have_been_processed_is_neither_yes_nor_no(status: int) -> None:
    assert remedy_of_answer(status, 0) is None
    assert remedy_of_answer(status, 20429) is None


@pytest.mark.parametrize(("code", "remedy"), EACH)
def test_only_who_opted_out_and_dead_numbers_are_silenced(code: int, remedy: Remedy) -> None:
    silences = {Remedy.SUPPRESS: Silence.OPTED_OUT, Remedy.FIX_NUMBER: Silence.DEAD_NUMBER}
    assert silence_after(code) is silences.get(remedy)


def test_of_an_error_that_nobody_has_met_the_operator_is_told() -> None:
    assert remedy_of(99999) is Remedy.OPERATOR
    assert not is_listed(99999)
    assert silence_after(99999) is None
