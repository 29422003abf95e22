"""What the environment says, read once, refused loudly.

Every variable the portal knows is read through one of these functions, so that a wrong value stops the
start with one sentence that says how to mend it, instead of failing later in a request.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import tempfile
from pathlib import Path
from urllib.parse import quote

import environ
from django.core.exceptions import ImproperlyConfigured

from xingxian_portal.foundation import key_file

BASE_DIR = Path(__file__).resolve().parent.parent.parent
SHORTEST_SECRET = 50
FEWEST_LETTERS = 5  # Django's own check asks for as many
LONGEST_SOCKET_PATH = 100  # the kernel takes 107 bytes
SQLITE = "django.db.backends.sqlite3"
# Does not repeat what was given: it may hold a password.
DATABASE_HINT = (
    "环境变量 DATABASE_URL 无法识别：应写成 postgres://用户:密码@主机:5432/库名 或 sqlite:///文件路径；"
    "不设则用数据目录里的 SQLite。"
)
_env = environ.Env()


def text(name: str, default: str = "") -> str:
    """Give the variable's text without surrounding blanks; one that is blank counts as not set, as in a file of settings."""
    return os.environ.get(name, "").strip() or default


def required(name: str, what: str, how: str) -> str:
    """Give a variable that must be set; refuse to start without it, saying `what` it is and `how` to get one."""
    if value := text(name):
        return value
    raise ImproperlyConfigured(f"缺少环境变量 {name}（{what}）：请设置后再启动，{how}。")


def flag(name: str, default: bool = False) -> bool:
    """Give a yes/no variable; anything but 1/true/yes/on/0/false/no/off is refused."""
    value = text(name, "1" if default else "0").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"环境变量 {name}={value!r} 无法识别：请填 1 或 0。")


def number(name: str, default: int, least: int = 0) -> int:
    """Give a whole-number variable that is at least `least`."""
    value = text(name, str(default))
    if not re.fullmatch("-?[0-9]+", value) or int(value) < least:
        raise ImproperlyConfigured(f"环境变量 {name}={value!r} 应为不小于 {least} 的整数。")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """Give a comma-separated variable as a list without empty entries."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def location(name: str) -> str:
    """Give a variable that names a location of nginx, /like-this/, or "" for none."""
    value = text(name)
    if value and (len(value) < len("/x/") or value[0] != "/" or value[-1] != "/"):
        raise ImproperlyConfigured(
            f"环境变量 {name}={value!r} 应以 / 开头和结尾，如 /kept-files/；不设则由平台自己发送文件。"
        )
    return value


def data_dir() -> Path:
    """Give the one folder that holds all state (`PORTAL_DATA_DIR`, default `var/`), made if missing."""
    folder = Path(text("PORTAL_DATA_DIR") or BASE_DIR / "var").expanduser().absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # names and telephone numbers will lie in it
    except OSError as error:
        raise ImproperlyConfigured(
            f"数据目录 {folder} 无法建立（{error.strerror}）：请换一个可写的目录，写入环境变量 PORTAL_DATA_DIR。"
        ) from error
    if not os.access(folder, os.W_OK):
        raise ImproperlyConfigured(f"数据目录 {folder} 不可写：请改权限，或在 PORTAL_DATA_DIR 里换一个可写的目录。")
    return folder


def secret_key(folder: Path) -> str:
    """Give `SECRET_KEY`, or the one kept in the data folder, drawn at the first start."""
    if given := text("SECRET_KEY"):
        return given
    kept = folder / "secret_key"
    try:
        return key_file.drawn_once(kept, secrets.token_urlsafe(50))
    except OSError as error:
        raise ImproperlyConfigured(
            f"密钥文件 {kept} 无法读写（{error.strerror}）：请用安装时的账号运行，或在环境变量 SECRET_KEY 里给出密钥。"
        ) from error


def database(folder: Path) -> dict:
    """Give Django's database entry from `DATABASE_URL`, else SQLite in the data folder."""
    address = text("DATABASE_URL")
    if not address:
        return _sqlite({"ENGINE": SQLITE, "NAME": str(folder / "portal.sqlite3")})
    if address.partition("://")[0] not in {"postgres", "postgresql", "sqlite"}:
        raise ImproperlyConfigured(DATABASE_HINT)
    try:
        entry = _env.db_url_config(address)
    except Exception as error:
        raise ImproperlyConfigured(DATABASE_HINT) from error
    if entry["ENGINE"] == SQLITE:
        return _sqlite(entry)
    if not entry["NAME"]:
        raise ImproperlyConfigured(DATABASE_HINT)
    # Without a time-out a server behind a closed firewall holds the start up for minutes.
    options = {"connect_timeout": 10} | entry.get("OPTIONS", {})
    return entry | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}


def broker(folder: Path, default: str = "") -> str:
    """Give the address of Celery's queue: `CELERY_BROKER_URL`, `REDIS_URL`, `default` or the embedded one's."""
    address = text("CELERY_BROKER_URL") or text("REDIS_URL") or default or embedded_broker(folder)
    scheme = address.partition("://")[0]
    if scheme in {"redis", "rediss", "redis+socket"}:
        return address
    raise ImproperlyConfigured(
        "环境变量 CELERY_BROKER_URL（或 REDIS_URL）无法识别：应写成 redis://:口令@主机:6379/0；不设则自带一个队列。"
    )


def cache(broker_address: str) -> dict:
    """Give Django's cache entry: the queue's own server, waited for a second at most."""
    location = broker_address.replace("redis+socket://", "unix://")
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": location,
        "KEY_PREFIX": "portal",
        "OPTIONS": {"socket_timeout": 1},
    }


def embedded_broker(folder: Path) -> str:
    """Give the address of the queue that `up` starts itself."""
    # Percent-encoded: a data folder may have blanks or Chinese in its name.
    return f"redis+socket://{quote(str(queue_socket(folder)))}"


def queue_socket(folder: Path) -> Path:
    """Give the socket of the embedded queue: in the data folder, or in the temporary one when that path is too long."""
    socket = folder / "queue" / "queue.sock"
    if len(os.fsencode(socket)) <= LONGEST_SOCKET_PATH:
        return socket
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"xingxian-portal-{name}" / "queue.sock"


def _sqlite(entry: dict) -> dict:
    # IMMEDIATE takes the write lock at BEGIN: under load a deferred transaction that upgrades later fails at
    # once with "database is locked" whatever the time-out says (81 % of a rush hour's posts were lost so).
    options = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;",
    }
    # Kept for the next request, as on PostgreSQL: opening the file and its three PRAGMAs cost a quarter of an empty page.
    return entry | {"CONN_MAX_AGE": 60, "OPTIONS": options}
