"""What is said to a colleague about no single case. What is said about one: `models.case.Message`."""

from enum import StrEnum

COLLEAGUE = "colleague"
"""The audience of such a letter."""


class Mailing(StrEnum):
    """Each has a folder of this name under templates/messages, a weekly letter under templates/letters."""

    SIGN_IN = "sign_in"
    """He asked for a link to sign in."""
    WEEKLY = "weekly"
    """The week in figures and two pictures."""
    WAITING = "waiting"
    """What waits for the reader himself."""
    BUNDLE = "bundle"
    """Many cases that he is asked to turn to, in one message."""
    TEXT_ANSWER = "text_answer"
    """What became of his own text: at once, whatever else he gets."""
