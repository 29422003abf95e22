"""An .xls, and an .xlsx that hides its size, are read by a process of its own: what they do to the reader is done to nobody else."""

import datetime as dt
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.xingxian_portal.foundation.workbook import office_files as office
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook import apart, contents, incoming

BOOK = office.old_book([["编码", "全称", "数"], ["a", "甲镇", 3], ["b", "乙镇", 1.5]])
# Single bytes that are wrong, as a bad disk leaves them, and what the reader of today makes of it.
BROKEN = {
    "the reader gives up": {1561: 255},
    "the reader asks for 240 GB and its process is ended": {57: 157, 1607: 180},
}


def test_the_sheets_are_those_that_the_reader_gives_here():
    there, here = contents.read(io.BytesIO(BOOK)), contents.read_here(io.BytesIO(BOOK))
    assert [(one.name, one.rows, one.is_hidden) for one in there] == [
        (one.name, one.rows, one.is_hidden) for one in here
    ]
    assert there[0].rows[1:] == [["a", "甲镇", 3.0], ["b", "乙镇", 1.5]]


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_one_is_refused_in_words_and_the_portal_goes_on(what):
    content = bytearray(BOOK)
    for place, byte in BROKEN[what].items():
        content[place] = byte
    with pytest.raises(Refused, match=r"另存为 \.xlsx 后再上传"):
        incoming.check(SimpleUploadedFile("名册.xls", bytes(content)))


def _hide_second(page):
    page.row_dimensions[2].hidden = True


SHEET = office.book_of([["编码", "全称"], ["a", "甲镇"]], _hide_second)
ROWS_END = b"</sheetData>"
FAR = {
    "in other quotation marks": b"<row r='59999'><c r='XFD59999'><v>1</v></c></row>",
    "counted and not named": b'<row r="59999">' + b"<c/>" * 16_383 + b"<c><v>1</v></c></row>",
    "in a row that says of itself to be another": b'<row r="3"><c r="CU1048576"><v>1</v></c></row>',
}


@pytest.mark.parametrize("how", FAR)
def test_a_cell_far_away_takes_no_memory_however_its_place_is_written(how):
    far = office.patched(SHEET, lambda xml: xml.replace(ROWS_END, FAR[how] + ROWS_END))
    with pytest.raises(Refused, match=r"打不开|删去"):
        contents.read(io.BytesIO(far))


@pytest.mark.parametrize("quotes", [(b' r="A2"', b" r='A2'"), (b' r="A2"', b"")])
def test_an_odd_sheet_is_read_apart_with_its_marks(quotes):
    odd = office.patched(SHEET, lambda xml: xml.replace(*quotes))
    (sheet,) = contents.read(io.BytesIO(odd))
    assert (sheet.rows[1], sheet.marks.hidden_rows) == (["a", "甲镇"], {2})


def test_days_and_moments_come_over_as_they_are():
    values = [
        dt.date(2022, 6, 1),
        dt.datetime(2022, 6, 1, 8, 30),
        dt.time(8, 30),
        dt.timedelta(hours=30),
        "字",
        1,
        True,
    ]
    sent = json.loads(json.dumps(values, default=apart._plain))
    assert [apart._value(one) for one in sent] == values


def test_a_package_that_may_be_of_another_kind_is_read_apart(monkeypatch):
    asked = []
    monkeypatch.setattr(apart, "read", lambda content: asked.append(content) or [])
    for odd in (office.with_parts(SHEET, {"content.xml": b"<a/>"}), SHEET.replace(b"PK", b"PX", 1), BOOK + SHEET):
        contents.read(io.BytesIO(odd))
    assert len(asked) == 3
    assert contents.read(io.BytesIO(SHEET))[0].rows
    assert len(asked) == 3
