"""A table that was copied out of Excel or WPS and pasted: made into a workbook, so that it goes the way of every other."""

from __future__ import annotations

import csv
import datetime as dt
import io

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile

from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook.cell_text import safe

LONGEST = 500_000  # characters
MOST_COLUMNS = 200
NAME = "粘贴的表格.xlsx"
# The same table gives the same bytes, so that it is known when it comes again.
WRITTEN = dt.datetime(2000, 1, 1)


def workbook(text: str) -> UploadedFile:
    """Give the workbook of a table whose cells are parted by tabs, every cell as text; raises Refused."""
    if len(text) > LONGEST:
        raise Refused(f"粘贴的内容超过 {LONGEST // 10_000} 万字，请保存为 .xlsx 上传。")
    try:
        rows = list(csv.reader(io.StringIO(text.replace("\0", "")), delimiter="\t"))
    except csv.Error as error:
        raise Refused("粘贴的内容读不出来，请保存为 .xlsx 上传。") from error
    if not any("".join(row).strip() for row in rows):
        raise Refused("请连同列名，把表格粘贴进来。")
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_urls": False}) as book:
        book.set_properties({"created": WRITTEN})
        page = book.add_worksheet("粘贴")
        for number, row in enumerate(rows):
            for place, cell in enumerate(row[:MOST_COLUMNS]):
                if cell.strip():
                    page.write_string(number, place, safe(cell))
    return SimpleUploadedFile(NAME, out.getvalue())
