"""One process of the portal: started on a leash, read, asked to stop, buried, started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

from xingxian_portal.processes import leash
from xingxian_portal.processes.output import Transcript

LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0
READS = 4


def pause_before(restart: int) -> float:
    """Give how many seconds to wait before the so-many-th restart in a row (1, 2, 3 …): 1, 2, 4 … 30."""
    return min(2.0 ** min(restart - 1, 10), LONGEST_PAUSE)  # bounded: 2.0 ** 1024 is an error


class Child:
    """A command that should always be running, with everything it starts in a session of its own."""

    def __init__(self, command: Sequence[str], transcript: Transcript, extra: Mapping[str, str]) -> None:
        """Prepare `command`; `extra` joins the environment."""
        self.transcript = transcript
        self.restarts = 0
        self.output = -1  # descriptor its words are read from
        self.due = 0.0  # moment (monotonic) from which it may be started
        self._command = [sys.executable, "-I", "-S", leash.__file__, str(os.getpid()), *command]
        self._environment = {**os.environ, **extra}
        self._process: subprocess.Popen[bytes] | None = None
        self._born = 0.0

    @property
    def name(self) -> str:
        """Give the name under which it speaks."""
        return self.transcript.name

    @property
    def alive(self) -> bool:
        """Say whether a process was started and not buried yet."""
        return self._process is not None

    def start(self) -> None:
        """Start the process in its own session, so that the terminal's Ctrl-C reaches the supervisor alone."""
        self.output, theirs = os.pipe()
        os.set_blocking(self.output, False)
        try:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=theirs,
                stderr=theirs,
                start_new_session=True,
                env=self._environment,
            )
        finally:
            os.close(theirs)
        self._born = time.monotonic()

    @property
    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise RuntimeError(f"{self.name} is not running")
        return self._process

    def read(self) -> bool:
        """Pass on what it has said; give False when it will say nothing more."""
        # A pipe holds less than this: whoever talks without end must not keep the supervisor from the others.
        for _ in range(READS):
            try:
                data = os.read(self.output, 65536)
            except BlockingIOError:
                return True
            if not data:
                return False
            self.transcript.feed(data)
        return True

    @property
    def pid(self) -> int:
        """Give the id of the process, which is also that of its session."""
        return self._running.pid

    def has_ended(self) -> bool:
        """Say whether the process has ended, leaving it unburied so that its group's number stays its own."""
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def ask_to_stop(self, number: int = signal.SIGTERM) -> None:
        """Ask the process itself to stop; it ends its own workers when they have finished."""
        if self.alive:
            os.kill(self.pid, number)

    def bury(self) -> int:
        """Kill what is left of its session, read its last words and give its exit code."""
        os.killpg(self.pid, signal.SIGKILL)
        code = self._running.wait()
        self.read()
        os.close(self.output)
        self._process = None
        return code

    def plan_restart(self) -> float:
        """Set when it may start again and give the pause in seconds; a steady run starts the count anew."""
        now = time.monotonic()
        self.restarts = 1 if now - self._born >= STEADY_AFTER else self.restarts + 1
        self.due = now + pause_before(self.restarts)
        return self.due - now
