"""Real servers for the tests, each in a temporary folder of its own and gone with the process that asked for it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from tests import machine

# The shell ends the server when its own input closes: that happens however the tests end, kill -9 included.
LEASH = ["sh", "-c", '"$@" & read _; kill -INT $!; wait', "leash"]
PATIENCE = 30  # seconds a server may take to answer, on a machine that is busy with other work


@contextmanager
def _running(command: list[str], folder: Path, user: str | None = None) -> Iterator[None]:
    log = (folder / "log").open("wb")
    with log, subprocess.Popen(
        LEASH + command, stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=folder, user=user, start_new_session=True
    ):  # fmt: skip
        yield  # leaving closes the shell's input and waits for both


def _wait(ready: Callable[[], bool], folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError(f"no answer within {PATIENCE} s; its log:\n{(folder / 'log').read_text()}")
        time.sleep(0.05)


class Postgres:
    """A PostgreSQL with its data in a folder of its own; `url` is its address as a `DATABASE_URL`."""

    def __init__(self, folder: Path, command: list[str], user: str | None) -> None:
        self.folder, self._command, self._user, self._life = folder, command, user, ExitStack()
        self.url = f"postgres://portal@/{folder}/postgres"

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._life.enter_context(_running(self._command, self.folder, self._user))
        _wait(lambda: _answers(self.folder), self.folder)

    def stop(self) -> None:
        """Stop it in order."""
        self._life.close()

    def crash(self) -> None:
        """End it with all its connections as a crash would, and start it again on what it had written."""
        os.kill(int((self.folder / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
        self.stop()
        self.start()


@contextmanager
def postgres() -> Iterator[str]:
    """Run an empty PostgreSQL and give its address as a `DATABASE_URL`; raises `machine.Missing`."""
    with postgres_that_crashes(keeps="off") as server:
        yield server.url


@contextmanager
def postgres_that_crashes(keeps: str = "on") -> Iterator[Postgres]:
    """Run an empty PostgreSQL that keeps through a `crash` what it had confirmed; raises `machine.Missing`."""
    programs = machine.postgres_programs()
    # PostgreSQL refuses to run as root; the folder is at the top of /tmp because another user must enter it.
    user = "nobody" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="portal-postgres-"))
    try:
        if user:
            shutil.chown(folder, user)
            programs = _within_reach(programs, user, folder)
        data = str(folder / "data")
        start = [str(programs / "initdb"), "--pgdata", data, "--username=portal", "--auth=trust", "--no-sync"]
        # Under --no-locale the trigram search finds nothing in Chinese text.
        subprocess.run(
            [*start, "--encoding=UTF8", "--locale=C.UTF-8"], check=True, capture_output=True, user=user, cwd=folder
        )
        serve = [str(programs / "postgres"), "-D", data, "-k", str(folder), "-c", "listen_addresses="]
        quick = ["-c", "fsync=off", "-c", f"synchronous_commit={keeps}", "-c", "full_page_writes=off"]
        server = Postgres(folder, serve + quick, user)
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _answers(folder: Path) -> bool:
    try:
        psycopg.connect(host=str(folder), user="portal", dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def _within_reach(programs: Path, user: str, folder: Path) -> Path:
    # A checkout below root's own folder is closed to others: they get a copy.
    try:
        subprocess.run(
            [str(programs / "postgres"), "--version"], check=True, capture_output=True, user=user, cwd=folder
        )
    except PermissionError:
        package = programs.parent.parent
        shutil.copytree(package, folder / package.name)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, folder / libraries.name)
        return folder / package.name / "pginstall" / "bin"
    return programs


@contextmanager
def valkey() -> Iterator[str]:
    """Run the queue's server as `up` would and give its address as a `CELERY_BROKER_URL`; raises `machine.Missing`."""
    # Not at the top: it names tables, and conftest loads this file before Django has its settings.
    from xingxian_portal.processes import queue_server

    machine.queue_program()
    folder = Path(tempfile.mkdtemp(prefix="portal-queue-"))
    at = folder / "queue.sock"
    try:
        with _running(queue_server.command(folder, at), folder):
            _wait(lambda: queue_server.wait_until_open(at, 1), folder)
            yield f"redis+socket://{at}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)
