"""The register as a table: its columns, the form to fill in, and rows read from a workbook or pasted from one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import IO, Any

from django.db import transaction
from python_calamine import CalamineError, CalamineWorkbook

from liaisons.models import EnforcementField, Unit, User
from reform.case_review import register
from reform.models import CaseFile
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook.printed import printed
from xingxian_portal.foundation.workbook.sheets import Column, Sheet

MOST = 500
# Head of the column, the input it fills, its width.
COLUMNS = [
    ("案卷编号", "number", 12), ("类别", "kind", 6), ("执法领域", "field", 7), ("案由", "title", 14), ("当事人", "party", 12),
    ("立案日期", "opened_on", 7), ("决定日期", "decided_on", 7), ("结案日期", "closed_on", 7), ("承办人", "officers", 9),
    ("卷内页数", "pages", 5), ("涉企重大处罚", "is_major", 5), ("法制审核日期", "audited_on", 7), ("法制审核人", "audited_by", 6),
    ("集体讨论日期", "discussed_on", 7), ("集体讨论结论", "discussion", 10),
]  # fmt: skip
EXAMPLE = [
    "兴某罚〔2022〕1号",
    "行政处罚",
    "",
    "未按规定公示",
    "示例商行",
    "2022-04-20",
    "2022-05-10",
    "",
    "张某、李某",
    34,
    "否",
    "",
    "",
    "",
    "",
]
NOTES = [
    "第一行列名不要改；示例行请删去。类别：行政处罚、行政许可、行政强制、行政检查、其他。涉企重大处罚填“是”的，后四栏必填。"
]


class RowsRefused(Refused):
    """Some rows cannot be taken; nothing was registered. `errors` says for each row what is wrong."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__(f"有 {len(errors)} 处不对，一卷也没有登记。改好以后请整表再导入一次。")
        self.errors = errors


def template() -> bytes:
    """Give the workbook to fill in."""
    columns = [Column(label, wide) for label, _, wide in COLUMNS]
    return printed([Sheet("案卷目录", "案卷目录", None, columns, [EXAMPLE], notes=NOTES)])


def rows_of_text(text: str) -> list[list[Any]]:
    """Give the rows of a table that was pasted."""
    return [line.split("\t") for line in text.splitlines()]


def rows_of_book(book: IO[bytes]) -> list[list[Any]]:
    """Give the rows of a workbook's first sheet. Raises Refused."""
    try:
        return CalamineWorkbook.from_filelike(book).get_sheet_by_index(0).to_python()
    except (CalamineError, IndexError) as error:
        raise Refused("这个文件打不开，请用 Excel 或 WPS 另存为 .xlsx 再上传。", "book") from error


def records(rows: Sequence[Sequence[Any]]) -> list[tuple[int, dict[str, str]]]:
    """Give each row's number in the table and what it holds by input, as a form would send it. Raises Refused."""
    head = next((place for place, row in enumerate(rows[:10]) if "案卷编号" in [_text(cell) for cell in row]), None)
    if head is None:
        raise Refused("没有找到列名。前几行里要有“案卷编号”等列名，请按模板填写，连列名一起粘贴。")
    places = {_text(cell): place for place, cell in enumerate(rows[head])}
    if lacking := [label for label in ("案由", "当事人", "决定日期", "承办人") if label not in places]:
        raise Refused(f"缺少列：{'、'.join(lacking)}。")
    fields = {one.name: str(one.pk) for one in EnforcementField.objects.all()}
    found = []
    for number, row in enumerate(rows[head + 1 :], head + 2):
        cells = {
            name: _text(row[places[label]]) for label, name, _ in COLUMNS if places.get(label, len(row)) < len(row)
        }
        if cells.get("number") and not cells["number"].startswith(NOTES[0][:6]):
            found.append((number, _as_sent(cells, fields)))
    if not 0 < len(found) <= MOST:
        raise Refused(f"一次可导入 1 到 {MOST} 卷，这张表里有 {len(found)} 卷。")
    return found


def _as_sent(cells: dict[str, str], fields: dict[str, str]) -> dict[str, str]:
    kinds = {label: kind for kind, label in CaseFile.KINDS}
    kind, field = cells.get("kind", ""), cells.get("field", "")
    sent = cells | {"kind": kinds.get(kind, kind) or CaseFile.PUNISHMENT, "field": fields.get(field, field)}
    return sent | {"is_major": "on" if cells.get("is_major") in ("是", "√", "1") else ""}


def _text(cell: Any) -> str:
    if isinstance(cell, dt.datetime):
        cell = cell.date()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip()


@transaction.atomic
def register_all(unit: Unit, entries: Sequence[tuple[int, dict[str, Any]]], *, by: User) -> int:
    """Register every entry or none; gives how many. Raises RowsRefused, rights.Denied."""
    errors = []
    for number, values in entries:
        try:
            with transaction.atomic():
                register.register(unit, values, by=by)
        except Refused as refused:
            errors.append(f"第 {number} 行：{refused}")
    if errors:
        raise RowsRefused(errors)
    return len(entries)
