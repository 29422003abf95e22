"""Data items by workbook, in the form of 数据项汇总: into a unit's draft, or entered by an officer for all units."""

from __future__ import annotations

import datetime as dt

import pytest

from reform import drafts, filing, on_behalf
from reform.issue import issue
from reform.models import DataItem, Obligation, Submission
from reform.workbooks.figure_sheet import FigureSheet
from tests import workbooks
from tests.factories import DataItemFactory, MilestoneFactory, PlanFactory, TaskFactory, moment
from tests.reform.workbooks.taking import data
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook import batches

AT = moment(dt.date(2022, 6, 20), 10)
HEAD = ["单位名称", "编制数", "挂牌日期", "经费（万元）", "已挂牌"]


@pytest.fixture(autouse=True)
def in_june(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    clock.start_demo(AT)


class Record:
    """A duty of 蔚汾镇 and 县市场局 that asks for four figures."""

    def __init__(self, cast) -> None:
        self.cast, plan = cast, PlanFactory()
        self.milestone = MilestoneFactory(
            task=TaskFactory(plan=plan), title="乡镇机构信息备案", binds=[cast.weifen.unit, cast.scj.unit]
        )
        kinds = (DataItem.COUNT, DataItem.DATE, DataItem.AMOUNT, DataItem.YES_NO)
        for place, (label, kind) in enumerate(zip(("编制数", "挂牌日期", "经费", "已挂牌"), kinds, strict=True)):
            measure = "万元" if label == "经费" else ""
            DataItemFactory(
                milestone=self.milestone, code=f"n{place}", label=label, kind=kind, measure=measure, position=place, required=place == 0
            )  # fmt: skip
        issue(plan, by=cast.sfj, at=moment(dt.date(2022, 4, 13)))
        self.town, self.market = (Obligation.objects.get(unit=user.unit) for user in (cast.weifen, cast.scj))

    @property
    def own(self) -> FigureSheet:
        return FigureSheet(self.cast.weifen, str(self.town.pk))

    @property
    def whole(self) -> FigureSheet:
        return FigureSheet(self.cast.sfj, f"all:{self.milestone.pk}:{self.town.occurrence}")


@pytest.fixture
def record(cast) -> Record:
    return Record(cast)


def typed(duty: Obligation) -> dict[str, str]:
    return drafts.typed_values(drafts.latest(duty))


def test_a_units_figures_go_into_its_draft_and_come_back_unchanged(record, cast):
    drafts.save(record.town, by=cast.weifen, text="已写的", values={"n2": "12.50"}, at=AT)
    assert workbooks.taken(record.own, workbooks.book(HEAD, [["蔚汾镇", "１２", 44732, 12.5, ""]])).state == "applied"
    assert typed(record.town) == {"n0": "12", "n1": "2022-06-20", "n2": "12.50"}
    assert drafts.latest(record.town).text == "已写的"
    assert workbooks.counts(workbooks.checked(record.own, workbooks.template(record.own))) == (0, 0, 1, 0)


def test_wrong_figures_and_another_units_are_told_by_cell(record):
    batch = workbooks.checked(
        record.own, workbooks.book(HEAD, [["", "多", "2022-13-01", -1, "也许"], ["县市场局", 1, "", "", ""]])
    )
    cells = [("B2", "invalid"), ("C2", "invalid"), ("D2", "invalid"), ("E2", "invalid"), ("A3", "unknown_row")]
    assert workbooks.wrong(batch) == cells
    for key in (str(record.market.pk), record.whole.subject_key, "all:x:y", ""):
        with pytest.raises(Refused):
            FigureSheet(record.cast.weifen, key).subject()


def test_all_units_are_entered_and_filed_on_their_behalf(record, cast):
    content = workbooks.book(
        [*HEAD, "收到日期"], [["蔚汾镇", 12, "", "", "是", "2022-06-17"], ["县市场局", "", "", 3, "", ""]]
    )
    assert workbooks.taken(record.whole, content).state == "applied"
    town, market = on_behalf.entered().order_by("-received_on").reverse()
    assert (typed(record.town)["n0"], typed(record.market)["n2"]) == ("12", "3")
    assert on_behalf.file(town, by=cast.sfj, at=AT).first_filed_on == dt.date(2022, 6, 17)
    with pytest.raises(filing.FilingRefused):  # 编制数 is required
        on_behalf.file(market, by=cast.sfj, at=AT)

    batch = workbooks.checked(record.whole, data(cast.sfj, "figures"))
    assert workbooks.counts(batch) == (0, 0, 2, 0), list(batch.issues.values_list("cell", "message"))


def test_what_a_unit_writes_itself_or_has_filed_is_left_alone(record, cast):
    drafts.save(record.town, by=cast.weifen, text="", values={"n0": "7"}, at=AT)
    drafts.save(record.market, by=cast.scj, text="", values={"n0": "8"}, at=AT)
    filing.file(record.market, by=cast.scj, at=AT)
    assert [values["item-n0"] for values in record.whole.existing().values()] == ["", "8"]
    rows = [["蔚汾镇", 1, "", "", ""], ["县市场局", 2, "", "", ""]]
    assert workbooks.wrong(workbooks.checked(record.whole, workbooks.book(HEAD, rows))) == [
        ("A2", "fixed"),
        ("A3", "fixed"),
    ]


def test_undone_while_nothing_was_filed(record, cast):
    content = workbooks.book(HEAD, [["蔚汾镇", 12, "", "", ""]])
    whole = record.whole
    batches.undo(workbooks.taken(whole, content), whole)
    assert not Submission.objects.exists()

    batch = workbooks.taken(record.own, content)
    filing.file(record.town, by=cast.weifen, at=AT)
    with pytest.raises(Refused):
        batches.undo(batch, record.own)
