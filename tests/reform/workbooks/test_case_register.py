"""案卷目录 by workbook: right rows go in whole, wrong ones are told cell by cell, what a round has drawn stays as it is."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reform.case_review import register, rounds
from reform.models import CaseFile
from reform.workbooks.case_register import CaseRegisterSheet
from tests import workbooks
from tests.cast import client_of
from tests.reform.case_review import rounds_of
from tests.reform.case_review.rounds_of import AT
from tests.reform.workbooks.taking import data
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import OneRefused, Refused
from xingxian_portal.foundation.workbook import batches
from xingxian_portal.foundation.workbook.imports import ImportBatch

HEAD = ["序号", "案卷编号", "案由", "当事人", "决定日期", "承办人", "类别", "卷内页数"]
ROW = [1, "样罚〔2022〕1号", "未按规定公示", "示例商行", "2022.5.10", "张　某，李某", "行政许可", "３４"]


@pytest.fixture(autouse=True)
def in_june(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    clock.start_demo(AT)


def sheet_of(cast) -> CaseRegisterSheet:
    return CaseRegisterSheet(cast.weifen, cast.weifen.unit.code)


def book(*rows, head=HEAD) -> bytes:
    return workbooks.book(head, rows, "2022年案卷目录", ["合计"])


def test_a_units_own_workbook_goes_in_and_comes_back_unchanged(cast):
    assert workbooks.taken(sheet_of(cast), book(ROW)).state == "applied"
    file = CaseFile.objects.get()
    assert (file.decided_on, file.officers, file.kind, file.pages) == (
        dt.date(2022, 5, 10),
        ["张某", "李某"],
        "licence",
        34,
    )

    for out in (workbooks.template(sheet_of(cast)), data(cast.weifen, "case-register")):
        assert workbooks.counts(workbooks.checked(sheet_of(cast), out)) == (0, 0, 1, 0)


def test_everything_wrong_is_told_at_once_by_cell(cast):
    rows = [
        [1, "样1", "", "某", "2022-13-40", "甲", "外星", "多"],
        [2, "样2", "某案", "某", "2032-05-10", "甲", "", ""],
        [3, "样3", "某案", "某", "2022-05-10", "甲", "", ""],
        [4, "样3", "某案", "某", "2022-05-10", "甲", "", ""],
    ]
    batch = workbooks.checked(sheet_of(cast), book(*rows))

    cells = [("C3", "missing"), ("E3", "not_a_day"), ("G3", "not_a_choice"), ("H3", "not_a_number"), ("E4", "invalid")]
    assert workbooks.wrong(batch) == [*cells, ("B5", "repeated"), ("B6", "repeated")]
    assert not CaseFile.objects.exists()


def test_a_major_penalty_needs_its_legal_audit_and_its_discussion(cast):
    head = [*HEAD, "涉企重大处罚", "法制审核日期", "法制审核人"]
    batch = workbooks.checked(sheet_of(cast), book([*ROW, "是", "2022-05-11", "王某"], head=head))

    assert {issue.label for issue in batch.issues.all()} == {"法制审核日期", "集体讨论日期"}


def test_another_units_rows_and_register_are_refused(cast):
    batch = workbooks.checked(sheet_of(cast), book([*ROW, "县市场局"], head=[*HEAD, "单位"]))
    assert workbooks.wrong(batch) == [("I3", "not_yours")]
    assert [CaseRegisterSheet.admits(one) for one in (cast.weifen, cast.sfj, cast.lingdao)] == [True, True, False]
    with pytest.raises(Refused):
        CaseRegisterSheet(cast.weifen, cast.scj.unit.code).subject()


def test_an_import_is_undone_as_long_as_nobody_touched_its_rows(cast):
    sheet = sheet_of(cast)
    batch = workbooks.taken(sheet, book(ROW))
    batches.undo(batch, sheet)
    assert not CaseFile.objects.exists()

    batch = workbooks.taken(sheet, book(ROW, [2, "样2", *ROW[2:]]))
    file = CaseFile.objects.get(number="样2")
    register.edit(
        file,
        {name: getattr(file, name) for name in ("number", "decided_on", "officers")} | {"title": "改过"},
        by=cast.weifen,
    )
    with pytest.raises(Refused):
        batches.undo(batch, sheet)


def test_what_a_sealed_round_holds_is_not_changed_by_a_workbook(cast):
    file = rounds_of.a_file(cast.weifen.unit, cast.weifen)
    rounds.seal(rounds_of.a_round(cast.sfj, [cast.weifen.unit]), by=cast.sfj, at=AT)
    row = [1, file.number, file.title, file.party, "2022-05-10", "承办甲、承办乙", "", ""]

    assert workbooks.counts(workbooks.checked(sheet_of(cast), book(row))) == (0, 0, 1, 0)
    changed = workbooks.checked(sheet_of(cast), book([*row[:2], "另一案由", *row[3:]]))
    assert workbooks.wrong(changed) == [("B3", "fixed")]


def paste(cast, text: str, **given):
    return client_of(cast.weifen).post(
        "/imports/case-register/", {"subject": cast.weifen.unit.code, "pasted": text} | given
    )


def test_a_pasted_table_goes_the_same_way_and_is_known_when_it_comes_again(cast):
    text = "\t".join(HEAD[1:6]) + '\n样1\t"未按\n规定公示"\t某商行\t2022.5.10\t甲、乙\n'
    batch = ImportBatch.objects.get(pk=paste(cast, text)["Location"].split("/")[-2])
    sheet = sheet_of(cast)
    assert workbooks.worked(batches.confirm(batch, by=cast.weifen), sheet).state == "applied"
    assert CaseFile.objects.get().title == "未按规定公示"
    assert paste(cast, text)["Location"] == f"/imports/batches/{batch.pk}/"


@pytest.mark.parametrize(("text", "said"), [("", "请选择要上传的文件"), ("样1\n" * 300_000, "请保存为 .xlsx 上传")])
def test_what_cannot_be_pasted_is_said_and_nobody_pastes_for_another(cast, text, said):
    assert said in paste(cast, text).content.decode()
    assert "请在列表里选择" in paste(cast, "样1\t甲", subject=cast.scj.unit.code).content.decode()
    assert not ImportBatch.objects.exists()


def asked(act) -> int:
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


def test_many_files_take_the_queries_of_a_few_but_for_the_row_that_each_changes(cast):
    sheet = sheet_of(cast)

    def rows(first: int, count: int, matter: str = "未按规定公示") -> bytes:
        return book(*([1, f"样{n}", matter, *ROW[3:]] for n in range(first, first + count)))

    def counted(first: int, count: int) -> list[int]:
        made = workbooks.checked(sheet, rows(first, count))
        new = asked(lambda: workbooks.worked(batches.confirm(made, by=sheet.by), sheet))
        changed = workbooks.checked(sheet, rows(first, count, "改过"))
        assert workbooks.counts(changed) == (0, count, 0, 0)
        other = asked(lambda: workbooks.worked(batches.confirm(changed, by=sheet.by), sheet))
        back = asked(lambda: batches.undo(changed, sheet))
        return [new, other, back, asked(lambda: batches.undo(made, sheet))]

    counted(900, 1)
    few, many = counted(1, 2), counted(100, 22)
    more = [(many[place] - few[place]) / 20 for place in range(4)]
    assert (more[0] <= 0.2, max(more[1:3]) <= 3.2, more[3] <= 0.2) == (True, True, True), more
    assert not CaseFile.objects.exists()


def test_of_many_files_all_are_entered_or_none_and_which_cannot_be_is_said(cast):
    workbooks.taken(sheet_of(cast), book(ROW))
    given = {"title": "某案", "party": "某", "decided_on": dt.date(2022, 5, 10), "officers": ["甲"]}
    told = [given | {"number": number} for number in ("样1", ROW[1])]
    with pytest.raises(OneRefused, match="已登记过") as error:
        register.register_all(cast.weifen.unit, told, by=cast.weifen, at=AT)
    assert (error.value.place, CaseFile.objects.count()) == (1, 1)
