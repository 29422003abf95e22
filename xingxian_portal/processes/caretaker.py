"""Beside the supervisor: says when the portal is ready, then notes every few seconds that it runs."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable

from django.db import Error, connection

from xingxian_portal.foundation import clock
from xingxian_portal.processes.address import Address, bracketed

HEARTBEAT = 10.0
PATIENCE = 60.0
NO_ANSWER = "网站没有应答"


class Caretaker(threading.Thread):
    """A thread of its own, so that a database that does not answer never keeps the supervisor from its children."""

    def __init__(self, address: Address, ready: Callable[[str], None]) -> None:
        """Watch `address`; call `ready` once with what is still wrong ("" when nothing is)."""
        super().__init__(name="caretaker", daemon=True)
        self._address = address
        self._ready = ready
        self._over = threading.Event()

    def run(self) -> None:
        """Wait until all works, announce it, then keep the business clock going."""
        trouble, deadline = NO_ANSWER, time.monotonic() + PATIENCE
        while trouble and time.monotonic() < deadline and not self._over.wait(0.2):
            trouble = trouble_at(self._address)
        if not self._over.is_set():
            self._ready(trouble)
        while not self._over.wait(HEARTBEAT):
            beat()

    def end(self) -> None:
        """Stop and note the last moment at which the portal ran."""
        self._over.set()
        self.join(timeout=2)
        beat()


def beat() -> None:
    """Note that the portal runs; a database that is away for a moment is not worth more than the lost seconds."""
    try:
        clock.heartbeat()
    except Error:
        pass
    finally:
        connection.close()


def trouble_at(address: Address) -> str:
    """Give what /healthz at `address` calls wrong, "" when all is well."""
    caller = http.client.HTTPConnection(address.local_host, address.port, timeout=5)
    try:
        caller.request("GET", "/healthz", headers={"Host": bracketed(address.local_host)})
        parts = json.load(caller.getresponse())["parts"]
        return "，".join(f"{name}: {part['status']}" for name, part in parts.items() if part["status"] != "ok")
    except (OSError, ValueError, KeyError, TypeError, http.client.HTTPException):
        return NO_ANSWER
    finally:
        caller.close()
