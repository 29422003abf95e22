"""免罚统计表: the cases of a period by field and kind, as the page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from exemptions import rights
from exemptions.cases import figures
from exemptions.cases.figures import Group, Tally
from exemptions.forms.cases import PeriodForm
from liaisons import exports
from liaisons.exports import Choice, Export, Made, Wish
from liaisons.permissions import Permission
from reform.workbooks import asking
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.workbook.sheets import Column, Kind, Sheet

COLUMNS = (
    Column("领域", 8, merges=True), Column("情形", 8), Column("不予处罚或罚款（件）", 6, Kind.COUNT), Column("估算免罚（元）", 8, Kind.AMOUNT),
    Column("从轻、减轻（件）", 6, Kind.COUNT), Column("转处罚（件）", 6, Kind.COUNT), Column("复查（次）", 6, Kind.COUNT),
    Column("按期改正（次）", 6, Kind.COUNT), Column("按期改正率", 6, Kind.RATE),
)  # fmt: skip


def make(wish: Wish) -> Made:
    """Give the figures of the period asked for."""
    first, last = PeriodForm(wish.query).period(clock.local_date(wish.at))
    units = None if asking.sees_all(wish.user) else rights.units_of(wish.user, Permission.READ_OWN)
    rows = _rows(figures.by_field_and_kind(first, last, units))
    about = wish.about(scope=asking.scope(wish.user), filters=[f"{first:%Y-%m-%d} 至 {last:%Y-%m-%d}"])
    return Made([Sheet("免罚统计", "包容免罚统计表", about, COLUMNS, rows)], len(rows))


def _rows(groups: Sequence[Group]) -> list[list[Any]]:
    rows = [[group.name, line.name, *_numbers(line.tally)] for group in groups for line in group.lines]
    whole = figures.added(group.tally for group in groups)
    return [*rows, ["合计", "", *_numbers(whole)]] if rows else []


def _numbers(tally: Tally) -> list[Any]:
    return [
        tally.forgiven, tally.spared, tally.lighter, tally.transferred, tally.rechecked, tally.in_time, tally.rate,
    ]  # fmt: skip


EXPORT = Export(
    "exemption-figures", "免罚统计表", "按领域和情形：不予处罚、估算免罚金额、按期改正率。", exports.EXEMPTIONS, asking.may, make,
    lambda user: [Choice("since", "从"), Choice("until", "到")],
    asks=tuple(PeriodForm.base_fields),
)  # fmt: skip
