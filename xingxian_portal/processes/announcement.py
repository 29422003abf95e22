"""What the person at the keyboard reads when the portal is ready."""

from __future__ import annotations

from pathlib import Path

from xingxian_portal.processes import demo_accounts
from xingxian_portal.processes.address import EVERY_INTERFACE, Address
from xingxian_portal.settings import env

LINE = "─" * 60


def text(address: Address, folder: Path, trouble: str, *, demo: bool, code: str) -> str:
    """Give the whole announcement; `trouble` is what does not work yet, `code` the one-time code of the first run."""
    parts = [LINE, _headline(trouble), *_places(address, folder), *_who(address, folder, demo=demo, code=code), LINE]
    return "\n".join(parts)


def _headline(trouble: str) -> str:
    if trouble:
        return f"平台还没有完全就绪（{trouble}），会继续重试；原因见日志和 /healthz"
    return "兴县柔性执法推进平台已就绪"


def _places(address: Address, folder: Path) -> list[str]:
    lines = [f"  网址  {'  '.join(address.urls())}", f"  数据  {folder}（日志在 logs/）", "  停止  按 Ctrl-C"]
    if address.host in EVERY_INTERFACE:
        lines.insert(1, "        同一网络里的电脑都能打开；http 未加密，只宜在可信的内网里这样用")
    return lines


def _who(address: Address, folder: Path, *, demo: bool, code: str) -> list[str]:
    if demo:
        return [*_demo_accounts(), f"  密码  {_demo_password(folder)}"]
    if code:
        return [
            f"  首次使用：打开 {address.urls()[0]}setup/ 建立第一个系统管理员",
            f"  一次性设置码  {code}",
        ]
    return []


def _demo_accounts() -> list[str]:
    return [
        "  演示数据，业务时间从 2022-06-20 08:30 起走；账号：",
        *(f"        {name:<9}{role}" for name, role in demo_accounts.ACCOUNTS.items()),
    ]


def _demo_password(folder: Path) -> str:
    if env.text(demo_accounts.VARIABLE):
        return f"环境变量 {demo_accounts.VARIABLE} 里的那个"
    return f"{demo_accounts.password(folder)}（各账号相同）"
