"""Which gestures are drawn for review: without favour, and the same ones whenever it is asked."""

import pytest

from models.reviews import is_drawn
from models.vault import Vault

MANY = 20_000
DEVIATIONS = 5


@pytest.mark.parametrize("share", [0.05, 0.1, 0.5, 0.9])
def test_the_share_is_kept_over_many_gestures(share: float) -> None:
    vault = Vault(b"k" * 32)
    drawn = sum(
        is_drawn(vault.index("gesture_review", f"case-{n}", "1"), share) for n in range(MANY)
    )

    spread = (MANY * share * (1 - share)) ** 0.5
    assert abs(drawn - MANY * share) < DEVIATIONS * spread


def test_who_does_not_have_the_key_cannot_foresee_it() -> None:
    ours, others = Vault(b"k" * 32), Vault(b"o" * 32)
    cases = [f"case-{n}" for n in range(200)]

    def draws(vault: Vault) -> list[bool]:
        return [is_drawn(vault.index("gesture_review", case, "1"), 0.5) for case in cases]

    assert draws(ours) == draws(ours) != draws(others)


@pytest.mark.parametrize(("share", "expected"), [(0.0, False), (1.0, True)])
def test_nothing_and_all_are_shares_too(share: float, *, expected: bool) -> None:
    assert {is_drawn(index * 16, share) for index in "0123456789abcdef"} - {expected} == set()
