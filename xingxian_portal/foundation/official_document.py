"""Official documents by GB/T 9704-2012 as .docx: 通报, 催办函, 决定书 and their kin.

    document = OfficialDocument("关于5月份工作推进情况的通报", issuer="兴县司法局", number="兴司通〔2022〕6号", headed=True)
    document.address("各乡镇人民政府，县直有关部门：")
    document.heading("总体情况")                    # 一、 in 黑体; level 2 （一） in 楷体; 3 1. and 4 （1） in 仿宋
    document.paragraph("5月份……")
    document.table(["单位", "应报"], [["蔚汾镇", "1"]], widths=[3, 1])
    document.attachments(["5月份推进情况汇总表"])
    document.sign(on=dt.date(2022, 6, 22))
    document.record(copies_to="县委办公室，县政府办公室", printed_by="兴县司法局办公室")  # 版记
    data = document.as_bytes()

`text` takes what an officer typed: a line that begins with 一、 （一） 1. or （1） is set as a heading of that level.
Every block follows the one before it; nothing is laid out twice. How a page looks is in `document_layout`.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import re
from collections.abc import Iterable, Iterator, Sequence

import docx
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from xingxian_portal.foundation import document_fonts
from xingxian_portal.foundation import document_layout as layout
from xingxian_portal.foundation.document_fonts import BODY, HEI, KAI, SONG, TITLE, Font
from xingxian_portal.foundation.official_numbers import chinese
from xingxian_portal.foundation.official_titles import balanced

LEVELS: dict[int, Font] = {1: HEI, 2: KAI, 3: BODY, 4: BODY}
KEPT_WITH_WHAT_FOLLOWS = 2  # the levels that are headings alone; 1. and （1） begin paragraphs
STARTS = (
    (1, re.compile(r"[一二三四五六七八九十百]+、")),
    (2, re.compile(r"（[一二三四五六七八九十百]+）")),
    (3, re.compile(r"\d+[.．]\s?(?!\d)")),
    (4, re.compile(r"（\d+）")),
)  # fmt: skip


def levelled(typed: str) -> Iterator[tuple[int, str]]:
    """Give the paragraphs of what was typed with their level: 1 to 4 by how they are numbered, 0 for plain ones."""
    for line in filter(None, map(str.strip, typed.splitlines())):
        yield next((level for level, start in STARTS if start.match(line)), 0), line


class OfficialDocument:
    """One document; blocks are added from top to bottom, `as_bytes` gives the file."""

    def __init__(self, title: str, *, issuer: str, number: str = "", headed: bool = False) -> None:
        """Begin with the red head (发文机关标志, 发文字号, rule) when `headed`, else with the title alone.

        A title keeps the line breaks it has; one without is broken into lines of about the same length. Without
        a head the number stands at the right below the title, as in 决定书 and 函.
        """
        self._docx = docx.Document()
        self._issuer = issuer
        self._numbers = [0, 0, 0, 0]
        layout.strip(self._docx)
        document_fonts.declare(self._docx)
        self._docx.core_properties.title = title.replace("\n", "")
        self._docx.core_properties.author = self._docx.core_properties.last_modified_by = issuer
        layout.margins(self._docx.sections[0])
        self._page_numbers()
        if headed:
            self._head(number)
        self._title(title, blank_before=2 if headed else 0)
        if number and not headed:
            self._line(number, align=ALIGN.RIGHT)
        self._blank()

    # 主体

    def address(self, whom: str) -> None:
        """Write the 主送机关, at the edge of the line, with its colon."""
        self._line(f"{whom.rstrip('：:')}：", align=ALIGN.LEFT)

    def paragraph(self, text: str) -> Paragraph:
        """Write one paragraph of 仿宋, its first line indented by two characters."""
        return self._line(text, indent=2)

    def heading(self, text: str, level: int = 1) -> Paragraph:
        """Write a heading of the level with the next number of that level: 一、 （一） 1. （1）."""
        self._numbers[level - 1] += 1
        self._numbers[level:] = [0] * (4 - level)
        count = self._numbers[level - 1]
        sign = {1: f"{chinese(count)}、", 2: f"（{chinese(count)}）", 3: f"{count}.", 4: f"（{count}）"}[level]
        return self._levelled(sign + text, level)

    def text(self, typed: str) -> None:
        """Write what an officer typed, a paragraph a line; numbered lines become headings as they are numbered."""
        for level, line in levelled(typed):
            if level:
                self._levelled(line, level)
            else:
                self.paragraph(line)

    def table(
        self, head: Sequence[str], rows: Iterable[Sequence[str]], *, widths: Sequence[float] = (), caption: str = ""
    ) -> None:
        """Write a table as wide as the page, its head repeated on every page; `widths` are shares of the width."""
        if caption:
            self._line(caption, align=ALIGN.CENTER, font=HEI).paragraph_format.keep_with_next = True
        rows = [[str(value) for value in row] for row in rows]
        table = self._docx.add_table(rows=0, cols=len(head), style="Table Grid")
        table.autofit = False
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        columns = self._columns(widths or [1] * len(head))
        for column, width in zip(table.columns, columns, strict=True):
            column.width = width
        middle = layout.centred(rows, len(head))
        for number, row in enumerate([list(head), *rows]):
            layout.fill(table, row, columns, middle, is_head=number == 0, keep=number < layout.LEAST_ROWS_TOGETHER)
        self._after_block(Pt(8))

    def attachments(self, names: Sequence[str]) -> None:
        """Write the 附件说明: one name alone, several with numbers below each other."""
        self._blank()
        for number, name in enumerate(names, 1):
            before = "附件：" if number == 1 else ""
            sign = f"{number}. " if len(names) > 1 else ""
            line = self._line(before + sign + name, align=ALIGN.LEFT)
            hang = 5 + document_fonts.width(sign)  # behind two blanks, 附件：, and the number
            line.paragraph_format.left_indent = round(layout.CHARACTER * hang)
            line.paragraph_format.first_line_indent = -round(layout.CHARACTER * (hang - 2 if before else hang - 5))

    def sign(self, on: dt.date, issuer: str = "") -> None:
        """Write 署名 and 成文日期, room for the seal above them; the name is centred on the date."""
        issuer, day = issuer or self._issuer, f"{on.year}年{on.month}月{on.day}日"
        self._blank()
        self._blank()
        date_right, day_width, name_width = 4.0, document_fonts.width(day), document_fonts.width(issuer)
        name_right = max(date_right + (day_width - name_width) / 2, 2.0)
        date_right = max(date_right, name_right + (name_width - day_width) / 2)
        for text, right in ((issuer, name_right), (day, date_right)):
            line = self._line(text, align=ALIGN.RIGHT)
            line.paragraph_format.right_indent = round(layout.CHARACTER * right)
            line.paragraph_format.keep_with_next = text == issuer

    def signature_lines(self, *lines: str) -> None:
        """Write lines to be signed by hand, such as 当事人（签名或盖章）：, each with a blank line before it."""
        for text in lines:
            self._blank()
            self._line(text, align=ALIGN.LEFT, indent=2)

    def record(self, *, printed_by: str, printed_on: dt.date, copies_to: str = "") -> None:
        """Write the 版记 at the foot of the page: 抄送, 印发机关, 印发日期, between rules. It comes last, after attachments."""
        lines = [f"抄送：{copies_to.rstrip('。')}。"] if copies_to else []
        lines.append(f"{printed_by}\t{printed_on.year}年{printed_on.month}月{printed_on.day}日印发")
        heights = [math.ceil(document_fonts.width(text) / layout.RECORD_CHARACTERS) for text in lines]
        for number, text in enumerate(lines):
            line = self._line("")
            layout.pitch(line, layout.RECORD_LINE)
            is_first, is_last = number == 0, number == len(lines) - 1
            layout.at_the_foot(line, lines_to_foot=sum(heights[number:]), is_first=is_first, is_last=is_last)
            layout.write(line, text, BODY, layout.RECORD_SIZE)
        self._after_block(Pt(1))  # a frame hangs on the line that follows it

    def attach(self, name: str, title: str, *, landscape: bool = False) -> None:
        """Begin an attachment on a page of its own: 附件1 at the edge, its title in the middle."""
        section = self._docx.add_section(WD_SECTION.NEW_PAGE)
        layout.turn(section, landscape=landscape)
        self._numbers = [0, 0, 0, 0]
        self._line(name, align=ALIGN.LEFT, font=HEI)
        self._title(title, blank_before=1)
        self._blank()

    def as_bytes(self) -> bytes:
        """Give the file."""
        out = io.BytesIO()
        self._docx.save(out)
        return out.getvalue()

    # How the blocks are laid out

    def _head(self, number: str) -> None:
        mark = f"{self._issuer}文件"
        line = self._docx.add_paragraph()
        line.alignment = ALIGN.CENTER
        line.paragraph_format.space_before, line.paragraph_format.space_after = Mm(35), Pt(0)
        run = line.add_run(mark)
        document_fonts.use(run, TITLE.name)
        run.font.size, run.font.color.rgb = Pt(min(layout.MARK_MOST, layout.MARK_ROOM // len(mark))), layout.RED
        self._blank()
        self._blank()
        numbered = self._line(number, align=ALIGN.CENTER)
        layout.border(numbered, '<w:bottom w:val="single" w:sz="18" w:space="8" w:color="E60012"/>')

    def _title(self, title: str, *, blank_before: int) -> None:
        for _ in range(blank_before):
            self._blank()
        lines = title.split("\n") if "\n" in title else balanced(title)
        for text in lines:
            line = self._line(text, align=ALIGN.CENTER, font=TITLE, size=layout.TITLE_SIZE)
            line.paragraph_format.line_spacing = layout.TITLE_LINE
            line.paragraph_format.keep_with_next = True

    def _levelled(self, text: str, level: int) -> Paragraph:
        # A heading that goes on behind its first full stop is one only up to there.
        told, stop, rest = text.partition("。") if level > 1 or not text.endswith("。") else (text, "", "")
        line = self._line("", indent=2)
        layout.write(line, told + stop if rest else text, LEVELS[level], layout.SIZE)
        layout.write(line, rest, BODY, layout.SIZE)
        line.paragraph_format.keep_with_next = not rest and level <= KEPT_WITH_WHAT_FOLLOWS
        return line

    def _line(
        self, text: str, *, align: ALIGN = ALIGN.JUSTIFY, indent: float = 0, font: Font = BODY, size: Pt = layout.SIZE
    ) -> Paragraph:
        line = self._docx.add_paragraph()
        line.alignment = align
        layout.pitch(line, layout.LINE)
        line.paragraph_format.first_line_indent = round(layout.CHARACTER * indent)
        layout.write(line, text, font, size)
        return line

    def _blank(self) -> None:
        self._line("")

    def _after_block(self, room: Pt) -> None:
        # Word puts two tables together that have no paragraph between them.
        layout.pitch(self._docx.add_paragraph(), room)

    def _columns(self, shares: Sequence[float]) -> list[int]:
        section = self._docx.sections[-1]
        room = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
        return [round(room * share / sum(shares)) for share in shares]

    def _page_numbers(self) -> None:
        self._docx.settings.odd_and_even_pages_header_footer = True
        section = self._docx.sections[0]
        for footer, align in ((section.footer, ALIGN.RIGHT), (section.even_page_footer, ALIGN.LEFT)):
            footer.is_linked_to_previous = False
            line = footer.paragraphs[0]
            line.alignment = align
            line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(14)
            layout.write(line, "— ", SONG, layout.RECORD_SIZE)
            layout.field(line, "PAGE")
            layout.write(line, " —", SONG, layout.RECORD_SIZE)
