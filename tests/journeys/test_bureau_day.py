"""A day of the bureau in a real browser: returning a line, deciding, accepting by keyboard, many at once, by phone."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from liaisons import roles
from liaisons.models import Notice, User
from reform import problems, proposals
from reform.models import Obligation, Plan, Proposal, Submission, Urging
from reform.states import State
from tests.cast import Cast, department, township
from tests.factories import DataItemFactory, MilestoneFactory, ObligationFactory, TaskFactory, UnitFactory, UserFactory
from tests.journeys.walking import faults, log_in
from tests.reform.filings import JUNE_20, hand_in, hand_in_report, report_of
from tests.reform.views.bureau import NOON, let_it_be_noon

SIZES = [(1440, 900), (390, 844)]
DESK_AND_BARE_PHONE = pytest.mark.parametrize(
    ("size", "scripts"), [((1440, 900), True), ((390, 844), False)], ids=["desk", "phone, no scripts"]
)
LONG_NAME = "吕梁市生态环境局兴县分局综合行政执法大队"


@pytest.fixture(autouse=True)
def _noon(cast):
    let_it_be_noon()


def entered(page: Page, who: str, address: str) -> Page:
    """Give the page, `who` logged in, at an address."""
    log_in(page, who)
    page.goto(address)
    return page


def line_of(page: Page, number: int):
    return page.locator("article.line").nth(number)


@DESK_AND_BARE_PHONE
def test_one_line_goes_back_and_only_what_changed_comes_again(new_page, cast, size, scripts):
    report = report_of(township(), tasks=3)
    first = hand_in_report(report, cast.weifen, text="有序推进。")
    sfj = entered(new_page(*size, java_script_enabled=scripts), "sfj", "/desk/")
    sfj.get_by_role("link", name="逐件审核").click()
    if not scripts:
        sfj.get_by_role("button", name="开始审核").click()
    expect(sfj.get_by_text("开始审核，单位已不能撤回")).to_be_visible()
    line_of(sfj, 1).locator("summary").click()
    line_of(sfj, 1).locator("textarea").fill("请写明到岗人数。")
    sfj.fill("#return_reason", "有一行看不出进展。")
    assert sfj.input_value("#return_mend_by") == "2022-06-23"
    sfj.get_by_role("button", name="退回", exact=True).click()
    expect(sfj.get_by_text("已退回：蔚汾镇")).to_be_visible()

    weifen = entered(new_page(*size, java_script_enabled=scripts), "weifen", "/notices/")
    weifen.get_by_role("link", name="请在6月23日前改好再报").click()
    weifen.goto(f"/reports/{report.pk}/")
    expect(weifen.get_by_text("请写明到岗人数。")).to_be_visible()
    weifen.locator("textarea[name^=text-]").nth(1).fill("12 人全部到岗。")
    weifen.get_by_role("button", name="报送县司法局").click()
    weifen.wait_for_url(lambda address: not address.endswith("/file/"))

    again = report.submissions.get(state=Submission.FILED)
    sfj.goto(f"/submissions/{again.pk}/review/")
    changed = sfj.locator("article.changed")
    expect(changed).to_have_count(1)
    expect(changed.locator(".beside > div").first).to_contain_text("12 人全部到岗。")
    expect(changed.locator(".then")).to_contain_text("有序推进。")
    sfj.get_by_role("button", name="销号", exact=True).click()
    expect(sfj.get_by_text("已销号：蔚汾镇")).to_be_visible()
    row = Obligation.objects.get(pk=report.pk)
    assert (row.state, row.first_filed_on, row.cycle_no) == (State.CLOSED, JUNE_20, 2)
    assert Submission.objects.get(pk=first.pk).state == Submission.RETURNED


@DESK_AND_BARE_PHONE
def test_an_extension_is_asked_and_granted_with_another_date(new_page, cast, size, scripts):
    row = ObligationFactory(unit=department(), doing=True)
    scj = entered(new_page(*size, java_script_enabled=scripts), "scj", f"/obligations/{row.pk}/extension/")
    scj.fill("[name=until]", "2022-07-15")
    scj.fill("[name=reason]", "疫情防控任务重。")
    scj.get_by_role("button", name="提交申请").click()

    leader = entered(new_page(*size, java_script_enabled=scripts), "sfjld", "/desk/")
    leader.get_by_role("link", name=row.name).click()
    leader.fill("[name=until]", "2022-07-10")
    leader.fill("[name=note]", "请抓紧。")
    leader.get_by_role("button", name="同意", exact=True).click()
    expect(leader.get_by_text("已同意：县市场局")).to_be_visible()

    scj.goto("/notices/")
    expect(scj.get_by_text("延期已获同意，期限7月10日")).to_be_visible()
    row.refresh_from_db()
    assert (row.due_on, row.first_due_on) == (dt.date(2022, 7, 10), dt.date(2022, 6, 30))


def test_filings_are_reviewed_one_after_another_with_the_keyboard_alone(page, cast):
    filed = [hand_in(ObligationFactory(unit=township()), cast.weifen, dt.date(2022, 6, day)) for day in (13, 14, 15)]
    entered(page, "sfj", "/desk/review/")
    expect(page.get_by_text("第 1 件，共 3 件")).to_be_visible()
    page.keyboard.press("j")
    expect(page.get_by_text("第 2 件，共 3 件")).to_be_visible()
    page.keyboard.press("n")
    expect(page.get_by_text("第 3 件，共 3 件")).to_be_visible()
    page.keyboard.press("k")
    expect(page.get_by_text("第 2 件，共 3 件")).to_be_visible()
    page.keyboard.press("r")
    expect(page.locator("#return_reason")).to_be_focused()
    page.keyboard.type("ajk")  # letters typed into a field are letters
    assert page.input_value("#return_reason") == "ajk"
    page.keyboard.press("Tab")
    page.locator("h1").click()
    page.keyboard.press("a")
    expect(page.get_by_text("已销号：蔚汾镇")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_text("第 1 件，共 1 件")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_text("等待您审核的报送已全部处理。")).to_be_visible()
    assert {Submission.objects.get(pk=one.pk).state for one in filed} == {Submission.ACCEPTED}


def test_single_keys_can_be_switched_off_for_good(page, cast):
    filed = hand_in(ObligationFactory(unit=township()), cast.weifen)
    entered(page, "sfj", "/desk/review/")
    page.get_by_role("button", name="快捷键").click()
    expect(page.get_by_role("button", name="快捷键已关")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="快捷键已关")).to_be_visible()
    page.locator("h1").click()
    page.keyboard.press("a")
    page.wait_for_timeout(300)
    assert Submission.objects.get(pk=filed.pk).state == Submission.FILED


@pytest.mark.parametrize("scripts", [True, False])
def test_many_are_accepted_after_being_looked_at(new_page, cast, scripts):
    filed = [hand_in(ObligationFactory(unit=township()), cast.weifen, text=f"第 {n} 件。") for n in range(3)]
    page = entered(new_page(java_script_enabled=scripts), "sfj", "/desk/waiting/")
    if scripts:
        page.get_by_label("全选").check()
    else:
        for box in page.locator("[name=pick]").all():
            box.check()
    page.get_by_role("button", name="一并查看所选").click()
    expect(page.get_by_text("第 2 件。")).to_be_visible()
    page.get_by_role("heading", name=filed[1].obligation.name).locator("xpath=..").locator("[name=pick]").uncheck()
    page.get_by_role("button", name="批量销号").click()
    expect(page.get_by_text("已销号 2 件。")).to_be_visible()
    expect(page.get_by_text("已销号　司法科员")).to_have_count(2)
    assert Submission.objects.get(pk=filed[1].pk).state == Submission.FILED


@pytest.mark.parametrize("scripts", [True, False])
def test_who_has_not_reported_is_urged_once(new_page, cast, scripts):
    report_of(township(), tasks=0)
    report_of(department(), tasks=0)
    page = entered(new_page(java_script_enabled=scripts), "sfj", "/desk/")
    page.get_by_placeholder("附言，可不填").fill("请今天下班前报送。")
    page.get_by_role("button", name="一键催报").click()
    expect(page.get_by_text("已催办 2 个单位。")).to_be_visible()
    page.get_by_role("button", name="一键催报").click()
    expect(page.get_by_text("24 小时内不重复催办").first).to_be_visible()
    assert (Urging.objects.count(), Notice.objects.count()) == (2, 2)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_problem_goes_to_the_unit_that_answers_it_on_a_phone(new_page, cast, scripts):
    row = ObligationFactory(unit=township())
    raised = problems.raise_problem(row, row.milestone.task, "执法车辆没有着落。", by=cast.weifen, at=NOON)
    sfj = entered(new_page(java_script_enabled=scripts), "sfj", f"/problems/{raised.pk}/")
    sfj.select_option("[name=answerer]", label="县市场监督管理局")
    sfj.fill("[name=answer_by]", "2022-06-24")
    sfj.get_by_role("button", name="交办").click()
    phone = entered(new_page(390, 844, has_touch=True, java_script_enabled=scripts), "scj", "/notices/")
    phone.get_by_role("link", name="请在6月24日前答复").tap()
    phone.get_by_role("link", name="执法车辆没有着落。").tap()
    phone.fill("[name=answer]", "已列入预算。")
    phone.get_by_role("button", name="答复", exact=True).tap()
    expect(phone.get_by_text("已答复，提出问题的单位会收到消息。")).to_be_visible()


def test_on_a_phone_one_filing_is_read_and_accepted(phone, cast):
    hand_in_report(report_of(township(), tasks=3), cast.weifen)
    entered(phone, "sfj", "/desk/")
    phone.get_by_role("link", name="逐件审核").tap()
    expect(phone.get_by_text("开始审核，单位已不能撤回")).to_be_visible()
    phone.get_by_role("button", name="销号", exact=True).tap()
    expect(phone.get_by_text("等待您审核的报送已全部处理。")).to_be_visible()


def busy(cast: Cast) -> dict[str, int]:
    """Fill every pile, with a name as long as they come; give the ids that the addresses need."""
    unit = UnitFactory(short_name=LONG_NAME, name=LONG_NAME)
    filer = UserFactory(unit=unit, role=roles.LIAISON, name="欧阳文静")
    report = hand_in_report(report_of(unit, tasks=4), filer, text="推进中。" * 40)
    report_of(township(), tasks=0)
    task = TaskFactory(leads=[department()])
    Plan.objects.filter(pk=task.plan_id).update(state=Plan.ISSUED, issued_at=NOON, issued_by=cast.sfj)
    node = MilestoneFactory(task=task)
    DataItemFactory(milestone=node, code="heads", label="在岗人数")
    for one in (unit, township()):
        by = filer if one == unit else cast.weifen
        hand_in(ObligationFactory(unit=one, milestone=node), by, heads="12")
    overdue = ObligationFactory(unit=unit, due_on=dt.date(2022, 5, 31))
    asked = proposals.ask(
        ObligationFactory(unit=unit),
        Proposal.EXTENSION,
        by=filer,
        reason="理由。" * 60,
        until=dt.date(2022, 7, 15),
        at=NOON,
    )
    raised = problems.raise_problem(overdue, task, "没有着落。" * 30, by=filer, at=NOON)
    continuous = ObligationFactory(
        unit=unit, milestone=MilestoneFactory(continuous=True, task=task), state=State.LAGGING
    )
    undated = ObligationFactory(unit=unit, milestone=MilestoneFactory(undated=True, task=task))
    return {
        "filed": report.pk, "duty": overdue.pk, "asked": asked.pk, "raised": raised.pk, "task": task.pk,
        "continuous": continuous.pk, "undated": undated.pk, "unit": unit.pk,
    }  # fmt: skip


ADDRESSES = [
    "/desk/", "/desk/waiting/?group=unit", "/desk/missing/", "/desk/undecided/", "/desk/overdue/?group=month",
    "/desk/problems/", "/desk/lagging/", "/desk/contacts/", "/desk/look/?pick={filed}", "/submissions/{filed}/review/",
    "/obligations/{duty}/", "/obligations/{duty}/propose/", "/obligations/{duty}/urge/", "/obligations/{duty}/on-behalf/",
    "/obligations/{undated}/date/", "/obligations/{continuous}/mark/", "/proposals/{asked}/", "/problems/{raised}/",
    "/months/", "/months/2022-06/", "/months/2022-06/?show=late", "/tasks/{task}/figures/", "/units/{unit}/",
]  # fmt: skip
EMPTY = ["/desk/", "/desk/contacts/", "/desk/waiting/", "/desk/missing/", "/desk/overdue/", "/months/"]


@pytest.mark.screens
@pytest.mark.parametrize("size", SIZES)
def test_the_busy_pages_of_the_bureau_are_accessible_and_fit(new_page, cast, size):
    ids = busy(cast)
    User.objects.filter(pk=cast.scj.pk).update(is_active=False)  # nobody hears of what the unit owes
    page = new_page(*size)
    log_in(page, "sfjld")
    assert faults(page, [address.format(**ids) for address in ADDRESSES]) == {}


@pytest.mark.screens
@pytest.mark.parametrize("size", SIZES)
def test_the_empty_pages_of_the_bureau_are_accessible_and_fit(new_page, cast, size):
    page = new_page(*size)
    log_in(page, "sfj")
    assert faults(page, EMPTY) == {}
    log_in_as_unit = new_page(*size)
    log_in(log_in_as_unit, "weifen")
    assert faults(log_in_as_unit, ["/problems/"]) == {}
