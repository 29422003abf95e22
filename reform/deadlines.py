"""What a time limit means in dates (rules: kinds of milestone; opening, months, dates).

Pure functions over dates of Asia/Shanghai. "前" includes the day named, "月底前" is the last day of the month.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xingxian_portal.foundation.workdays import Workdays

DATED, UNDATED, MONTHLY, YEARLY, CONTINUOUS = "dated", "undated", "monthly", "yearly", "continuous"
ONCE = "once"
RECURRING = frozenset({MONTHLY, YEARLY})


@dataclass(frozen=True)
class Limit:
    """A milestone's time limit: its kind and what the kind needs."""

    kind: str
    due_on: dt.date | None = None
    day: int | None = None
    months: Sequence[int] = ()


@dataclass(frozen=True)
class Occurrence:
    """One time the limit falls due. `opens_on` is the day the rows are made; None means with the plan's issue."""

    key: str
    due_on: dt.date | None = None
    opens_on: dt.date | None = None


def last_of_month(year: int, month: int) -> dt.date:
    """Give the last day of the month."""
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _months(start: dt.date, end: dt.date) -> Iterator[tuple[int, int]]:
    for index in range(start.year * 12 + start.month - 1, end.year * 12 + end.month):
        yield index // 12, index % 12 + 1


def _monthly(limit: Limit, start: dt.date, end: dt.date, workdays: Workdays) -> Iterator[Occurrence]:
    first = True
    for year, month in _months(start, end):
        last = last_of_month(year, month)
        due = last.replace(day=min(limit.day or last.day, last.day))
        if not start <= due <= end:
            continue
        # The first report covers the time from the issue and opens with it; a later one opens on the first
        # working day of its month.
        yield Occurrence(f"{year}-{month:02}", due, None if first else workdays.on_or_after(due.replace(day=1)))
        first = False


def occurrences(limit: Limit, start: dt.date, end: dt.date, workdays: Workdays) -> list[Occurrence]:
    """Give every occurrence of `limit` for a plan issued on `start` whose term ends on `end`, in date order."""
    if limit.kind == DATED:
        return [Occurrence(ONCE, limit.due_on)]
    if limit.kind == MONTHLY:
        return list(_monthly(limit, start, end, workdays))
    if limit.kind == YEARLY:
        dues = (last_of_month(year, month) for year, month in _months(start, end) if month in limit.months)
        return [Occurrence(f"{due.year}-{due.month:02}", due) for due in dues if start <= due <= end]
    return [Occurrence(ONCE)]


def words(limit: Limit) -> str:
    """Say the limit as people do: 2022年6月30日前, 每月21日前, 每年6月底、12月底前, 未定期限, 持续."""
    if limit.kind == DATED and limit.due_on:
        return f"{limit.due_on.year}年{limit.due_on.month}月{limit.due_on.day}日前"
    if limit.kind == MONTHLY:
        return f"每月{limit.day}日前"
    if limit.kind == YEARLY:
        return f"每年{'、'.join(f'{month}月底' for month in limit.months)}前"
    return "持续" if limit.kind == CONTINUOUS else "未定期限"


def occurrence_words(kind: str, key: str) -> str:
    """Say which time of a recurring limit the key means: 2022年6月 for 2022-06; 一次 for the others."""
    if kind not in RECURRING or "-" not in key:
        return "一次"
    year, _, month = key.partition("-")
    return f"{year}年{int(month)}月"
