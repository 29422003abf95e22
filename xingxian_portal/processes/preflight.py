"""What `up` refuses before it starts anything: each with one sentence that says how to mend it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.contrib.auth import get_user_model
from django.db import Error, connection

from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import Refused


@contextmanager
def sole_use(folder: Path) -> Iterator[None]:
    """Hold the data folder for this process alone; refuse when another `up` runs on it or it cannot be written."""
    try:
        lock = (folder / "up.lock").open("a+")
    except OSError as error:
        raise Refused(
            f"数据目录 {folder} 不可写（{error.strerror}）：请改权限，或在环境变量 PORTAL_DATA_DIR 里换一个可写的目录。"
        ) from error
    with lock:
        _take(lock, folder)
        # The file stays when the portal stops: removing it would let two starts lock two different files.
        yield


def _take(lock: IO[str], folder: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.seek(0)
        holder = lock.read().strip() or "未知"
        raise Refused(
            f"数据目录 {folder} 正由另一个平台进程使用（进程号 {holder}）：请先在它的窗口按 Ctrl-C 停掉，"
            "或在环境变量 PORTAL_DATA_DIR 里换一个目录。"
        ) from error
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()


def ensure_database_answers() -> None:
    """Refuse a database that cannot be reached, or one that lives in one process's memory only."""
    if connection.vendor == "sqlite" and str(connection.settings_dict["NAME"]) in {"", ":memory:"}:
        raise Refused("DATABASE_URL 指向内存里的 SQLite，各进程无法共用：请写成 sqlite:///文件路径，或不设此变量。")
    try:
        connection.ensure_connection()
    except Error as error:
        raise Refused(database_trouble(error)) from error


def database_trouble(error: Exception) -> str:
    """Give the sentence for a database that refused, with its own first line as the reason."""
    place = connection.settings_dict
    where = place["NAME"] if connection.vendor == "sqlite" else f"{place['HOST'] or '本机'} 上的 {place['NAME']}"
    reason = (str(error).strip() or type(error).__name__).splitlines()[0]
    return f"数据库 {where} 无法使用（{reason}）：请检查环境变量 DATABASE_URL、数据库服务是否启动、文件权限和磁盘空间。"


def ensure_kind(*, demo: bool) -> None:
    """Refuse to mix a demo and real work in one database; call after the tables are up to date."""
    played = clock.is_demo()
    if demo and not played and get_user_model().objects.exists():
        raise Refused(
            "这个数据目录里已有正式数据，不能加 --demo 启动：请去掉 --demo，或在环境变量 PORTAL_DATA_DIR 里换一个空目录演示。"
        )
    if played and not demo:
        raise Refused(
            "这个数据目录里是演示数据：请加 --demo 启动；正式使用请在环境变量 PORTAL_DATA_DIR 里换一个空目录。"
        )
