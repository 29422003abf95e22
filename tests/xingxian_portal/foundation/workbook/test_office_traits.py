"""What offices really send: each workbook gives the right rows or a clear sentence, never silence, a 500 or a half.

Sent through the page, as the 系统管理员 does with the units and the calendar, and a unit with its line of the roster.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from liaisons.models import Unit
from tests.cast import Cast, client_of, gather
from tests.xingxian_portal.foundation.workbook import office_files as office
from xingxian_portal.foundation.workbook.imports import ImportBatch
from xingxian_portal.foundation.workdays import CalendarDay

HEAD: list[Any] = ["编码", "全称", "简称", "类别", "排序"]
GE: list[Any] = ["141123209", "圪垯上乡人民政府", "圪垯上乡", "乡镇人民政府", 12]
FEN: list[Any] = ["141123100", "蔚汾镇人民政府", "蔚汾镇", "乡镇人民政府", 3]
PLAIN: list[list[Any]] = [["单位名册"], HEAD, GE, FEN]
BOOK = office.book_of(PLAIN)


@pytest.fixture(scope="module")
def people(standing) -> Cast:
    return gather()


@pytest.fixture
def send(people, db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    def sent(content: bytes, name="名册.xlsx", slug="units", by="admin") -> ImportBatch | str:
        """Give the batch, or the sentence beside the file that was refused."""
        client = client_of(getattr(people, by))
        answer = client.post(f"/imports/{slug}/", {"file": SimpleUploadedFile(name, content)})
        if answer.status_code == 200:
            return "".join(re.findall(r'<ul class="errorlist"[^>]*>(.*?)</ul>', answer.content.decode(), re.S))
        batch = ImportBatch.objects.get()
        assert client.get(answer["Location"]).status_code == 200
        return batch

    return sent


def good(batch, new=1, changed=1) -> ImportBatch:
    """Hold that the rows of `PLAIN` were understood; gives the batch."""
    assert batch.state == "ready", [str(issue) for issue in batch.issues.all()]
    assert (batch.counts["new"], batch.counts["changed"]) == (new, changed)
    rows = {row.key[0]: row.after for row in batch.rows.all()}
    assert (rows[GE[0]]["name"], rows[GE[0]]["position"]) == (GE[1], GE[4])
    return batch


def issues(batch) -> list[tuple[str, str]]:
    assert batch.state == "faulty"
    return [(issue.cell, issue.code) for issue in batch.issues.all()]


def other_sheet_active(page) -> None:
    help_page = page.parent.create_sheet("说明", 0)
    help_page.append(["填表说明"])
    help_page.append(["编码写统计用区划代码"])
    page.parent.active = 0


def hidden_and_filtered(page) -> None:
    page.row_dimensions[3].hidden = True
    page.auto_filter.ref = "A2:E4"


def in_two_rows(page) -> None:
    page.insert_rows(2)
    page["A2"] = "单位"
    page.merge_cells("A2:C2")


RIGHT = {
    "with a dimension that says A1": office.dimension(BOOK, "A1"),
    "with a dimension of 2^20 rows and an empty cell down there": office.patched(
        office.dimension(BOOK, "A1:XFD1048576"),
        lambda xml: xml.replace(b"</sheetData>", b'<row r="1048576"><c r="A1048576" s="0"/></row></sheetData>'),
    ),
    "saved while another sheet was looked at": office.book_of(PLAIN, other_sheet_active),
    "in another order, with notes above and 合计 below": office.book_of(
        [["单位名册（2022年）"], ["填报日期：2022年6月"], [], HEAD[::-1], GE[::-1], FEN[::-1], ["合计"], ["注：按区划代码排序"]]
    ),
    "with full-width digits, spaces nobody sees and labels on two lines": office.book_of(
        [["编 码*", "单位\n全称", "简称 ", "类\u200b别", "排序（数字）"], ["１４１１２３２０９", "\ufeff圪垯上乡人民政府", "　圪垯上乡", "乡镇 人民政府", "１２"], FEN]
    ),
    "with numbers as text": office.book_of([HEAD, [*GE[:4], "12"], [*FEN[:4], "3"]]),
    "with codes as numbers": office.book_of([HEAD, [141123209, *GE[1:]], FEN]),
    "with numbers as formulas that were computed": office.cell(BOOK, "E3", "<f>6*2</f><v>12</v>"),
    "as .xls": office.old_book(PLAIN),
    "with hidden rows and a filter on": office.book_of(PLAIN, hidden_and_filtered),
}  # fmt: skip


@pytest.mark.parametrize("trait", RIGHT)
def test_a_workbook_gives_its_rows(send, trait):
    good(send(RIGHT[trait], "名册.xls" if trait == "as .xls" else "名册.xlsx"))


def test_an_xls_is_read_by_its_content_whatever_it_is_called(send):
    good(send(office.old_book(PLAIN), "名册.xlsx"))


def test_what_was_hidden_or_passed_over_is_said(send):
    assert "第 3 行" in good(send(RIGHT["with hidden rows and a filter on"])).notes[0]


def test_totals_and_remarks_are_passed_over_and_said(send):
    notes = good(send(RIGHT["in another order, with notes above and 合计 below"])).notes
    assert notes == ["第 7 行是合计或小计，没有读。", "第 8 行是说明或落款，没有读。"]


def test_a_number_from_another_workbook_is_taken_as_saved_and_said(send):
    content = office.cell(BOOK, "E3", "<f>[1]Sheet1!A1</f><v>12</v>")
    batch = good(send(office.with_parts(content, {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"})))
    assert [(issue.cell, issue.code, issue.level) for issue in batch.issues.all()] == [("E3", "external", "warning")]


WRONG = {
    "an 18-digit code as a number": (office.book_of([HEAD, [141123209123456789, *GE[1:]]]), [("A2", "precision")]),
    "a formula never computed": (office.cell(BOOK, "E3", "<f>6*2</f>"), [("E3", "uncomputed")]),
    "a row of nothing but formulas never computed": (
        office.patched(
            office.book_of([HEAD, FEN]),
            lambda xml: xml.replace(b"</sheetData>", b'<row r="9"><c r="A9"><f>A1</f></c><c r="C9"><f>A1</f></c></row></sheetData>'),
        ),
        [("A9", "uncomputed"), ("B9", "missing"), ("C9", "uncomputed"), ("D9", "missing")],
    ),
    "a formula that failed": (office.cell(BOOK, "E3", "<f>A1/0</f><v>#DIV/0!</v>", ' t="e"'), [("E3", "formula_error")]),
    "a picture in a cell": (
        office.cell(BOOK, "E3", '<f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v>', ' t="str"'), [("E3", "picture")],
    ),
    "one key twice, once with a space": (
        office.book_of([HEAD, GE, ["141123209 ", *GE[1:]]]), [("A2", "repeated"), ("A3", "repeated")],
    ),
    "a cell merged over two rows": (
        office.book_of([HEAD, GE, FEN], lambda page: page.merge_cells("D2:D3")), [("D3", "merged")],
    ),
    "a column twice": (office.book_of([[*HEAD, "排序"], [*GE, 1]]), [("F1", "repeated_column")]),
    "a column nobody knows": (office.book_of([[*HEAD, "面积"], [*GE, 1]]), [("F1", "strange_column")]),
    "no rows": (office.book_of([["单位名册"], HEAD]), [("", "empty")]),
    "something far to the right": (office.book_of([[*HEAD, *[None] * 100, "x"], GE]), [("", "file")]),
    "no heads": (office.book_of([["甲", "乙"], ["1", "2"]]), [("", "file")]),
}  # fmt: skip


@pytest.mark.parametrize("trait", WRONG)
def test_what_cannot_be_read_is_said_with_its_cell_and_nothing_goes_in(send, trait):
    content, expected = WRONG[trait]
    batch = send(content)
    assert issues(batch) == expected
    assert all(issue.message for issue in batch.issues.all())
    assert not Unit.objects.filter(code=GE[0]).exists()


CSV = "编码,全称,简称\n141123209,圪垯上乡人民政府,圪垯上乡\n"
REFUSED = {
    "under a password": ("名册.xlsx", office.encrypted(BOOK), "文件已加密"),
    "of WPS's own kind": ("名册.et", office.compound({"Workbook": b"\x09\x08"}), "另存为 .xlsx"),
    "of WPS's own kind, called .xlsx": ("名册.xlsx", office.compound({"ET": b"\x00"}), "另存为 .xlsx"),
    "as CSV in GBK": ("名册.csv", CSV.encode("gb18030"), "另存为 .xlsx"),
    "as CSV in GBK, called .xlsx": ("名册.xlsx", CSV.encode("gb18030"), "另存为 .xlsx"),
    "as CSV in UTF-8": ("名册.csv", CSV.encode("utf-8-sig"), "另存为 .xlsx"),
    "with macros": ("名册.xlsm", office.with_parts(BOOK, {"xl/vbaProject.bin": b"\0" * 64}), "扩展名不符"),
    "with macros, called .xlsx": ("名册.xlsx", office.with_parts(BOOK, {"xl/vbaProject.bin": b"\0" * 64}), "宏"),
    "that swells": ("名册.xlsx", office.with_parts(BOOK, {"xl/worksheets/sheet2.xml": b" " * 20_000_000}), "压缩炸弹"),
    "with a thousand parts": ("名册.xlsx", office.with_parts(BOOK, {f"xl/x{n}.xml": b"" for n in range(1001)}), "超过 1000 个"),
    "cut off": ("名册.xlsx", BOOK[:2000], "损坏"),
    "that is empty": ("名册.xlsx", b"", "空文件"),
    "that is a picture": ("名册.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "不是 Excel 工作簿"),
    "with a marking in a cell": ("名册.xlsx", office.book_of([["秘密★1年"], *PLAIN]), "密级标志"),
    "with a marking in a cell of an .xls": ("名册.xls", office.old_book([["秘密★1年"], *PLAIN]), "密级标志"),
}  # fmt: skip


@pytest.mark.parametrize("trait", REFUSED)
def test_a_file_that_is_none_is_refused_with_what_to_do(send, trait):
    name, content, said = REFUSED[trait]
    assert said in send(content, name)
    assert not ImportBatch.objects.exists()


DAYS = [
    "2022-6-3",
    "2022/6/4",
    "2022.6.5",
    "2022年6月6日",
    "２０２２年６月７日",
    "20220608",
    44721,
    "44722",
    dt.date(2022, 6, 11),
]


def test_days_in_every_spelling(send):
    batch = send(office.book_of([["日期", "类别"], *([day, "放假"] for day in DAYS)]), slug="calendar")
    assert [row.key for row in batch.rows.all()] == [[f"2022-06-{day:02}"] for day in range(3, 12)]
    assert not CalendarDay.objects.exists()


def test_days_that_are_none(send):
    rows = [["2022-2-30", "放假"], ["六月三日", "放假"], [3, "放假"]]
    batch = send(office.book_of([["日期", "类别"], *rows]), slug="calendar")
    assert issues(batch) == [("A2", "not_a_day"), ("A3", "not_a_day"), ("A4", "not_a_day")]


ANNEX = [
    ["推行柔性执法相关工作联络员名单"],
    ["单位名称", "分管领导", "", "联络员", ""],
    ["", "姓名", "联系方式", "姓名", "联系方式"],
]


def two_rows_of_heads(page) -> None:
    for area in ("A1:E1", "A2:A3", "B2:C2", "D2:E2"):
        page.merge_cells(area)


def test_two_rows_of_heads_and_a_name_with_spaces(send):
    row = ["蔚汾镇", "张　三", "138-0000-0001", "李 四样", "１３８００００００２２"]
    batch = send(office.book_of([*ANNEX, row], two_rows_of_heads), slug="roster", by="weifen")
    assert batch.state == "ready", [str(issue) for issue in batch.issues.all()]
    after = batch.rows.get().after
    assert (after["leader"], after["liaison"], after["unit"]) == ("张三", "李四样", "蔚汾镇人民政府")


def test_another_units_row_is_refused(send):
    rows = [[name, "张三", "138 0000 0001", "李四", "138 0000 0002"] for name in ("蔚汾镇", "县市场局", "没有的局")]
    batch = send(office.book_of([*ANNEX, *rows], two_rows_of_heads), slug="roster", by="weifen")
    assert issues(batch) == [("A5", "unknown_row"), ("A6", "unknown_name")]
