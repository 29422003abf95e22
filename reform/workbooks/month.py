"""月度推进情况汇总表: every line of a month's reports, unit by unit in official order, and who filed when."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from liaisons import exports
from liaisons.exports import Choice, Export, Made, Wish
from liaisons.models import User
from liaisons.permissions import Permission
from reform import deadlines, month_reports
from reform.desk import latest_month, month_words
from reform.models import MonthlyReport, Obligation, ReportLine
from reform.month_reports import UnitReport
from reform.report_lines import tells
from reform.task_figures import STANDING
from reform.workbooks import asking
from reform.workbooks.month_cells import UNCHANGED, ZERO, name_of
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook.sheets import About, Column, Kind, Sheet

LINES = (
    Column("序号", 3, Kind.COUNT, merges=True), Column("单位", 6, Kind.SHORT, merges=True), Column("任务", 11),
    Column("类别", 4, Kind.SHORT), Column("本月进展", 27), Column("存在问题和需要协调的事项", 14),
    Column("随月报申请销号", 8), Column("首次报送", 6, Kind.DAY),
)  # fmt: skip
STATES = (
    Column("序号", 3, Kind.COUNT), Column("类别", 7, Kind.SHORT, merges=True), Column("单位", 9, Kind.SHORT), Column("期限", 6, Kind.DAY),
    Column("首次报送", 6, Kind.DAY), Column("最近报送", 9, Kind.MOMENT), Column("报送情况", 9, Kind.SHORT), Column("退回次数", 4, Kind.COUNT),
    Column("行数", 4, Kind.COUNT), Column("问题数", 4, Kind.COUNT), Column("状态", 9, Kind.SHORT),
)  # fmt: skip


def make(wish: Wish) -> Made:
    """Give the two sheets of the month asked for, of the newest when none is."""
    occurrence = wish.query.get("month", "") or latest_month()
    on = clock.local_date(wish.at)
    reports = _visible(month_reports.of(occurrence, on), wish.user)
    if not reports:
        raise Refused("这个月没有开报的月度报告，请另选月份。")
    about = wish.about(scope=asking.scope(wish.user), filters=[month_words(occurrence)], count=len(reports))
    return Made(sheets(occurrence, reports, on, about), len(reports), name=f"{month_words(occurrence)}推进情况汇总表")


def sheets(occurrence: str, reports: Sequence[UnitReport], on: dt.date, about: About) -> list[Sheet]:
    """Give the sheets of these reports."""
    title = f"{month_words(occurrence)}份推行柔性执法工作推进情况汇总表"
    rates = month_reports.rates_of(reports, on)
    owed = sum(report.is_filed or report.is_missing for report in reports)
    filed = sum(report.is_filed for report in reports)
    told = f"应报 {owed}，已报 {filed}，按时 {rates.on_time}，按时报送率 {'未到期' if rates.on_time_rate is None else f'{rates.on_time_rate}%'}。"
    rows = _lines(reports)
    return [
        Sheet("推进情况", title, replace(about, count=len(rows)), LINES, rows, frozen=2),
        Sheet(
            "报送情况",
            f"{month_words(occurrence)}份月度报告报送情况",
            about,
            STATES,
            _states(reports),
            notes=[told],
            frozen=3,
        ),
    ]


def _visible(reports: Iterable[UnitReport], user: User) -> list[UnitReport]:
    own = user.unit_ids_with(Permission.READ_OWN)
    return [report for report in reports if asking.sees_all(user) or report.obligation.unit_id in own]


def _lines(reports: Sequence[UnitReport]) -> list[list[Any]]:
    standing = [report.filing.pk for report in reports if report.filing and report.filing.state in STANDING]
    by_filing: dict[int, list[ReportLine]] = defaultdict(list)
    for line in (
        ReportLine.objects.filter(report__in=standing)
        .select_related("task", "report")
        .prefetch_related("closes__milestone")
        .order_by("kind", "position", "pk")
    ):
        by_filing[line.report_id].append(line)
    return [row for number, report in enumerate(reports, 1) for row in _of_unit(number, report, by_filing)]


def _of_unit(number: int, report: UnitReport, by_filing: dict[int, list[ReportLine]]) -> list[list[Any]]:
    unit, filed_on = report.obligation.unit.short_name, report.obligation.first_filed_on
    lines = by_filing.get(report.filing.pk, []) if report.filing else []
    if (zero := _standing(report)) and zero.is_zero:
        told = [line for line in lines if tells(line) or line.problem.strip()]
        rows = [[number, unit, ZERO, "", zero.zero_reason, "", "", filed_on]]
        return rows + [_line(number, unit, line, filed_on) for line in told]
    if not lines:
        return [[number, unit, "", "", how(report), "", "", filed_on]]
    return [_line(number, unit, line, filed_on) for line in lines]


def _standing(report: UnitReport) -> MonthlyReport | None:
    filing = report.filing
    return filing.report if filing and filing.state in STANDING and hasattr(filing, "report") else None


def _line(number: int, unit: str, line: ReportLine, filed_on: dt.date | None) -> list[Any]:
    text = line.text or (UNCHANGED if line.unchanged else "")
    closes = "；".join(name_of(row) for row in line.closes.all())
    return [number, unit, str(line.task), line.get_kind_display(), text, line.problem, closes, filed_on]


def how(report: UnitReport) -> str:
    """Say in a word or two whether the report came, and when."""
    if report.is_late:
        row = report.obligation
        return f"迟报 {(row.first_filed_on - row.due_on).days} 天"  # type: ignore[operator] # late means both dates are there
    if report.is_filed:
        zero = report.filing and hasattr(report.filing, "report") and report.filing.report.is_zero
        return "按时（零报告）" if zero else "按时"
    return "未报" if report.is_missing else report.obligation.get_state_display()


def _states(reports: Sequence[UnitReport]) -> list[list[Any]]:
    return [_state(number, report) for number, report in enumerate(reports, 1)]


def _state(number: int, report: UnitReport) -> list[Any]:
    row, filing = report.obligation, report.filing
    counts = (getattr(filing, "lines", 0), getattr(filing, "problems", 0))
    return [
        number, report.section, row.unit.short_name, row.due_on, row.first_filed_on, filing.filed_at if filing else None, how(report),
        report.returns, *counts, report.lit.words,
    ]  # fmt: skip


def months(user: User) -> list[Choice]:
    """Give the months whose reports are open, the newest first."""
    rows = Obligation.objects.filter(milestone__kind=deadlines.MONTHLY).order_by("-occurrence")
    found = rows.values_list("occurrence", flat=True).distinct()
    options = [(month, month_words(month)) for month in found]
    return [Choice("month", "月份", options)] if options else []


EXPORT = Export(
    "month",
    "月度推进情况汇总表",
    "一个月的各单位报送内容和报送情况，两张表。",
    exports.WORK,
    asking.may,
    make,
    choices=months,
    asks=("month",),
)
