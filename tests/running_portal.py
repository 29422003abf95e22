"""The real portal as its owner starts it: `manage.py up` in a folder and at a port of its own, watched from outside."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
READY = "平台已就绪"
PATIENCE = 180  # seconds; several times what a start takes on a machine that is busy with other work


def free_port() -> int:
    """Give a port nobody listens at now."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


# A folder closed by its mode is open to root all the same, unless it lays that privilege down.
WITHOUT_PRIVILEGE = (
    [str(shutil.which("setpriv")), "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
)


def manage(
    *arguments: str, folder: Path, as_anyone: bool = False, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run one management command to its end, with its state in `folder`; `as_anyone`: without root's privilege."""
    return subprocess.run(
        [*(WITHOUT_PRIVILEGE if as_anyone else []), sys.executable, str(ROOT / "manage.py"), *arguments],
        env=environment(folder, variables),
        cwd="/",
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def shell(folder: Path, script: str) -> str:
    """Run a script inside the portal of a folder; gives what it printed, fails with what it complained of."""
    done = manage("shell", "-v0", "-c", script, folder=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def asked(folder: Path, query: str) -> tuple[Any, ...]:
    """Ask the SQLite database of a folder, as another process would; gives the only row."""
    with closing(sqlite3.connect(folder / "portal.sqlite3", timeout=20, isolation_level=None)) as database:
        (row,) = database.execute(query).fetchall()
        return row


def environment(folder: Path, variables: Mapping[str, str]) -> dict[str, str]:
    """Give an environment in which nothing of the tests' own settings or databases is left."""
    ours = {"DJANGO_SETTINGS_MODULE", "DATABASE_URL", "CELERY_BROKER_URL", "REDIS_URL", "ALLOWED_HOSTS", "SECRET_KEY"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {**kept, "PORTAL_DATA_DIR": str(folder), **variables}


def eventually(what: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """Give what `what` gives as soon as it is true; fail when that takes longer."""
    deadline = time.monotonic() + seconds
    while not (answer := what()):
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.1)
    return answer


class RunningPortal:
    """One start of the portal; as a context it is killed at the end, whatever happened."""

    def __init__(self, folder: Path, *options: str, **variables: str) -> None:
        self.folder, self.port = folder, free_port()
        self.log = folder.parent / f"{folder.name}-{self.port}.txt"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "manage.py"), "up", "--bind", f"127.0.0.1:{self.port}", *options],
                env=environment(folder, variables),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def __enter__(self) -> RunningPortal:
        try:
            eventually(lambda: "就绪" in self.said or self.process.poll() is not None)
            assert READY in self.said, self.said
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self.process.kill()
        self.process.wait()
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)

    @property
    def said(self) -> str:
        """Give all it has printed."""
        return self.log.read_text()

    def health(self) -> tuple[int, dict[str, Any]]:
        """Ask /healthz; give (0, {}) when nobody answers."""
        return ask(self.port)

    def is_well(self) -> bool:
        """Say whether every part works."""
        return self.health()[1].get("status") == "ok"

    def processes(self) -> dict[int, str]:
        """Give what runs in its data folder, the supervisor included: process ids and command lines."""
        found = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and self._is_ours(entry):
                found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        return found

    def _is_ours(self, entry: Path) -> bool:
        try:
            # The queue's server writes its title over its environment, but it works in its folder.
            here = (entry / "cwd").resolve().is_relative_to(self.folder)
            return here or f"PORTAL_DATA_DIR={self.folder}".encode() in (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            return False  # ended while we looked

    def masters(self) -> dict[str, int]:
        """Give the process that the supervisor started for each part, by the part's name."""
        kinds = {"web": "processes.web", "worker": " worker ", "beat": " beat ", "queue": "-server "}
        found: dict[str, int] = {}
        for pid, line in self.processes().items():
            for name, mark in kinds.items():
                if mark in line and parent_of(pid) == self.process.pid:
                    found[name] = pid
        return found

    def children_of(self, parent: int) -> list[int]:
        """Give the processes that `parent` started."""
        return [pid for pid in self.processes() if parent_of(pid) == parent]

    def stop(self, number: int) -> int:
        """Send the signal and give the exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=PATIENCE)


def parent_of(pid: int) -> int:
    """Give the id of the process that started `pid`; 0 when it has ended."""
    try:
        found = re.search(r"^PPid:\t(\d+)$", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    except OSError:
        return 0
    return int(found[1]) if found else 0


def ask(port: int) -> tuple[int, dict[str, Any]]:
    """Ask /healthz at a port of this machine; give (0, {}) when nobody answers."""
    caller = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        caller.request("GET", "/healthz")
        answer = caller.getresponse()
        return answer.status, json.load(answer)
    except (OSError, http.client.HTTPException):
        return 0, {}
    finally:
        caller.close()
