import socket
from collections.abc import Iterator

import pytest

from machine.port import free_port_for_temporal, is_free, require_free
from models.errors import Misconfigured


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as door:
        yield door.getsockname()[1]


def test_a_taken_port_is_named_with_the_variable_to_set(taken: int) -> None:
    with pytest.raises(Misconfigured, match=rf"Port {taken} .* is taken .*RAPPEL_PORT"):
        require_free("127.0.0.1", taken)


def test_another_port_is_found_for_temporal(taken: int) -> None:
    found = free_port_for_temporal(taken)

    assert found != taken
    assert is_free("127.0.0.1", found)


def test_temporal_avoids_a_port_whose_web_interface_could_not_listen(taken: int) -> None:
    assert free_port_for_temporal(taken - 1000) != taken - 1000


def test_temporal_leaves_the_port_of_the_web_alone() -> None:
    wanted = free_port_for_temporal(18233)

    assert free_port_for_temporal(wanted, spare=wanted) != wanted
    assert free_port_for_temporal(wanted, spare=wanted + 1000) != wanted


def test_a_host_that_is_not_ours_is_refused_by_its_variable() -> None:
    with pytest.raises(Misconfigured, match="RAPPEL_HOST"):
        require_free("no host at all", 8080)
