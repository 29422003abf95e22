"""The audit trail as a workbook: every cell is text, so that nothing in it can be taken for a formula."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from liaisons.audit_reading import Asked, matching
from liaisons.models import User
from xingxian_portal.foundation import audit_seals, clock
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.audit_words import action_words, subject_words

MOST_ROWS = 20_000
LONGEST_CELL = 32_767
AT_ONCE = 1000
WIDTHS = {
    "编号": 9, "记录时间": 20, "业务时间": 20, "操作人": 14, "动作": 18, "结果": 8, "对象": 18, "单位编码": 12, "变更前": 40, "变更后": 40,
    "说明": 30, "来源地址": 16, "请求编号": 15,
}  # fmt: skip


def count(asked: Asked) -> int:
    """Count the entries asked for, up to one more than a workbook takes."""
    return matching(asked)[: MOST_ROWS + 1].count()


def write(asked: Asked, rows: int, out: IO[bytes]) -> None:
    """Write the entries asked for, newest first, below a line that says as of when and how many."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("审计记录")
    for letter, width in zip("ABCDEFGHIJKLM", WIDTHS.values(), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A3"
    end = audit_seals.head()
    as_of = f"截至 {timezone.localtime(clock.real_now()):%Y-%m-%d %H:%M:%S}，共 {rows} 条；封存到第 {end.sequence} 环 {end.hash}"
    sheet.append([_text(sheet, as_of)])
    sheet.append([_text(sheet, title, bold=True) for title in WIDTHS])
    names = dict(User.objects.values_list("pk", "username"))
    for entry in matching(asked)[:rows].iterator(AT_ONCE):
        sheet.append([_text(sheet, value) for value in _values(entry, names)])
    book.save(out)


def _values(entry: AuditEntry, names: dict[int, str]) -> Iterator[str]:
    yield str(entry.pk)
    for moment in (entry.recorded_at, entry.business_at):
        yield f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}"
    yield names.get(entry.actor_id or 0, "")
    yield action_words(entry.action)
    yield entry.get_outcome_display()
    yield subject_words(entry.subject_kind, entry.subject_key)
    yield entry.unit_code
    for values in (entry.before, entry.after):
        yield json.dumps(values, ensure_ascii=False) if values else ""
    yield from (entry.note, entry.address, entry.request_id)


def _text(sheet: WriteOnlyWorksheet, value: str, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_CELL])
    cell.data_type = "s"  # else "=1+1" would be kept as a formula
    if bold:
        cell.font = Font(bold=True)
    return cell
