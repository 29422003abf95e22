"""The web server: one process, several threads, stopped within a second. Run as `python -m …processes.web HOST PORT`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

from granian import Granian
from granian.constants import Interfaces

from xingxian_portal.processes import leash
from xingxian_portal.settings import log_lines

THREADS = 8
KILL_AFTER = 20  # seconds a request may go on when the portal stops


def load() -> Callable[..., Any]:
    """Give the application, loaded in the worker process and bound to the server's life."""
    leash.bind(os.getppid())
    from xingxian_portal.wsgi import application

    return application


def main(host: str, port: int) -> None:
    """Serve until asked to stop."""
    Granian(
        "xingxian_portal.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=min(THREADS, (os.cpu_count() or 1) * 2 + 1),
        websockets=False,
        log_dictconfig=log_lines.configuration(as_json=True),
        workers_kill_timeout=KILL_AFTER,
    ).serve(target_loader=load, wrap_loader=False)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
