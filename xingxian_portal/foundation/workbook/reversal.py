"""Taking imported rows back: each to what stood there before, and only while nobody changed it since."""

from __future__ import annotations

from collections.abc import Sequence

from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook.imports import ImportRow
from xingxian_portal.foundation.workbook.plans import Change, Values
from xingxian_portal.foundation.workbook.resource import SheetResource


def of(row: ImportRow, sheet: SheetResource) -> Change:
    """Give the change that takes an imported row back."""
    before, after = sheet.back(row.before), sheet.back(row.after) or {}
    key = tuple(after.get(name) for name in sheet.key_names)
    return Change(row.number, key, row.action, after, before if before is not None else after, row.target)


def require_untouched(changes: Sequence[Change], sheet: SheetResource) -> None:
    """Raise Refused when somebody changed what was imported."""
    there = sheet.existing()
    touched = [change for change in changes if not _stands(there.get(change.key), change, sheet)]
    if touched:
        named = "、".join(sheet.label_of(change) for change in touched[:3])
        raise Refused(f"导入之后又有 {len(touched)} 行被改过或报送了（{named}），不能整批撤销，请在页面上逐项修改。")


def _stands(now: Values | None, change: Change, sheet: SheetResource) -> bool:
    """Say whether the row is as it was imported: in what the workbook said of it; a new row has more."""
    told = [name for name in change.before or {} if not sheet.columns[name].shown_only]
    return now is not None and all(now.get(name) == (change.before or {})[name] for name in told)
