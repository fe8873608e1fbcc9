"""The addresses behind which a one-time token opens: a colleague's door, and the customer's two."""

from datetime import timedelta

COLLEAGUE_LINK_LIFE = timedelta(days=7)
CUSTOMER_LINK_LIFE = timedelta(days=30)
RESURVEY = "resurvey"
"""What a customer's link asks, where it is not about his open case."""


def colleague_link(public_url: str, token: str) -> str:
    return f"{public_url}/l/{token}"


def resurvey_link(public_url: str, token: str) -> str:
    return f"{public_url}/s/{token}"


def customer_link(public_url: str, token: str) -> str:
    return f"{public_url}/c/{token}"
