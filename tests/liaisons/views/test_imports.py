"""导入: a template taken, filled and sent; what is wrong is marked; confirmed, undone; nothing that is another's."""

from __future__ import annotations

import datetime as dt
import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from liaisons import appointments, import_runs, imports, jobs
from liaisons.models import Appointment, Person, Unit
from liaisons.workbooks.units import UnitSheet
from tests.cast import client_of
from tests.factories import moment
from tests.reform.workbooks.taking import data
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.workbook import batches
from xingxian_portal.foundation.workbook.imports import ImportBatch
from xingxian_portal.foundation.workdays import CalendarDay

AT = moment(dt.date(2022, 4, 14))


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def template(client, slug, **query) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(client.get(f"/imports/{slug}/template/", query).content))


def saved(book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def send(client, slug, content, name="表.xlsx", **more):
    """Send a workbook as the page does; gives the batch, or the page that refused it."""
    answer = client.post(f"/imports/{slug}/", {"file": SimpleUploadedFile(name, content)} | more)
    if answer.status_code == 200:
        return answer.content.decode()
    return ImportBatch.objects.get(pk=re.search(r"batches/(\d+)/", answer["Location"])[1])


def page_of(client, batch) -> str:
    return client.get(f"/imports/batches/{batch.pk}/").content.decode()


def confirm(client, batch, **more):
    token = re.search(r'name="token" value="([^"]+)"', page_of(client, batch))
    client.post(f"/imports/batches/{batch.pk}/confirm/", {"token": token[1] if token else ""} | more)
    batch.refresh_from_db()


def staff(cast, *units):
    for unit in units or (cast.weifen.unit,):
        for post, name in (("leader", "张样例"), ("liaison", "李样例")):
            appointments.appoint(unit, post, name=name, phone="138 0000 0001", by=cast.sfj, at=AT)


@pytest.mark.parametrize("slug", ["units", "calendar", "roster"])
def test_a_template_sent_as_it_came_changes_nothing(cast, slug):
    staff(cast)
    CalendarDay.objects.create(date=dt.date(2027, 10, 1), kind="off", name="国庆节", source_doc="=1+1")
    client = client_of(cast.admin)
    batch = send(client, slug, saved(template(client, slug)))
    assert batch.state == "ready", list(batch.issues.all())
    counts = batch.counts
    assert (counts["new"], counts["changed"], counts["errors"], counts["unchanged"] > 0) == (0, 0, 0, True)
    assert "表里的内容和平台上的一致" in page_of(client, batch)


@pytest.mark.parametrize("in_full", [{}, {"in_full": "1"}])
def test_the_exported_roster_goes_in_again_unchanged(cast, in_full):
    staff(cast, cast.weifen.unit, cast.scj.unit)
    batch = send(client_of(cast.sfj), "roster", data(cast.sfj, "roster", post=True, **in_full))
    assert (batch.state, batch.counts["unchanged"], batch.counts["changed"]) == ("ready", 2, 0)


def test_filled_wrong_marked_mended_confirmed_and_undone(cast):
    client = client_of(cast.weifen)
    book = template(client, "roster")
    page = book["填报"]
    assert (book.sheetnames, book["_meta"].sheet_state) == (["填报", "说明", "_lists", "_meta"], "veryHidden")
    assert [page.cell(3, place).value for place in range(1, 6)] == [
        "单位名称*",
        "分管领导",
        "联系方式",
        "联络员",
        "联系方式",
    ]
    page["B4"], page["C4"], page["D4"], page["E4"] = "王样例", "138000", "刘样例", "138 0000 0002"
    faulty = send(client, "roster", saved(book), "名单.xlsx")
    said = page_of(client, faulty)
    assert (faulty.state, "C4" in said, "138000<" in said, "电话号码格式不对" in said) == ("faulty", True, False, True)
    answer = client.get(f"/imports/batches/{faulty.pk}/annotated/")
    marked = openpyxl.load_workbook(io.BytesIO(answer.content))
    cell = marked["填报"]["C4"]
    assert (cell.fill.fgColor.rgb, "电话号码格式不对" in cell.comment.text) == ("FFF8CBAD", True)
    assert (marked["填报"]["F3"].value, marked["错误清单"]["A2"].value) == ("错误说明", "C4")
    cell.value = "138 0000 0003"
    batch = send(client, "roster", saved(marked), "名单（错误标注）.xlsx")
    assert (batch.state, batch.counts["changed"]) == ("ready", 1)
    assert "导入 1 行：新增 0，修改 1，未变 0" in page_of(client, batch)
    confirm(client, batch)
    held = {row.post: row.person for row in appointments.held(cast.weifen.unit)}
    assert (batch.state, held["leader"].name, held["leader"].phone.full) == ("applied", "王样例", "13800000003")
    assert (batch.file, AuditEntry.objects.filter(action="import.apply").count()) == (None, 1)
    client.post(f"/imports/batches/{batch.pk}/undo/")
    batch.refresh_from_db()
    assert (batch.state, appointments.held(cast.weifen.unit).exists()) == ("undone", False)


def test_the_same_file_again_is_harmless_and_told(cast):
    client = client_of(cast.admin)
    book = template(client, "units")
    town = next(row for row in book["填报"].iter_rows(min_row=4) if row[0].value == "141123100")
    town[4].value = 7
    content = saved(book)
    batch = send(client, "units", content)
    confirm(client, batch)
    again = client.post("/imports/units/", {"file": SimpleUploadedFile("x.xlsx", content)}, follow=True)
    assert "这份文件已导入过" in again.content.decode()
    confirm(client, batch)
    assert AuditEntry.objects.filter(action="unit.amend").count() == 1


def test_a_person_who_is_another_takes_the_post_over_but_not_from_an_account(cast):
    staff(cast)
    client = client_of(cast.sfj)

    def with_leader(name):
        book = template(client, "roster")
        row = next(row for row in book["填报"].iter_rows(min_row=4) if row[0].value == "蔚汾镇人民政府")
        row[1].value, row[2].value = name, "138 0000 0009"
        return saved(book)

    batch = send(client, "roster", with_leader("赵样例"))
    assert "张样例" in page_of(client, batch)
    confirm(client, batch)
    posts = Appointment.objects.filter(unit=cast.weifen.unit, post="leader").order_by("pk")
    assert [(post.person.name, post.until_on is None) for post in posts] == [("张样例", False), ("赵样例", True)]
    Person.objects.filter(name="赵样例").update(user=cast.weifenld)
    batch = send(client, "roster", with_leader("钱样例"))
    assert [issue.cell for issue in batch.issues.all()] == ["B4"]
    assert (batch.state, "办理交接" in page_of(client, batch)) == ("faulty", True)


def test_another_units_row_and_a_cleared_name_are_errors(cast):
    staff(cast, cast.weifen.unit, cast.scj.unit)
    book = template(client_of(cast.sfj), "roster")
    page = book["填报"]
    del book["_meta"]
    for row in page.iter_rows(min_row=4):
        if row[0].value == "蔚汾镇人民政府":
            row[1].value = None
    batch = send(client_of(cast.weifen), "roster", saved(book))
    found = {(one.label, one.code) for one in batch.issues.all()}
    assert found == {("单位名称", "unknown_row"), ("分管领导", "invalid")}
    assert "离任请在“联络员”页面办理" in page_of(client_of(cast.weifen), batch)


def test_the_calendar_comes_in_and_goes_back(cast):
    client = client_of(cast.admin)
    book = openpyxl.Workbook()
    for row in (["2022年节假日安排"], ["日期", "类别", "名称"], ["2022.6.3", "放假", "端午节"], [44713, "班", "/"]):
        book.active.append(row)
    batch = send(client, "calendar", saved(book))
    confirm(client, batch)
    marked = [(str(row.date), row.kind, row.name) for row in CalendarDay.objects.order_by("date")]
    assert marked == [("2022-06-01", "makeup", ""), ("2022-06-03", "off", "端午节")]
    client.post(f"/imports/batches/{batch.pk}/undo/")
    assert not CalendarDay.objects.exists()


def test_good_rows_alone_are_for_the_bureau_and_on_the_record(cast):
    client = client_of(cast.admin)
    book = template(client, "units")
    page = book["填报"]
    for row in page.iter_rows(min_row=4):
        row[4].value = "多" if row[0].value == "scj" else 33
    batch = send(client, "units", saved(book))
    assert batch.state == "faulty"
    confirm(client, batch, good_only="1")
    assert (batch.state, AuditEntry.objects.filter(action="import.confirm_good_rows").count()) == ("applied", 1)
    assert dict(Unit.objects.values_list("code", "position")) == {"141123100": 33, "sfj": 33, "scj": 500}


def test_what_is_refused_is_said_beside_the_file(cast):
    client = client_of(cast.admin)
    assert "CSV" in send(client, "units", "编码,全称\n1,甲".encode("gb18030"), "单位.csv")
    assert "请选择要上传的文件" in client.post("/imports/units/").content.decode()


def test_a_token_is_needed_and_is_the_previews_own(cast):
    client = client_of(cast.admin)
    book = template(client, "units")
    book["填报"]["E4"] = 9
    batch = send(client, "units", saved(book))
    answer = client.post(f"/imports/batches/{batch.pk}/confirm/", {"token": "x"}, follow=True)
    batch.refresh_from_db()
    assert ("这个预览已过期" in answer.content.decode(), batch.state) == (True, "ready")


def test_many_rows_wait_for_a_worker_and_survive_its_loss(cast, monkeypatch):
    monkeypatch.setattr(batches, "AT_ONCE", 1)
    client = client_of(cast.admin)
    book = template(client, "units")
    book["填报"]["E4"] = 9
    batch = send(client, "units", saved(book))
    assert (batch.state, batch.claimed_until) == ("reading", None)
    assert "正在排队检查" in page_of(client, batch)
    ImportBatch.objects.update(claimed_until=moment(dt.date(2000, 1, 1)))  # a worker took it up and is lost
    assert jobs.take_up_imports() == 1
    assert import_runs.work(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.counts["changed"]) == ("ready", 1)
    confirm(client, batch)
    assert batch.state == "writing"
    asked = client.get(f"/imports/batches/{batch.pk}/", headers={"HX-Request": "true"})
    assert ("正在导入" in asked.content.decode(), asked.headers.get("HX-Refresh")) == (True, None)
    assert import_runs.work(batch.pk)
    assert import_runs.work(batch.pk)  # handed out twice: written once
    assert client.get(f"/imports/batches/{batch.pk}/", headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    batch.refresh_from_db()
    assert (batch.state, AuditEntry.objects.filter(action="unit.amend").count()) == ("applied", 1)
    client.post(f"/imports/batches/{batch.pk}/undo/")
    assert "正在撤销" in page_of(client, batch)
    assert import_runs.work(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, Unit.objects.filter(position=9).exists()) == ("undone", False)


def test_what_was_touched_since_stays_in_and_the_page_says_why(cast):
    client = client_of(cast.admin)
    book = template(client, "units")
    book["填报"]["E4"] = 9
    batch = send(client, "units", saved(book))
    confirm(client, batch)
    Unit.objects.filter(position=9).update(position=10)
    assert "不能整批撤销" in client.post(f"/imports/batches/{batch.pk}/undo/", follow=True).content.decode()
    batch.refresh_from_db()
    assert (batch.state, Unit.objects.filter(position=10).exists()) == ("applied", True)


class Failing(UnitSheet):
    """Fails in the middle of the writing, as a full disk would."""

    def write(self, change, *, at):
        if change.after["code"] == "scj":
            raise OSError("no space left")
        return super().write(change, at=at)


def test_what_fails_in_the_middle_writes_nothing_is_tried_again_and_at_last_given_up(cast, monkeypatch):
    client = client_of(cast.admin)
    book = template(client, "units")
    for row in book["填报"].iter_rows(min_row=4):
        row[4].value = 9
    batch = send(client, "units", saved(book))
    batches.confirm(batch, by=cast.admin)
    monkeypatch.setitem(imports._offered, "units", (imports.BASICS, Failing))
    tried = [import_runs.work(batch.pk) for _ in range(batches.MOST_ATTEMPTS)]
    assert tried == [False] * (batches.MOST_ATTEMPTS - 1) + [True]
    batch.refresh_from_db()
    assert (batch.state, Unit.objects.filter(position=9).exists()) == ("faulty", False)
    assert "什么也没有写入" in page_of(client, batch)
    monkeypatch.undo()
    client.post(f"/imports/batches/{batch.pk}/recheck/")
    batch.refresh_from_db()
    assert (batch.state, batch.counts["changed"], batch.issues.count()) == ("ready", 3, 0)


def test_what_takes_its_workers_down_with_it_is_given_up_and_not_tried_for_ever(cast):
    client = client_of(cast.admin)
    batch = send(client, "units", saved(template(client, "units")))
    lost = moment(dt.date(2000, 1, 1))
    ImportBatch.objects.update(state="reading", attempts=batches.MOST_ATTEMPTS, claimed_until=lost)
    assert import_runs.work(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.issues.get().message) == ("faulty", import_runs.GAVE_UP)
    client.post(f"/imports/batches/{batch.pk}/recheck/")
    batch.refresh_from_db()
    assert batch.state == "ready"


def test_who_lost_the_right_gets_nothing_written(cast):
    client = client_of(cast.admin)
    batch = send(client, "units", saved(template(client, "units")))
    ImportBatch.objects.update(state="reading")
    cast.admin.role_grants.all().delete()
    assert import_runs.work(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.issues.get().message) == ("faulty", "你已没有导入这张表的权限。")
    assert client.get(f"/imports/batches/{batch.pk}/").status_code == 404


def test_files_go_after_180_days_and_those_with_numbers_after_a_week(cast):
    batch = send(client_of(cast.admin), "units", saved(template(client_of(cast.admin), "units")))
    roster = send(client_of(cast.sfj), "roster", saved(template(client_of(cast.sfj), "roster")))
    at = batch.file.uploaded_at
    assert import_runs.clear_away(at + dt.timedelta(days=8)) == 1
    assert import_runs.clear_away(at + dt.timedelta(days=181)) == 1
    for one in (batch, roster):
        one.refresh_from_db()
        assert one.file is None
