"""The main navigation: which entries a person sees, in which order.

An entry appears when its page exists and one of the person's roles opens it; nothing here leads to a dead end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.urls import NoReverseMatch, reverse

from liaisons.permissions import Permission as P


@dataclass(frozen=True)
class Item:
    """One entry: its label, the name of its address, who sees it, and who does not although the right is there.

    `shows` names the page that stands at that address for those who see the entry, where it has another name.
    """

    label: str
    url_name: str
    seen_with: frozenset[P]
    hidden_with: frozenset[P]
    shows: str

    def shown_to(self, permissions: frozenset[P]) -> bool:
        """Say whether somebody with `permissions` sees the entry."""
        return bool(permissions & self.seen_with) and not permissions & self.hidden_with


def _item(label: str, url_name: str, *seen_with: P, unless: Iterable[P] = (), shows: str = "") -> Item:
    return Item(label, url_name, frozenset(seen_with), frozenset(unless), shows or url_name)


# Whose first page is the wall itself; for all others the wall is a page beside their own.
WALL_FIRST = (P.EDIT_PLANS, P.READ_ANY_TEXT)
ITEMS = (
    _item("挂图作战", "home", *WALL_FIRST, shows="wall"),
    _item("我的工作台", "home", P.READ_OWN, unless=WALL_FIRST, shows="workbench"),
    _item("挂图作战", "wall", P.VIEW_WALL, unless=WALL_FIRST),
    _item("待办", "desk", P.REVIEW),
    _item("方案与任务", "plans", P.EDIT_PLANS),
    _item("月度报送", "months", P.READ_ANY_TEXT),
    _item("月度报送", "reports", P.READ_OWN, unless=WALL_FIRST),
    _item("问题协调", "problems", P.READ_OWN, unless=[P.REVIEW]),
    _item("免罚清单", "exemption_lists", P.READ_OWN, P.READ_ANY_FILING),
    _item("免罚案件", "exemption_cases", P.READ_OWN, P.READ_ANY_FILING),
    _item("案卷评查", "review_rounds", P.VIEW_WALL),
    _item("联络员", "roster", P.READ_OWN, P.READ_ANY_FILING, P.KEEP_ANY_CONTACTS),
    _item("提醒", "reminders", P.URGE),
    _item("通报与导出", "exports", P.EXPORT_ANY, P.READ_OWN),
    _item("导入", "imports", P.FILE, P.KEEP_CONTACTS, P.MANAGE_UNITS, P.MANAGE_CALENDAR),
    _item("账号", "accounts", P.MANAGE_ACCOUNTS, P.GRANT_ROLES),
    _item("单位", "units", P.MANAGE_UNITS),
    _item("群组", "groups", P.MANAGE_UNITS),
    _item("日历", "calendar", P.MANAGE_CALENDAR),
    _item("审计记录", "audit", P.READ_AUDIT),
)


@dataclass(frozen=True)
class Entry:
    """One entry as drawn."""

    label: str
    address: str
    current: bool


@cache
def address_of(url_name: str) -> str:
    """Give the page's address, or "" as long as there is no such page."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def entries(permissions: frozenset[P], path: str) -> list[Entry]:
    """Give the entries for a person with `permissions` who looks at `path`; at most one is the current one."""
    items = [item for item in ITEMS if item.shown_to(permissions) and address_of(item.shows)]
    shown = [(item.label, address_of(item.url_name)) for item in items]
    inside = [address for _, address in shown if path == address or (address != "/" and path.startswith(address))]
    current = max(inside, key=len, default=None)
    return [Entry(label, address, address == current) for label, address in shown]
