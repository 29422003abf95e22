"""A unit's month in a real browser: 蔚汾镇 signs for, drafts, loses the browser, files June on the 20th.

On a desk and on a phone, with JavaScript and without, on the real plan.
"""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from liaisons import roles
from reform import drafts, evidence_elsewhere, filing, issue, openings, reports, review
from reform.models import Milestone, Obligation, Party, Plan, ReportLine, Submission
from reform.report_lines import LineInput
from reform.states import State
from tests.cast import Cast, account
from tests.factories import moment
from tests.files import PDF
from tests.journeys.walking import faults, log_in, sound
from tests.reform.filings import report_of
from tests.xingxian_portal.foundation.test_kept_elsewhere import DIGEST, FILM
from xingxian_portal import facts
from xingxian_portal.foundation import clock

DESK, PHONE = (1440, 900), (390, 844)
JUNE_20 = dt.date(2022, 6, 20)
MOST_TYPED = 10
SAVED = re.compile("已自动保存")
FILED = re.compile("6 月工作推进情况已于 6月20日 .* 按时报送，等司法局审核")


@pytest.fixture
def june(transactional_db, cast: Cast) -> Obligation:
    """Give 蔚汾镇's report of June with three lines, on the morning of the 20th."""
    clock.start_demo(moment(JUNE_20, 9))
    assert cast.weifen.unit
    return report_of(cast.weifen.unit, tasks=3)


@pytest.fixture
def real_june(transactional_db, cast: Cast) -> Obligation:
    """Bring the real plan into force and give 蔚汾镇's report of June, on the morning of the 20th."""
    facts.load_all()
    issue.issue(Plan.objects.get(), by=cast.sfj, at=moment(dt.date(2022, 4, 13), 15))
    openings.open_occurrences(moment(dt.date(2022, 6, 1)))
    clock.start_demo(moment(JUNE_20, 9))
    return Obligation.objects.get(unit=cast.weifen.unit, milestone_code="33-monthly-report", occurrence="2022-06")


def duty(june: Obligation, code: str) -> Obligation:
    return Obligation.objects.filter(unit=june.unit, milestone_code=code).order_by("due_on")[0]


def texts(june: Obligation) -> list[str]:
    """Give what the draft's lines say, empty ones left out."""
    rows = ReportLine.objects.filter(report__submission__obligation=june).exclude(text="")
    return list(rows.order_by("position").values_list("text", flat=True))


def boxes(page: Page):
    return page.locator(".report-words > .field > textarea")


def wait_until_saved(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_have_text(SAVED, timeout=10_000)


# the whole month


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_weifen_signs_for_drafts_loses_the_browser_and_files_on_the_20th(new_page, real_june, size, scripts):
    june = real_june
    page = new_page(*size, java_script_enabled=scripts)
    log_in(page, "weifen")
    waiting = Obligation.objects.filter(unit=june.unit, state=State.AWAITING).count()
    page.get_by_role("button", name=f"签收 {waiting} 件").click()
    expect(page.get_by_text(f"已签收 {waiting} 件事项")).to_be_visible()
    assert not Obligation.objects.filter(unit=june.unit, state=State.AWAITING).exists()

    boxes(page).nth(0).fill("试点方案已印发，抽调 4 人集中办公。")
    if scripts:
        wait_until_saved(page)
    else:
        page.get_by_role("button", name="保存草稿").last.click()
        expect(page.get_by_text("草稿已保存")).to_be_visible()
    page.context.close()

    page = new_page(*size, java_script_enabled=scripts)
    log_in(page, "weifen")
    expect(boxes(page).nth(0)).to_have_value("试点方案已印发，抽调 4 人集中办公。")
    typed = 1
    for number in range(1, boxes(page).count()):
        boxes(page).nth(number).fill(f"第 {number} 项有进展。")
        typed += 1
    page.get_by_role("button", name="报送县司法局").click()

    expect(page.get_by_text(FILED)).to_be_visible()
    expect(page.get_by_role("heading", name="司法局审核中")).to_be_visible()
    filed = Obligation.objects.get(pk=june.pk)
    assert (filed.state, filed.first_filed_on) == (State.REVIEW, JUNE_20)
    assert typed == boxes_filed(june) <= MOST_TYPED


def boxes_filed(june: Obligation) -> int:
    return ReportLine.objects.filter(
        report__submission__obligation=june, report__submission__state=Submission.FILED
    ).count()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_month_without_news_is_two_clicks(new_page, june, scripts):
    page = new_page(*PHONE, java_script_enabled=scripts)
    log_in(page, "weifen")
    page.get_by_role("button", name="全部无变化").click()
    page.get_by_role("button", name="报送县司法局").click()
    expect(page.get_by_text(FILED)).to_be_visible()
    assert set(texts(june)) == {"本月无变化。"}


# nothing typed is lost


def test_an_ended_session_keeps_what_was_typed_and_brings_it_back(page, june):
    log_in(page, "weifen")
    page.context.clear_cookies(name="sessionid")
    boxes(page).nth(0).fill("登录过期以后写的。")
    expect(page.get_by_text("登录已过期。填写的内容已存在这台电脑上")).to_be_visible(timeout=10_000)
    assert texts(june) == []

    log_in(page, "weifen")

    expect(page.get_by_text("已恢复上次没来得及保存的内容。")).to_be_visible()
    expect(boxes(page).nth(0)).to_have_value("登录过期以后写的。")
    wait_until_saved(page)
    assert texts(june) == ["登录过期以后写的。"]
    page.reload()
    expect(page.get_by_text("已恢复")).to_have_count(0)


def test_filing_after_the_session_ended_comes_back_to_the_form_with_the_words(page, june):
    log_in(page, "weifen")
    boxes(page).nth(0).fill("写完就点报送。")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="报送县司法局").click()
    page.fill("[name=username]", "weifen")
    page.fill("[name=password]", "Cast-of-xingxian-2022")
    page.click("main button")

    expect(page.get_by_role("heading", name="6 月工作推进情况")).to_be_visible()
    expect(boxes(page).nth(0)).to_have_value("写完就点报送。")
    expect(page.get_by_text("已恢复上次没来得及保存的内容")).to_be_visible()


def test_a_closed_window_loses_nothing_not_even_the_last_words(page, june):
    log_in(page, "weifen")
    boxes(page).nth(0).fill("刚打完就关了。")
    page.close(run_before_unload=False)
    again = page.context.new_page()
    again.goto("/")
    expect(boxes(again).nth(0)).to_have_value("刚打完就关了。")


def test_what_is_brought_back_can_be_put_away(page, june):
    log_in(page, "weifen")
    boxes(page).nth(0).fill("不想要的。")
    page.goto("/reports/")
    page.goto("/")
    page.get_by_role("button", name="不要恢复").click()
    expect(boxes(page).nth(0)).to_have_value("")
    expect(page.get_by_text("已恢复")).to_have_count(0)


def test_the_next_person_at_the_same_computer_sees_nothing_of_it(page, june, cast):
    account("tongshi", "同事", cast.weifen.unit, roles.LIAISON)
    log_in(page, "weifen")
    boxes(page).nth(0).fill("我还没保存的。")
    page.context.clear_cookies()
    log_in(page, "tongshi")
    expect(boxes(page).nth(0)).to_have_value("")


def test_a_broken_line_is_said_and_saving_goes_on_when_it_is_back(page, june):
    log_in(page, "weifen")
    page.context.set_offline(True)
    boxes(page).nth(0).fill("断网时写的。")
    expect(page.get_by_text("暂时连不上服务器")).to_be_visible(timeout=10_000)
    page.context.set_offline(False)
    boxes(page).nth(1).fill("连上以后写的。")
    wait_until_saved(page)
    assert texts(june) == ["断网时写的。", "连上以后写的。"]


def test_a_server_that_answers_with_an_error_is_asked_again_by_itself(page, june):
    log_in(page, "weifen")
    page.clock.install()
    page.route(
        "**/*",
        lambda route: route.fulfill(status=502, body="…") if route.request.method == "POST" else route.continue_(),
    )
    boxes(page).nth(0).fill("服务器重启时写的。")
    page.clock.run_for(3_000)
    expect(page.get_by_text("暂时连不上服务器")).to_be_visible(timeout=10_000)
    page.unroute("**/*")
    page.clock.run_for(20_000)
    wait_until_saved(page)
    assert texts(june) == ["服务器重启时写的。"]


def test_two_windows_do_not_overwrite_each_other(page, june):
    log_in(page, "weifen")
    other = page.context.new_page()
    other.goto("/")
    boxes(page).nth(0).fill("甲写的。")
    wait_until_saved(page)
    boxes(other).nth(0).fill("乙写的。")
    expect(other.get_by_text("被别人改过")).to_be_visible(timeout=10_000)
    assert texts(june) == ["甲写的。"]

    other.get_by_role("button", name="保存草稿").last.click()

    expect(other.get_by_text("另一处保存的内容")).to_be_visible()
    expect(boxes(other).nth(0)).to_have_value("乙写的。")
    other.get_by_role("button", name="保存草稿").last.click()
    expect(other.get_by_text("草稿已保存")).to_be_visible()
    assert texts(june) == ["乙写的。"]


def test_what_was_filed_elsewhere_does_not_come_back_as_a_draft(page, june, cast):
    log_in(page, "weifen")
    boxes(page).nth(0).fill("没保存的半句")
    lines = {
        line.key: LineInput("正式的。")
        for line in reports.draft_of(june, by=cast.weifen).report.lines.select_related("task")
    }
    reports.save_draft(june, by=cast.weifen, lines=lines)
    reports.file(june, by=cast.weifen)
    review.send_back(june, by=cast.sfj, reason="补充", mend_by=dt.date(2022, 6, 24))
    page.goto("/reports/")
    page.goto("/")
    expect(boxes(page).nth(0)).to_have_value("正式的。")


# small comforts


def test_unchanged_takes_the_words_away_and_gives_them_back(page, june):
    log_in(page, "weifen")
    line = page.locator("[data-line]").first
    words, box = line.locator("textarea").first, line.get_by_label("本月无变化")
    words.fill("写了又想改成无变化")
    box.check()
    expect(words).to_have_value("")
    box.uncheck()
    expect(words).to_have_value("写了又想改成无变化")
    box.check()
    words.fill("还是写")
    expect(box).not_to_be_checked()


def test_the_enter_key_saves_and_files_nothing(page, june):
    log_in(page, "weifen")
    page.get_by_label("本月无变化").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("草稿已保存")).to_be_visible()
    assert Obligation.objects.get(pk=june.pk).state == State.DOING


def test_a_file_is_handed_in_and_taken_out_while_writing(page, june):
    log_in(page, "weifen")
    boxes(page).nth(0).fill("写到一半，先传照片。")
    page.get_by_label("选择佐证文件").set_input_files(
        {"name": "照片.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_role("link", name="照片.pdf")).to_be_visible()
    expect(boxes(page).nth(0)).to_have_value("写到一半，先传照片。")
    with page.expect_download() as download:
        page.get_by_role("link", name="照片.pdf").click()
    assert download.value.suggested_filename == "照片.pdf"
    page.get_by_role("button", name=re.compile(r"删除\s*照片")).click()
    expect(page.get_by_role("link", name="照片.pdf")).to_have_count(0)


def test_a_file_too_large_is_named_from_the_form_and_nothing_typed_is_lost(page, june):
    log_in(page, "weifen")
    boxes(page).nth(0).fill("写到一半，录像太大。")
    page.get_by_role("button", name="登记留存的大文件").click()
    for label, typed in (
        ("文件名", "检查录像.mp4"),
        ("保存地点", "3 号硬盘"),
        ("保管人", "资料室"),
        ("大小", "1.2 GB"),
        ("SHA-256", DIGEST.upper()),
    ):
        page.get_by_label(label).fill(typed)
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("3 号硬盘")).to_be_visible()
    expect(page.get_by_text(DIGEST)).to_be_visible()
    expect(boxes(page).nth(0)).to_have_value("写到一半，录像太大。")
    page.get_by_role("button", name=re.compile(r"删除\s*检查录像")).click()
    expect(page.get_by_text(DIGEST)).to_have_count(0)
    expect(boxes(page).nth(0)).to_have_value("写到一半，录像太大。")


def test_mistakes_stand_beside_their_lines_and_lead_there(page, june):
    log_in(page, "weifen")
    boxes(page).nth(0).fill("长" * 5001)
    page.get_by_role("button", name="报送县司法局").click()
    expect(page.get_by_text(re.compile(r"有 \d 处需要修改"))).to_be_visible()
    expect(page.get_by_text("最多 5000 字，现有 5001 字")).to_be_visible()
    expect(boxes(page).nth(0)).to_have_value("长" * 5001)
    assert sound(page) == []


# every page, on both screens


@pytest.fixture
def lived_in(real_june, cast) -> dict[str, int]:
    """Give 蔚汾镇 and 县市场局 something on every page."""
    june = real_june
    account("fenguan", "分管", cast.weifen.unit, roles.UNIT_LEADER)
    Milestone.objects.filter(code="213-training").update(needs_cosign=True)
    back, training = duty(june, "214-registration"), duty(june, "213-training")
    values = {"staff": "12", "office": "是", "computers": "4", "printers": "1", "recorders": "3", "vehicles": "1"}
    drafts.save(back, by=cast.weifen, text="机构信息已核对。", values=values)
    filing.file(back, by=cast.weifen)
    review.send_back(back, by=cast.sfj, reason="持证人数没有填。", mend_by=dt.date(2022, 6, 24))
    drafts.save(training, by=cast.weifen, text="培训一期。", values={"sessions": "1"})
    evidence_elsewhere.name(training, FILM, by=cast.weifen)
    filing.file(training, by=cast.weifen)
    evidence_elsewhere.name(back, FILM, by=cast.weifen)
    set_up = duty(june, "214-agency-set-up")
    drafts.save(set_up, by=cast.weifen, text="挂牌。")
    filing.file(set_up, by=cast.weifen)
    led = Milestone.objects.get(code="221-exemption-list").task
    assert led.parties.filter(role=Party.LEAD, unit=cast.scj.unit).exists()
    return {"june": june.pk, "back": back.pk, "training": training.pk, "set_up": set_up.pk, "led": led.pk}


PAGES = [
    ("weifen", ["/", "/reports/", "/reports/{june}/", "/obligations/{back}/", "/obligations/{back}/filing/",
                "/obligations/{back}/extension/", "/obligations/{back}/steps/", "/obligations/{back}/elsewhere/", "/obligations/{set_up}/"]),
    ("fenguan", ["/", "/obligations/{training}/cosign/", "/reports/{june}/"]),
    ("scj", ["/", "/led/", "/led/{led}/"]),
    ("weifenld", ["/obligations/{set_up}/cosign/"]),
]  # fmt: skip


@pytest.mark.screens
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_of_a_unit_is_accessible_and_within_the_screen(new_page, lived_in, size):
    found: dict[str, list[str]] = {}
    for who, addresses in PAGES:
        page = new_page(*size)
        log_in(page, who)
        found |= faults(page, [address.format(**lived_in) for address in addresses])
    assert found == {}


def test_the_leader_signs_on_a_phone_without_scripts(new_page, lived_in):
    phone = new_page(*PHONE, java_script_enabled=False)
    log_in(phone, "fenguan")
    phone.get_by_role("link", name="1次行政执法专业知识培训").first.click()
    expect(phone.get_by_text("培训一期。")).to_be_visible()
    phone.get_by_role("button", name="同意，报送县司法局").click()
    expect(phone.get_by_text("已会签")).to_be_visible()
    assert Obligation.objects.get(pk=lived_in["training"]).state == State.REVIEW
