"""An SMTP server in a process of its own: `python -m bench.mail_sink PORT LOG [SECONDS]`.

It writes the recipient and the Message-ID of every mail it takes to LOG, and takes SECONDS for each.
"""

from __future__ import annotations

import asyncio
import logging
import re
import sys
from typing import Any, TextIO

from aiosmtpd.controller import Controller

MESSAGE_ID = re.compile(rb"(?im)^Message-ID: *(\S+)")


class Sink:
    """Takes everything."""

    def __init__(self, log: TextIO, seconds: float) -> None:
        self._log, self._seconds = log, seconds

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - the server calls it so
        """Note one mail."""
        if self._seconds:
            await asyncio.sleep(self._seconds)
        found = MESSAGE_ID.search(envelope.content)
        name = found[1].decode() if found else "-"
        self._log.write(f"{envelope.rcpt_tos[0]} {name}\n")
        self._log.flush()
        return "250 OK"


def main() -> None:
    """Serve until the standard input closes."""
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    port, path, *rest = sys.argv[1:]
    with open(path, "a", encoding="utf-8") as log:
        controller = Controller(Sink(log, float(rest[0]) if rest else 0.0), hostname="127.0.0.1", port=int(port))
        controller.start()
        sys.stdin.read()
        controller.stop()


if __name__ == "__main__":
    main()
