"""Let no process outlive the one that started it, even when that one is killed with -9.

As a program (`python leash.py PARENT COMMAND…`) it binds itself to PARENT and becomes COMMAND. It uses the standard
library only and starts in milliseconds. The kernel's promise reaches one generation: the web server's workers and the
pool's children call `bind` themselves. Linux only; elsewhere `bind` does nothing.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def bind(parent: int) -> None:
    """Have the kernel kill this process when `parent` (its parent's id) ends; leave at once when it already has."""
    if not sys.platform.startswith("linux"):
        return
    # SIGKILL, not SIGTERM: a worker asked politely waits for a queue that is dying at the same moment.
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent:
        os._exit(1)


if __name__ == "__main__":
    bind(int(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606 — becoming the command is the point
