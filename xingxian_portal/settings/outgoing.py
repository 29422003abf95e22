"""Ways out of the portal: the mail server, one webhook, the windows in which reminders go, and who is pinged."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from xingxian_portal.settings import env

Json = Any
SCHEMES = {"smtp": (25, "plain"), "smtp+tls": (587, "starttls"), "smtps": (465, "tls")}
PLACEHOLDERS = ("title", "text", "name", "phone", "link")


def mail_server() -> dict[str, Any] | None:
    """Give host, port, user, password and kind of encryption of `EMAIL_URL`; None without one."""
    given = env.text("EMAIL_URL")
    if not given:
        return None
    try:
        parts = urlsplit(given)
        port, security = SCHEMES[parts.scheme]
        found = {"host": parts.hostname, "port": parts.port or port, "security": security}
    except (KeyError, ValueError):
        found = {"host": None}
    if not found["host"]:  # does not repeat what was given: it may hold a password
        raise ImproperlyConfigured(
            "环境变量 EMAIL_URL 无法识别：应写成 smtp://用户:密码@主机:25、smtp+tls://…:587 或 smtps://…:465；不设则不发邮件。"
        )
    return found | {"user": unquote(parts.username or ""), "password": unquote(parts.password or "")}


def mailbox(name: str, default: str = "") -> str:
    """Give a variable that names one mailbox."""
    value = env.text(name, default)
    if value and not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", value):
        raise ImproperlyConfigured(f"环境变量 {name}={value!r} 应是一个邮箱地址，如 name@example.gov.cn。")
    return value


def address(name: str, default: str = "") -> str:
    """Give a variable that names an http(s) address, without a slash at its end."""
    value = env.text(name, default).rstrip("/")
    if value and not re.fullmatch(r"https?://[^\s/]+(/\S*)?", value):
        raise ImproperlyConfigured(f"环境变量 {name} 应以 http:// 或 https:// 开头，是一个完整的地址。")
    return value


def webhook_body(name: str) -> Json:
    """Give the JSON of a message as a template; its texts may hold {title}, {text}, {name}, {phone} and {link}."""
    given = env.text(name, '{"msgtype": "text", "text": {"content": "{name}：{title}\\n{text}\\n{link}"}}')
    try:
        return json.loads(given)
    except ValueError as error:
        raise ImproperlyConfigured(
            f"环境变量 {name} 应是一段 JSON，文字里可用 {'、'.join('{' + word + '}' for word in PLACEHOLDERS)}。"
        ) from error


def windows(name: str, default: str) -> list[tuple[int, int]]:
    """Give the windows of a working day as minutes from midnight, in order: 08:40-11:30,14:40-17:20."""
    found: list[tuple[int, int]] = []
    for word in env.words(name, default):
        times = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", word)
        start, end = (int(times[1]) * 60 + int(times[2]), int(times[3]) * 60 + int(times[4])) if times else (0, 0)
        if start >= end or (found and found[-1][1] > start):
            raise ImproperlyConfigured(f"环境变量 {name} 应写成先后排好的时段，如 {default}。")
        found.append((start, end))
    if not found:  # a comma alone: no reminder would ever go
        raise ImproperlyConfigured(f"环境变量 {name} 里没有时段，应写成如 {default}。")
    return found
