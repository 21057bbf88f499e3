"""Two doors and two engines over one PostgreSQL, behind nginx."""

import socket
from collections.abc import Iterator

import pytest

from tests.machines.installation import NGINX, Installation, installation


def free_ports(count: int) -> list[int]:
    """Different ports that nobody listens on."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


@pytest.fixture(scope="session")
def machines(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    if not NGINX:
        pytest.skip("nginx is not installed; scripts/nginx installs Debian's")
    with installation(postgres, tmp_path_factory.mktemp("machines"), free_ports(7)) as running:
        yield running
