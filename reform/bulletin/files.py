"""The files of a bulletin: 汇总表 and feedback sheets from the frozen facts, the document from text and facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from reform.bulletin import wording
from reform.bulletin.facts import Facts
from reform.desk import month_words
from reform.models import Bulletin
from reform.month_reports import UnitReport
from reform.workbooks import month
from xingxian_portal.foundation.official_document import OfficialDocument
from xingxian_portal.foundation.workbook.printed import printed
from xingxian_portal.foundation.workbook.sheets import About, Column, Kind, Sheet

FEEDBACK = (
    Column("类别", 6, Kind.SHORT, merges=True),
    Column("事项", 14),
    Column("情况", 20),
    Column("期限", 6, Kind.DAY),
)
COMPARED = (
    Column("序号", 3, Kind.COUNT), Column("单位", 7, Kind.SHORT, merges=True), Column("来源", 8), Column("数据", 12),
    Column("报送时", 7, Kind.SHORT), Column("按全期重新统计", 8, Kind.SHORT), Column("计量单位", 5, Kind.SHORT),
)  # fmt: skip
OVERDUE = ("单位", "事项", "期限", "逾期天数")


def summary(facts: Facts, reports: Sequence[UnitReport], at: dt.datetime, by: str) -> bytes:
    """Give the 汇总表: what was filed, who filed when, figures as filed beside figures recounted, what is overdue."""
    on = at.astimezone().date()
    about = About(by=by, at=at, scope="全县", filters=[month_words(facts["month"])], count=len(reports))
    sheets = month.sheets(facts["month"], reports, on, about)
    words = month_words(facts["month"])
    compared = list(_compared(facts))
    if compared:
        own = replace(about, count=len(compared))
        sheets.append(Sheet("数据核对", f"{words}份月报数据核对", own, COMPARED, compared, frozen=2))
    heads = [
        Column(head, room, kind)
        for head, room, kind in zip(OVERDUE, (8, 20, 7, 5), (Kind.SHORT, Kind.TEXT, Kind.DAY, Kind.COUNT), strict=True)
    ]
    overdue = _overdue(facts)
    own = replace(about, count=len(overdue))
    sheets.append(Sheet("逾期事项", f"{words}份逾期事项一览表", own, heads, overdue, landscape=False))
    return printed(sheets)


def _compared(facts: Facts) -> Iterator[list[Any]]:
    number = 0
    for report in facts["reports"]:
        filed = {(one["source"], one["label"]): one for one in report["figures"]}
        counted = {(one["source"], one["label"]): one for one in report["recounted"]}
        for key in [*filed, *(key for key in counted if key not in filed)]:
            number += 1
            then, now = filed.get(key), counted.get(key)
            measure = (now or then or {}).get("measure", "")
            yield [
                number,
                report["unit"]["short"],
                *key,
                then["value"] if then else "—",
                now["value"] if now else "—",
                measure,
            ]


def _overdue(facts: Facts) -> list[list[Any]]:
    return [
        [one["unit"]["short"], one["name"], dt.date.fromisoformat(one["due_on"]), one["days"]]
        for one in facts["overdue"]
    ]


def feedback(facts: Facts, report: dict[str, Any], at: dt.datetime, by: str) -> bytes:
    """Give one unit's sheet: its report, what it closed, what is overdue, its problems, what comes next."""
    rows = [*_of_report(report), *_of_unit(facts, report["unit"])]
    words = month_words(facts["month"])
    about = About(by=by, at=at, scope=report["unit"]["name"], filters=[words])
    title = f"{report['unit']['name']}{words}份工作推进情况反馈单"
    notes = ["如对数据有疑问，请在三个工作日内与县司法局核对。"]
    return printed([Sheet("反馈单", title, about, FEEDBACK, rows, landscape=False, notes=notes)])


def _of_report(report: dict[str, Any]) -> Iterator[list[Any]]:
    filed_on, late = report["filed_on"], report["late_days"]
    how = (
        f"{wording.day(filed_on)}报送，{f'迟报{late}天' if late else '按时'}"
        if filed_on
        else "未报"
        if report["missing"]
        else report["state"]
    )
    returned = f"，退回{report['returns']}次" if report["returns"] else ""
    yield ["月度报告", "本月报告", how + returned, _date(report["due_on"])]
    for one in report["recounted"]:
        yield ["本期数据", f"{one['source']}：{one['label']}", f"{one['value']}{one['measure']}", None]


def _of_unit(facts: Facts, unit: dict[str, str]) -> Iterator[list[Any]]:
    def own(name: str) -> list[dict[str, Any]]:
        return [one for one in facts[name] if one["unit"]["code"] == unit["code"]]

    for one in own("closed"):
        early = f"，提前{one['early_days']}天" if one["early_days"] else ""
        yield ["本期销号", one["name"], f"已销号{early}", _date(one["due_on"])]
    for one in own("overdue"):
        yield ["逾期未办结", one["name"], f"逾期{one['days']}天，{one['state']}", _date(one["due_on"])]
    for one in own("problems"):
        yield [
            "提出的问题",
            one["text"],
            one["answer"] or (f"由{one['answerer']}答复" if one["answerer"] else "尚未明确答复单位"),
            _date(one["answer_by"]),
        ]
    for one in facts["next"]:
        if unit["short"] in one["units"]:
            yield ["下一步节点", one["name"], "待完成", _date(one["day"])]


def _date(iso: str | None) -> dt.date | None:
    return dt.date.fromisoformat(iso) if iso else None


def document(bulletin: Bulletin, on: dt.date) -> bytes:
    """Give the 通报 in the form of GB/T 9704, dated `on`, with the list of what is overdue as its attachment."""
    facts = bulletin.facts
    made = OfficialDocument(
        bulletin.title, issuer=wording.ISSUER, number=bulletin.number or "（草稿，未编号）", headed=True
    )
    made.address(bulletin.addressee)
    made.text(bulletin.text)
    overdue = [
        [one["unit"]["short"], one["name"], wording.day(one["due_on"]), f"{one['days']}天"] for one in facts["overdue"]
    ]
    if overdue:
        made.attachments(["逾期事项一览表"])
    made.sign(on)
    if overdue:
        made.attach("附件", "逾期事项一览表")
        made.table(OVERDUE, overdue, widths=[3, 7.4, 3, 2.6])
    made.record(printed_by=wording.OFFICE, printed_on=on, copies_to=bulletin.copies_to)
    return made.as_bytes()
