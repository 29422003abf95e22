"""An edition in the printed form of the annex, with the columns that real lists have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from exemptions import edition_diff
from exemptions.models import Edition
from xingxian_portal.foundation.workbook.printed import printed
from xingxian_portal.foundation.workbook.sheets import About, Column, Kind, Sheet

COLUMNS = (
    Column("序号", 3, Kind.COUNT), Column("事项编码", 6, Kind.SHORT), Column("领域", 5, Kind.SHORT), Column("违法行为", 16),
    Column("免罚情形", 5, Kind.SHORT), Column("违反条款", 13), Column("处罚依据", 13), Column("罚则类型", 7, Kind.SHORT),
    Column("适用条件（须同时满足）", 22), Column("回溯期", 7), Column("改正期限", 5, Kind.SHORT), Column("配套措施", 8),
    Column("排除情形", 10), Column("实施机关", 9), Column("有效期", 7), Column("备注", 8),
)  # fmt: skip


def workbook(edition: Edition, *, by: str) -> bytes:
    """Give the workbook of an edition's items."""
    row = edition.exemption_list
    rows = list(_rows(edition))
    notes = [f"备案号：{edition.record_number}" if edition.record_number else "", edition.note]
    back = f"初次违法回溯{edition.lookback_months}个月" if edition.lookback_months else ""
    notes.append("，".join(filter(None, [back, edition.lookback_scope])))
    about = About(by=by, scope=f"第{edition.number}版（{edition.get_state_display()}）", count=len(rows))
    title = f"{row.unit.name}{row.get_kind_display()}"
    sheet = Sheet(
        "清单", title, about, COLUMNS, rows, label="附件", paper="A3", notes=[note for note in notes if note], frozen=4
    )
    return printed([sheet])


def _rows(edition: Edition) -> Iterator[list[Any]]:
    rows = edition.items.in_full()
    for item in rows.order_by("position", "pk"):
        words = edition_diff.columns(item)
        yield [item.position, item.code, *words.values()]
