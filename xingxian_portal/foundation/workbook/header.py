"""Finding the sheet that was meant and the row of its labels: by the words people know, never by place or by chance.

A title above, notes, a second row of labels under merged ones, other columns' order: all of it is found by its labels.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook import cell_values
from xingxian_portal.foundation.workbook.columns import Column, label_key, label_keys
from xingxian_portal.foundation.workbook.contents import RawSheet

SEARCHED_ROWS = 10
FEWEST_LABELS = 2
# Columns of ours or of everybody's that carry nothing to read.
SAID, LIST_SHEET = "错误说明", "错误清单"  # written by us into a workbook that is to be mended
IGNORED = {label_key(label) for label in ("序号", SAID)}
TEMPLATE_SHEET = "填报"


@dataclass(frozen=True)
class Header:
    """Where the labels stand: the last row of them (counted from 0) and the column of each name.

    `strange` and `twice` are labels nobody knows and labels that stand there twice, with their columns.
    """

    row: int
    places: Mapping[str, int]
    strange: Mapping[int, str] = field(default_factory=dict)
    twice: Mapping[int, str] = field(default_factory=dict)


def find(
    sheets: Sequence[RawSheet], columns: Mapping[str, Column], title: str, ignored: Iterable[str], ours: bool
) -> tuple[RawSheet, Header]:
    """Give the sheet that was meant and its header; `ours` says that the workbook is a template of the portal's.

    Raises Refused when there is none, or more than one that could be meant.
    """
    readable = [sheet for sheet in sheets if sheet.rows and not _is_own(sheet.name)]
    found = [(sheet, header) for sheet in readable if (header := header_of(sheet, columns, ignored))]
    if ours and (meant := [one for one in found if one[0].name == TEMPLATE_SHEET]):
        return meant[0]
    if titled := [one for one in found if _has_title(one[0], one[1], title)]:
        found = titled
    visible = [one for one in found if not one[0].is_hidden] or found
    if not visible:
        accepted = "、".join(column.label for column in columns.values())
        raise Refused(f"没有找到《{title}》的表头。表头应在前 {SEARCHED_ROWS} 行里，可以有这些列：{accepted}。")
    if len(visible) > 1:
        names = "、".join(f"“{sheet.name}”" for sheet, _ in visible)
        raise Refused(f"有 {len(visible)} 个工作表都像《{title}》：{names}。请只留下要导入的一个。")
    return visible[0]


def _is_own(name: str) -> bool:
    return name.startswith("_") or name == LIST_SHEET


def _has_title(sheet: RawSheet, header: Header, title: str) -> bool:
    wanted = cell_values.squeezed(title)
    above = (value for row in sheet.rows[: header.row] for value in row if isinstance(value, str))
    return cell_values.squeezed(sheet.name) == wanted or any(wanted in cell_values.squeezed(value) for value in above)


def header_of(sheet: RawSheet, columns: Mapping[str, Column], ignored: Iterable[str] = ()) -> Header | None:
    """Give the row with the most known labels among the first ten, alone or with the row below; None without any."""
    best: Header | None = None
    for number, row in enumerate(sheet.rows[:SEARCHED_ROWS]):
        for last, labels in ((number, row), (number + 1, _two_rows(sheet, number))):
            header = _read(last, labels, columns, ignored) if labels else None
            if header and (best is None or _worth(header) > _worth(best)):
                best = header
    enough = min(FEWEST_LABELS, len(columns))
    return best if best and len(best.places) >= enough else None


def _worth(header: Header) -> tuple[int, int]:
    """Give how good a reading of the labels is: a title that is taken for the upper of two rows makes strange ones."""
    return len(header.places), -len(header.strange) - len(header.twice)


def _two_rows(sheet: RawSheet, number: int) -> Sequence[Any]:
    """Give the labels of two rows taken together: 分管领导 over 姓名 and 联系方式 gives 分管领导姓名, 分管领导联系方式."""
    if number + 1 >= len(sheet.rows):
        return ()
    above, below = list(sheet.rows[number]), sheet.rows[number + 1]
    for top, left, bottom, right in sheet.merges:
        if top == bottom == number:
            above[left : right + 1] = [above[left]] * (right - left + 1)
    return [f"{cell_values.text(one)}{cell_values.text(other)}" for one, other in zip(above, below, strict=False)]


def _read(last: int, labels: Sequence[Any], columns: Mapping[str, Column], ignored: Iterable[str]) -> Header:
    by_key: dict[str, list[str]] = {}
    for name, column in columns.items():
        for key in column.keys:
            by_key.setdefault(key, []).append(name)
    no_matter = IGNORED | {label_key(label) for label in ignored}
    places: dict[str, int] = {}
    strange: dict[int, str] = {}
    twice: dict[int, str] = {}
    left = ""
    for place, label in enumerate(labels):
        if not isinstance(label, str) or not (key := label_key(label)):
            continue
        names = next((by_key[one] for one in label_keys(label) if one in by_key), [])
        name = _meant(names, columns, left, places)
        if name and name not in places:
            places[name], left = place, name
        elif names:
            twice[place] = cell_values.text(label)
        elif key not in no_matter:
            strange[place] = cell_values.text(label)
    return Header(last, places, strange, twice)


def _meant(names: Sequence[str], columns: Mapping[str, Column], left: str, places: Mapping[str, int]) -> str:
    """Give which of the columns with one label is meant: the one that stands behind its own, else the first left over."""
    behind = [name for name in names if columns[name].follows and columns[name].follows == left]
    free = [name for name in names if name not in places]
    return next(iter(behind or free or names), "")


def repeated(labels: Iterable[str]) -> list[str]:
    """Give the labels that stand there more than once."""
    return [label for label, times in Counter(labels).items() if times > 1]
