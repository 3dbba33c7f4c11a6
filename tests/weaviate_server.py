"""A real Weaviate server for tests: found, built or started here, on free ports of loopback.

Looked for in this order: `TZUROT_TEST_WEAVIATE_URL` (with `TZUROT_TEST_WEAVIATE_GRPC_PORT` and
`TZUROT_TEST_WEAVIATE_KEY`), `weaviate-server` on PATH, the same in Go's bin folder, and else it is
built there, which takes some 4 minutes once. Without Go, tests that need it are skipped; never
where `CI` is set.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

VERSION = "v1.39.0"
PACKAGE = f"github.com/weaviate/weaviate/cmd/weaviate-server@{VERSION}"
READY_SECONDS = 90  # alone it takes 8 to 10, most of them the election of a raft leader
BUILD_SECONDS = 1500


@dataclass(frozen=True, slots=True)
class WeaviateServer:
    """Where a running one listens."""

    url: str
    grpc_port: int
    api_key: str


@contextmanager
def running(folder: Path) -> Iterator[WeaviateServer]:
    """The configured server, or one of our own that keeps its data in `folder`."""
    if url := os.environ.get("TZUROT_TEST_WEAVIATE_URL"):
        port = int(os.environ.get("TZUROT_TEST_WEAVIATE_GRPC_PORT", "50051"))
        yield WeaviateServer(url, port, os.environ.get("TZUROT_TEST_WEAVIATE_KEY", ""))
        return
    own = OwnServer(program(), folder)
    own.start()
    try:
        yield own.listening
    finally:
        own.stop()


class OwnServer:
    """A server that a test may stop and start again, on the same ports and data."""

    def __init__(self, program: Path, folder: Path) -> None:
        self._program = program
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        http, grpc, *self._ports = _free_ports(6)
        self.listening = WeaviateServer(
            f"http://127.0.0.1:{http}", grpc, api_key=secrets.token_hex(8)
        )

    def start(self) -> None:
        """Start, and wait until it serves."""
        port = self.listening.url.rpartition(":")[2]
        with (self._folder / "weaviate.log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._program, "--host", "127.0.0.1", "--port", port, "--scheme", "http"],
                env=os.environ | self._environment(),
                cwd=self._folder,
                stdout=log,
                stderr=log,
            )
        self._wait_until_ready()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it and wait for its end."""
        if self._process is None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _environment(self) -> dict[str, str]:
        gossip, data, raft, raft_rpc = self._ports
        return {
            "PERSISTENCE_DATA_PATH": str(self._folder / "data"),
            "CLUSTER_HOSTNAME": "node1",
            "CLUSTER_BIND_ADDR": "127.0.0.1",
            "CLUSTER_ADVERTISE_ADDR": "127.0.0.1",
            "CLUSTER_GOSSIP_BIND_PORT": str(gossip),
            "CLUSTER_DATA_BIND_PORT": str(data),
            "RAFT_PORT": str(raft),
            "RAFT_INTERNAL_RPC_PORT": str(raft_rpc),
            "RAFT_BOOTSTRAP_EXPECT": "1",
            "DEFAULT_VECTORIZER_MODULE": "none",
            "ENABLE_MODULES": "",
            "AUTHENTICATION_APIKEY_ENABLED": "true",
            "AUTHENTICATION_APIKEY_ALLOWED_KEYS": self.listening.api_key,
            "AUTHENTICATION_APIKEY_USERS": "tzurot",
            "AUTHORIZATION_ADMINLIST_ENABLED": "true",
            "AUTHORIZATION_ADMINLIST_USERS": "tzurot",
            "AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED": "false",
            "DISABLE_TELEMETRY": "true",
            "GO_PROFILING_DISABLE": "true",
            "GRPC_PORT": str(self.listening.grpc_port),
            "LOG_LEVEL": "warning",
        }

    def _wait_until_ready(self) -> None:
        assert self._process
        ready = f"{self.listening.url}/v1/.well-known/ready"
        give_up = time.monotonic() + READY_SECONDS
        while time.monotonic() < give_up:
            if self._process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(ready, timeout=2):  # noqa: S310 - loopback
                    return
            except (urllib.error.URLError, TimeoutError, ConnectionError):
                time.sleep(0.2)
        log = (self._folder / "weaviate.log").read_text(errors="replace")
        self.stop(signal.SIGKILL)
        pytest.fail(f"Weaviate was not ready within {READY_SECONDS} s:\n{log[-2000:]}")


def program() -> Path:
    """The server's program; built if Go is there. Without both the test is skipped."""
    if found := shutil.which("weaviate-server"):
        return Path(found)
    go = shutil.which("go")
    if go:
        folder = Path(_output(go, "env", "GOPATH")) / "bin"
        if not (folder / "weaviate-server").exists():
            print("Building Weaviate, once: some minutes …", file=sys.__stderr__, flush=True)
            _output(go, "install", PACKAGE, timeout=BUILD_SECONDS)
        return folder / "weaviate-server"
    how = (
        "Weaviate is missing: install Go 1.26 so that it can be built, or start its container image"
        " and set TZUROT_TEST_WEAVIATE_URL, TZUROT_TEST_WEAVIATE_GRPC_PORT and"
        " TZUROT_TEST_WEAVIATE_KEY."
    )
    if os.environ.get("CI"):
        pytest.fail(how)
    pytest.skip(how)


def _output(*command: str, timeout: float = 60) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=True)
    return done.stdout.strip()


def _free_ports(count: int) -> list[int]:
    """Ports that were free a moment ago; all are held until the last is known, so they differ."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
