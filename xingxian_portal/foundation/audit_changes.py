"""What an entry of the audit trail holds before and after, in words: the columns' own names, choices as they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime

# What entries hold that is no column of their object.
WORDS = {
    "asked": "条件", "entries": "条数", "file": "文件编号", "keep_days": "保存天数", "method": "方式", "numbers": "号码数", "obligation": "承办事项",
    "page": "页面", "path": "地址", "people": "人员编号", "person": "人员编号", "rows": "条数", "status": "状态码", "unit": "单位", "units": "单位数",
    "up_to": "到第几环",
}  # fmt: skip
NOTHING = "—"


@dataclass(frozen=True)
class Change:
    """One value of an entry: what it is called, what it was and what it became; `NOTHING` where there was none."""

    label: str
    before: str
    after: str

    @property
    def replaced(self) -> str:
        """Give what was there before where it was something else, else ""."""
        return self.before if self.before not in (NOTHING, self.after) else ""


def changes(kind: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> list[Change]:
    """Give the values of an entry about an object of `kind` (`liaisons.user`), those of before first."""
    old, new = before or {}, after or {}
    return [_change(kind, key, old, new) for key in {**old, **new}]


def _change(kind: str, key: str, old: dict[str, Any], new: dict[str, Any]) -> Change:
    field = _field(kind, key)
    label = str(getattr(field, "verbose_name", "")) or WORDS.get(key, key)
    before, after = (_shown(field, values[key]) if key in values else NOTHING for values in (old, new))
    return Change(label, before, after)


def _field(kind: str, key: str) -> models.Field | None:
    try:
        found = apps.get_model(kind)._meta.get_field(key) if kind else None
    except (LookupError, FieldDoesNotExist):
        return None  # a table or a column that is gone, or a value that never was one
    return found if isinstance(found, models.Field) else None


def _shown(field: models.Field | None, value: Any) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "是" if value else "否"
    named = dict(field.flatchoices) if field else {}
    moment = parse_datetime(value) if isinstance(value, str) and "T" in value[:11] and len(value) < 40 else None
    if moment and timezone.is_aware(moment):
        return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, list):
        return "、".join(_shown(field, part) for part in value) or NOTHING
    return str(named.get(value, value)) if isinstance(value, str | int) else str(value)
