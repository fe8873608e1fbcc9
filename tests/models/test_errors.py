"""The tree of errors stands in the docstring as it stands in the code."""

import re
from collections.abc import Iterator

import pytest

from models import errors
from models.errors import NotUnderstood, Passing, RappelError, Refused, WhoActs, WrongMove

LINE = re.compile(
    r"^(?P<branch>[│├└─ ]*)(?P<name>[A-Z]\w+)\b *(?:[a-z]+ +)?(?P<status>\d{3})?", re.MULTILINE
)


def _written() -> Iterator[tuple[str, int, int | None]]:
    """Name, depth and status of each line drawn; a line without a status inherits one."""
    drawing = (errors.__doc__ or "").split("\n\n")[1]
    for line in LINE.finditer(drawing):
        status = line["status"]
        yield line["name"], len(line["branch"]) // 4, int(status) if status else None


def _classes(root: type[RappelError], depth: int = 0) -> Iterator[tuple[type[RappelError], int]]:
    yield root, depth
    for branch in root.__subclasses__():
        if branch.__module__ == errors.__name__:
            yield from _classes(branch, depth + 1)


def test_the_drawn_tree_is_the_tree_of_classes() -> None:
    drawn = [(name, depth) for name, depth, _ in _written()]

    assert drawn == [(found.__name__, depth) for found, depth in _classes(RappelError)]


def test_every_drawn_status_is_the_one_that_is_answered() -> None:
    drawn = {name: status for name, _, status in _written() if status}

    assert drawn == {name: getattr(errors, name).status for name in drawn}
    assert {"WrongMove", "Passing"} <= set(drawn)


@pytest.mark.parametrize("error", [found for found, _ in _classes(RappelError)])
def test_only_what_passes_by_itself_asks_nobody_to_act(error: type[RappelError]) -> None:
    assert error.passing is issubclass(error, Passing)
    assert (error.who_acts is WhoActs.NOBODY) is error.passing


def test_a_code_is_the_name_in_snake_case() -> None:
    assert WrongMove("closed", "The case is closed.").code == "wrong_move"


def test_a_wrong_move_carries_its_rule_and_a_misreading_its_place() -> None:
    assert WrongMove("closed", "The case is closed.").rule == "closed"
    assert NotUnderstood("Not a number.", place="customer.phone").place == "customer.phone"
    assert issubclass(NotUnderstood, Refused)
