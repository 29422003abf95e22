"""免罚案件 by workbook: rows land as drafts, what cannot be is told by cell, the ledger goes in again unchanged."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from exemptions.cases import conditions
from exemptions.cases.conditions import Tick
from exemptions.models import ExemptionCase
from exemptions.workbooks.case_sheet import CaseSheet
from tests import workbooks
from tests.exemptions.case_samples import AT, code, decided, item, officers, recorded
from tests.reform.workbooks.taking import data
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook import batches

HEAD = [
    "编号",
    "检查日期",
    "当事人",
    "统一社会信用代码",
    "违法行为",
    "清单事项",
    "免罚情形",
    "未列入清单的理由",
    "执法人员",
]


@pytest.fixture(autouse=True)
def in_june(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    clock.start_demo(AT)


def sheet_of(cast) -> CaseSheet:
    return CaseSheet(cast.weifen, cast.weifen.unit.code)


def book(*rows, head=HEAD) -> bytes:
    return workbooks.book(head, rows, "2022年免罚案件", ["合计"])


def listed(number: str = "甲1") -> list:
    return [
        number,
        "2022/6/1",
        "兴县样例商行",
        code(1).lower(),
        "没有标价",
        "SJ-001",
        "",
        "",
        "执法1、 执法 2（141123100-2）",
    ]


def test_rows_of_a_units_own_workbook_land_as_drafts(cast):
    rule = item(cast.weifen.unit)
    officers(cast.weifen.unit)
    unlisted = ["甲2", 44713, "张三", "", "没有标价", "未列入清单", "轻微不罚", "情节轻微", ""]
    assert workbooks.taken(sheet_of(cast), book(listed(), unlisted)).state == "applied"

    case, other = ExemptionCase.objects.order_by("number")
    assert (case.state, case.item, case.kind, case.credit_code) == ("draft", rule, "first", code(1))
    assert (case.party_kind, [one.name for one in case.officers.all()]) == ("organisation", ["执法1", "执法2"])
    assert (case.conditions.count(), other.discovered_on, other.party_kind) == (2, dt.date(2022, 6, 1), "person")


def test_template_and_ledger_go_in_again_unchanged(cast):
    item(cast.weifen.unit)
    recorded(cast.weifen, conduct="第一行\r\n第二行")
    decided(cast.weifen, credit_code=code(2))
    for out in (workbooks.template(sheet_of(cast)), data(cast.weifen, "exemption-cases")):
        batch = workbooks.checked(sheet_of(cast), out)
        assert workbooks.counts(batch) == (0, 0, 2, 0), list(batch.issues.values_list("cell", "message"))


def test_everything_wrong_is_told_at_once_by_cell(cast):
    item(cast.weifen.unit)
    officers(cast.weifen.unit)
    good, wrong_digit = listed(), code(1)[:-1] + ("0" if code(1)[-1] != "0" else "1")
    rows = [
        [*good[:1], "2032-6-1", good[2], wrong_digit, *good[4:]],  # the future; a wrong check digit
        ["甲2", "2022-5-1", *good[2:]],  # before the list was in force
        ["甲3", *good[1:6], "轻微不罚", *good[7:]],  # not what the list says
        ["甲4", *good[1:8], "无名氏"],
        ["甲5", *good[1:3], "", good[4], "", "", "", ""],  # a natural person, on no list, without reasons and kind
        ["甲6", *good[1:3], 911411230000000018.0, *good[4:]],
        ["甲7", *good[1:7], "又写理由", ""],
    ]
    assert workbooks.wrong(workbooks.checked(sheet_of(cast), book(*rows))) == [
        ("B3", "invalid"), ("D3", "invalid"), ("F4", "unknown_name"), ("G5", "invalid"), ("I6", "unknown_name"), ("G7", "missing"),
        ("H7", "invalid"), ("D8", "precision"), ("H9", "invalid"),
    ]  # fmt: skip
    assert not ExemptionCase.objects.exists()


def test_another_units_rows_are_refused(cast):
    batch = workbooks.checked(sheet_of(cast), book([*listed()[:8], "", "县市场局"], head=[*HEAD, "单位"]))
    assert workbooks.wrong(batch) == [("J3", "not_yours")]
    with pytest.raises(Refused):
        CaseSheet(cast.weifen, cast.scj.unit.code).subject()


def test_a_case_that_went_on_is_not_changed_by_a_workbook(cast):
    case = decided(cast.weifen)
    row = [case.number, "2022-6-1", "另一家", case.credit_code, case.conduct, "", "首违不罚", case.direct_reason, ""]
    assert workbooks.wrong(workbooks.checked(sheet_of(cast), book(row))) == [("A3", "fixed")]


def test_undone_while_nobody_went_on_and_then_it_goes_in_again(cast):
    item(cast.weifen.unit)
    officers(cast.weifen.unit)
    sheet, content = sheet_of(cast), book(listed())
    batches.undo(workbooks.taken(sheet, content), sheet)
    assert set(ExemptionCase.objects.values_list("state", flat=True)) == {"void"}

    batch = workbooks.taken(sheet, content)
    conditions.tick(ExemptionCase.objects.get(number="甲1"), {1: Tick(True, "照片")}, by=cast.weifen, at=AT)
    with pytest.raises(Refused):
        batches.undo(batch, sheet)


def rows_of(count: int, first: int = 1, **more) -> list[list]:
    rows = [[f"乙{n}", "2022-6-1", f"样例{n}", code(n), *listed()[4:]] for n in range(first, first + count)]
    return [[*row[:2], more.get("party", row[2]), *row[3:]] for row in rows]


def asked(act) -> int:
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


def test_a_long_list_is_looked_up_with_the_queries_of_a_short_one(cast):
    item(cast.weifen.unit)
    sheet_of(cast)  # the account's own grants are asked for once
    one = asked(lambda: sheet_of(cast))
    for _ in range(4):
        item(cast.weifen.unit)
    assert asked(lambda: sheet_of(cast)) == one


def test_many_rows_take_the_queries_of_a_few_but_for_the_row_that_each_changes(cast):
    item(cast.weifen.unit)
    officers(cast.weifen.unit)
    sheet = sheet_of(cast)

    def counted(first: int, count: int) -> list[int]:
        made = workbooks.checked(sheet, book(*rows_of(count, first)))
        new = asked(lambda: workbooks.worked(batches.confirm(made, by=sheet.by), sheet))
        changed = workbooks.checked(sheet, book(*rows_of(count, first, party="改名")))
        assert workbooks.counts(changed) == (0, count, 0, 0)
        other = asked(lambda: workbooks.worked(batches.confirm(changed, by=sheet.by), sheet))
        back = asked(lambda: batches.undo(changed, sheet))
        return [new, other, back, asked(lambda: batches.undo(made, sheet))]

    counted(900, 1)
    few, many = counted(1, 2), counted(100, 22)
    more = [(many[place] - few[place]) / 20 for place in range(4)]
    # New: none but that an insert holds some hundred rows. Changed and back: an update in a savepoint. Taken back: an update.
    assert more[0] <= 0.2
    assert max(more[1:3]) <= 3.2
    assert more[3] <= 1.2
    assert not ExemptionCase.objects.exclude(state="void").exists()
