"""挂图: the wall as it hangs on the wall, on A3 across: a row for each unit, the lights in their colours with their signs."""

from __future__ import annotations

from typing import Any

from liaisons import exports
from liaisons.exports import Export, Made, Wish
from liaisons.models import User
from liaisons.permissions import Permission
from reform import wall_columns, wall_filters, wall_words
from reform.lights import GLYPHS, NAMES, Light
from reform.wall_columns import Column as Node
from reform.wall_grid import Cell, Grid, Line
from reform.workbooks import asking
from xingxian_portal.foundation.workbook.sheets import Column, Kind, Lit, Sheet

# As the stylesheet has them.
TONES: dict[Light, dict[str, object]] = {
    Light.CLOSED: {"bg_color": "#DFF1E7", "font_color": "#1A6B43"},
    Light.LATE_CLOSED: {"bg_color": "#DFF1E7", "font_color": "#8F5200"},
    Light.DOING: {"bg_color": "#DBE8F8", "font_color": "#24558F"},
    Light.SOON: {"bg_color": "#FDECC8", "font_color": "#8F5200"},
    Light.OVERDUE: {"bg_color": "#B3261E", "font_color": "#FFFFFF", "bold": True},
    Light.REVIEW: {"bg_color": "#FFFFFF", "font_color": "#2B62A8", "bold": True},
    Light.IDLE: {"bg_color": "#F0F2F5", "font_color": "#606B79"},
    Light.EXCUSED: {"font_color": "#606B79"},
}
INKS = {
    Light.OVERDUE: "#B3261E", Light.SOON: "#8F5200", Light.CLOSED: "#1A6B43", Light.LATE_CLOSED: "#1A6B43", Light.DOING: "#24558F",
    Light.REVIEW: "#24558F",
}  # fmt: skip
# A lead's roll-up stands on no ground of its own: it is no duty.
ROLLUPS = {f"rollup-{light}": {"font_color": INKS.get(light, "#606B79"), "italic": True} for light in Light}
PARTS = {wall_columns.UNDATED: "未定期限", wall_columns.CONTINUOUS: "持续推进"}
ROLLUP = "分数是牵头汇总：已销号／应销号，不计入比率。空格表示该单位不承担这一事项。"


def may(user: User) -> bool:
    """Say whether `user` sees the wall."""
    return user.may(Permission.VIEW_WALL)


def make(wish: Wish) -> Made:
    """Give the wall asked for; it shows lights and nothing that was filed, as the page does."""
    asked = asking.question(wish)
    grid = asked.grid
    about = wish.about(scope="全县", filters=asked.filters, count=len(grid.lines))
    sheet = Sheet(
        "挂图作战", f"{grid.plan}挂图作战（{grid.on.year}年{grid.on.month}月{grid.on.day}日）", about, _columns(grid),
        [_row(line) for line in grid.lines], paper="A3", one_page=True, notes=[_legend(), ROLLUP], frozen=2,
    )  # fmt: skip
    return Made([sheet], len(grid.lines), tones={str(light): tone for light, tone in TONES.items()} | ROLLUPS)


def _columns(grid: Grid) -> list[Column]:
    first = [Column("类别", 3, Kind.SHORT, merges=True), Column("单位", 8, Kind.SHORT)]
    nodes = [Column(_head(node), 2.6, Kind.SHORT, group=_part(node)) for node in grid.columns]
    return [*first, *nodes, Column("已销号", 3, Kind.COUNT), Column("应销号", 3, Kind.COUNT)]


def _head(node: Node) -> str:
    """Give the node's short name, two characters to a line, so that a narrow column holds it."""
    name = node.milestone.short_title
    return "\n".join(name[start : start + 2] for start in range(0, len(name), 2))


def _part(node: Node) -> str:
    return wall_words.date_of(node) or PARTS[node.part]


def _row(line: Line) -> list[Any]:
    lights = [_light(cell) if cell else None for cell in line.cells]
    return [line.section, line.unit.short_name, *lights, line.closed, line.owed]


def _light(cell: Cell) -> Lit:
    return Lit(wall_words.glyph(cell), f"rollup-{cell.light}" if cell.rollup else cell.light)


def _legend() -> str:
    return "图例：" + "　".join(f"{GLYPHS[light]} {name}" for light, name in NAMES.items()) + "；临期的格子写剩余天数。"


EXPORT = Export(
    "wall", "挂图", "单位 × 时间节点，带颜色和符号，A3 横向，可直接打印上墙；可选任意一天。", exports.WORK, may, make,
    choices=asking.choices, asks=wall_filters.ASKS,
)  # fmt: skip
