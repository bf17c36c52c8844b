"""Debian's PostgreSQL, started for the tests at a port of the loopback, as a user without rights."""

from __future__ import annotations

import contextlib
import os
import pwd
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

_PLACES = (Path(__file__).parents[2] / "build" / "servers" / "usr", Path("/usr"), Path("/usr/local"))


def _found() -> Path | None:
    """The folder of the newest server's programs."""
    folders = [path.parent for place in _PLACES for path in place.glob("lib/postgresql/*/bin/initdb")]
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).parent)
    return max(folders, key=lambda path: int(re.sub(r"\D", "", path.parent.name) or 0), default=None)


PROGRAMS = _found()
needs_postgres = pytest.mark.skipif(
    PROGRAMS is None, reason="needs PostgreSQL, which packaging/test-servers.sh fetches on Debian"
)


def lasting_port() -> int:
    """A port that is free, and that the system gives nobody who asks for any.

    A connection to elsewhere, of whatever test, may have any port of the system's range at its own end; a
    server that was stopped could not be started at such a port again.
    """
    first, _ = map(int, Path("/proc/sys/net/ipv4/ip_local_port_range").read_text("ascii").split())
    while True:
        port = random.randrange(max(first // 2, 1024), first)
        with socket.socket() as found, contextlib.suppress(OSError):
            found.bind(("127.0.0.1", port))
            return port


class Postgres:
    """A server with a cluster of its own. It can be stopped, killed and started again."""

    def __init__(self, folder: Path) -> None:
        assert PROGRAMS is not None
        self._programs = PROGRAMS
        # initdb refuses root.
        self._user = "nobody" if os.getuid() == 0 else None
        self._data = folder / "data"
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0
        if self._user:
            entry = pwd.getpwnam(self._user)
            os.chown(folder, entry.pw_uid, entry.pw_gid)
        libraries = self._programs.parents[3] / "lib"
        found = [*libraries.glob("*-linux-gnu*")] if "build" in libraries.parts else []
        self._environment = {
            **os.environ,
            "LD_LIBRARY_PATH": os.pathsep.join(map(str, found)),
            "HOME": str(folder),
        }
        self._run("initdb", "-D", self._data, "-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")

    def _run(self, program: str, *words: str | Path) -> None:
        done = subprocess.run(
            [self._programs / program, *words],
            user=self._user,
            env=self._environment,
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self) -> None:
        """Start it and wait until it answers. It keeps its port when it is started again."""
        while not self.port:
            # Until the server listens, somebody else may take the port.
            self.port = lasting_port()
            if not self._started():
                self.port = 0
        if self._process is None:
            assert self._started(), "PostgreSQL did not start again"

    def _started(self) -> bool:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            "max_connections": 60,
            "shared_buffers": "16MB",
            "jit": "off",
        }
        options = [f"-c{name}={value}" for name, value in settings.items()]
        process = subprocess.Popen(
            [self._programs / "postgres", "-D", self._data, *options],
            user=self._user,
            env=self._environment,
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while process.poll() is None:
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(self.url("postgres"), connect_timeout=2).close()
                self._process = process
                return True
        return False

    def stop(self, number: int = signal.SIGINT) -> None:
        """End it: its connections break. SIGQUIT ends it without any care, as a crash would."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait()
            self._process = None

    def url(self, database: str, user: str = "tests") -> str:
        """The address of a database."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def database(self) -> str:
        """The address of a database without a journal; what the last one held is gone."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute("SET lock_timeout = '20s'")
            connection.execute("DROP SCHEMA IF EXISTS alprviewer CASCADE")
        return self.url("postgres")


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A server that lasts as long as the context."""
    with tempfile.TemporaryDirectory(prefix="alprviewer-postgres-", ignore_cleanup_errors=True) as name:
        server = Postgres(Path(name))
        server.start()
        try:
            yield server
        finally:
            # At once, without writing its pages: nobody reads them any more.
            server.stop(signal.SIGQUIT)
