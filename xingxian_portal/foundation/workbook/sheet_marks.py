"""What the values of a sheet do not tell: formulas never computed, pictures in cells, hidden rows, rows far below.

One streaming pass over the sheet's XML. Most sheets hold no formula: they are only looked through for one, and the
XML is parsed cell by cell only where there is one.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO

from defusedxml.ElementTree import iterparse, parse

CHUNK, OVERLAP = 1024 * 1024, 2048
# What makes a sheet worth parsing cell by cell: a formula, or the error that one has left.
FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]|<(?:\w+:)?c\b[^>]*\bt=[\"']e[\"']")
ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
NUMBER, HIDDEN = re.compile(rb'\br="(\d+)"'), re.compile(rb'\bhidden="(?:1|true)"')
FILLED = re.compile(rb'<(?:\w+:)?c\b[^>]*\br="([A-Z]{1,3})(\d+)"[^>]*>\s*<(?:\w+:)?(?:v|is|f)\b')
# Beyond column CV, the hundredth. What lies there would also make a sheet of 60,000 rows too large for the memory.
FAR_RIGHT = re.compile(rb'\br="(?:[D-Z][A-Z]|C[W-Z]|[A-Z]{3})\d+"[^>]*>\s*<(?:\w+:)?(?:v|is|f)\b')
# A cell or row whose address is not written as offices write it: where it lies cannot be told by looking, and one far
# away makes the reader ask for more memory than there is.
ODD = re.compile(
    rb'<(?:\w+:)?c(?=[\s/>])(?! r="[A-Z]{1,3}\d{1,7}")(?![^>]*\sr="[A-Z]{1,3}\d{1,7}")[^<>]*>'
    rb'|<(?:\w+:)?row(?=[^<>]*\sr\s*=)(?![^>]*\sr="\d{1,7}")[^<>]*>'
)
# A cell far below, whatever its row says of itself.
FAR_BELOW = re.compile(rb'\sr="[A-Z]{1,3}(?:[6-9]\d{4}|\d{6,7})"')
PLAIN = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*<(?:\?xml[^>]*\bencoding\s*=\s*[\"']utf-?8[\"']|\?xml(?![^>]*encoding)|[^?])", re.I
)
MOST_ROWS = 60_000
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Odd(Exception):
    """How large the sheet is cannot be told before it is read."""


@dataclass
class Marks:
    """Rows and cells of one sheet by their own numbers (A1 is row 1, column 0)."""

    hidden_rows: set[int] = field(default_factory=set)
    uncomputed: set[tuple[int, int]] = field(default_factory=set)
    pictures: set[tuple[int, int]] = field(default_factory=set)
    external: set[tuple[int, int]] = field(default_factory=set)
    failed: dict[tuple[int, int], str] = field(default_factory=dict)  # with the error that stands there: #DIV/0!
    last_row: int = 0  # with something in it, where there are more rows than may be
    is_wide: bool = False  # something stands beyond the hundredth column

    def rows_without_values(self, places: Iterable[int]) -> set[int]:
        """Give the rows in which a cell of these columns shows something although it holds no value."""
        columns = set(places)
        marked = (*self.uncomputed, *self.pictures, *self.failed)
        return {row for row, column in marked if column in columns}


def parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Give the package's parts that hold worksheets, by the names of the sheets; none where two have one name."""
    book = next((name for name in package.namelist() if re.fullmatch(r"xl/workbook\d*\.xml", name)), "")
    relations = f"xl/_rels/{book.rpartition('/')[2]}.rels"
    if not book or relations not in package.namelist():
        return {}
    with package.open(relations) as part:
        targets = {one.get("Id"): one.get("Target", "") for one in parse(part, forbid_dtd=True).getroot()}
    with package.open(book) as part:
        found = [one for one in parse(part, forbid_dtd=True).getroot().iter() if one.tag.endswith("}sheet")]
    if len({one.get("name", "") for one in found}) < len(found):
        return {}
    named = {one.get("name", ""): targets.get(one.get(RELATION), "") for one in found}
    return {name: target.lstrip("/") if target.startswith("/") else f"xl/{target}" for name, target in named.items()}


def of(package: zipfile.ZipFile, part: str, *, odd_too: bool = False) -> Marks:
    """Read the marks of one worksheet; raises Odd unless `odd_too`, and what the reader of packages and XML raises."""
    marks, has_formula, rows, is_first = Marks(), False, 0, True
    with package.open(part) as file:
        for piece in _pieces(file):
            if not odd_too and (ODD.search(piece) or (is_first and not PLAIN.match(piece))):
                raise Odd
            is_first = False
            rows = max(rows, MOST_ROWS + 1) if FAR_BELOW.search(piece) else rows
            has_formula = has_formula or FORMULA.search(piece) is not None
            marks.is_wide = marks.is_wide or FAR_RIGHT.search(piece) is not None
            for row in ROW.finditer(piece):
                number = NUMBER.search(row[1])
                rows = max(rows, int(number[1])) if number else rows + 1
                if number and HIDDEN.search(row[1]):
                    marks.hidden_rows.add(int(number[1]))
    if rows > MOST_ROWS:
        marks.last_row = _last_filled(package, part)
    if has_formula:
        _note_formulas(package, part, marks)
    return marks


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Give the XML piece by piece, each with the end of the one before: what is found twice is noted once."""
    before = b""
    while chunk := file.read(CHUNK):
        yield before + chunk
        before = chunk[-OVERLAP:]


def _last_filled(package: zipfile.ZipFile, part: str) -> int:
    """Give the last row in which something stands: a sheet often claims a million empty ones."""
    last = 0
    with package.open(part) as file:
        for piece in _pieces(file):
            last = max([last, *(int(found[2]) for found in FILLED.finditer(piece))])
    return last


def _note_formulas(package: zipfile.ZipFile, part: str, marks: Marks) -> None:
    with package.open(part) as file:
        for _, element in iterparse(file, events=("end",), forbid_dtd=True):
            kind = element.tag.rpartition("}")[2]
            if kind == "c":
                _note_cell(element, marks)
            if kind in {"c", "row"}:
                element.clear()


def _note_cell(cell: object, marks: Marks) -> None:
    children = {child.tag.rpartition("}")[2]: child for child in cell}  # type: ignore[attr-defined] # an element
    place, value = _place(cell.get("r", "")), children.get("v")  # type: ignore[attr-defined] # an element
    if place is None:
        return
    if cell.get("t") == "e":  # type: ignore[attr-defined] # an element
        marks.failed[place] = (value.text if value is not None else "") or "#"
    if "f" not in children:
        return
    formula = children["f"].text or ""
    if "DISPIMG(" in formula:
        marks.pictures.add(place)
    elif value is None or not (value.text or "").strip():
        marks.uncomputed.add(place)
    elif "[" in formula:
        marks.external.add(place)


def _place(reference: str) -> tuple[int, int] | None:
    found = re.fullmatch(r"([A-Z]+)(\d+)", reference)
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column - 1
