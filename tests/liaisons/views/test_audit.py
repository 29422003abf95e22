from __future__ import annotations

import pytest
from django.db import transaction

from tests.cast import client_of
from xingxian_portal.foundation import audit


def note(count: int, by) -> None:
    with transaction.atomic():
        for number in range(count):
            audit.record("unit.amend", by=by, subject=by.unit, before={"name": f"旧{number}"}, after={"name": "<新>"})


@pytest.mark.parametrize("count", [1, 50])
def test_the_trail_costs_the_same_however_long(cast, count, django_assert_num_queries):
    note(count, cast.sfj)
    client = client_of(cast.audit)

    with django_assert_num_queries(4 + 2):  # the frame, the entries, who acted
        page = client.get("/audit/").content.decode()
    assert page.count("单位 修改") == count


def test_older_entries_are_one_click_away_with_the_filters_kept(cast):
    note(51, cast.sfj)
    page = client_of(cast.audit).get("/audit/?action=unit").content.decode()

    assert "action=unit&amp;before=" in page


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
        ("action=%00", "不允许"),
        ("actor=nobody", "没有符合条件的记录"),
    ],
)
def test_a_strange_question_gets_a_plain_answer(cast, asked, said):
    note(1, cast.sfj)
    response = client_of(cast.audit).get(f"/audit/?{asked}")

    assert (response.status_code, said in response.content.decode()) == (200, True)
