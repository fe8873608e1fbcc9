"""When a password may travel."""

import pytest

from models.mail_server import read_mail_server


@pytest.mark.parametrize(
    ("url", "insists"),
    [
        ("smtp://user:word@mail.example", True),
        ("smtp://mail.example", False),
        ("smtps://user:word@mail.example", False),
        ("smtp://user:word@127.0.0.1:2525", False),
    ],
)
def test_a_password_insists_on_encryption_on_its_way(url: str, *, insists: bool) -> None:
    assert read_mail_server(url, sender="rappel@house.example").insists is insists
