"""A workbook's whole way in a real browser: template, filled wrong, marked, mended, confirmed, undone."""

from __future__ import annotations

import openpyxl
from playwright.sync_api import Page, expect

from liaisons import appointments
from tests.cast import township
from tests.journeys.walking import log_in, overflow, violations


def taken(page: Page, role, name: str, path) -> openpyxl.Workbook:
    with page.expect_download() as download:
        page.get_by_role(role, name=name).click()
    download.value.save_as(path)
    return openpyxl.load_workbook(path)


def sent(page: Page, path) -> None:
    page.goto("/imports/roster/")
    page.set_input_files("[name=file]", path)
    page.get_by_role("button", name="上传并预览").click()
    page.wait_for_url("**/batches/**")


def test_a_roster_is_filled_marked_mended_confirmed_and_undone(new_page, cast, tmp_path):
    page = new_page()
    log_in(page, "weifen")
    page.get_by_role("link", name="导入", exact=True).first.click()
    expect(page.get_by_role("heading", name="导入", exact=True)).to_be_visible()
    assert (violations(page), overflow(page)) == ([], 0)
    page.get_by_role("link", name="联络员名单").click()
    assert (violations(page), overflow(page)) == ([], 0)
    book = taken(page, "button", "下载模板", tmp_path / "template.xlsx")
    for address, value in (("B4", "王样例"), ("C4", "138000"), ("D4", "刘样例"), ("E4", "138 0000 0002")):
        book["填报"][address] = value
    book.save(tmp_path / "名单.xlsx")

    sent(page, tmp_path / "名单.xlsx")
    expect(page.get_by_role("heading", name="有错误，什么也没有导入")).to_be_visible()
    assert (violations(page), overflow(page)) == ([], 0)
    marked = taken(page, "link", "下载标注错误的文件", tmp_path / "marked.xlsx")
    assert marked["错误清单"]["A2"].value == "C4"
    marked["填报"]["C4"] = "138 0000 0001"
    marked.save(tmp_path / "mended.xlsx")

    page.set_viewport_size({"width": 390, "height": 844})
    sent(page, tmp_path / "mended.xlsx")
    assert (violations(page), overflow(page)) == ([], 0)
    page.get_by_role("button", name="导入 1 行：新增 0，修改 1，未变 0").click()
    expect(page.get_by_role("heading", name="已导入")).to_be_visible()
    assert {row.person.name for row in appointments.held(township())} == {"王样例", "刘样例"}
    page.get_by_role("button", name="整批撤销").click()
    expect(page.get_by_text("各行恢复导入前的内容")).to_be_visible()
    assert not appointments.held(township()).exists()
