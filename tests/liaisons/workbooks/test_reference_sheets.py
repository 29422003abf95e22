"""Reference data out of Django's administration and in again: unchanged, mended, faulty by cell, written whole, undone."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable

import openpyxl
import pytest
from django.contrib import admin
from django.urls import reverse

from liaisons import units
from liaisons.models import EnforcementField, GroupMember, Unit, UnitAlias, UnitGroup
from tests.cast import Cast, client_of, gather
from tests.liaisons.views.test_imports import confirm, page_of, saved, send, template
from xingxian_portal import facts
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.audited_admin import AuditedAdmin
from xingxian_portal.foundation.workdays import CalendarYear

TABLES = {
    "units": "liaisons_unit", "groups": "liaisons_unitgroup", "aliases": "liaisons_unitalias",
    "fields": "liaisons_enforcementfield", "calendar": "foundation_calendarday", "years": "foundation_calendaryear",
}  # fmt: skip
MERGED_ON = dt.date(2022, 6, 1)


@pytest.fixture(scope="module")
def county(standing) -> Cast:
    """Give the county's facts; one department was merged into another, whose old name stays an alias."""
    facts.load_all()
    cast = gather()
    one, other = Unit.objects.filter(kind=Unit.DEPARTMENT).order_by("pk")[:2]
    units.close(one, on=MERGED_ON, into=other, by=cast.admin)
    UnitAlias.objects.get_or_create(name="=旧名", unit=one)
    return cast


@pytest.fixture
def client(county, db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return client_of(county.admin)


def exported(client, table: str) -> bytes:
    return b"".join(client.get(reverse(f"admin:{table}_export")).streaming_content)


def book_of(*rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return saved(book)


def test_every_table_that_is_changed_in_the_administration_has_a_way_in_and_shows_it(client):
    tables = {
        f"{model._meta.app_label}_{model._meta.model_name}"
        for model, its in admin.site._registry.items()
        if isinstance(its, AuditedAdmin)
    }
    assert tables == set(TABLES.values())
    for slug, table in TABLES.items():
        assert f'href="/imports/{slug}/"' in client.get(reverse(f"admin:{table}_changelist")).content.decode()


@pytest.mark.parametrize("slug", [*TABLES, "members"])
def test_what_goes_out_comes_in_again_and_changes_nothing(client, slug):
    content = exported(client, TABLES[slug]) if slug in TABLES else saved(template(client, slug))
    batch = send(client, slug, content)
    assert batch.state == "ready", [(one.cell, one.message) for one in batch.issues.all()]
    counts = batch.counts
    assert (counts["new"], counts["changed"], counts["errors"], counts["unchanged"] > 0) == (0, 0, 0, True)


def changed(client, slug: str, key: str, column: str, value) -> bytes:
    """Give the exported table with one cell changed: in the row of `key`, below the head `column`."""
    book = openpyxl.load_workbook(io.BytesIO(exported(client, TABLES[slug])))
    page = book.worksheets[0]
    heads = next(row for row in page.iter_rows() if column in [cell.value for cell in row])
    place = next(cell.column for cell in heads if cell.value == column)
    row = next(row for row in page.iter_rows(min_row=heads[0].row + 1) if key in [str(cell.value) for cell in row])
    page.cell(row[0].row, place).value = value
    return saved(book)


def test_an_exported_table_is_mended_and_comes_in_with_its_entries_and_is_undone(client, county):
    field = EnforcementField.objects.get(name="交通运输")
    before, unit = field.in_charge, Unit.objects.filter(closed_on=None, kind=Unit.DEPARTMENT).last()
    assert unit
    batch = send(client, "fields", changed(client, "fields", field.code, "主管部门", unit.short_name))
    assert (batch.state, batch.counts["changed"], batch.counts["new"]) == ("ready", 1, 0)
    confirm(client, batch)
    field.refresh_from_db()
    entry = AuditEntry.objects.get(action="field.amend")
    assert (batch.state, field.in_charge, entry.actor_id) == ("applied", unit, county.admin.pk)
    assert (entry.before, entry.after) == ({"in_charge": before.code if before else None}, {"in_charge": unit.code})
    client.post(f"/imports/batches/{batch.pk}/undo/")
    field.refresh_from_db()
    assert field.in_charge == before


NEW: dict[str, tuple[list, Callable[[], list], list, str]] = {
    "groups": (
        [["编码", "名称", "成员与此群组相同", "说明", "排序"], ["xin-qz", "新群组", "各乡镇人民政府", "样例", 7]],
        lambda: [str(row.follows) for row in UnitGroup.objects.filter(code="xin-qz")], ["各乡镇人民政府"], "group.create",
    ),
    "members": (
        [["群组", "单位", "加入日期", "退出日期"], ["各乡镇人民政府", "县司法局", "2022-7-1", None]],
        lambda: [str(row.joined_on) for row in GroupMember.objects.filter(unit__kind=Unit.BUREAU)], ["2022-07-01"], "group.join",
    ),
    "aliases": (
        [["别名", "单位", "群组"], ["镇上", "蔚汾镇人民政府", None]],
        lambda: [str(row.unit) for row in UnitAlias.objects.filter(name="镇上")], ["蔚汾镇人民政府"], "unit.add_alias",
    ),
    "fields": (
        [["编码", "名称", "主管部门"], ["xin-ly", "新领域", "县司法局"]],
        lambda: [str(row.in_charge) for row in EnforcementField.objects.filter(code="xin-ly")], ["县司法局"], "field.create",
    ),
    "years": (
        [["年份", "状态", "依据的通知"], [2031, "已按官方通知", "国办发明电〔2030〕1号"]],
        lambda: [row.status for row in CalendarYear.objects.filter(year=2031)], ["official"], "calendar.confirm",
    ),
}  # fmt: skip


@pytest.mark.parametrize("slug", NEW)
def test_new_rows_come_in_by_the_verbs_of_their_pages_and_go_again(client, slug):
    rows, found, expected, action = NEW[slug]
    batch = send(client, slug, book_of(*rows))
    assert (batch.state, batch.counts["new"]) == ("ready", 1), [(one.cell, one.message) for one in batch.issues.all()]
    assert found() == []  # a preview writes nothing
    confirm(client, batch)
    assert (batch.state, found()) == ("applied", expected), [one.message for one in batch.issues.all()]
    assert AuditEntry.objects.filter(action=action).count() == 1
    client.post(f"/imports/batches/{batch.pk}/undo/")
    batch.refresh_from_db()
    assert (batch.state, found()) == ("undone", []), [one.message for one in batch.issues.all()]


FAULTS: dict[str, list[tuple[list, str, str]]] = {
    "groups": [
        (["坏 码/", "新群组甲", None], "A3", "编码只含"), (["x1", "蔚汾镇", None], "B3", "已是“蔚汾镇人民政府”的名称"),
        (["x2", "新群组乙", "没有的群组"], "C3", "没有这个群组"), (["x3", None, None], "B3", "请填写名称"),
    ],
    "members": [
        (["各乡镇人民政府", "没有的镇", "2022-7-1"], "B3", "没有这个单位"), (["各乡镇人民政府", "县司法局", "7月"], "C3", "不是日历上有的日期"),
        (["各乡镇人民政府", "县司法局", "2022-8-1", "2022-6-1"], "D3", "退出日期应晚于加入日期"),
    ],
    "aliases": [
        (["甲", None, None], "B3", "填一个"), (["乙", "蔚汾镇", "各乡镇人民政府"], "B3", "填一个"), (["蔚汾镇", "县司法局", None], "A3", "已是“蔚汾镇人民政府”"),
        (["丙", "没有的局", None], "B3", "没有这个单位"),
    ],
    "fields": [(["x1", "交通运输", None], "B3", "已是编码"), (["x2", "新领域", "没有的局"], "C3", "没有这个单位"), (["a b/", "新领域", None], "A3", "编码只含")],
    "years": [([2032, "也许", None], "B3", "不是可以填的值"), ([2032, "已按官方通知", None], "C3", "请填写通知的文号"), (["明年", "未核对", None], "A3", "应填整数")],
}  # fmt: skip


@pytest.mark.parametrize(
    ("slug", "row", "cell", "says"), [(slug, *fault) for slug, faults in FAULTS.items() for fault in faults]
)
def test_a_faulty_row_is_named_by_its_cell_and_keeps_the_good_ones_out(client, slug, row, cell, says):
    rows, found, *_ = NEW[slug]
    batch = send(client, slug, book_of(*rows, row))
    assert batch.state == "faulty"
    assert [(one.cell, says in one.message) for one in batch.issues.all()] == [(cell, True)]
    assert cell in page_of(client, batch)
    confirm(client, batch)
    assert (batch.state, found()) == ("faulty", [])


def test_a_name_is_moved_to_another_unit_and_a_member_leaves_by_the_sheet(client):
    batch = send(client, "aliases", changed(client, "aliases", "=旧名", "单位", "县司法局"))
    confirm(client, batch)
    assert str(UnitAlias.objects.get(name="=旧名").unit) == "县司法局"
    member = GroupMember.objects.filter(left_on=None, group__follows=None).select_related("group", "unit").first()
    assert member
    row = [member.group.name, member.unit.name, member.joined_on]
    batch = send(client, "members", book_of(["群组", "单位", "加入日期", "退出日期"], [*row, "2022-8-1"]))
    confirm(client, batch)
    member.refresh_from_db()
    assert member.left_on == dt.date(2022, 8, 1)
    again = send(client, "members", book_of(["群组", "单位", "加入日期", "退出日期"], [*row, "2022-9-1"]))
    assert [one.cell for one in again.issues.all()] == ["D2"]


def test_a_closed_unit_stands_in_the_sheet_as_it_is_and_is_not_changed(client):
    closed = Unit.objects.get(closed_on=MERGED_ON)
    batch = send(client, "units", changed(client, "units", closed.code, "全称", "改了名的局"))
    assert [(one.code, "已经并入或撤销" in one.message) for one in batch.issues.all()] == [("invalid", True)]


def test_who_does_not_keep_them_finds_no_such_sheet(county, db):
    for user in (county.sfj, county.weifen, county.anquan, county.audit):
        assert [client_of(user).get(f"/imports/{slug}/").status_code for slug in NEW] == [404] * len(NEW)
