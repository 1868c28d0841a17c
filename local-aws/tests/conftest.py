"""The server that the tests share, started once."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.emulator import Emulator, running


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with running(tmp_path_factory.mktemp("emulator")) as server:
        yield server


@pytest.fixture
def name() -> str:
    """Think of a name that no other test uses."""
    return f"t{uuid4().hex[:10]}"
