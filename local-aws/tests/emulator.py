"""Start and stop a server for the tests."""

import contextlib
import os
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

ROOT = Path(__file__).parent.parent
ACCOUNT = "111111111111"
REGION = "eu-central-1"

_READY_WITHIN = 60.0
_STOPPED_WITHIN = 30.0


class Emulator:
    """One server process on a port of its own; its state lies in ``home`` and outlives it."""

    def __init__(self, home: Path, **environment: str) -> None:
        self.scheme = "https" if environment.get("USE_SSL") == "1" else "http"
        self.log = home / "server.log"
        self._home = home
        self._environment = environment
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._clients: dict[tuple[str, ...], Any] = {}

    def start(self) -> None:
        """Start, and return when the server answers its probe."""
        self._port = _free_port()
        for folder in ("state", "s3", "tmp"):
            (self._home / folder).mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "overlay"], cwd=ROOT, env=self._variables(), stdout=output, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + _READY_WITHIN
        while not self._ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The server did not become ready:\n{self.log.read_text()}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Send SIGTERM and wait until the state is written."""
        if self._process:
            for client in self._clients.values():
                client.close()  # An open connection would hold the server back.
            self._clients.clear()
            self._process.terminate()
            try:
                self._process.wait(_STOPPED_WITHIN)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
                raise
            self._process = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"{self.scheme}://localhost:{self._port}"

    def client(
        self,
        service: str,
        account: str = ACCOUNT,
        region: str = REGION,
        secret: str = "unchecked",  # noqa: S107 - an account's own key
        token: str | None = None,
    ) -> Any:
        """Give a client for an account (or an access key, its secret and its session's token) and region."""
        endpoint = self.url
        asked = (endpoint, service, account, region, secret, token or "")
        if asked not in self._clients:
            self._clients[asked] = boto3.session.Session().client(
                service,
                endpoint_url=endpoint,
                region_name=region,
                aws_access_key_id=account,
                aws_secret_access_key=secret,
                aws_session_token=token,
                verify=self._environment.get("MINISTACK_SSL_CERT"),
                config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
            )
        return self._clients[asked]

    def _ready(self) -> bool:
        context = ssl.create_default_context(cafile=self._environment["MINISTACK_SSL_CERT"]) if self.scheme == "https" else None
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(  # noqa: S310 - a server of ours, by its own scheme
                f"{self.url}/_ministack/ready", timeout=2, context=context
            ) as answer,
        ):
            return bool(answer.status == 200)
        return False

    def _variables(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return {
            **inherited,
            "BIND_HOST": "127.0.0.1",
            "CLOUDTRAIL_RECORDING": "1",
            "DOCKER_HOST": "",
            "GATEWAY_PORT": str(self._port),
            "IOT_MTLS_ENABLED": "0",
            "LAMBDA_STRICT": "1",
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            "MINISTACK_HOST": "localhost",
            "MINISTACK_REGION": REGION,
            "NO_PROXY": "localhost,127.0.0.1",
            "PERSIST_STATE": "1",
            "S3_DATA_DIR": str(self._home / "s3"),
            "S3_PERSIST": "1",
            "SFTP_ENABLED": "0",
            "STATE_DIR": str(self._home / "state"),
            "TMPDIR": str(self._home / "tmp"),
            **self._environment,
        }


@contextlib.contextmanager
def running(home: Path, **environment: str) -> Iterator[Emulator]:
    """Run a server for the length of a block."""
    emulator = Emulator(home, **environment)
    try:
        emulator.start()
        yield emulator
    finally:
        emulator.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
