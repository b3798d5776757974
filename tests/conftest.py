"""Fixtures for tests that run against real processes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.running import Running, installation


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One installation for all. Who uses it is marked `xdist_group("running")`, so that one worker has it."""
    with installation(tmp_path_factory.mktemp("installation")) as found:
        yield found
