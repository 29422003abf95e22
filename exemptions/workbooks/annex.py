"""An edition in the printed form of the annex, with the columns that real lists have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet

from exemptions import edition_diff
from exemptions.edition_states import State
from exemptions.models import Edition, ExemptionList
from liaisons import exports
from liaisons.exports import Choice, Export, Made, Papers, Wish
from liaisons.models import User
from liaisons.permissions import Permission
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook.printed import printed
from xingxian_portal.foundation.workbook.sheets import About, Column, Kind, Sheet, tab_name

COLUMNS = (
    Column("序号", 3, Kind.COUNT), Column("事项编码", 6, Kind.SHORT), Column("领域", 5, Kind.SHORT), Column("违法行为", 16),
    Column("免罚情形", 5, Kind.SHORT), Column("违反条款", 13), Column("处罚依据", 13), Column("罚则类型", 7, Kind.SHORT),
    Column("适用条件（须同时满足）", 22), Column("回溯期", 7), Column("改正期限", 5, Kind.SHORT), Column("配套措施", 8),
    Column("排除情形", 10), Column("实施机关", 9), Column("有效期", 7), Column("备注", 8),
)  # fmt: skip


def workbook(edition: Edition, *, by: str) -> bytes:
    """Give the workbook of an edition's items."""
    return printed([_sheet(edition, About(by=by), "清单")])


def _sheet(edition: Edition, about: About, name: str) -> Sheet:
    row, rows = edition.exemption_list, list(_rows(edition))
    notes = [f"备案号：{edition.record_number}" if edition.record_number else "", edition.note]
    back = f"初次违法回溯{edition.lookback_months}个月" if edition.lookback_months else ""
    notes.append("，".join(filter(None, [back, edition.lookback_scope])))
    about = replace(about, scope=f"第{edition.number}版（{edition.get_state_display()}）", count=len(rows))
    title = f"{row.unit.name}{row.get_kind_display()}"
    return Sheet(
        name, title, about, COLUMNS, rows, label="附件", paper="A3", notes=[note for note in notes if note], frozen=4
    )


def _rows(edition: Edition) -> Iterator[list[Any]]:
    rows = edition.items.in_full()
    for item in rows.order_by("position", "pk"):
        words = edition_diff.columns(item)
        yield [item.position, item.code, *words.values()]


def make(wish: Wish) -> Made:
    """Give the edition asked for, or a sheet for each list in force that the asker may read."""
    readable = readable_by(wish.user)
    asked = wish.query.get("edition", "")
    on = clock.local_date(wish.at)
    rows = (
        [row for row in readable if str(row.pk) == asked] if asked else [row for row in readable if row.in_force_on(on)]
    )
    if not rows:
        raise Refused("没有这一版清单，请另选。" if asked else "还没有生效的包容免罚清单。")
    sheets = [_sheet(row, wish.about(), tab_name(row.exemption_list.unit.short_name)) for row in rows]
    name = str(rows[0]) if asked else "包容免罚清单（现行）"
    return Made(sheets, sum(sheet.about.count or 0 for sheet in sheets if sheet.about), name=name)


def readable_by(user: User) -> QuerySet[Edition]:
    """Give the editions of lists of items that `user` may read, in official order, the newest of each first."""
    rows = Edition.objects.visible_to(user).filter(exemption_list__kind=ExemptionList.EXEMPTION)
    rows = rows.exclude(state=State.DROPPED).select_related("exemption_list__unit")
    return rows.order_by("exemption_list__unit__position", "exemption_list__unit__code", "-number")


def choices(user: User) -> list[Choice]:
    """Give the editions to choose from."""
    options = [(str(row.pk), f"{row}（{row.get_state_display()}）") for row in readable_by(user)]
    return [Choice("edition", "清单", [("", "现行的全部清单"), *options])]


EXPORT = Export(
    "exemption-lists", "免罚清单", "附件的印制格式，现行的全部清单或者其中一版；起草中的一版改好后可以再导入。", exports.EXEMPTIONS,
    lambda user: user.may(Permission.READ_OWN) or user.may(Permission.READ_ANY_FILING), make, choices,
    asks=("edition",),
)  # fmt: skip
PUBLISHED = Papers(
    "已公布的清单", "免罚清单、事项清单、裁量基准的原件，和免罚清单的公开数据（Excel、CSV、JSON）。", exports.EXEMPTIONS,
    "public_lists", lambda user: True,
)  # fmt: skip
