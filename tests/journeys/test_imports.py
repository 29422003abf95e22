"""A workbook's whole way in a real browser: template, filled wrong, marked, mended, confirmed, undone."""

from __future__ import annotations

import openpyxl
from playwright.sync_api import Page, expect

from liaisons import appointments
from tests.cast import township
from tests.journeys.walking import log_in, overflow, violations
from tests.reform.workbooks.june import AT, June
from xingxian_portal.foundation import clock


def taken(page: Page, role, name: str, path) -> openpyxl.Workbook:
    with page.expect_download() as download:
        page.get_by_role(role, name=name).click()
    download.value.save_as(path)
    return openpyxl.load_workbook(path)


def sent(page: Page, path, slug: str = "roster") -> None:
    page.goto(f"/imports/{slug}/")
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


def test_a_month_is_filled_in_a_workbook_mended_cell_by_cell_imported_and_taken_back(new_page, cast, tmp_path):
    clock.start_demo(AT)
    june, page = June(cast), new_page()
    log_in(page, "weifen")
    page.goto("/imports/month-report/")
    book = taken(page, "button", "下载模板", tmp_path / "template.xlsx")
    sheet = book["填报"]
    places = {cell.value.rstrip("*"): cell.column_letter for cell in sheet[3]}
    assert [sheet[f"{places['任务']}{row}"].value for row in (4, 5, 6)] == [*map(str, june.tasks), "零报告"]
    text, ticks = places["本月进展"], places["随月报申请销号"]
    sheet[f"{text}4"], sheet[f"{ticks}4"], sheet[f"{text}5"] = "已挂牌。", "没有的事项", "本月无变化"
    book.save(tmp_path / "月报.xlsx")

    sent(page, tmp_path / "月报.xlsx", "month-report")
    expect(page.get_by_role("heading", name="有错误，什么也没有导入")).to_be_visible()
    wrong = page.get_by_role("row", name=f"{ticks}4 填报")
    expect(wrong).to_contain_text(f"可以填：{june.milestones[0].title}")
    book = taken(page, "link", "下载标注错误的文件", tmp_path / "marked.xlsx")
    book["填报"][f"{ticks}4"] = "是"
    book.save(tmp_path / "mended.xlsx")

    sent(page, tmp_path / "mended.xlsx", "month-report")
    assert (violations(page), overflow(page)) == ([], 0)
    page.get_by_role("button", name="导入 3 行：新增 0，修改 2，未变 1").click()
    expect(page.get_by_role("heading", name="已导入")).to_be_visible()
    assert june.texts(june.town) == {"机构建设": "已挂牌。", "专业培训": "〇"}
    page.get_by_role("button", name="整批撤销").click()
    expect(page.get_by_text("各行恢复导入前的内容")).to_be_visible()
    assert june.texts(june.town) == {"机构建设": "", "专业培训": ""}
