"""A list from its first line to the public's phone: drafted, returned, mended, on record, published, and superseded."""

from __future__ import annotations

import datetime as dt
import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from exemptions import editions, public_index, recording
from exemptions.models import Edition
from reform.models import Milestone, Obligation
from reform.states import State
from tests.cast import gather
from tests.exemptions.factories import BasisFactory, EditionFactory, ItemFactory, ListFactory
from tests.factories import MilestoneFactory, ObligationFactory, moment
from tests.journeys.walking import faults, log_in, overflow, violations
from xingxian_portal.foundation import clock

FRIDAY, JULY = dt.date(2022, 5, 20), dt.date(2022, 7, 1)


@pytest.fixture
def county(transactional_db):
    clock.start_demo(moment(FRIDAY, 9))
    cast = gather()
    given = {"deliverable": Milestone.EXEMPTION_LIST, "due_on": dt.date(2022, 5, 31), "title": "包容免罚清单公布并备案"}
    duty = ObligationFactory(milestone=MilestoneFactory(**given), unit=cast.scj.unit)
    return SimpleNamespace(cast=cast, duty=duty)


def write_item(page: Page, conduct: str, penalty: str, button: str = "保存") -> None:
    page.get_by_role("textbox", name="违法行为").fill(conduct)
    page.get_by_role("combobox", name="处罚依据").fill(penalty)
    page.get_by_label("回溯期（月）").fill("24")
    page.get_by_role("textbox", name=re.compile("^条件")).first.fill("2年内没有同类违法行为")
    page.get_by_role("button", name=button, exact=True).click()


def act(page: Page, name: str, said: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()
    expect(page.get_by_text(said).first).to_be_visible()


def put_on_record(page: Page, number: str) -> None:
    page.goto("/exemptions/")
    page.get_by_role("link", name="县市场局", exact=True).first.click()
    page.get_by_label("备案号").fill(number)
    act(page, "准予备案", "准予备案：县市场局包容免罚清单")


def publish(page: Page, edition: Edition, day: dt.date) -> None:
    page.goto(f"/exemptions/editions/{edition.pk}/publish/")
    page.get_by_label("施行日期").fill(str(day))
    act(page, "公布", "已公布")


def test_a_list_goes_from_its_draft_to_the_public_and_is_superseded_on_its_day(new_page, county):
    unit, bureau, citizen = new_page(), new_page(), new_page(390, 844)
    log_in(unit, "scj")
    unit.goto("/exemptions/")
    act(unit, "起草包容免罚清单", "已起草")
    unit.get_by_role("link", name="添加事项").click()
    write_item(unit, "未按规定明码标价", "《价格法》第四十二条、《明码标价规定》第五条", "保存并再添加一项")
    write_item(unit, "未将营业执照置于醒目位置", "没有法名")
    expect(unit.get_by_text("看不懂“没有法名”")).to_be_visible()
    expect(unit.get_by_role("textbox", name="违法行为")).to_have_value("未将营业执照置于醒目位置")
    unit.get_by_role("combobox", name="处罚依据").fill("市场主体登记管理条例第48条第1款")
    act(unit, "保存", "已保存")
    act(unit, "报送备案", "已报送，等县司法局审查")
    county.duty.refresh_from_db()
    assert county.duty.state == State.REVIEW

    log_in(bureau, "sfj")
    bureau.goto("/exemptions/")
    bureau.get_by_role("link", name="县市场局", exact=True).first.click()
    bureau.get_by_label("这一项的意见").first.fill("请写明改正期限。")
    act(bureau, "退回补正", "已退回补正")
    edition = Edition.objects.get()
    unit.goto(f"/exemptions/editions/{edition.pk}/")
    expect(unit.get_by_text("司法局意见：请写明改正期限。")).to_be_visible()
    unit.get_by_role("link", name="修改", exact=True).first.click()
    unit.get_by_label("改正期限（天）").fill("3")
    act(unit, "保存", "已保存")
    act(unit, "报送备案", "已报送，等县司法局审查")
    put_on_record(bureau, "兴司清备〔2022〕1号")
    assert Obligation.objects.get().state == State.REVIEW
    publish(unit, edition, FRIDAY)
    assert Obligation.objects.get().state == State.CLOSED

    unit.goto("/exemptions/")
    act(unit, "起草新版（调整）", "已起草")
    unit.get_by_role("link", name="修改", exact=True).first.click()
    unit.get_by_role("textbox", name="违法行为").fill("未按规定明码标价（含网店）")
    act(unit, "保存", "已保存")
    second = editions.file(Edition.objects.get(number=2), by=county.cast.scj)
    recording.record(second, by=county.cast.sfj, number="兴司清备〔2022〕2号")
    publish(unit, second, JULY)

    for words in ("标价", "价格法", "执照"):
        citizen.goto(f"/public/?words={words}")
        expect(citizen.get_by_text("共 1 项")).to_be_visible()
    citizen.goto("/public/?words=标价")
    expect(citizen.get_by_role("link", name="未按规定明码标价", exact=True)).to_be_visible()
    clock.start_demo(moment(JULY, 9))
    citizen.get_by_label("关键词").fill("明码标价规定")
    citizen.get_by_role("button", name="查询").click()
    citizen.get_by_role("link", name="未按规定明码标价（含网店）").click()
    expect(citizen.get_by_text("第2版")).to_be_visible()
    citizen.get_by_label("2年内没有同类违法行为").check()
    act(citizen, "看看结果", "不是法律决定")
    assert [*violations(citizen), overflow(citizen)] == [0]


@pytest.mark.screens
def test_every_page_of_lists_is_accessible_and_within_the_screen(new_page, county):
    filed = EditionFactory(exemption_list=ListFactory(unit=county.cast.weifen.unit), filed=True)
    held = EditionFactory(exemption_list=ListFactory(unit=county.cast.scj.unit), in_force=True, effective_from=FRIDAY)
    draft = EditionFactory(exemption_list=held.exemption_list, number=2, based_on=held)
    lapsed = BasisFactory(status="amended", changed_on=FRIDAY)
    item = [ItemFactory(edition=one, code="A", penalty=lapsed) for one in (filed, held, draft)][-1]
    recorded = EditionFactory(exemption_list__kind="discretion", recorded=True)
    public_index.enter(held, FRIDAY)
    at = "/exemptions/editions"
    pages = {
        "scj": ["/exemptions/", f"{at}/{draft.pk}/", f"{at}/{draft.pk}/edit/", f"/exemptions/items/{item.pk}/edit/",
                f"{at}/{draft.pk}/compare/?with={held.pk}", "/exemptions/in-force/", "/exemptions/adjustments/"],
        "sfj": ["/exemptions/", f"{at}/{filed.pk}/review/", f"{at}/{recorded.pk}/publish/", "/exemptions/overlaps/", "/legal-bases/",
                f"/legal-bases/{lapsed.pk}/status/"],
        "": ["/public/", "/public/lists/", f"/public/items/{held.items.get().pk}/?check=1", "/public/?words=没有的"],
    }  # fmt: skip
    found = {}
    for who, addresses in pages.items():
        page = new_page(390, 844)
        if who:
            log_in(page, who)
        found |= faults(page, addresses)
    assert found == {}
