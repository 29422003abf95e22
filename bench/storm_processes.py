"""What a storm runs and kills: two workers, two beats by mistake, a mail server; each a real process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CELERY = [sys.executable, "-m", "celery", "-A", "bench.storm_app"]
POOL = ["--pool=prefork", "--concurrency=2", "--without-mingle", "--without-gossip", "--without-heartbeat"]
BEATS, WORKERS = ("beat-a", "beat-b"), ("worker-a", "worker-b")
SECONDS_A_MAIL = 0.02


class Processes:
    """All of them by name, ended with the storm whatever happens."""

    def __init__(self, folder: Path, port: str) -> None:
        self.folder, self._port = folder, port
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, *_error: object) -> None:
        for name in list(self._running):
            self.kill(name)

    @property
    def mails(self) -> Path:
        """Give the log of the mails that were taken."""
        return self.folder / "mails"

    def start(self, *names: str) -> None:
        """Start the processes of these names."""
        for name in names:
            with (self.folder / f"{name}.log").open("ab") as log:
                self._running[name] = subprocess.Popen(
                    self._command(name), cwd=ROOT, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True
                )

    def _command(self, name: str) -> list[str]:
        if name in BEATS:
            return [*CELERY, "beat", f"--schedule={self.folder / name}", "--pidfile="]
        if name in WORKERS:
            return [*CELERY, "worker", *POOL, f"--hostname={name}@storm"]
        return [sys.executable, "-m", "bench.mail_sink", self._port, str(self.mails), str(SECONDS_A_MAIL)]

    def kill(self, name: str) -> None:
        """Kill a process with all it started, at once and without a word."""
        process = self._running.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def revive(self) -> None:
        """Start again what has ended by itself, as systemd would: a worker gives up when its children die too fast."""
        for name in [name for name, process in self._running.items() if process.poll() is not None]:
            self.kill(name)
            self.start(name)

    def children(self) -> list[int]:
        """Give the processes that do the workers' work."""
        return [pid for name in WORKERS if name in self._running for pid in _children_of(self._running[name].pid)]

    def lose_schedule(self, name: str) -> None:
        """Kill a beat and take away the file in which it keeps what it last called, then start it again."""
        self.kill(name)
        for path in self.folder.glob(f"{name}*"):
            if path.suffix != ".log":
                path.unlink()
        self.start(name)


def _children_of(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []
