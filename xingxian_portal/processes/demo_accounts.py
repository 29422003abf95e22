"""The accounts a demo offers, and their one password.

The password is `PORTAL_DEMO_PASSWORD`, else drawn at the first start and kept in the data folder for its owner alone,
so that every later start can print it again.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import check_password, make_password

from xingxian_portal.foundation import key_file
from xingxian_portal.settings import env

VARIABLE = "PORTAL_DEMO_PASSWORD"
ACCOUNTS = {
    "sfj": "司法局工作人员",
    "sfjld": "局领导",
    "admin": "系统管理员",
    "anquan": "安全管理员",
    "audit": "审计员",
    "weifen": "蔚汾镇",
    "scj": "县市场局",
    "lingdao": "县领导",
    "pingcha": "评查员",
}
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that a person could take for another


def password(folder: Path) -> str:
    """Give the demo's password; draw and keep one when nobody has set it."""
    if given := env.text(VARIABLE):
        return given
    drawn = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
    return key_file.drawn_once(folder / "demo_password", drawn)


def let_in(word: str) -> None:
    """Make `word` the password of every demo account; nothing changes, and nobody is logged out, where it is already.

    All share one hash: hashing is slow on purpose, and once for each account would keep a newcomer waiting.
    """
    accounts = get_user_model().objects.filter(username__in=ACCOUNTS)
    hashes = list(accounts.values_list("password", flat=True).distinct().order_by())
    if len(hashes) == 1 and check_password(word, hashes[0]):
        return
    accounts.update(password=make_password(word))
