"""A case in the field: a township's officer with a phone, from the first look at the shelf to the paper in Word."""

from __future__ import annotations

import datetime as dt

import docx
import pytest
from playwright.sync_api import expect

from exemptions.cases.states import State
from exemptions.models import ExemptionCase
from tests.cast import gather
from tests.exemptions.case_samples import code, decided, item, officers, ordered
from tests.factories import moment
from tests.files import PDF
from tests.journeys.walking import faults, log_in
from xingxian_portal.foundation import clock

PHONE = (390, 844)
MONDAY = moment(dt.date(2022, 6, 20), 9)
PARTY = "圪垯上便民商店"


@pytest.fixture
def county(transactional_db):
    clock.start_demo(MONDAY)
    cast = gather()
    officers(cast.weifen.unit)
    item(cast.weifen.unit, correction_days=3)
    return cast


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_an_officer_forgives_a_first_offence_from_the_field(new_page, county, scripts, tmp_path):
    page = new_page(*PHONE, java_script_enabled=scripts, accept_downloads=True)
    log_in(page, "weifen")
    page.goto("/exemptions/cases/")
    page.get_by_role("link", name="登记案件").first.click()
    page.get_by_label("当事人名称（姓名）").fill(PARTY)
    page.get_by_label("统一社会信用代码").fill(code(3)[:-1] + "?")
    page.get_by_role("textbox", name="违法行为").fill("货架上12种商品没有标价。")
    page.get_by_role("combobox", name="清单事项").select_option(label="SJ-001　未按规定明码标价（首违不罚）")
    for name in ("执法1", "执法2"):
        page.get_by_label(name).check()
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_text("有不该有的字符")).to_be_visible()
    expect(page.get_by_role("textbox", name="违法行为")).to_have_value("货架上12种商品没有标价。")
    page.get_by_label("统一社会信用代码").fill(code(3))
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_role("heading", name=PARTY)).to_be_visible()

    page.get_by_role("link", name="责令改正", exact=True).click()
    page.get_by_label("改正要求").fill("当场补齐全部标价签。")
    page.get_by_label("改正期限").fill("2022-06-20")
    page.get_by_role("button", name="责令改正").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="责令改正通知书").click()
    assert "立即改正" in text_of(download.value, tmp_path)

    page.get_by_label("文件").set_input_files({"name": "现场照片.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_text("已添加材料")).to_be_visible()
    page.get_by_role("link", name="登记复查结果").click()
    page.get_by_label("已按期改正").check()
    page.get_by_label("复查情况").fill("12种商品标价签已补齐。")
    page.get_by_role("button", name="登记复查结果").click()

    page.get_by_role("link", name="核对条件").click()
    for place in (1, 2):
        page.locator(f"input[name=met-{place}][value=yes]").check()
        page.locator(f"select[name=file-{place}]").select_option(label="现场照片.pdf")
    page.get_by_role("button", name="保存核对结果").click()
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_text("平台内未见记录")).to_be_visible()
    page.get_by_label("确认是初次违法").check()
    page.get_by_role("button", name="确认").click()

    expect(page.get_by_text("免罚的各项要求都已具备")).to_be_visible()
    page.get_by_role("link", name="作出决定").click()
    page.get_by_label("教育情况").fill("当面讲解明码标价规定。")
    page.get_by_label("估算免罚金额").fill("500")
    page.get_by_role("button", name="作出决定").click()
    expect(page.get_by_text("蔚汾镇不罚决〔2022〕1号").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="不予行政处罚决定书").click()
    said = text_of(download.value, tmp_path)
    for part in (PARTY, "蔚汾镇不罚决〔2022〕1号", "当面讲解明码标价规定", "2022年6月20日"):
        assert part in said
    assert ExemptionCase.objects.get().state == State.DECIDED


def text_of(download, folder) -> str:
    assert download.suggested_filename.endswith(".docx")
    path = folder / "paper.docx"
    download.save_as(path)
    return "\n".join(paragraph.text for paragraph in docx.Document(path).paragraphs)


@pytest.mark.screens
def test_every_page_of_cases_is_accessible_and_within_the_screen(new_page, county):
    case, done = ordered(county.weifen, at=MONDAY), decided(county.weifen, at=MONDAY, credit_code=code(2))
    addresses = [
        "/exemptions/cases/", "/exemptions/cases/?state=open&decision=eased", "/exemptions/cases/new/", "/exemptions/cases/figures/",
        "/exemptions/cases/pilots/", "/exemptions/cases/pilots/new/", case.link, f"{case.link}recheck/", f"{case.link}conditions/",
        f"{case.link}void/", f"{case.link}elsewhere/", done.link, f"{done.link}serve/",
    ]  # fmt: skip
    found = {}
    for size in (PHONE, (1440, 900)):
        page = new_page(*size)
        log_in(page, "weifen")
        found |= faults(page, addresses)
    assert found == {}
