import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import cast

import pytest
import structlog

from machine.logs import set_up_logs
from models.errors import NotUnderstood, WrongMove
from settings import LogFormat

Lines = Callable[[], list[dict[str, object]]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What was logged so far, read back from the lines of JSON."""
    before = logging.root.handlers[:]
    set_up_logs(LogFormat.JSON)
    (handler,) = logging.root.handlers
    written = io.StringIO()
    cast("logging.StreamHandler[io.StringIO]", handler).setStream(written)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logging.root.handlers[:] = before
    structlog.reset_defaults()


def test_an_event_is_one_line_with_its_facts(lines: Lines) -> None:
    structlog.get_logger("test").info("intent_sent", case="c1", attempt=2)

    (line,) = lines()
    assert (line["event"], line["case"], line["attempt"]) == ("intent_sent", "c1", 2)
    assert (line["level"], line["logger"]) == ("info", "test")


def test_libraries_log_in_the_same_form(lines: Lines) -> None:
    logging.getLogger("library").warning("pool of %s closed", 3, extra={"case": "c1"})

    (line,) = lines()
    assert (line["event"], line["case"]) == ("pool of 3 closed", "c1")


def test_personal_values_are_withheld_however_deep(lines: Lines) -> None:
    structlog.get_logger().info("heard", customer={"phone": "+33199001234", "id": "k1"})

    (line,) = lines()
    assert line["customer"] == {"phone": "[withheld]", "id": "k1"}


@pytest.mark.parametrize("log", [logging.getLogger("library"), structlog.get_logger()])
def test_a_foreign_exception_is_told_without_its_words(lines: Lines, log: logging.Logger) -> None:
    try:
        raise ConnectionError("no route to +33199001234")
    except ConnectionError:
        log.exception("carrier_failed")

    (line,) = lines()
    assert "+33199001234" not in str(line)
    assert str(line["exception"]).startswith("ConnectionError (test_logs.py:")


def test_our_own_errors_keep_their_sentence_and_their_cause(lines: Lines) -> None:
    try:
        try:
            raise KeyError("+33199001234")
        except KeyError as cause:
            raise WrongMove("closed", "The case is closed.") from cause
    except WrongMove:
        structlog.get_logger().exception("refused")

    (line,) = lines()
    assert "+33199001234" not in str(line)
    assert str(line["exception"]).startswith("WrongMove: The case is closed. (test_logs.py:")
    assert "<- KeyError" in str(line["exception"])


def test_what_a_sender_got_wrong_is_not_quoted(lines: Lines) -> None:
    structlog.get_logger().info("refused", exc_info=NotUnderstood("no such day: 'Ann Example'"))

    assert "Ann Example" not in str(lines())
