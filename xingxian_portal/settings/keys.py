"""Keys for personal data: from the environment, else drawn once into the data folder, readable by its owner alone."""

from __future__ import annotations

import secrets
from pathlib import Path

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from xingxian_portal.foundation import key_file
from xingxian_portal.settings import env

SHORTEST_DIGEST_KEY = 32
DRAW_PHONE_KEY = "python3 -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())'"


def phone_keys() -> list[str]:
    """Give the keys of `PORTAL_PHONE_KEYS`, newest first; an empty list means the file in the data folder."""
    given = env.words("PORTAL_PHONE_KEYS")
    for place, key in enumerate(given, 1):
        try:
            Fernet(key)
        except ValueError as error:
            # Does not repeat what was given: it may be a key with one letter missing.
            raise ImproperlyConfigured(
                f"环境变量 PORTAL_PHONE_KEYS 的第 {place} 个密钥格式不对：可用 {DRAW_PHONE_KEY} 生成。"
            ) from error
    return given


def digest_key(folder: Path) -> str:
    """Give `PORTAL_DIGEST_KEY`, or the one kept in the data folder; it must stay the same for ever."""
    if given := env.text("PORTAL_DIGEST_KEY"):
        if len(given) < SHORTEST_DIGEST_KEY:
            raise ImproperlyConfigured(f"环境变量 PORTAL_DIGEST_KEY 太短：至少 {SHORTEST_DIGEST_KEY} 个字符。")
        return given
    kept = folder / "digest_key"
    try:
        return key_file.drawn_once(kept, secrets.token_urlsafe(SHORTEST_DIGEST_KEY))
    except OSError as error:
        raise ImproperlyConfigured(
            f"密钥文件 {kept} 无法读写（{error.strerror}）：请用安装时的账号运行，或在环境变量 PORTAL_DIGEST_KEY 里给出。"
        ) from error
