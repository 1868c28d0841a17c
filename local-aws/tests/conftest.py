"""The servers that the tests share, each started once."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
import trustme

from tests.artifacts import made_bucket
from tests.emulator import Emulator, running


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with running(tmp_path_factory.mktemp("emulator")) as server:
        yield server


@pytest.fixture(scope="session")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """Run one in authorization mode."""
    home = tmp_path_factory.mktemp("secured")
    certificate, key = home / "server.pem", home / "server.key"
    authority = trustme.CA()
    issued = authority.issue_cert("localhost")
    issued.private_key_pem.write_to_path(key)
    for pem in (*issued.cert_chain_pems, authority.cert_pem):
        pem.write_to_path(certificate, append=True)
    with running(home, AUTH="true", USE_SSL="1", MINISTACK_SSL_CERT=str(certificate), MINISTACK_SSL_KEY=str(key)) as emulator:
        yield emulator


@pytest.fixture
def name() -> str:
    """Think of a name that no other test uses."""
    return f"t{uuid4().hex[:10]}"


@pytest.fixture
def bucket(emulator: Emulator, name: str) -> str:
    """Give a bucket for artifacts."""
    return made_bucket(emulator, name)
