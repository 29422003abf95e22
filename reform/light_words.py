"""What a light says in words, and the sign that stands beside its colour; the same on every page."""

from __future__ import annotations

from reform.lights import GLYPHS, NAMES, Light
from reform.states import State

_CONTINUOUS = {
    Light.DOING: "推进中", Light.SOON: "滞后", Light.OVERDUE: "上期月报迟报或未报", Light.CLOSED: "已结束",
    Light.IDLE: "未下达",
}  # fmt: skip


def words(light: Light, state: str, days: int | None, *, continuous: bool = False) -> str:
    """Give the light in words; `days` are those left (negative when past), `state` is "" before there is a row."""
    if light == Light.EXCUSED:
        return State(state).label
    if continuous:
        return _CONTINUOUS[light]
    if light == Light.OVERDUE and days is not None:
        return f"逾期 {-days} 天"
    if light == Light.SOON:
        return f"还有 {days} 天" if days else "今天截止"
    if light == Light.IDLE:
        return "待签收" if state else "未下达"
    return State(state).label if state == State.COSIGNING else NAMES[light]


def sign(light: Light, days: int | None, *, continuous: bool = False) -> str:
    """Give the sign: the calendar days left when soon due, else the light's own."""
    if light == Light.SOON:
        return "滞" if continuous else str(days)
    return GLYPHS[light]
