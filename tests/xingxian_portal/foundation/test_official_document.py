"""Official documents, opened again and read."""

import datetime as dt
import io
import zipfile

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from xingxian_portal.foundation.official_document import OfficialDocument
from xingxian_portal.foundation.official_numbers import chinese
from xingxian_portal.foundation.official_titles import balanced

DAY = dt.date(2022, 6, 2)


def opened(document: OfficialDocument):
    return docx.Document(io.BytesIO(document.as_bytes()))


def fonts(line) -> list[tuple[str, str]]:
    """Give the runs of a line, each with its East Asian font."""
    return [(run.text, run._element.rPr.rFonts.get(qn("w:eastAsia"))) for run in line.runs]


def line_of(document, start: str):
    return next(line for line in document.paragraphs if line.text.startswith(start))


@pytest.fixture
def bulletin():
    made = OfficialDocument("关于5月份工作的通报", issuer="兴县司法局", number="兴司通〔2022〕6号", headed=True)
    made.address("各乡镇人民政府：")
    made.heading("总体情况")
    made.heading("亮点", 2)
    made.text(
        "（二）圪垯上乡提前完成。该乡于5月10日备案。\n1.蔚汾镇\n（1）细目\n2022.5月的小数不是标题\n\n二、存在问题"
    )
    made.heading("下步工作")
    made.heading("时限", 2)
    made.table(["单位", "说明"], [["圪垯上乡", "按时"], ["蔚汾镇", "逾期 3 天"]], widths=[1, 3], caption="未销号事项")
    made.attachments(["汇总表", "名单"])
    made.sign(DAY)
    made.record(printed_by="兴县司法局办公室", printed_on=DAY, copies_to="县委办公室")
    return opened(made)


def test_the_page_is_that_of_the_standard(bulletin):
    section = bulletin.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins] == [37, 35, 28, 26]
    body = line_of(bulletin, "2022.5")
    assert body.paragraph_format.line_spacing == Pt(28.95)
    assert (body.runs[0].font.size, body.paragraph_format.first_line_indent) == (Pt(16), Pt(31.5))


def test_pages_are_numbered_at_the_outer_edge(bulletin):
    section = bulletin.sections[0]
    for footer, align in ((section.footer, 2), (section.even_page_footer, 0)):
        line = footer.paragraphs[0]
        assert (line.text, line.alignment) == ("—  —", align)
        assert "PAGE" in line._p.xml


def test_each_level_has_its_number_and_its_font(bulletin):
    assert fonts(line_of(bulletin, "一、"))[0] == ("一、总体情况", "黑体")
    assert fonts(line_of(bulletin, "（一）亮"))[0] == ("（一）亮点", "楷体_GB2312")
    assert fonts(line_of(bulletin, "1."))[0] == ("1.蔚汾镇", "仿宋_GB2312")
    assert fonts(line_of(bulletin, "二、"))[0][1] == "黑体"
    assert fonts(line_of(bulletin, "2022.5"))[0][1] == "仿宋_GB2312"
    assert line_of(bulletin, "（一）时").text == "（一）时限"  # counted anew below the next heading


def test_a_heading_ends_at_its_full_stop_and_rare_characters_are_in_a_font_that_holds_them(bulletin):
    assert fonts(line_of(bulletin, "（二）")) == [
        ("（二）圪", "楷体_GB2312"), ("垯", "楷体"), ("上乡提前完成。", "楷体_GB2312"), ("该乡于5月10日备案。", "仿宋_GB2312"),
    ]  # fmt: skip


def test_the_head_is_red_and_the_number_stands_above_a_rule(bulletin):
    mark = line_of(bulletin, "兴县司法局文件").runs[0]
    assert (str(mark.font.color.rgb), mark._element.rPr.rFonts.get(qn("w:eastAsia"))) == ("E60012", "方正小标宋简体")
    assert 'w:color="E60012"' in line_of(bulletin, "兴司通〔2022〕6号")._p.xml


def test_address_attachments_signature_and_record(bulletin):
    texts = [line.text for line in bulletin.paragraphs]
    assert "各乡镇人民政府：" in texts
    assert texts[texts.index("附件：1. 汇总表") + 1] == "2. 名单"
    signed = texts.index("兴县司法局")
    assert texts[signed + 1] == "2022年6月2日"
    assert texts[-3:-1] == ["抄送：县委办公室。", "兴县司法局办公室\t2022年6月2日印发"]
    assert all("w:framePr" in line._p.xml for line in bulletin.paragraphs[-3:-1])


def test_a_table_repeats_its_head_and_fills_the_page(bulletin):
    table = bulletin.tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["单位", "说明"],
        ["圪垯上乡", "按时"],
        ["蔚汾镇", "逾期 3 天"],
    ]
    assert "w:tblHeader" in table.rows[0]._tr.xml
    assert sum(column.width for column in table.columns) == pytest.approx(Mm(156), abs=Mm(1))


def test_fonts_have_free_stand_ins_and_nothing_tells_of_another_program(bulletin):
    with zipfile.ZipFile(io.BytesIO(_saved(bulletin))) as package:
        table = package.read("word/fontTable.xml").decode()
        assert 'w:name="仿宋_GB2312"><w:altName w:val="仿宋;FandolFang R;Noto Serif CJK SC"' in table
        assert not {"docProps/app.xml", "docProps/thumbnail.jpeg"} & set(package.namelist())
    assert (bulletin.core_properties.author, bulletin.core_properties.comments) == ("兴县司法局", "")


def _saved(document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_document_without_head_has_its_number_at_the_right_and_attachments_on_pages_of_their_own():
    made = OfficialDocument(
        "圪垯上乡人民政府\n不予行政处罚决定书", issuer="圪垯上乡人民政府", number="兴圪免罚〔2022〕3号"
    )
    made.signature_lines("当事人（签名）：")
    made.attach("附件1", "汇总表", landscape=True)
    made.table(["甲"], [["=1"]])
    made.attach("附件2", "名单")
    document = opened(made)
    texts = [line.text for line in document.paragraphs]
    assert texts[:3] == ["圪垯上乡人民政府", "不予行政处罚决定书", "兴圪免罚〔2022〕3号"]
    assert line_of(document, "兴圪免罚").alignment == 2
    wide = document.sections[1]
    assert (round(wide.page_width.mm), round(wide.top_margin.mm)) == (297, 28)
    assert (round(document.sections[2].page_width.mm), round(document.sections[2].top_margin.mm)) == (210, 37)


@pytest.mark.parametrize(("number", "written"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (35, "三十五")])
def test_numbers_of_headings(number, written):
    assert chinese(number) == written


def test_a_title_breaks_where_a_word_ends():
    assert balanced("关于2022年5月份推行柔性执法助力市场主体倍增行动工作推进情况的通报") == [
        "关于2022年5月份推行柔性执法助力", "市场主体倍增行动工作推进情况的通报",
    ]  # fmt: skip
    assert balanced("关于5月份情况的通报") == ["关于5月份情况的通报"]
