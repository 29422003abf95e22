"""A workbook's way in: read by its labels, checked in one pass, confirmed, applied whole, undone."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl.utils import get_column_letter

from liaisons.models import Unit, User
from liaisons.workbooks.units import UnitSheet
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook import batches
from xingxian_portal.foundation.workbook.imports import ImportBatch

HEAD = ["简称", "全称", "编码", "类别", "排序"]


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def workbook(*rows, title="单位名册", head=HEAD, merged=True) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "名册"
    sheet.append([title])
    if merged:
        sheet.merge_cells(f"A1:{get_column_letter(len(head))}1")
    sheet.append(head)
    for row in rows:
        sheet.append(row)
    other = book.create_sheet("说明")
    other["A1"] = "填表说明"
    book.active = 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sent(cast, content, name="单位.xlsx") -> tuple[ImportBatch, UnitSheet]:
    sheet = UnitSheet(by=cast.admin)
    batch, _ = batches.receive(SimpleUploadedFile(name, content), sheet)
    batches.work(batch, sheet)
    batch.refresh_from_db()
    return batch, sheet


GOOD = ["圪垯上乡", "圪垯上乡人民政府", "141123209", "乡镇人民政府", "１２"]


def test_a_good_workbook_goes_in_and_is_taken_as_known_the_second_time(cast):
    content = workbook(GOOD, ["合计", None, None, None, 1])
    batch, sheet = sent(cast, content)
    assert (batch.state, batch.counts["new"], batch.counts["errors"]) == ("ready", 1, 0)
    assert batch.notes == ["第 4 行是合计或小计，没有读。"]
    batches.work(batches.confirm(batch, by=cast.admin), sheet)
    batch.refresh_from_db()
    assert batch.state == "applied"
    assert Unit.objects.get(code="141123209").position == 12
    again, is_new = batches.receive(SimpleUploadedFile("x.xlsx", content), UnitSheet(by=cast.admin))
    assert (again.pk, is_new) == (batch.pk, False)


def test_every_error_is_told_in_one_pass_with_its_cell_and_nothing_goes_in(cast):
    count = Unit.objects.count()
    batch, _ = sent(cast, workbook(GOOD, GOOD, ["甲", "甲镇", 141123209123456789, "乡", "多"]))
    assert batch.state == "faulty"
    found = [(one.cell, one.code) for one in batch.issues.all()]
    assert found == [
        ("C3", "repeated"),
        ("C4", "repeated"),
        ("C5", "precision"),
        ("D5", "not_a_choice"),
        ("E5", "not_a_number"),
    ]
    assert Unit.objects.count() == count
    with pytest.raises(Refused):
        batches.confirm(batch, by=cast.admin)


def test_what_others_changed_after_the_preview_is_a_conflict(cast):
    town = cast.weifen.unit
    row = [town.short_name, town.name, town.code, "乡镇人民政府", 77]
    batch, sheet = sent(cast, workbook(row))
    assert batch.counts["changed"] == 1
    Unit.objects.filter(pk=town.pk).update(position=5)
    batches.work(batches.confirm(batch, by=cast.admin), sheet)
    batch.refresh_from_db()
    town.refresh_from_db()
    assert (batch.state, town.position) == ("conflict", 5)


def test_a_change_is_undone_unless_somebody_touched_it(cast):
    town = cast.weifen.unit
    old = town.position
    batch, sheet = sent(cast, workbook([town.short_name, town.name, town.code, "乡镇人民政府", 77]))
    batches.work(batches.confirm(batch, by=cast.admin), sheet)
    batches.undo(batch, sheet)
    town.refresh_from_db()
    assert town.position == old


def test_a_new_unit_goes_again_unless_something_names_it(cast):
    batch, sheet = sent(cast, workbook(GOOD))
    batches.work(batches.confirm(batch, by=cast.admin), sheet)
    User.objects.filter(pk=cast.scj.pk).update(unit=Unit.objects.get(code="141123209"))
    with pytest.raises(Refused, match="不能当作没有建过"):
        batches.undo(batch, sheet)
    User.objects.filter(pk=cast.scj.pk).update(unit=None)
    batches.undo(batch, sheet)
    assert not Unit.objects.filter(code="141123209").exists()


def test_a_title_that_is_not_merged_is_no_part_of_the_labels_below_it(cast):
    batch, _ = sent(cast, workbook(GOOD, merged=False))
    assert (batch.state, batch.counts["new"], batch.counts["errors"]) == ("ready", 1, 0)
