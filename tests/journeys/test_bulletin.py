"""The month's pack in a real browser: an officer freezes, edits and issues; a unit takes its own sheet."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.cast import township
from tests.journeys.walking import log_in, overflow, violations
from tests.reform.filings import hand_in_report, report_of
from tests.reform.views.bureau import let_it_be_noon


@pytest.fixture(autouse=True)
def _noon(cast):
    let_it_be_noon()


def test_a_month_is_frozen_edited_issued_and_taken(new_page, cast):
    hand_in_report(report_of(township()), cast.weifen)
    sfj = new_page()
    log_in(sfj, "sfj")
    sfj.goto("/exports/")
    assert (violations(sfj), overflow(sfj)) == ([], 0)
    sfj.get_by_role("button", name="取数生成").click()
    expect(sfj.get_by_role("heading", name="2022年6月月度材料")).to_be_visible()
    assert (violations(sfj), overflow(sfj)) == ([], 0)
    sfj.get_by_role("textbox", name="正文").fill("一、总体情况\n圪垯上乡进展良好。")
    sfj.get_by_role("button", name="保存草稿").click()
    expect(sfj.get_by_text("草稿已保存")).to_be_visible()
    sfj.get_by_role("textbox", name="发文字号").fill("兴司通[2022]6号")
    sfj.get_by_role("button", name="印发通报").click()
    expect(sfj.get_by_text("已印发，各单位已收到消息")).to_be_visible()
    expect(sfj.get_by_text("圪垯上乡进展良好。")).to_be_visible()
    with sfj.expect_download() as document:
        sfj.get_by_role("link", name="通报", exact=True).click()
    assert document.value.suggested_filename.endswith(".docx")

    weifen = new_page(width=390, height=844)
    log_in(weifen, "weifen")
    weifen.goto("/exports/")
    weifen.get_by_role("link", name="关于2022年6月份").click()
    assert (violations(weifen), overflow(weifen)) == ([], 0)
    with weifen.expect_download() as sheet:
        weifen.get_by_role("link", name="蔚汾镇反馈单").click()
    assert sheet.value.suggested_filename == "2022年6月反馈单-蔚汾镇.xlsx"
