"""A month's report by workbook: a unit's into its draft, all units' entered by an officer; nothing filed is changed."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reform import on_behalf, reports, rights
from reform.filing import FilingRefused
from reform.models import Submission
from reform.moves import MoveRefused
from reform.report_lines import LineInput, Zero
from reform.states import State
from reform.workbooks.month_sheet import MonthSheet
from tests import workbooks
from tests.cast import client_of
from tests.factories import UnitFactory
from tests.reform.workbooks.june import AT, JUNE, June
from tests.reform.workbooks.taking import data
from tests.xingxian_portal.foundation.workbook.reading import values
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook import batches

HEAD = ["序号", "单位", "任务", "本月进展", "存在问题", "收到日期"]
TICKS = ["单位", "任务", "本月进展", "随月报申请销号"]


@pytest.fixture(autouse=True)
def in_june(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    clock.start_demo(AT)


@pytest.fixture
def june(cast) -> June:
    return June(cast)


def book(*rows, head=HEAD, month="2022年6月") -> bytes:
    return workbooks.book(head, rows, f"{month}推行柔性执法工作推进情况汇总表")


def test_a_units_rows_go_into_its_draft_and_the_template_comes_back_unchanged(june):
    content = book(
        [1, "蔚汾镇人民政府", "机构建设", "已挂牌。\n人员到位", "缺办公用房", ""],
        [2, "", "专业培训", "本月无变化。", "无", ""],
    )
    assert workbooks.taken(june.own, content).state == "applied"
    assert june.texts(june.town) == {"机构建设": "已挂牌。\n人员到位", "专业培训": "〇"}
    assert june.town.submissions.get().report.lines.first().problem == "缺办公用房"
    assert workbooks.counts(workbooks.checked(june.own, workbooks.template(june.own))) == (0, 0, 3, 0)


def test_the_template_is_the_units_own_with_its_due_day_and_plain_drop_downs(june):
    book = openpyxl.load_workbook(io.BytesIO(workbooks.template(june.own)))
    page = book.active
    assert (page.title, page.freeze_panes) == ("填报", "B4")
    assert "截止：2022-06-21" in page["A2"].value
    assert {row[0].value for row in page.iter_rows(min_row=4) if row[0].value} == {"蔚汾镇"}
    lists = {str(rule.sqref): rule.formula1 for rule in page.data_validations.dataValidation if rule.type == "list"}
    assert lists["B4:B506"] == "_lists!$B$2:$B$5"  # no longer than a list within a cell may be
    offered = [row[1].value for row in book["_lists"].iter_rows(min_row=2, max_row=5)]
    assert ({*map(str, june.tasks)} < {*offered}, offered[-1]) == (True, "零报告")


def test_wrong_rows_are_told_by_cell_and_nothing_is_written(june):
    rows = [
        [1, "县市场局", "机构建设", "甲", "", ""],
        [2, "蔚汾镇", "没有这项", "甲", "", ""],
        [3, "", "专业培训", "甲" * 5001, "", ""],
    ]
    batch = workbooks.checked(june.own, book(*rows))
    assert workbooks.wrong(batch) == [("", "unknown_row"), ("C4", "unknown_name"), ("D5", "too_long")]
    assert not Submission.objects.exists()
    with pytest.raises(Refused):
        MonthSheet(june.cast.weifen, str(june.market.pk)).subject()
    with pytest.raises(Refused):
        MonthSheet(june.cast.weifen, JUNE).subject()


def test_all_units_are_entered_as_drafts_and_filed_on_their_behalf(june, cast):
    rows = [
        [1, "蔚汾镇", "机构建设", "已挂牌", "缺房", "2022-06-18"],
        [1, "", "专业培训", "本月无变化", "", ""],
        [2, "县市场局", "机构建设", "已办", "", ""],
    ]
    content = book(rows[0], [1, "蔚汾镇", *rows[1][2:]], rows[2])
    batch = workbooks.taken(june.whole, content)
    assert (batch.state, workbooks.counts(batch)) == ("applied", (0, 3, 0, 0))
    assert june.texts(june.town) == {"机构建设": "已挂牌", "专业培训": "〇"}
    first, second = on_behalf.entered()
    assert {one.obligation.unit.short_name: one.received_on for one in (first, second)} == {
        "蔚汾镇": dt.date(2022, 6, 18), "县市场局": dt.date(2022, 6, 20),
    }  # fmt: skip
    assert workbooks.counts(workbooks.checked(june.whole, workbooks.template(june.whole))) == (0, 0, 6, 0)

    town, market = sorted((first, second), key=lambda draft: draft.obligation.unit.short_name != "蔚汾镇")
    filed = on_behalf.file(town, by=cast.sfj, at=AT)
    assert (filed.state, filed.first_filed_on, filed.problems.get().text) == (
        State.REVIEW,
        dt.date(2022, 6, 18),
        "缺房",
    )
    with pytest.raises(FilingRefused):  # 专业培训 says nothing
        on_behalf.file(market, by=cast.sfj, at=AT)
    with pytest.raises(rights.Denied):
        on_behalf.file(market, by=cast.weifen, at=AT)


def test_what_a_unit_writes_itself_is_neither_shown_nor_written_over_nor_is_what_was_filed(june, cast):
    reports.save_draft(june.town, by=cast.weifen, lines={june.tasks[0].code: LineInput("自己写的")}, at=AT)
    june.file(cast.scj, june.market)
    assert "自己写的" not in str(june.whole.existing())
    rows = [[1, "蔚汾镇", "机构建设", "代写", "", ""], [2, "县市场局", "机构建设", "另写", "", ""]]
    assert workbooks.wrong(workbooks.checked(june.whole, book(*rows))) == [("B3", "fixed"), ("B4", "fixed")]


def test_the_month_that_goes_out_goes_in_again_unchanged(june, cast):
    june.file(cast.scj, june.market)
    batch = workbooks.checked(june.whole, data(cast.sfj, "month", month="2022-06"))
    assert workbooks.counts(batch) == (0, 0, 2, 0), list(batch.issues.values_list("cell", "message"))
    assert "只写了报送情况" in batch.notes[-1]


def test_a_unit_that_goes_on_with_what_was_entered_makes_it_its_own(june, cast):
    workbooks.taken(june.whole, book([1, "蔚汾镇", "机构建设", "代写", "", ""]))
    (entered,) = on_behalf.entered()
    reports.save_draft(june.town, by=cast.weifen, lines={june.tasks[1].code: LineInput("自己写的")}, at=AT)
    assert not on_behalf.entered()
    with pytest.raises(MoveRefused):
        on_behalf.file(entered, by=cast.sfj, at=AT)
    assert june.texts(june.town) == {"机构建设": "代写", "专业培训": "自己写的"}


def test_undone_while_nothing_was_written_or_filed_since(june, cast):
    content = book([1, "蔚汾镇", "机构建设", "已挂牌", "", ""], [2, "蔚汾镇", "专业培训", "本月无变化", "", ""])
    whole = june.whole
    batches.undo(workbooks.taken(whole, content), whole)
    assert not Submission.objects.exists()

    own = june.own
    batch = workbooks.taken(own, content)
    reports.file(june.town, by=cast.weifen, at=AT)
    with pytest.raises(Refused):
        batches.undo(batch, june.own)


def test_nothing_comes_in_before_it_was_issued_or_from_the_future(june):
    rows = [[1, "蔚汾镇", "机构建设", "甲", "", "2022-06-21"], [2, "县市场局", "机构建设", "甲", "", "2022-01-01"]]
    assert workbooks.wrong(workbooks.checked(june.whole, book(*rows))) == [("F3", "invalid"), ("F4", "invalid")]


def test_an_officer_looks_through_what_was_entered_files_what_is_right_and_drops_the_rest(june, cast):
    rows = [[1, "蔚汾镇", task.title, "已办妥", "", ""] for task in june.tasks]
    workbooks.taken(june.whole, book(*rows, [2, "县市场局", "机构建设", "<b>挂牌", "", ""]))
    client = client_of(cast.sfj)
    assert "代录草稿 2" in client.get("/desk/").content.decode()
    page = client.get("/desk/entered/").content.decode()
    assert ("已办妥" in page, "&lt;b&gt;挂牌" in page) == (True, True)
    assert "司法科员代录" in client_of(cast.weifen).get(f"/reports/{june.town.pk}/").content.decode()

    picked = {"pick": [draft.pk for draft in on_behalf.entered()]}
    page = client.post("/desk/entered/file/", picked, follow=True).content.decode()
    assert ("已登记 1 份" in page, "还没有填写" in page) == (True, True)
    page = client.post("/desk/entered/file/", picked | {"drop": "1"}, follow=True).content.decode()
    assert ("已放弃 1 份" in page, on_behalf.entered().count()) == (True, 0)
    assert "没有勾选" in client.post("/desk/entered/file/", {"pick": ["x", "1" * 30]}, follow=True).content.decode()
    assert client_of(cast.weifen).get("/desk/entered/").status_code == 404


def test_another_months_sheet_is_refused_as_a_whole(june):
    batch = workbooks.checked(june.whole, book([1, "蔚汾镇", "机构建设", "甲", "", ""], month="2022年5月份"))
    assert [issue.message for issue in batch.issues.all()] == [
        "表的标题写的是2022年5月，您选择的是2022年6月。请核对后选对月份，或改正标题。"
    ]


def duty_of(report, milestone):
    return milestone.obligations.get(unit=report.unit)


def test_what_is_ticked_in_the_sheet_is_closed_with_the_report_and_goes_out_by_name(june, cast):
    first, second = june.milestones
    rows = [["蔚汾镇", "机构建设", "已挂牌", first.title], ["蔚汾镇", "专业培训", "已培训", "是"]]
    batch = workbooks.taken(june.own, book(*rows, head=TICKS))
    assert batch.state == "applied", list(batch.issues.values())
    kept = june.town.submissions.get().report.lines.order_by("position")
    assert [list(line.closes.all()) for line in kept] == [[duty_of(june.town, one)] for one in (first, second)]
    assert workbooks.counts(workbooks.checked(june.own, workbooks.template(june.own))) == (0, 0, 3, 0)

    reports.file(june.town, by=cast.weifen, at=AT)
    assert duty_of(june.town, first).state == State.REVIEW
    out = data(cast.sfj, "month", month="2022-06")
    assert first.title in str(values(out))
    batch = workbooks.checked(june.whole, out)
    assert workbooks.counts(batch) == (0, 0, 2, 0), list(batch.issues.values("cell", "message"))


def test_a_tick_that_cannot_stand_is_told_by_cell(june):
    rows = [
        ["蔚汾镇", "机构建设", "已挂牌", june.milestones[1].title],
        ["蔚汾镇", "专业培训", "本月无变化", june.milestones[1].title],
    ]
    batch = workbooks.checked(june.own, book(*rows, head=TICKS))
    assert workbooks.wrong(batch) == [("D3", "unknown_name"), ("C4", "missing")]
    assert batch.issues.first().accepted == [june.milestones[0].title]


def test_a_zero_report_is_a_row_of_its_own_which_the_unit_signs_on_the_page(june, cast):
    batch = workbooks.taken(june.own, book(["蔚汾镇", "零报告", "本月没有执法活动", ""], head=TICKS))
    assert batch.state == "applied", list(batch.issues.values())
    kept = june.town.submissions.get().report
    assert (kept.is_zero, kept.zero_reason, kept.zero_confirmed) == (True, "本月没有执法活动", False)
    assert workbooks.counts(workbooks.checked(june.own, workbooks.template(june.own))) == (0, 0, 3, 0)
    with pytest.raises(FilingRefused):
        reports.file(june.town, by=cast.weifen, at=AT)
    batches.undo(batch, june.own)
    assert not june.town.submissions.get().report.is_zero


def test_a_row_of_progress_leaves_a_signed_zero_report_as_it_is(june, cast):
    signed = Zero(chosen=True, reason="没有执法活动", confirmed=True)
    reports.save_draft(june.town, by=cast.weifen, lines={}, zero=signed, at=AT)
    workbooks.taken(june.own, book(["蔚汾镇", "机构建设", "本月无变化", ""], head=TICKS))
    assert june.town.submissions.get().report.zero_confirmed


def test_a_zero_report_on_paper_is_entered_as_signed_and_filed_ones_go_out_and_in_unchanged(june, cast):
    june.file(cast.scj, june.market, zero=Zero(chosen=True, reason="市场局没有新情况", confirmed=True))
    batch = workbooks.checked(june.whole, data(cast.sfj, "month", month="2022-06"))
    assert workbooks.counts(batch) == (0, 0, 1, 0), list(batch.issues.values("cell", "message"))

    batch = workbooks.taken(june.whole, book(["蔚汾镇", "零报告", "没有执法活动", ""], head=TICKS))
    (entered,) = on_behalf.entered()
    assert on_behalf.file(entered, by=cast.sfj, at=AT).state == State.REVIEW
    batch = workbooks.checked(june.whole, data(cast.sfj, "month", month="2022-06"))
    assert workbooks.counts(batch) == (0, 0, 2, 0)


def test_a_zero_report_that_cannot_stand_is_told_by_cell(june):
    rows = [
        ["蔚汾镇", "零报告", "没有执法活动", "是"],
        ["蔚汾镇", "机构建设", "已挂牌", ""],
        ["县市场局", "零报告", "甲" * 301, ""],
    ]
    assert workbooks.wrong(workbooks.checked(june.whole, book(*rows, head=TICKS))) == [
        ("D3", "invalid"),
        ("C5", "too_long"),
    ]
    rows[0][3] = ""
    assert workbooks.wrong(workbooks.checked(june.whole, book(*rows[:2], head=TICKS))) == [("C3", "invalid")]
    assert not Submission.objects.exists()


def asked(act) -> int:
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


def more_towns(june: June, count: int) -> list[str]:
    names = [f"再样例{number}镇" for number in range(count)]
    for name in names:
        june.also(UnitFactory(short_name=name), june.town.milestone)
    return names


def test_many_units_are_read_with_the_queries_of_one(june):
    def read() -> None:
        list(june.whole.prefilled())

    read()
    two = asked(read)
    more_towns(june, 6)
    assert len(june.whole.existing()) == 3 * 8
    assert asked(read) == two


def test_what_one_more_unit_costs_in_the_import_of_all_is_its_own_verb(june):
    names = more_towns(june, 8)

    def taken(some: list[str]) -> None:
        rows = [[name, task.title, "已办妥", ""] for name in some for task in june.tasks]
        assert workbooks.taken(june.whole, book(*rows, head=TICKS)).state == "applied"

    taken(["蔚汾镇"])
    one, seven = asked(lambda: taken(names[:1])), asked(lambda: taken(names[1:]))
    assert (seven - one) / 6 <= 24
