"""The pages from a draft to duties: preview, issue, amendment, longer term, late joiners."""

import datetime as dt

import pytest

from liaisons import groups
from liaisons.models import Unit
from reform import issue
from reform.models import Milestone, Obligation, Plan
from tests.cast import client_of
from tests.factories import GroupFactory, MilestoneFactory, PlanFactory, TaskFactory, UnitFactory, moment
from tests.filling import errors, messages, send
from tests.reform.walls import TODAY, it_is
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.workdays import CalendarYear

FRAME = 4
ISSUED = moment(dt.date(2022, 4, 13))
ONCE_MORE = "已经下达过，没有重复产生任何事项。"


@pytest.fixture(autouse=True)
def _june(db):
    it_is(TODAY)


@pytest.fixture
def officer(cast):
    return client_of(cast.sfj)


@pytest.fixture
def town(cast):
    return cast.weifen.unit


@pytest.fixture
def draft(town):
    """A draft with a dated, a monthly and a continuous duty of one township."""
    task = TaskFactory()
    MilestoneFactory(task=task, title="组建挂牌", binds=[town])
    MilestoneFactory(task=task, title="每月报告", monthly=True, binds=[town])
    MilestoneFactory(task=task, title="动态调整", continuous=True, binds=[town])
    return task.plan


def preview(client, plan):
    return client.get(f"/plans/{plan.pk}/preview/")


def press_issue(client, plan, shown):
    seen = shown.content.decode().partition('name="seen" value="')[2].partition('"')[0]
    return client.post(f"/plans/{plan.pk}/issue/", {"seen": seen}, follow=True)


# ── preview and issue ──────────────────────────────────────


def test_the_preview_shows_what_is_made_when_for_whom(officer, draft):
    html = preview(officer, draft).content.decode()
    cells = [cell.partition(">")[2].partition("</td>")[0].strip() for cell in html.split('<td data-label="期限"')[1:]]
    assert [cell.partition("<")[0].strip() or cell for cell in cells][:3] == [
        "2022年6月30日（星期四）", "2022年6月21日（星期二）", "2022年7月21日（星期四）",
    ]  # fmt: skip
    assert html.count("立即") == 4  # three rows and the note below their number
    assert "2022年7月1日" in html
    assert html.count('<span class="tag warn">休息日</span>') == 1  # 21 August is a Sunday
    assert html.count("未按官方日历核对") == 8
    assert "蔚汾镇" in html


def test_a_year_that_was_checked_bears_no_mark(officer, draft):
    CalendarYear.objects.create(year=2022, status=CalendarYear.OFFICIAL)
    assert "未按官方日历核对" not in preview(officer, draft).content.decode()


def test_the_preview_writes_nothing(officer, draft):
    preview(officer, draft)
    assert not Obligation.objects.exists()
    assert Plan.objects.get().is_draft


def test_what_was_previewed_is_what_is_made(officer, draft):
    answer = press_issue(officer, draft, preview(officer, draft))
    assert messages(answer) == ["已下达，产生 3 项承办事项。"]
    assert sorted(Obligation.objects.values_list("occurrence", flat=True)) == ["2022-06", "once", "once"]


def test_a_second_click_makes_nothing_and_says_so(officer, draft):
    shown = preview(officer, draft)
    press_issue(officer, draft, shown)
    entries = AuditEntry.objects.filter(action="plan.issue").count()
    assert messages(press_issue(officer, draft, shown)) == [ONCE_MORE]
    assert messages(officer.get(f"/plans/{draft.pk}/preview/", follow=True)) == [ONCE_MORE]
    assert (Obligation.objects.count(), AuditEntry.objects.filter(action="plan.issue").count()) == (3, entries)


def test_a_draft_edited_after_its_preview_is_shown_again(officer, draft):
    shown = preview(officer, draft)
    Milestone.objects.filter(title="组建挂牌").update(due_on=dt.date(2022, 7, 31))
    assert messages(press_issue(officer, draft, shown)) == ["方案在您预览之后有改动，没有下达。请再看一遍预览。"]
    assert Plan.objects.get().is_draft


def test_what_is_wrong_is_listed_with_the_way_to_mend_it_and_there_is_no_button(officer, draft):
    empty = MilestoneFactory(task=draft.tasks.get(), title="没人办的", binds=[GroupFactory(name="空群组")])
    html = preview(officer, draft).content.decode()
    assert "所选的“空群组”里一个单位也没有。" in html
    assert f'href="/milestones/{empty.pk}/edit/"' in html
    assert f'action="/plans/{draft.pk}/issue/"' not in html
    answer = officer.post(f"/plans/{draft.pk}/issue/", {"seen": issue.stamp_of_draft(draft)}, follow=True)
    assert messages(answer) == ["还有 1 个问题，没有下达。"]


def test_a_plan_without_tasks_is_not_issued(officer):
    plan = PlanFactory()
    assert "方案里还没有任务，请先添加任务。" in preview(officer, plan).content.decode()


def test_what_is_doubtful_is_shown_beside_the_button(officer, draft):
    Milestone.objects.filter(title="组建挂牌").update(due_on=dt.date(2022, 4, 30))
    html = preview(officer, draft).content.decode()
    assert "的期限 2022-04-30 已过，下达后立即逾期。" in html
    assert f'action="/plans/{draft.pk}/issue/"' in html


@pytest.mark.parametrize("many", [1, 8])
def test_a_preview_costs_the_same_however_long(officer, many, django_assert_num_queries):
    plan = PlanFactory()
    for number in range(many):
        task = TaskFactory(plan=plan, quote=f"原文{number}")
        MilestoneFactory(task=task, binds=[GroupFactory(units=UnitFactory.create_batch(many))])
    # plan; openings, milestones, calendar, memberships; what is wrong; what is doubtful; the mark of what is shown
    with django_assert_num_queries(FRAME + 1 + 8 + 8 + 4 + 4):
        preview(officer, plan)


# ── amendment ──────────────────────────────────────────────


@pytest.fixture
def plan(draft, cast):
    issue.issue(draft, by=cast.sfj, at=ISSUED)
    return Plan.objects.get()


def test_an_amendment_is_drafted_edited_previewed_and_issued(officer, plan):
    answer = send(officer, f"/plans/{plan.pk}/amend/", document_number="兴司发〔2022〕18号")
    draft = Plan.objects.get(state=Plan.DRAFT)
    assert answer["Location"] == f"/plans/{draft.pk}/"
    node = Milestone.objects.get(task__plan=draft, title="组建挂牌")
    send(officer, f"/milestones/{node.pk}/edit/", due_on="2022-07-31")
    officer.post(f"/milestones/{Milestone.objects.get(task__plan=draft, title='动态调整').pk}/delete/")
    html = preview(officer, draft).content.decode()
    counts = [
        part.partition("</b>") for part in html.partition("change-counts")[2].partition("</ul>")[0].split("<b>")[1:]
    ]
    assert [(number, words.partition("<")[0]) for number, _, words in counts] == [
        ("1", "不变"), ("1", "改期限"), ("1", "撤销"), ("0", "补增"), ("0", "已办结，不动"),
    ]  # fmt: skip
    assert "2022.6.30 → 2022.7.31" in html
    press_issue(officer, draft, preview(officer, draft))
    assert Plan.objects.get(pk=plan.pk).state == Plan.SUPERSEDED
    assert Obligation.objects.get(milestone_code=node.code).due_on == dt.date(2022, 7, 31)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"document_number": ""}, "请填写修订文件的发文字号。"),
        ({"dated_on": "2022-04-12"}, "修订文件的日期 2022-04-12 早于原方案的日期 2022-04-13。"),
        ({"dated_on": "2122-04-12"}, "日期应在 2000 年到 2099 年之间。"),
    ],
)
def test_an_amendment_that_cannot_be(officer, plan, typed, said):
    answer = send(officer, f"/plans/{plan.pk}/amend/", **{"document_number": "新号"} | typed)
    assert said in list(errors(answer))
    assert Plan.objects.count() == 1


def test_an_amendment_bears_a_number_of_its_own(officer, plan):
    answer = send(officer, f"/plans/{plan.pk}/amend/", document_number=plan.document_number)
    assert "修订文件应有自己的字号" in "".join(errors(answer))


def test_a_second_amendment_is_led_to_the_first(officer, plan):
    send(officer, f"/plans/{plan.pk}/amend/", document_number="新号")
    draft = Plan.objects.get(state=Plan.DRAFT)
    assert f'href="/plans/{draft.pk}/"' in officer.get(f"/plans/{plan.pk}/amend/").content.decode()


# ── afterwards ─────────────────────────────────────────────


def test_a_plan_runs_on(officer, plan):
    answer = send(officer, f"/plans/{plan.pk}/term/", term_ends_on="2023-12-31", reason="接续实施")
    assert answer["Location"] == f"/plans/{plan.pk}/"
    assert Plan.objects.get().term_ends_on == dt.date(2023, 12, 31)
    answer = send(officer, f"/plans/{plan.pk}/term/", term_ends_on="2023-12-31", reason="接续实施")
    assert "新的期限应晚于现在的期限 2023-12-31。" in list(errors(answer))


def test_a_late_joiner_is_shown_and_given_what_is_open_once(officer, cast):
    group = GroupFactory(units=[cast.weifen.unit])
    node = MilestoneFactory(binds=[group])
    plan = node.task.plan
    issue.issue(plan, by=cast.sfj, at=ISSUED)
    late = UnitFactory(township=True)
    groups.join(group, late, on=dt.date(2022, 6, 1), by=cast.admin)
    assert "补下发 1 项" in officer.get(f"/plans/{plan.pk}/").content.decode()
    assert "补下发" not in client_of(cast.lingdao).get(f"/plans/{plan.pk}/").content.decode()
    for words in (f"已向{late.short_name}补下发 1 项承办事项。", "没有要补下发的事项，可能刚刚已经补过。"):
        assert messages(officer.post(f"/plans/{plan.pk}/give/", {"unit": late.pk}, follow=True)) == [words]
    assert Obligation.objects.filter(unit=late).count() == 1
    for nobody in ("", "x", "999999", Unit.objects.count() * 10**20):
        assert officer.post(f"/plans/{plan.pk}/give/", {"unit": nobody}).status_code == 404
