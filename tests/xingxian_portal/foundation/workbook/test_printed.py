"""Printed sheets, opened again with two other libraries."""

import datetime as dt
import io
from decimal import Decimal

import pytest

from tests.xingxian_portal.foundation.workbook.reading import page, values
from xingxian_portal.foundation.workbook.printed import printed
from xingxian_portal.foundation.workbook.sheets import About, Column, Kind, Lit, Sheet
from xingxian_portal.foundation.workbook.streamed import streamed

AT = dt.datetime(2022, 6, 21, 9, 30, tzinfo=dt.UTC)
ABOUT = About(by="王某", at=AT, scope="全县", filters=["6月", "未报"], count=3)
COLUMNS = [
    Column("单位", 6, Kind.SHORT, merges=True), Column("应报", 4, Kind.COUNT, group="报送"), Column("率", 4, Kind.RATE, group="报送"),
    Column("期限", 6, Kind.DAY), Column("时间", 8, Kind.MOMENT), Column("金额", 6, Kind.AMOUNT), Column("说明", 12),
]  # fmt: skip
DAY = dt.date(2022, 6, 30)
ROWS = [
    ["圪垯上乡", 1, 50.5, DAY, AT, Decimal("1234.50"), "=1+1"],
    ["圪垯上乡", 2, None, None, None, None, "长" * 40],
    ["蔚汾镇", 3, 0, DAY, AT, 0, Lit("逾期", "overdue")],
]
HOSTILE = ["=1+1", "==1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "＝1+1", '=HYPERLINK("http://x","y")']


def sheet(**more):
    return Sheet("汇总表", "汇总表（6月）", ABOUT, COLUMNS, ROWS, **more)


def both_ways(made: Sheet) -> dict[str, bytes]:
    out = io.BytesIO()
    streamed([made], out)
    return {"printed": printed([made]), "streamed": out.getvalue()}


def test_a_sheet_says_what_it_is_and_holds_its_values_as_what_they_are():
    read = values(printed([sheet(label="附件1", notes=["注：无"])], {"overdue": {"bg_color": "#FF0000"}}))
    assert [row[0] for row in read[:3]] == [
        "附件1", "汇总表（6月）", "数据截至：2022-06-21 17:30　范围：全县　筛选：6月、未报　共 3 行　导出人：王某",
    ]  # fmt: skip
    assert read[3] == ["单位", "报送", "", "期限", "时间", "金额", "说明"]
    assert read[4] == ["", "应报", "率", "", "", "", ""]
    assert read[5] == ["圪垯上乡", 1, 50.5, DAY, dt.datetime(2022, 6, 21, 17, 30), 1234.5, "=1+1"]
    assert read[6][0] == "圪垯上乡"  # a page that begins here names its unit
    assert (read[7][6], read[8][0]) == ("逾期", "注：无")


def test_a_sheet_is_laid_out_for_paper():
    read = page(printed([sheet(paper="A3")], {"overdue": {"bg_color": "#FF0000"}}))
    assert (read.page_setup.paperSize, read.page_setup.orientation, read.page_setup.fitToHeight) == (8, "landscape", 0)
    assert read.print_title_rows == "$3:$4"
    assert read.oddFooter.center.text == "第 &P 页，共 &N 页"
    assert read.oddFooter.left.text == "数据截至：2022-06-21 17:30"
    assert {"A1:G1", "A2:G2", "B3:C3", "A3:A4"} <= {str(area) for area in read.merged_cells.ranges}
    colours = [read[cell].font.color.rgb for cell in ("A5", "A6", "A7")]
    assert [colour == "FF767676" for colour in colours] == [False, True, False]
    assert (read["G7"].fill.fgColor.rgb, read["A5"].border.left.style) == ("FFFF0000", "thin")
    assert read.row_dimensions[6].height > read.row_dimensions[5].height  # the long text is seen whole


def test_on_one_page_equal_cells_below_each_other_are_one():
    read = page(printed([sheet(one_page=True)], {"overdue": {"bg_color": "#FF0000"}}))
    assert "A5:A6" in {str(area) for area in read.merged_cells.ranges}


@pytest.mark.parametrize("way", ["printed", "streamed"])
@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_formula(way, text):
    made = Sheet("一", "二", None, [Column("甲"), Column("乙")], [[text, Lit(text, "")]])
    read = page(both_ways(made)[way])
    for cell in read[3]:
        assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", text.replace("\r", "\n"), True)


def test_a_streamed_table_has_every_row_whole_and_one_row_of_heads():
    out, heard = io.BytesIO(), []
    assert streamed([Sheet("表", "题", ABOUT, COLUMNS, iter(ROWS * 400))], out, tell=heard.append) == 1200
    read = values(out.getvalue())
    assert read[2] == ["单位", "报送：应报", "报送：率", "期限", "时间", "金额", "说明"]
    assert (len(read), read[4][0], heard) == (1203, "圪垯上乡", [1000])
    assert page(out.getvalue()).auto_filter.ref == "A3:G1203"


def test_a_streamed_cell_holds_what_a_printed_one_holds():
    odd = ["a&b<c>", " 边 ", "_x0041_", "多\n行", True, False, 12, 1.5, Decimal("0.10"), DAY, AT, None, "=1"]
    made = Sheet(
        "一",
        "二",
        None,
        [Column(str(number), 8, Kind.MOMENT if value is AT else Kind.TEXT) for number, value in enumerate(odd)],
        [odd],
    )
    read = {way: values(data)[2] for way, data in both_ways(made).items()}
    assert read["streamed"] == read["printed"]
    assert read["streamed"][:2] == ["a&b<c>", " 边 "]
