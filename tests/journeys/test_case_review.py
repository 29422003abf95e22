"""A round of case-file review in a real browser: 60 files of 12 units, 24 drawn, 6 reviewers, 3 arbitrations, 2 objections,
5 rectifications, the bulletin. The acts that matter are clicked, their many repetitions go through the verbs."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Page, ViewportSize, expect

from liaisons import roles
from liaisons.models import Unit, User
from reform.case_review import drawing, feedback, outcomes, rectifying, register, rounds, sheets
from reform.case_review.outcomes import Standing
from reform.models import CaseFile, CaseReview, ReviewRound, Stage
from reform.states import State
from tests.cast import Cast
from tests.factories import UnitFactory, UserFactory, moment
from tests.files import text_pdf
from tests.journeys.walking import log_in, overflow, violations
from tests.reform.case_review import rounds_of
from tests.reform.case_review.rounds_of import CLEAN, VETOED, took
from xingxian_portal.foundation import clock

TABLET, PHONE = ViewportSize(width=820, height=1180), ViewportSize(width=390, height=844)
START = moment(dt.date(2022, 6, 13))
ENTRY = {"number": "兴市监罚〔2022〕17号", "title": "未按规定办理变更登记", "party": "示例商行", "decided_on": "2022-05-10",
         "officers": "承办甲、承办乙"}  # fmt: skip


@pytest.fixture
def county(transactional_db, cast: Cast) -> list[Unit]:
    """Give twelve units with 59 files between them, and the standard."""
    clock.start_demo(START)
    rounds_of.a_standard()
    assert cast.scj.unit
    assert cast.weifen.unit
    units = [cast.scj.unit, cast.weifen.unit, *UnitFactory.create_batch(10)]
    for unit in units:
        for number in range(5 - (unit == cast.scj.unit)):
            rounds_of.a_file(unit, cast.sfj, f"{unit.pk}-{number}")
    return units


def reviewers(cast: Cast, units: list[Unit]) -> list[User]:
    """Give six, pingcha of 县市场局 among them."""
    return [cast.pingcha, *(UserFactory(unit=unit, role=roles.REVIEWER) for unit in units[1:6])]


def sound(page: Page) -> None:
    """Assert that the page is accessible and keeps within the screen."""
    assert violations(page) == []
    assert overflow(page) == 0


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def press_by_key(page: Page, name: str) -> None:
    """Press a button beside a PDF: a click right after scrolling may land in its frame, which is a process of its own."""
    page.get_by_role("button", name=name, exact=True).press("Enter")


def registered(page: Page, cast: Cast) -> None:
    """县市场局 enters the sixtieth file by hand."""
    page.goto("/reviews/files/new/")
    press(page, "保存")
    expect(page.locator("main")).to_contain_text("请填写案卷编号")
    for name, value in ENTRY.items():
        page.fill(f"[name={name}]", value)
    sound(page)
    press(page, "保存")
    expect(page.locator("main")).to_contain_text("已登记 兴市监罚〔2022〕17号")
    assert CaseFile.objects.count() == 60


def opened_and_drawn(page: Page) -> ReviewRound:
    """The bureau opens the round, seals the register and draws before witnesses."""
    page.goto("/reviews/new/")
    page.fill("[name=title]", "2022 年全县案卷评查")
    page.fill("[name=period_from]", "2022-01-01")
    page.fill("[name=period_to]", "2022-05-31")
    page.fill("[name=per_unit_punish]", "2")
    sound(page)
    press(page, "保存")
    press(page, "封存名册")
    page.get_by_role("link", name="去抽取").click()
    page.fill("[name=seed]", "681259")
    page.fill("[name=witnesses]", "见证甲、见证乙")
    press(page, "抽取")
    expect(page.locator("main")).to_contain_text("已按种子重抽核对，结果一致")
    sound(page)
    return ReviewRound.objects.get()


def started(page: Page, pingcha: Page, round_: ReviewRound, people: list[User]) -> None:
    """Reviewers are asked, declare their conflicts, and the portal hands out the files."""
    page.goto(f"/reviews/{round_.pk}/")
    for person in people:
        page.get_by_label(person.name).check()
    press(page, "增加评查员")
    press(page, "分配案卷，开始评查")
    expect(page.locator("main")).to_contain_text("还没有申明有无回避情形")
    pingcha.goto(f"/reviews/{round_.pk}/declare/")
    press(pingcha, "申明")
    expect(pingcha.locator("main")).to_contain_text("已申明")
    for seat in round_.reviewers.filter(declared_at=None).select_related("user"):
        rounds.declare(seat, by=seat.user)
    press(page, "分配案卷，开始评查")
    expect(page.locator("main")).to_contain_text("已分配案卷")
    sound(page)


def scored_on_the_desk(page: Page, sheet: CaseReview) -> None:
    """Score one file: a deduction that saves itself while the score follows, one too many points, then the signature."""
    page.goto(f"/reviews/sheets/{sheet.pk}/")
    page.locator("summary", has_text="决定").first.click()
    page.locator("summary", has_text="决定项").click()
    page.fill("[name='d-B3.1-0-points']", "81")
    page.fill("[name='d-B3.1-0-problem']", "没有写明起诉期限")
    page.fill("[name='d-B3.1-0-page']", "21")
    page.fill("[name='d-B3.1-0-rule']", "行政处罚法第五十九条")
    press_by_key(page, "签署评分")
    expect(page.locator("main")).to_contain_text("这一项只有 80 分，一次扣分不能超过它")
    page.fill("[name='d-B3.1-0-points']", "2")
    expect(page.locator("[data-total]")).to_have_text("98")
    for size in (TABLET, PHONE):
        page.set_viewport_size(size)
        sound(page)
    press_by_key(page, "签署评分")
    expect(page.locator("main")).to_contain_text("已签署")
    assert sheet.deductions.get().page == "21"


def scored_by_the_others(round_: ReviewRound, done: CaseReview) -> None:
    """Three files go to a third; the first two by order lose 30 points, the next two and those of 县市场局 5."""
    for place, file in enumerate(round_.drawn.order_by("number")):
        loses = place < 4 or file.case_file.unit.code == "scj"
        content = took("30") if place < 2 else took("5") if loses else CLEAN
        pair = list(file.sheets.select_related("reviewer__user").order_by("seat"))
        for sheet in pair:
            if sheet.pk != done.pk:
                apart = VETOED if place in (6, 7, 8) and sheet is pair[1] else content
                rounds_of.fill(sheet, took("2") if file.pk == done.drawn_id else apart)
        if outcomes.of_file(file.pk).standing is Standing.THIRD:
            rounds_of.fill(file.sheets.select_related("reviewer__user").get(seat=3), content)
        elif not outcomes.of_file(file.pk).differs:
            for sheet in pair:
                if sheet.pk != done.pk:
                    sheets.join(sheet, by=sheet.reviewer.user)


def test_a_round_from_the_register_to_the_bulletin(county, cast, new_page):
    scj, sfj, leader, desk = new_page(), new_page(), new_page(), new_page(390, 844, has_touch=True)
    for page, name in ((scj, "scj"), (sfj, "sfj"), (leader, "sfjld"), (desk, "pingcha")):
        log_in(page, name)
    people = reviewers(cast, county)
    registered(scj, cast)
    round_ = opened_and_drawn(sfj)
    started(sfj, desk, round_, people)
    all_sheets = CaseReview.objects.filter(drawn__round=round_).select_related("reviewer__user", "drawn__case_file")
    assert Counter(sheet.reviewer.user for sheet in all_sheets) == dict.fromkeys(people, 8)
    assert not [sheet for sheet in all_sheets if sheet.reviewer.user.unit_id == sheet.drawn.case_file.unit_id]

    # the desk, on a phone; another reviewer's sheet is not there by its address
    mine = all_sheets.filter(reviewer__user=cast.pingcha, drawn__number__gt=12).order_by("drawn__number")[0]
    keeper = UserFactory(unit=mine.drawn.case_file.unit, role=roles.LIAISON)
    register.attach(mine.drawn.case_file, [_scan()], by=keeper)
    scored_on_the_desk(desk, mine)
    other = all_sheets.exclude(reviewer__user=cast.pingcha)[0]
    assert desk.goto(f"/reviews/sheets/{other.pk}/").status == 404
    scored_by_the_others(round_, mine)
    desk.goto(f"/reviews/sheets/{mine.pk}/")
    press_by_key(desk, "联合署名")
    expect(desk.locator("main")).to_contain_text("已联合署名：")
    found = outcomes.of_round(round_)
    assert {one.standing for one in found} == {Standing.DONE}
    assert sum(len(one.sheets) == 3 for one in found) == 3

    # feedback, two objections, five rectifications
    sfj.goto(f"/reviews/{round_.pk}/")
    sfj.fill("[name=object_until]", "2022-06-20")
    press(sfj, "向各单位反馈结果")
    expect(sfj.locator("main")).to_contain_text("结果已反馈给各单位")
    sound(sfj)
    _objections(scj, sfj, cast, round_)
    _mended(sfj, round_)

    # made known by another officer once the time for objections is over
    clock.start_demo(moment(dt.date(2022, 6, 21)))
    leader.goto(f"/reviews/{round_.pk}/")
    press(leader, "通报")
    expect(leader.locator("main")).to_contain_text("已通报")
    sound(leader)
    round_.refresh_from_db()
    assert (round_.stage, round_.published_by, drawing.holds(round_)) == (Stage.PUBLISHED, cast.sfjld, True)
    sfj.goto(f"/reviews/{round_.pk}/")
    with sfj.expect_download() as download:
        sfj.get_by_role("link", name="通报稿（Word）").click()
    text = "\n".join(line.text for line in docx.Document(download.value.path()).paragraphs)
    assert "共评查24卷" in text
    assert "第三人复核3卷；收到异议2条，成立1条" in text
    assert "本次发出整改通知5件" in text


def _scan():
    return SimpleUploadedFile("决定书.pdf", text_pdf("Decision"))


def _objections(scj: Page, sfj: Page, cast: Cast, round_: ReviewRound) -> None:
    file = round_.drawn.filter(case_file__unit=cast.scj.unit).order_by("number")[0]
    scj.goto(f"/reviews/drawn/{file.pk}/")
    scj.fill("[name=text]", "卷内第 9 页有送达回证。")
    press(scj, "提出异议")
    expect(scj.locator("main")).to_contain_text("待答复")
    sound(scj)
    other = next(
        one for one in round_.drawn.order_by("number") if one.pk != file.pk and outcomes.of_file(one.pk).problems
    )
    by = UserFactory(unit=other.case_file.unit, role=roles.LIAISON)
    feedback.object_to(other, other.standard.items.get(code="B3.1"), "另有附件。", by=by)
    sfj.goto(f"/reviews/drawn/{file.pk}/")
    sfj.get_by_label("异议成立，撤销这一项的扣分").check()
    sfj.fill("[name=answer]", "属实，更正。")
    press(sfj, "答复")
    expect(sfj.locator("main")).to_contain_text("成立，已撤销扣分")
    sound(sfj)
    feedback.answer(other.objections.get(), "附件与本项无关。", upheld=False, by=cast.sfj)


def _mended(sfj: Page, round_: ReviewRound) -> None:
    faulty = [one for one in outcomes.of_round(round_) if one.problems][:5]
    first, *rest = faulty
    sfj.goto(f"/reviews/drawn/{first.drawn.pk}/")
    sfj.fill("[name=owner]", "责任甲")
    sfj.fill("[name=due_on]", "2022-06-30")
    press(sfj, "发出整改通知")
    expect(sfj.locator("main")).to_contain_text("挂图上已有这件事项")
    officer = User.objects.get(username="sfj")
    for one in rest:
        rectifying.ask(
            one.drawn, problems=rectifying.proposed(one), owner="责任乙", due_on=dt.date(2022, 6, 30), by=officer
        )
    duties = [row.rectification.obligation for row in round_.drawn.filter(rectification__isnull=False)]
    assert [duty.state for duty in duties] == [State.AWAITING] * 5
