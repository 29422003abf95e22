"""The rows of one sheet, each value with its sheet and cell; what was passed over is said, never silently dropped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from xingxian_portal.foundation.workbook import cell_values, header
from xingxian_portal.foundation.workbook.columns import Column
from xingxian_portal.foundation.workbook.contents import RawSheet
from xingxian_portal.foundation.workbook.issues import WARNING, Issue, letters, shown
from xingxian_portal.foundation.workbook.sheet_marks import MOST_ROWS, Marks

TOTAL_BEGINS = ("合", "小", "总", "共")
TOTALS = re.compile(r"(合计|小计|总计|共计|合\s+计|小\s+计)([（(:：].*)?")
NOTES = re.compile(
    r"(注|备注|说明|填表说明)\s*\d*\s*[:：.、]|(填报|填表|制表|审核|复核|经办|负责)[人]?\s*[(（签字章)）]*\s*[:：]|填报日期\s*[:：]"
)
ERRORS = {"#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!"}
MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Row:
    """One row of data: the sheet's own number and its cells from A on."""

    number: int
    cells: Sequence[Any]


@dataclass
class Reading:
    """What one sheet holds: its rows, where each column stands, what was passed over, what is wrong with its form."""

    sheet: str
    places: Mapping[str, int]
    rows: list[Row]
    header_row: int  # the sheet's own number
    marks: Marks = field(default_factory=Marks)
    notes: list[str] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    merged_away: set[tuple[int, int]] = field(default_factory=set)

    def cell(self, name: str, number: int) -> str:
        """Give the address of a column's cell in a row: D7; that of the row where there is no such column."""
        return f"{letters(self.places[name])}{number}" if name in self.places else ""


def read(
    sheets: Sequence[RawSheet],
    columns: Mapping[str, Column],
    title: str,
    *,
    key: Iterable[str] = (),
    ignored: Iterable[str] = (),
    ours: bool = False,
) -> Reading:
    """Read the sheet that was meant; `key` names the columns that must be there. Raises Refused."""
    raw, found = header.find(sheets, columns, title, ignored, ours)
    reading = Reading(raw.name, found.places, [], found.row + 1, raw.marks)
    reading.issues += _issues_of(found, columns, raw.name, set(key))
    rows = _filled_down(raw, found, columns, reading)
    reading.rows = list(_data(rows, found.row + 1, reading, _named_in(found, key)))
    if not reading.rows:
        reading.issues.append(Issue(f"工作表“{raw.name}”的表头下面没有数据。", raw.name, code="empty"))
    if len(reading.rows) > MOST_ROWS:
        reading.issues.append(
            Issue(f"有 {len(reading.rows)} 行数据，一次最多导入 {MOST_ROWS} 行。", raw.name, code="too_many")
        )
    if hidden := [row.number for row in reading.rows if row.number in raw.marks.hidden_rows]:
        reading.notes.append(f"有 {len(hidden)} 行被隐藏或筛选掉了，也读了进来：第 {_numbers(hidden)} 行。")
    return reading


def _issues_of(found: header.Header, columns: Mapping[str, Column], sheet: str, key: set[str]) -> Iterator[Issue]:
    accepted = [column.label for column in columns.values() if not column.shown_only]
    number = found.row + 1
    for place, label in found.strange.items():
        yield Issue(
            "不认识这一列。请删去，或改成可以填的列名。", sheet, f"{letters(place)}{number}", 0, label, label, "strange_column",
            accepted=accepted,
        )  # fmt: skip
    for place, label in found.twice.items():
        yield Issue(
            "这一列出现了两次，不知道读哪一列。", sheet, f"{letters(place)}{number}", 0, label, label, "repeated_column"
        )
    for name, column in columns.items():
        if name not in found.places and (column.required or name in key) and not column.shown_only:
            yield Issue(
                f"缺少“{column.label}”这一列。", sheet, "", 0, column.label, "", "missing_column", accepted=accepted
            )


def _filled_down(
    raw: RawSheet, found: header.Header, columns: Mapping[str, Column], reading: Reading
) -> Sequence[Sequence[Any]]:
    """Give the rows with merged cells read as what they mean: for all their rows, where a column is declared so."""
    by_place = {place: columns[name] for name, place in found.places.items()}
    merges = [merge for merge in raw.merges if merge[0] > found.row and merge[2] > merge[0] and merge[1] in by_place]
    if not merges:
        return raw.rows
    rows = [list(row) for row in raw.rows]
    filled: set[str] = set()
    for top, left, bottom, _ in merges:
        column = by_place[left]
        for number in range(top + 1, min(bottom + 1, len(rows))):
            if column.fill_down:
                rows[number][left] = rows[top][left]
                filled.add(column.label)
            elif not column.shown_only:
                reading.merged_away.add((number + 1, left))
    reading.notes += [f"“{label}”里的合并单元格，按每一行都填了同一个值来读。" for label in sorted(filled)]
    return rows


def _named_in(found: header.Header, key: Iterable[str]) -> int:
    """Give the place of the first column that names a row; where there is none, the first."""
    return next((found.places[name] for name in key if name in found.places), 0)


def _data(rows: Sequence[Sequence[Any]], start: int, reading: Reading, named_in: int) -> Iterator[Row]:
    totals, remarks, places = [], [], sorted(reading.places.values())
    odd_rows = reading.marks.rows_without_values(places)
    for number, cells in enumerate(rows[start:], start + 1):
        if number in odd_rows:
            yield Row(number, cells)
            continue
        first = next((value for value in cells if value != "" and not cell_values.is_blank(value)), None)
        if first is None:
            continue
        if isinstance(first, str) and first[0] in "合小总共注备说填制审复经负 \u3000":
            plain = cell_values.text(first)
            if TOTALS.fullmatch(plain):
                totals.append(number)
                continue
            if NOTES.match(plain):
                remarks.append(number)
                continue
        name = cells[named_in] if named_in < len(cells) else ""
        if isinstance(name, str) and name[:1] in TOTAL_BEGINS and TOTALS.fullmatch(cell_values.text(name)):
            totals.append(number)  # of a group, whose name stands before it
            continue
        if all(place >= len(cells) or cell_values.is_blank(cells[place]) for place in places):
            remarks.append(number)  # something stands beside the table, nothing in it
            continue
        yield Row(number, cells)
    yield from (Row(number, ()) for number in sorted(odd_rows) if number > max(len(rows), start))
    if totals:
        reading.notes.append(f"第 {_numbers(totals)} 行是合计或小计，没有读。")
    if remarks:
        reading.notes.append(f"第 {_numbers(remarks)} 行是说明或落款，没有读。")


def _numbers(rows: Sequence[int]) -> str:
    more = f"等 {len(rows)} " if len(rows) > MOST_NAMED else ""
    return "、".join(map(str, rows[:MOST_NAMED])) + more


def odd_cell(reading: Reading, row: int, place: int, value: Any) -> tuple[str, str, str] | None:
    """Give what is odd about a cell besides its value: the message, a code and the level; None for an ordinary one."""
    where, marks = (row, place), reading.marks
    if where in marks.pictures or (isinstance(value, str) and "DISPIMG(" in value):
        return "单元格内图片不支持，请作为附件上传。", "picture", "error"
    if where in marks.uncomputed:
        return "公式未计算，请在 WPS/Excel 中打开保存后再上传。", "uncomputed", "error"
    if error := marks.failed.get(where) or (value if isinstance(value, str) and value in ERRORS else ""):
        return f"公式出错（{shown(error)}），请改正后再上传。", "formula_error", "error"
    if where in reading.merged_away:
        return "这是合并单元格，看不出这一行填的是什么。请取消合并，每一行都填上。", "merged", "error"
    if where in marks.external:
        return "这里引用了别的工作簿，读的是上次保存的数值。", "external", WARNING
    return None
