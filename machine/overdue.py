"""What is typed about cases that are late by new rules."""

from enum import StrEnum


class Overdue(StrEnum):
    """What becomes of a case whose target is over by the new rules."""

    WITH_TIME = "with-time"
    """Its owner gets the time of an acknowledgement."""
    NOW = "now"
