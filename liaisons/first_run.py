"""The first start without a demo: nobody has an account yet, so whoever started the portal makes the first one.

The one who may is the one who can read the data folder: a code is drawn into a file there, and `up` prints it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import transaction

from liaisons.models import User
from xingxian_portal.foundation.refusal import Refused


def _file() -> Path:
    return Path(settings.DATA_DIR) / "setup_code"


def is_open() -> bool:
    """Say whether there is no account yet; with the first account the code is gone, however it was made."""
    if not User.objects.exists():
        return True
    _file().unlink(missing_ok=True)
    return False


def setup_code() -> str:
    """Give the code that opens the first-run page, drawn once and readable by its owner alone; "" with an account."""
    if not is_open():
        return ""
    if not _file().exists():
        _draw()
    return _file().read_text().strip()


def _draw() -> None:
    # Written beside and linked into place: of two processes exactly one wins and none reads half a code.
    handle, drawn = tempfile.mkstemp(dir=_file().parent, prefix=".setup_code.")
    with os.fdopen(handle, "w") as file:
        file.write("-".join(secrets.token_hex(2) for _ in range(5)))
    with contextlib.suppress(FileExistsError):
        os.link(drawn, _file())
    os.unlink(drawn)


def make_first_admin(*, code: str, username: str, name: str, password: str) -> User:
    """Make the first 系统管理员; raises `Refused` for a wrong code or when somebody was faster."""
    if not secrets.compare_digest(code.strip().lower().encode(), setup_code().encode()) or not code.strip():
        raise Refused("设置码不正确。它印在启动窗口里，也在数据目录的 setup_code 文件里。", "code")
    try:
        _file().unlink()  # of two at the same time only one can take the file away
    except FileNotFoundError as error:
        raise Refused("第一个账号刚刚已经建立。") from error
    with transaction.atomic():
        if User.objects.exists():
            raise Refused("第一个账号刚刚已经建立。")
        return User.objects.create_superuser(username, password, name=name)
