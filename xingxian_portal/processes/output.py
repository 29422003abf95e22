"""What the processes say: all of it into a file each, warnings readably on the console.

The supervisor is the only writer of these files, so that turning them over when they are full is safe whatever
number of processes speaks.
"""

from __future__ import annotations

import json
import logging
import sys
from collections import deque
from logging.handlers import RotatingFileHandler
from pathlib import Path

LOUD = {"warning": "警告", "error": "错误", "critical": "严重"}
TAIL = 8


class Console:
    """The person's terminal; a closed one is no reason to stop the portal."""

    def say(self, text: str) -> None:
        """Print one text."""
        try:
            print(text, flush=True)
        except OSError:
            sys.stdout = open("/dev/null", "w")  # noqa: SIM115 — stays open as the new, silent terminal


class Transcript:
    """Takes one process's raw output, keeps every line and shows the ones that need a person."""

    def __init__(self, name: str, folder: Path, console: Console) -> None:
        """Keep lines in `folder`/`name`.log: five files of 5 MB at most."""
        folder.mkdir(parents=True, exist_ok=True)
        self.name = name
        self.path = folder / f"{name}.log"
        self.tail: deque[str] = deque(maxlen=TAIL)
        self._console = console
        self._rest = b""
        self._file = RotatingFileHandler(self.path, maxBytes=5_000_000, backupCount=4, encoding="utf-8")

    def feed(self, data: bytes) -> None:
        """Take the next bytes; a line counts when its end has come."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._take(line.decode("utf-8", "replace").rstrip())

    def _take(self, line: str) -> None:
        if not line:
            return
        line = harmless(line)
        self._file.emit(logging.LogRecord(self.name, logging.INFO, "", 0, line, None, None))
        said = readable(line)
        if said is None:
            self.tail.append(line)
        elif said:
            self._console.say(f"{self.name:<6} | {said}")

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def harmless(text: str) -> str:
    """Give `text` without characters that would steer the terminal: a visitor may have typed them into an address."""
    return "".join(letter if letter.isprintable() or letter == "\t" else "�" for letter in text)


def readable(line: str) -> str | None:
    """Give what the console shows of a line: "" for a quiet one, None when it is not one of the portal's own."""
    try:
        data = json.loads(line)
        level = data["level"]
    except (ValueError, TypeError, KeyError):
        return None
    if level not in LOUD:
        return ""
    error = str(data.get("exception", "")).strip().splitlines()[-1:]
    where = [str(data[key]) for key in ("request", "task") if data.get(key)]
    return harmless(" ".join([LOUD[level], str(data.get("event", "")), *where, *error]))
