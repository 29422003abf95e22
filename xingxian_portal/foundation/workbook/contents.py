"""A workbook's sheets as they stand: values by calamine, which does not trust the sheet's own word for its size.

Macros and external links are never followed: what a formula gave when the file was saved is what counts.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from xingxian_portal.foundation import classified_marks
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook import cell_values, sheet_marks
from xingxian_portal.foundation.workbook.sheet_marks import MOST_ROWS, Marks

BROKEN = "文件已损坏，打不开。请在 WPS 或 Excel 里打开，另存为 .xlsx 后再上传。"
LOCKED = "文件已加密或不是 .xlsx。请去掉密码，另存为 .xlsx 后再上传。"

PACKAGE = b"PK\x03\x04"
# By these the reader takes a package for a workbook of another kind, into which no mark looks.
OTHER_KINDS = {"content.xml", "xl/workbook.bin"}
ABOVE = 20  # rows of title and labels, which count for nothing
# First row, first column, last row, last column; counted from 0.
Merge = tuple[int, int, int, int]


@dataclass(frozen=True)
class RawSheet:
    """One worksheet: its rows from A1 on, each as long as the others."""

    name: str
    rows: Sequence[Sequence[Any]]
    merges: Sequence[Merge] = ()
    is_hidden: bool = False
    marks: Marks = field(default_factory=Marks)


def read(file: IO[bytes]) -> list[RawSheet]:
    """Give the worksheets of an .xlsx or .xls file; raises Refused when it cannot be read."""
    file.seek(0)
    if file.read(len(PACKAGE)) == PACKAGE:
        try:
            return read_here(file)
        except sheet_marks.Odd:
            pass
    from xingxian_portal.foundation.workbook import apart  # late: its process reads by this file

    file.seek(0)
    return apart.read(file.read())


def read_here(file: IO[bytes], *, odd_too: bool = False) -> list[RawSheet]:
    """Give the worksheets, read in this process; raises Refused, and Odd unless `odd_too`.

    `read` has done elsewhere what may end the process: an .xls, and sheets of whose size nothing can be told before.
    """
    file.seek(0)
    try:
        marks = _marks(file, odd_too=odd_too)
        file.seek(0)
        with CalamineWorkbook.from_filelike(file) as book:
            return [_sheet(book, number, marks) for number, about in enumerate(book.sheets_metadata) if _counts(about)]
    except CalamineError as error:
        raise Refused(
            LOCKED if "assword" in str(error) or type(error).__name__ == "PasswordError" else BROKEN
        ) from error
    except (zipfile.BadZipFile, ParseError, DefusedXmlException, KeyError, ValueError, OSError, EOFError) as error:
        raise Refused(BROKEN) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how the reader, written in Rust, gives up; it is no Exception
            raise
        raise Refused(BROKEN) from error


def _counts(about: Any) -> bool:
    return about.typ == SheetTypeEnum.WorkSheet


def _marks(file: IO[bytes], *, odd_too: bool) -> dict[str, Marks]:
    """Give the marks of each sheet of an .xlsx; an .xls has none. Raises Refused for a sheet that is too large, and Odd."""
    if not zipfile.is_zipfile(file):
        return {}
    with zipfile.ZipFile(file) as package:
        names, parts = set(package.namelist()), sheet_marks.parts(package)
        if not odd_too and (not parts or names & OTHER_KINDS or not names.issuperset(parts.values())):
            raise sheet_marks.Odd
        found = {name: sheet_marks.of(package, part, odd_too=odd_too) for name, part in parts.items() if part in names}
    for name, marks in found.items():
        if marks.last_row > MOST_ROWS + ABOVE:
            raise Refused(
                f"工作表“{name}”在第 {marks.last_row} 行还有内容，超过 {MOST_ROWS} 行。请删去下面多余的内容，或分成几个文件。"
            )
        if marks.is_wide:
            raise Refused(f"工作表“{name}”在很靠右的列（第 100 列以后）还有内容。请删去右边多余的列后再上传。")
    return found


def _sheet(book: CalamineWorkbook, number: int, marks: dict[str, Marks]) -> RawSheet:
    about, sheet = book.sheets_metadata[number], book.get_sheet_by_index(number)
    if sheet.total_height > MOST_ROWS + ABOVE:
        raise Refused(f"工作表“{about.name}”有 {sheet.total_height} 行，超过 {MOST_ROWS} 行。请分成几个文件上传。")
    rows = sheet.to_python(skip_empty_area=False) if sheet.height else []
    is_hidden = about.visible != SheetVisibleEnum.Visible
    return RawSheet(about.name, rows, _merges(sheet), is_hidden, marks.get(about.name, Marks()))


def _merges(sheet: CalamineSheet) -> list[Merge]:
    return [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]


def require_unclassified(sheets: Sequence[RawSheet]) -> None:
    """Raise Refused when a cell carries a 密级 marking; for .xls, into which the check of uploads cannot look."""
    words = (
        cell_values.text(value) for sheet in sheets for row in sheet.rows for value in row if isinstance(value, str)
    )
    if mark := classified_marks.in_lines(words):
        raise Refused(f"正文有密级标志“{mark}”，涉密文件严禁上传。")
