"""How official documents look on the page: measures, and how lines, rows and frames are set (see `official_document`)."""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from xingxian_portal.foundation import document_fonts
from xingxian_portal.foundation.document_fonts import BODY, HEI, SONG, Font

RED = RGBColor(0xE6, 0x00, 0x12)
# 版心 156 × 225 mm: 22 lines of 28 characters of 3号 (16 pt).
TEXT_WIDTH, TEXT_HEIGHT = Mm(156), Mm(225)
TOP, BOTTOM, LEFT, RIGHT = Mm(37), Mm(35), Mm(28), Mm(26)
LINE, CHARACTER = Pt(28.95), Pt(15.75)
SIZE, TITLE_SIZE, TITLE_LINE, RECORD_SIZE, TABLE_SIZE = Pt(16), Pt(22), Pt(33), Pt(14), Pt(12)
CONDENSED = -5  # twentieths of a point: 28 characters of 16 pt on 156 mm
MARK_ROOM, MARK_MOST = 440, 50  # points: the line's width, and the largest size of the red name
RECORD_LINE, RECORD_CHARACTERS = Pt(26), 29
THICK, THIN = 8, 6  # eighths of a point
LEAST_ROWS_TOGETHER = 3


def strip(document: Docx) -> None:
    """Take out what the empty document brings along: a picture of another one, and the name of its program."""
    package = document.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype.rpartition("/")[2] in {"thumbnail", "extended-properties"}:
            package.rels.pop(key)
    document.core_properties.comments = ""
    for paragraph in document.paragraphs:
        paragraph._p.getparent().remove(paragraph._p)


def margins(section: Section) -> None:
    """Give an upright page its margins."""
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = TOP, BOTTOM, LEFT, RIGHT
    section.footer_distance = Mm(22)  # the number's upper edge stands 7 mm below the text


def turn(section: Section, *, landscape: bool) -> None:
    """Lay the page across, or set it upright again."""
    if landscape == (section.orientation == WD_ORIENT.LANDSCAPE):
        return
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = section.page_height, section.page_width
    if landscape:  # the head of the table lies at the binding, the sheet's upper edge
        section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = LEFT, RIGHT, BOTTOM, TOP
        section.footer_distance = Mm(14)
    else:
        margins(section)


def pitch(line: Paragraph, height: Pt) -> None:
    """Give the line exactly this height."""
    line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(0)
    line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    line.paragraph_format.line_spacing = height


def write(line: Paragraph, text: str, font: Font, size: Pt) -> None:
    """Add text to the line, each character in a font that holds it."""
    for piece, name in document_fonts.pieces(text, font):
        run = line.add_run(piece)
        document_fonts.use(run, name)
        run.font.size = size
        if size == SIZE:
            condensed = parse_xml(f'<w:spacing {nsdecls("w")} w:val="{CONDENSED}"/>')
            run._element.get_or_add_rPr().insert_element_before(condensed, "w:sz")


def field(line: Paragraph, code: str) -> None:
    """Add what the reader's program fills in, such as PAGE."""
    run = line.add_run()
    document_fonts.use(run, SONG.name)
    run.font.size = RECORD_SIZE
    for kind in ("begin", "", "end"):
        xml = (
            f'<w:fldChar {nsdecls("w")} w:fldCharType="{kind}"/>'
            if kind
            else f"<w:instrText {nsdecls('w')}>{code}</w:instrText>"
        )
        run._element.append(parse_xml(xml))


SHORT = 8  # full-width characters that stand in the middle of their cell


def centred(rows: Sequence[Sequence[str]], columns: int) -> list[bool]:
    """Say of each column whether it stands in the middle: where all its values are short, so that none is ragged."""
    return [all(document_fonts.width(row[place]) <= SHORT for row in rows) for place in range(columns)]


def fill(
    table: Table, values: Sequence[str], columns: Sequence[int], middle: Sequence[bool], *, is_head: bool, keep: bool
) -> None:
    """Add a row to the table; `middle` says which columns stand in the middle, `keep` holds it on one page with the next."""
    row = table.add_row()
    properties = row._tr.get_or_add_trPr()
    properties.append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
    if is_head:
        properties.append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
    for cell, value, width, in_middle in zip(row.cells, values, columns, middle, strict=True):
        cell.width = width
        _cell(cell, value, HEI if is_head else BODY, in_middle=is_head or in_middle, keep=keep)


def _cell(cell: _Cell, value: str, font: Font, *, in_middle: bool, keep: bool) -> None:
    cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    for number, text in enumerate(value.split("\n")):
        line = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        line.alignment = ALIGN.CENTER if in_middle else ALIGN.LEFT
        pitch(line, Pt(18))
        line.paragraph_format.keep_with_next = keep
        write(line, text, font, TABLE_SIZE)


def at_the_foot(line: Paragraph, *, lines_to_foot: int, is_first: bool, is_last: bool) -> None:
    """Put the line into a frame of its own at the foot of the page, ruled thick above and below all, thin in between."""
    line.alignment = ALIGN.LEFT
    line.paragraph_format.left_indent = line.paragraph_format.right_indent = RECORD_SIZE
    line.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH - RECORD_SIZE, WD_TAB_ALIGNMENT.RIGHT)
    frame = parse_xml(
        f'<w:framePr {nsdecls("w")} w:w="{TEXT_WIDTH.twips}" w:wrap="around" w:vAnchor="margin" w:hAnchor="margin"'
        f' w:xAlign="center" w:y="{TEXT_HEIGHT.twips - lines_to_foot * RECORD_LINE.twips}"/>'
    )
    successors = ("w:widowControl", "w:pBdr", "w:tabs", "w:spacing", "w:ind", "w:jc")
    line._p.get_or_add_pPr().insert_element_before(frame, *successors)
    sides = {"top": THICK if is_first else THIN} | ({"bottom": THICK} if is_last else {})
    border(
        line,
        "".join(
            f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="000000"/>' for side, size in sides.items()
        ),
    )


def border(line: Paragraph, sides: str) -> None:
    """Draw rules around the line."""
    rules = parse_xml(f"<w:pBdr {nsdecls('w')}>{sides}</w:pBdr>")
    line._p.get_or_add_pPr().insert_element_before(rules, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
