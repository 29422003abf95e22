from __future__ import annotations

import io

import pytest
from django.db import transaction
from openpyxl import load_workbook

from liaisons.workbooks import audit as workbook
from tests.cast import client_of
from tests.trail import run
from xingxian_portal.celery import app
from xingxian_portal.foundation import audit, audit_seals, jobs
from xingxian_portal.foundation.audit import AuditEntry


def note(count: int, by) -> None:
    with transaction.atomic():
        for number in range(count):
            audit.record("unit.amend", by=by, subject=by.unit, before={"name": f"旧{number}"}, after={"name": "<新>"})


@pytest.mark.parametrize("count", [1, 50])
def test_the_trail_costs_the_same_however_long(cast, count, django_assert_num_queries):
    note(count, cast.sfj)
    client = client_of(cast.audit)

    # the frame; entries, who acted, their units, the last check, units to choose from
    with django_assert_num_queries(4 + 5):
        page = client.get("/audit/").content.decode()
    assert page.count("单位 修改") == count


def test_older_entries_are_one_click_away_with_the_filters_kept(cast):
    note(51, cast.sfj)
    page = client_of(cast.audit).get("/audit/?action=unit.").content.decode()

    assert "action=unit.&amp;before=" in page


def test_before_and_after_are_shown_as_text(cast):
    note(1, cast.sfj)
    page = client_of(cast.audit).get("/audit/").content.decode()

    assert ("旧0" in page, "&lt;新&gt;" in page, "<新>" in page) == (True, True, False)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("since=2022-02-30", "请填写存在的日期"),
        ("since=0001-01-01", "请填写存在的日期"),
        ("until=9999-12-31", "请填写存在的日期"),
        ("since=2022-06-02&until=2022-06-01", "结束日期早于开始日期。"),
        ("outcome=x", "请在列表里选择结果。"),
        ("before=x", "单位 修改"),
        ("before=99999999999999999999", "单位 修改"),
        ("before=-1", "单位 修改"),
        ("action=%00", "请在列表里选择动作。"),
        ("actor=%00", "不允许"),
        ("unit=nowhere", "请在列表里选择单位。"),
        ("subject=飞船+12", "没有这种对象"),
        ("actor=nobody", "没有符合条件的记录"),
    ],
)
def test_a_strange_question_gets_a_plain_answer(cast, asked, said):
    note(1, cast.sfj)
    response = client_of(cast.audit).get(f"/audit/?{asked}")

    assert (response.status_code, said in response.content.decode()) == (200, True)


def sheet_of(response) -> list[list]:
    """Give the exported rows; formulas would come as they were typed, with their "="."""
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


def test_the_trail_is_narrowed_by_unit_and_object(cast):
    note(1, cast.sfj)
    note(1, cast.weifen)
    client, unit = client_of(cast.audit), cast.weifen.unit
    for asked in (f"unit={unit.code}", f"subject=单位 {unit.pk}", "actor=weifen"):
        audit_of_unit(unit, cast.weifen)
        page = client.get(f"/audit/?{asked}").content.decode()
        assert f"单位 {cast.sfj.unit.pk}</a>" not in page
        assert "单位 修改" in page


def audit_of_unit(unit, by) -> None:
    with transaction.atomic():
        audit.record("unit.amend", by=by, subject=unit, unit_code=unit.code)


def test_an_export_holds_what_was_asked_for_as_text_and_is_an_entry_itself(cast):
    note(2, cast.sfj)
    with transaction.atomic():
        audit.record("step.lay", by=cast.weifen, note='=HYPERLINK("http://example.org";"x")', after={"a": "+1\x0b"})
    response = client_of(cast.audit).get("/audit/export/?since=2022-01-01")

    as_of, head, newest, *rest = sheet_of(response)
    assert as_of[0].startswith("截至 20")
    assert as_of[0].endswith("共 3 条；封存到第 0 环 ")
    assert head[3:7] == ["操作人", "动作", "结果", "对象"]
    assert (newest[3:6], newest[9:11]) == (
        ["weifen", "步骤 安排", "成功"],
        ['{"a": "+1\\u000b"}', '=HYPERLINK("http://example.org";"x")'],
    )
    assert len(rest) == 2
    book = load_workbook(io.BytesIO(client_of(cast.audit).get("/audit/export/").getvalue()))
    assert "f" not in {cell.data_type for row in book.active.iter_rows() for cell in row}
    entry = AuditEntry.objects.filter(action="trail.export").earliest("pk")
    assert (entry.actor_id, entry.after) == (cast.audit.pk, {"rows": 3, "asked": {"since": "2022-01-01"}})


def test_a_row_more_does_not_cost_an_export_more_queries(cast, django_assert_max_num_queries):
    client = client_of(cast.audit)
    for count in (1, 30):
        note(count, cast.sfj)
        with django_assert_max_num_queries(13):
            client.get("/audit/export/").getvalue()


@pytest.mark.parametrize("asked", ["", "since=2022-02-30"])
def test_an_export_too_long_or_of_nonsense_is_refused_with_the_way_out(cast, monkeypatch, asked):
    note(3, cast.sfj)
    if not asked:
        monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    response = client_of(cast.audit).get(f"/audit/export/?{asked}", follow=True)

    assert "请按日期分段导出" in response.content.decode()
    assert not AuditEntry.objects.filter(action="trail.export").exists()


def test_the_auditor_has_the_trail_verified_and_sees_what_was_found(cast, chain, tampering):
    note(3, cast.sfj)
    audit_seals.seal()
    client = client_of(cast.audit)
    assert "还没有校验过" in client.get("/audit/").content.decode()

    assert "已开始校验" in client.post("/audit/verify/", follow=True).content.decode()
    jobs.verify_audit()
    assert "3 条完整，当时 1 条等待封存" in client.get("/audit/").content.decode()

    run("UPDATE foundation_auditentry SET note = 'x' WHERE action = 'unit.amend'")
    jobs.verify_audit()
    assert "审计记录有问题" in client.get("/audit/").content.decode()


def test_a_queue_that_does_not_answer_is_said_so(cast, tmp_path):
    before = app.conf.broker_url
    app.conf.broker_url = f"redis+socket://{tmp_path}/gone.sock"
    app._after_fork()  # forgets the connections to the queue that there is
    try:
        answer = client_of(cast.audit).post("/audit/verify/", follow=True)
    finally:
        app.conf.broker_url = before
        app._after_fork()
    assert "后台任务队列没有响应" in answer.content.decode()
    assert not AuditEntry.objects.filter(action="trail.verify").exists()
