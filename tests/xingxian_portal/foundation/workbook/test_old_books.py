"""An .xls is read by a process of its own: what a broken one does to the reader is done to nobody else."""

import datetime as dt
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.xingxian_portal.foundation.workbook import office_files as office
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook import contents, incoming, old_books

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
    sent = json.loads(json.dumps(values, default=old_books._plain))
    assert [old_books._value(one) for one in sent] == values
