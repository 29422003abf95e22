"""The template of a sheet: made on demand, filled with what its asker's unit has now, drop-downs on a hidden sheet.

Offices open it in WPS and Excel of many years: plain ranges for the drop-downs, no macros, no formulas. A drop-down
vanishes when somebody pastes, and knows no aliases: it only warns, and the server checks every cell again.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter
from django.utils import timezone
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from xingxian_portal.foundation import clock
from xingxian_portal.foundation.workbook import template_mark
from xingxian_portal.foundation.workbook.cell_text import needs_quote, safe
from xingxian_portal.foundation.workbook.cell_writer import BODY_FONT, HEAD_FONT, TITLE_FONT
from xingxian_portal.foundation.workbook.columns import Column
from xingxian_portal.foundation.workbook.header import TEMPLATE_SHEET
from xingxian_portal.foundation.workbook.kinds import Day, Whole
from xingxian_portal.foundation.workbook.printed import LEAST, LINE, TALLEST, UNIT
from xingxian_portal.foundation.workbook.resource import SheetResource
from xingxian_portal.foundation.workbook.sheets import lines

A4 = 9
SPARE_ROWS = 500
HEAD_ROW = 2  # counted from 0: title, about, heads
LISTS, NOTES = "_lists", "说明"
LONGEST_PROMPT = 255
GREY = "#E7E9EC"
HOW = (
    "一行填一条，列的先后可以变，列名不要改。带 * 的列必须填写。灰色的列是平台已有的名称，用来对应，请不要改。",
    "从别处复制时，请用“选择性粘贴—数值”，下拉列表才会保留。长编码、证件号按文本填写。",
    "填好后保存为 .xlsx，到平台“导入”页面上传。先预览，确认后才写入；有错误会逐个单元格指出。",
)


def made(sheet: SheetResource) -> bytes:
    """Give the template for the sheet's subject; raises Refused when that is not its asker's to choose."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        _Template(book, sheet).write()
    return out.getvalue()


class _Template:
    def __init__(self, book: xlsxwriter.Workbook, sheet: SheetResource) -> None:
        self.book, self.sheet, self.subject = book, sheet, sheet.subject()
        self.columns = list(sheet.columns.items())
        self.looks: dict[tuple[str, bool, bool], Format] = {}

    def write(self) -> None:
        page, notes = self.book.add_worksheet(TEMPLATE_SHEET), self.book.add_worksheet(NOTES)
        lists, mark = self.book.add_worksheet(LISTS), self.book.add_worksheet(template_mark.SHEET)
        rows = list(self.sheet.prefilled())
        self._above(page)
        for number, values in enumerate(rows, HEAD_ROW + 1):
            self._row(page, number, values)
        last = HEAD_ROW + len(rows) + SPARE_ROWS
        for place, (_, column) in enumerate(self.columns):
            page.set_column(place, place, column.width, self._look(column))
            self._offer(page, lists, place, column, last)
        page.freeze_panes(HEAD_ROW + 1, 1)
        page.set_paper(A4)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.repeat_rows(HEAD_ROW)
        page.activate()
        self._explain(notes)
        lists.hide()
        mark.write_string(0, 0, template_mark.made(self.sheet, self.subject))
        mark.very_hidden()

    def _above(self, page: Worksheet) -> None:
        wide = {"valign": "vcenter", "text_wrap": True}
        title = self.book.add_format(wide | {"font_name": TITLE_FONT, "font_size": 18, "align": "center"})
        about = self.book.add_format(wide | {"font_name": BODY_FONT, "font_size": 9})
        head = {"font_name": HEAD_FONT, "font_size": 10, "border": 1, "align": "center", "bg_color": "#EEF1F4"}
        page.set_row(0, 34)
        page.set_row(1, 30)
        page.set_row(HEAD_ROW, 30)
        self._across(page, 0, self.sheet.title, title)
        self._across(page, 1, self._about(), about)
        for place, (_, column) in enumerate(self.columns):
            star = "*" if self._must(place) else ""
            page.write_string(HEAD_ROW, place, f"{column.label}{star}", self.book.add_format(wide | head))

    def _must(self, place: int) -> bool:
        name, column = self.columns[place]
        return (column.required or name in self.sheet.typed_key) and not column.shown_only

    def _across(self, page: Worksheet, row: int, text: str, look: Format) -> None:
        if len(self.columns) > 1:
            page.merge_range(row, 0, row, len(self.columns) - 1, "", look)
        page.write_string(row, 0, text, look)

    def _about(self) -> str:
        label = self.subject.label if self.subject.key else ""
        who = f"{self.sheet.by.unit or ''}　{self.sheet.by.name}".strip("　 ")
        made_at = f"{timezone.localtime(clock.now()):%Y-%m-%d %H:%M}"
        due = f"截止：{self.subject.due_on}" if self.subject.due_on else ""
        return "　".join(filter(None, [label, due, f"下载：{made_at}", f"下载人：{who}", "填表人：", "带 * 的列必填"]))

    def _look(self, column: Column, *, quoted: bool = False, bordered: bool = False) -> Format:
        grey = column.locked or column.shown_only
        key = (f"{column.kind.cell_format}{grey}", quoted, bordered)
        if key not in self.looks:
            look = {"font_name": BODY_FONT, "font_size": 10, "valign": "vcenter", "text_wrap": True}
            look |= {"num_format": column.kind.cell_format, "border": 1 if bordered else 0}
            self.looks[key] = self.book.add_format(look | ({"bg_color": GREY} if grey and bordered else {}))
            self.looks[key].set_quote_prefix(quoted)
        return self.looks[key]

    def _row(self, page: Worksheet, number: int, values: Mapping[str, Any]) -> None:
        page.set_row(number, self._height(values))
        for place, (name, column) in enumerate(self.columns):
            value = column.kind.render(values.get(name))
            quoted = isinstance(value, str) and needs_quote(value)
            look = self._look(column, quoted=quoted, bordered=True)
            if value is None or value == "":
                page.write_blank(number, place, None, look)
            elif isinstance(value, str):
                page.write_string(number, place, safe(value), look)
            elif hasattr(value, "year"):
                page.write_datetime(number, place, value, look)
            else:
                page.write_number(number, place, value, look)

    def _height(self, values: Mapping[str, Any]) -> float:
        words = ((column.kind.words(values.get(name)), column.width / UNIT) for name, column in self.columns)
        return min(TALLEST, max(LEAST, 4 + LINE * max(lines(text, room) for text, room in words)))

    def _offer(self, page: Worksheet, lists: Worksheet, place: int, column: Column, last: int) -> None:
        """Give the column its drop-down or its limits, and the words that appear beside the cell."""
        if column.shown_only:
            return
        hint = column.hint[:LONGEST_PROMPT]
        rule: dict[str, Any] = {"input_title": column.label[:32], "input_message": hint} if hint else {}
        rule |= {"error_type": "warning", "error_title": "请核对", "error_message": (hint or "请核对。")}
        if column.kind.options:
            lists.write_string(0, place, column.label)
            for number, option in enumerate(column.kind.options, 1):
                lists.write_string(number, place, safe(option))
            letter = xl_col_to_name(place)
            source = f"={LISTS}!${letter}$2:${letter}${len(column.kind.options) + 1}"
            rule |= {"validate": "list", "source": source}
        elif isinstance(column.kind, Day):
            rule |= {"validate": "date", "criteria": "between"}
            rule |= {"minimum": column.kind.earliest, "maximum": column.kind.latest}
        elif isinstance(column.kind, Whole):
            rule |= {"validate": "integer", "criteria": "between"}
            rule |= {"minimum": column.kind.least, "maximum": column.kind.most}
        else:
            rule |= {"validate": "any"}
        if hint or column.kind.options:
            page.data_validation(HEAD_ROW + 1, place, last, place, rule)

    def _explain(self, notes: Worksheet) -> None:
        plain = self.book.add_format({"font_name": BODY_FONT, "font_size": 10, "text_wrap": True, "valign": "top"})
        head = self.book.add_format({"font_name": HEAD_FONT, "font_size": 10, "bg_color": "#EEF1F4", "border": 1})
        for place, width in enumerate((22, 8, 46, 60)):
            notes.set_column(place, place, width, plain)
        for number, line in enumerate(HOW):
            notes.merge_range(number, 0, number, 3, "", plain)
            notes.write_string(number, 0, line, plain)
            notes.set_row(number, 30)
        start = len(HOW) + 1
        self._line(notes, start, ("列", "必填", "怎么填", "可以填（前 20 个）"), head)
        for number, (_, column) in enumerate(self.columns, start + 1):
            must = "是" if self._must(number - start - 1) else ""
            said = "平台写入，导入时不读" if column.shown_only else column.hint
            options = "、".join(str(option) for option in column.kind.options[:20])
            self._line(notes, number, (column.label, must, said, options), plain)

    def _line(self, notes: Worksheet, number: int, words: Sequence[str], look: Format) -> None:
        for place, text in enumerate(words):
            notes.write_string(number, place, safe(text), look)
