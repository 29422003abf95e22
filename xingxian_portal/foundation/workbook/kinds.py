"""Kinds of cells: what each takes, what it gives, and what it says to what it cannot take.

A kind is a widget of django-import-export, so that the sheets of the portal and its administration read cells alike.
`clean` gives the value, `render` what is written into a cell, `words` what a page shows, `kept` and `back` what an
import row keeps of it.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from import_export import widgets

from xingxian_portal.foundation.workbook import cell_values, issues

MOST_ACCEPTED = 10
PRECISION = "precision"


class Unacceptable(ValueError):
    """The cell cannot be taken: why, what is accepted, and a short code of the reason."""

    def __init__(self, message: str, accepted: Iterable[str] = (), code: str = "invalid") -> None:
        super().__init__(message)
        self.message, self.code = message, code
        self.accepted = list(accepted)[:MOST_ACCEPTED]


class Kind(widgets.Widget):
    """Base: any text. `empty` is what an empty cell means."""

    empty: Any = ""
    cell_format = "@"  # text, so that a code keeps its zeros
    hint = ""
    options: Sequence[str] = ()

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """Give the value of a cell that is not blank; raises Unacceptable."""
        return cell_values.text(value)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """Give what is written into a cell: a text, a number or a day, nothing for what is empty."""
        return self.words(value)

    def words(self, value: Any) -> str:
        """Give the value as a page shows it."""
        return "" if value is None else str(value)

    def shown(self, value: Any) -> str:
        """Give what stands in a cell as an issue shows it."""
        return issues.shown(value)

    def kept(self, value: Any) -> Any:
        """Give the value as JSON can hold it."""
        return value

    def back(self, kept: Any) -> Any:
        """Give the value that `kept` gave."""
        return kept

    def settle(self, value: Any, before: Any) -> Any:
        """Give the value once it is known what stands in the portal now; raises Unacceptable."""
        return value


class Text(Kind):
    """Words on one line or, with `lines`, on several; full-width marks stay as they are typed."""

    def __init__(self, most: int, *, lines: bool = False, name: bool = False) -> None:
        super().__init__()
        self.most, self.lines, self.name = most, lines, name
        self.hint = f"最多 {most} 个字"

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """Give the words; raises Unacceptable when there are too many."""
        found = cell_values.without_padding(value) if self.name else cell_values.text(value)
        if not self.lines and "\n" in found:
            found = found.replace("\n", "")
        if len(found) > self.most:
            raise Unacceptable(f"最多 {self.most} 个字，现在有 {len(found)} 个。", code="too_long")
        return found


class Code(Kind):
    """A code or number of a document: half-width, without spaces, kept as text."""

    def __init__(self, most: int = 40, *, hint: str = "") -> None:
        super().__init__()
        self.most, self.hint = most, hint or "按文本填写，保留开头的 0"

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """Give the code; raises Unacceptable when it lies in the cell as a number that lost its last digits."""
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= cell_values.EXACT:
            raise Unacceptable(
                "精度丢失：这么长的编码按数字保存，末几位已经不是原来的了。请把单元格格式改为“文本”后重新填写。",
                code=PRECISION,
            )
        found = cell_values.squeezed(value)
        if len(found) > self.most:
            raise Unacceptable(f"最多 {self.most} 个字符，现在有 {len(found)} 个。", code="too_long")
        return found


class Whole(Kind):
    """A whole number."""

    empty = None
    cell_format = "0"

    def __init__(self, least: int = 0, most: int = 10**9) -> None:
        super().__init__()
        self.least, self.most = least, most
        self.hint = f"整数，{least} 至 {most}"

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int:
        """Give the number; raises Unacceptable."""
        found = cell_values.number(value)
        if found is None or found != found.to_integral_value():
            raise Unacceptable("应填整数，只写数字，如 12。", code="not_a_number")
        if not self.least <= found <= self.most:
            raise Unacceptable(f"应在 {self.least} 到 {self.most} 之间。", code="out_of_range")
        return int(found)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """Give the number itself."""
        return value


class Amount(Kind):
    """A number with decimals."""

    empty = None
    cell_format = "0.00"

    def __init__(self, places: int = 2, least: int = 0, most: int = 10**13) -> None:
        super().__init__()
        self.places, self.least, self.most = places, least, most
        self.hint = f"数字，最多 {places} 位小数"

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Decimal:
        """Give the number; raises Unacceptable."""
        found = cell_values.number(value)
        if found is None:
            raise Unacceptable("应填数字，如 1234.50，不写单位。", code="not_a_number")
        if isinstance(value, float):
            found = found.quantize(Decimal(10) ** -self.places)  # a sum of floats ends in ...0001
        if not self.least <= found <= self.most:
            raise Unacceptable(f"应在 {self.least} 到 {self.most} 之间。", code="out_of_range")
        if found != round(found, self.places):
            raise Unacceptable(f"最多 {self.places} 位小数。", code="too_precise")
        return round(found, self.places)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """Give the number itself."""
        return value

    def kept(self, value: Any) -> Any:
        """Give the number as text, exactly."""
        return None if value is None else str(value)

    def back(self, kept: Any) -> Any:
        """Give the number again."""
        return None if kept is None else Decimal(kept)


class Day(Kind):
    """A day, from a date cell, a serial number or a text."""

    empty = None
    cell_format = "yyyy-mm-dd"
    hint = "日期，如 2022-06-21"

    def __init__(self, earliest: dt.date = dt.date(2000, 1, 1), latest: dt.date = dt.date(2099, 12, 31)) -> None:
        super().__init__()
        self.earliest, self.latest = earliest, latest

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> dt.date:
        """Give the day; raises Unacceptable."""
        found = cell_values.day(value)
        if found is None:
            spellings = ("2022-06-21", "2022/6/21", "2022.6.21", "2022年6月21日", "20220621")
            raise Unacceptable("不是日历上有的日期。", spellings, code="not_a_day")
        if not self.earliest <= found <= self.latest:
            raise Unacceptable(f"日期应在 {self.earliest} 到 {self.latest} 之间。", code="out_of_range")
        return found

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """Give the day itself."""
        return value

    def kept(self, value: Any) -> Any:
        """Give the day as people write it."""
        return value.isoformat() if value else None

    def back(self, kept: Any) -> Any:
        """Give the day again."""
        return dt.date.fromisoformat(kept) if kept else None


class Choice(Kind):
    """One of a few words, each for a value; `also` are other words for the same values."""

    def __init__(
        self, choices: Iterable[tuple[Any, Any]], also: Mapping[str, Any] | None = None, empty: Any = ""
    ) -> None:
        super().__init__()
        self.label_of = dict(choices)
        self.options = [label for label in self.label_of.values() if label]
        self.empty = empty
        self._values = {cell_values.squeezed(label): value for value, label in self.label_of.items()} | dict(also or {})
        self.hint = f"可填：{'、'.join(self.options[:MOST_ACCEPTED])}"

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """Give the value of the word; raises Unacceptable."""
        try:
            return self._values[cell_values.squeezed(value)]
        except KeyError:
            raise Unacceptable("不是可以填的值。", self.options, code="not_a_choice") from None

    def words(self, value: Any) -> str:
        """Give the word of the value."""
        return str(self.label_of.get(value, "" if value is None else value))


class YesNo(Choice):
    """是 or 否."""

    MEANT = {"有": True, "√": True, "Y": True, "1": True, "无": False, "×": False, "N": False, "0": False}

    def __init__(self, empty: bool | None = False) -> None:
        super().__init__([(True, "是"), (False, "否")], self.MEANT, empty)


class Named(Kind):
    """Something that the portal knows by name; give it `known` when the sheet is opened, before any cell is read.

    `known` maps every name it goes by, squeezed, to the one under which the sheet shows it.
    """

    def __init__(self, what: str) -> None:
        super().__init__()
        self.what = what
        self.known: Mapping[str, str] = {}
        self.hint = f"从下拉列表里选{what}"

    def know(self, names: Mapping[str, str], offered: Sequence[str] | None = None) -> None:
        """Take the names; `offered` are those of the drop-down, else every one under which the sheet shows something."""
        self.known = {cell_values.squeezed(name): shown for name, shown in names.items()}
        self.options = list(offered) if offered is not None else list(dict.fromkeys(names.values()))

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """Give the name under which it is shown; raises Unacceptable with the nearest names first."""
        asked = cell_values.squeezed(value)
        if asked in self.known:
            return self.known[asked]
        near = [self.known[name] for name in difflib.get_close_matches(asked, self.known, 3, 0.5)]
        accepted = dict.fromkeys([*near, *self.options])
        raise Unacceptable(f"没有这个{self.what}。", accepted, code="unknown_name")
