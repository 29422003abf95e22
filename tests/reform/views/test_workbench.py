"""我的工作台: what is due, what came back and why, the month's form, what waits elsewhere, what is done."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from liaisons import notices, roles
from liaisons.models import User
from reform import drafts, filing, problems, reports, review, steps, unit_desk
from reform.models import Obligation, Plan
from reform.report_lines import LineInput
from reform.states import State
from tests.cast import account, client_of
from tests.factories import MilestoneFactory, ObligationFactory, TaskFactory, UnitFactory, moment
from tests.reform.filings import hand_in, hand_in_report, report_of
from xingxian_portal.foundation import clock

TODAY = dt.date(2022, 6, 20)
AT = moment(TODAY, 14, 2)


@pytest.fixture(autouse=True)
def _held(db):
    clock.start_demo(AT)


def page(user: User, **asked) -> str:
    return client_of(user).get("/", asked).content.decode()


def owe(cast, title: str, due_on: dt.date | None = dt.date(2022, 6, 30), **more) -> Obligation:
    return ObligationFactory(unit=cast.weifen.unit, milestone__title=title, due_on=due_on, **more)


# empty


def test_a_unit_that_owes_nothing_is_told_what_will_come(cast):
    html = page(cast.weifen)
    assert "6 月，蔚汾镇没有要报的事" in html
    assert "还没有下达给本单位的事项" in html
    assert "还没有要报的月份" in html


def test_when_all_is_done_it_says_so(cast):
    owe(cast, "挂牌", closed=True)
    assert "都办完了" in page(cast.weifen)


# due


def test_the_heading_counts_what_is_due_by_the_end_of_the_month(cast):
    owe(cast, "逾期的", dt.date(2022, 5, 31))
    owe(cast, "六月的")
    owe(cast, "七月的", dt.date(2022, 7, 1))
    owe(cast, "没有期限的", None)
    owe(cast, "办完的", closed=True)
    assert "6 月，蔚汾镇还有 2 件事" in page(cast.weifen)


def test_what_is_due_comes_in_due_order_with_the_days_left(cast):
    for title, due in [("三", dt.date(2022, 6, 30)), ("一", dt.date(2022, 6, 17)), ("二", TODAY), ("末", None)]:
        owe(cast, f"第{title}件", due)
    desk = unit_desk.of(cast.weifen.unit, TODAY)
    assert [item.name for item in desk.todo] == ["第一件", "第二件", "第三件", "第末件"]
    html = page(cast.weifen)
    for words in ("逾期 3 天", ">今天<", ">10 天<", "未定期限"):
        assert words in html


def test_a_granted_date_shows_the_first_one_beside_it(cast):
    owe(cast, "挂牌", dt.date(2022, 7, 15), first_due_on=dt.date(2022, 6, 30))
    assert "7月15日截止，原 6月30日" in page(cast.weifen)


def test_all_that_waits_is_signed_for_from_here(cast):
    owe(cast, "一")
    owe(cast, "二")
    client = client_of(cast.weifen)
    assert "签收 2 件" in client.get("/").content.decode()
    ids = list(Obligation.objects.values_list("pk", flat=True))
    assert client.post(reverse("obligations_sign"), {"obligation": ids, "next": "/"})["Location"] == "/"
    assert "待签收" not in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], ""),
        ([{"closed": True, "first_filed_on": dt.date(2022, 5, 20)}], "上月 1 件，全部按时销号。"),
        ([{"filed": True, "first_filed_on": dt.date(2022, 5, 20)}], "上月 1 件，全部按时报送，已销号 0 件。"),
        ([{"closed": True, "first_filed_on": dt.date(2022, 6, 2)}], "上月 1 件，按时报送 0 件，已销号 1 件。"),
        ([{}], "上月 1 件，按时报送 0 件，已销号 0 件。"),
        ([{"state": State.EXEMPT}], ""),
    ],
)
def test_it_says_how_last_month_went(cast, rows, words):
    for row in rows:
        owe(cast, "上月的", dt.date(2022, 5, 31), **row)
    html = page(cast.weifen)
    assert (words or "没有要报的事") in html
    assert ("上月 " in html) is bool(words)


# what came back


def test_what_came_back_stands_on_top_with_the_officers_words(cast):
    duty = owe(cast, "备案")
    hand_in(duty, cast.weifen)
    review.send_back(duty, by=cast.sfj, reason="缺第3、7项\n请补充", mend_by=dt.date(2022, 6, 24), at=AT)
    html = page(cast.weifen)
    assert html.index("退回来的 1 件") < html.index("待办")
    for words in (
        "退回补正",
        "缺第3、7项\n请补充",
        "司法科员",
        "请在 6月24日 24:00 前改好再报",
        reverse("filing", args=[duty.pk]),
    ):
        assert words in html
    hand_in(duty, cast.weifen)
    assert "退回来的" not in page(cast.weifen)


def test_a_return_as_unfiled_is_called_what_it_is(cast):
    duty = owe(cast, "备案")
    hand_in(duty, cast.weifen)
    review.send_back(duty, by=cast.sfj, reason="空的", mend_by=dt.date(2022, 6, 24), as_unfiled=True, at=AT)
    assert "退回（视同未报）" in page(cast.weifen)


def test_what_the_unit_took_back_itself_did_not_come_back(cast):
    duty = owe(cast, "备案")
    hand_in(duty, cast.weifen)
    filing.withdraw(duty, by=cast.weifen, at=AT)
    assert "退回来的" not in page(cast.weifen)


def test_a_mark_of_the_bureau_is_shown(cast):
    owe(cast, "动态调整", None, milestone=MilestoneFactory(continuous=True, title="动态调整"), state=State.LAGGING)
    html = page(cast.weifen)
    assert "标记为<b>滞后</b>" in html


# the month


def test_the_months_form_is_right_there(cast):
    june = report_of(cast.weifen.unit, tasks=2)
    html = page(cast.weifen)
    assert "6 月工作推进情况" in html
    assert f'action="{reverse("report_draft", args=[june.pk])}"' in html
    assert html.count('name="text-') == 2
    assert "还有 1 天，21 日截止" in html


def test_filing_from_the_workbench_comes_back_to_it(cast):
    june = report_of(cast.weifen.unit, tasks=1)
    client = client_of(cast.weifen)
    key = Obligation.objects.exclude(pk=june.pk).get().milestone.task.code
    sent = {f"text-{key}": "有进展", "seen": drafts.mark(june), "next": "/"}
    html = client.post(reverse("report_file", args=[june.pk]), sent, follow=True).content.decode()
    assert "6月20日 14:02 已按时报送，等司法局审核" in html
    assert "司法局审核中" in html


def test_a_leader_sees_how_far_the_report_is_and_no_form(cast):
    june = report_of(cast.weifen.unit, tasks=1)
    assert "联络员还没有开始填写" in page(cast.weifenld)
    key = Obligation.objects.exclude(pk=june.pk).get().milestone.task.code
    reports.save_draft(june, by=cast.weifen, lines={key: LineInput("一半")}, at=AT)
    html = page(cast.weifenld)
    assert "联络员正在填写" in html
    assert "<textarea" not in html


def test_of_two_open_months_the_newest_has_its_form_and_the_other_is_in_the_list(cast):
    june = report_of(cast.weifen.unit, tasks=1)
    may = ObligationFactory(
        milestone=june.milestone, unit=june.unit, state=State.DOING, occurrence="2022-05", due_on=dt.date(2022, 5, 21)
    )
    html = page(cast.weifen)
    assert html.count("data-draft=") == 1
    assert f'data-draft="report-{june.pk}"' in html
    assert f'href="{reverse("report", args=[may.pk])}">5 月工作推进情况</a>' in html


# waiting and done


def test_what_waits_for_the_leader_stands_on_the_leaders_top(cast):
    duty = owe(cast, "专业培训", milestone=MilestoneFactory(needs_cosign=True, title="专业培训"))
    drafts.save(duty, by=cast.weifen, text="一期。", at=AT)
    filing.file(duty, by=cast.weifen, at=AT)
    html = page(cast.weifenld)
    assert "请您会签 1 件" in html
    assert reverse("cosign", args=[duty.pk]) in html
    assert "等分管领导会签" in page(cast.weifen)


def test_what_is_done_says_how_early_or_late(cast):
    owe(cast, "挂牌", closed=True, first_filed_on=dt.date(2022, 6, 17))
    owe(cast, "备案", dt.date(2022, 5, 31), closed=True, first_filed_on=dt.date(2022, 6, 2))
    html = page(cast.weifen)
    assert "提前 13 天" in html
    assert "逾期报送" in html


def test_steps_problems_and_notices_have_their_place(cast):
    duty = owe(cast, "试点")
    steps.lay(duty, "形成材料", dt.date(2022, 6, 17), by=cast.weifen, at=AT)
    problems.raise_problem(duty, duty.milestone.task, "办公用房未交付", by=cast.weifen, at=AT)
    notices.tell([cast.weifen], "催办", "请按时报送")
    html = page(cast.weifen)
    for words in ("形成材料", "计划 6月17日", "办公用房未交付", "待指定", "请按时报送"):
        assert words in html


# the lead


@pytest.fixture
def led(cast):
    task = TaskFactory(leads=[cast.scj.unit], title="免罚清单")
    Plan.objects.filter(pk=task.plan_id).update(state=Plan.ISSUED, issued_at=AT, issued_by=cast.sfj)
    milestone = MilestoneFactory(task=task, title="清单公布")
    ObligationFactory(milestone=milestone, unit=cast.weifen.unit, closed=True, first_filed_on=dt.date(2022, 6, 1))
    ObligationFactory(milestone=milestone, due_on=dt.date(2022, 6, 1))
    return task


def test_a_lead_sees_the_lights_of_its_tasks(cast, led):
    html = page(cast.scj)
    assert "牵头的任务" in html
    assert ">1/2<" in html
    client = client_of(cast.scj)
    assert "1 / 2" in client.get(reverse("led_tasks")).content.decode()
    task_page = client.get(reverse("led_task", args=[led.pk])).content.decode()
    for words in ("清单公布", "蔚汾镇", "6月1日报送", "逾期 19 天"):
        assert words in task_page


def test_a_task_is_open_to_its_lead_alone(cast, led):
    for who in ("weifen", "weifenld", "sfj"):
        assert client_of(getattr(cast, who)).get(reverse("led_task", args=[led.pk])).status_code == 404
    assert "本单位没有牵头的任务" in client_of(cast.weifen).get(reverse("led_tasks")).content.decode()


@pytest.mark.parametrize("units", [1, 30])
def test_a_led_task_takes_the_same_queries_with_one_unit_and_with_many(cast, django_assert_num_queries, units):
    task = TaskFactory(leads=[cast.scj.unit])
    Plan.objects.filter(pk=task.plan_id).update(state=Plan.ISSUED, issued_at=AT, issued_by=cast.sfj)
    milestone = MilestoneFactory(task=task)
    for _ in range(units):
        ObligationFactory(milestone=milestone)
    client = client_of(cast.scj)
    with django_assert_num_queries(9):
        client.get(reverse("led_task", args=[task.pk]))


# size and rights


def fill(cast, number: int) -> None:
    """Give 蔚汾镇 so much of everything."""
    june = report_of(cast.weifen.unit, number)
    may = ObligationFactory(
        milestone=june.milestone, unit=june.unit, state=State.DOING, occurrence="2022-05", due_on=dt.date(2022, 5, 21)
    )
    hand_in_report(may, cast.weifen, dt.date(2022, 5, 18))
    for _ in range(number):
        back, filed = owe(cast, "退回的"), owe(cast, "在审的")
        hand_in(back, cast.weifen)
        review.send_back(back, by=cast.sfj, reason="补充", mend_by=dt.date(2022, 6, 24), at=AT)
        hand_in(filed, cast.weifen)
        steps.lay(back, "写材料", dt.date(2022, 6, 28), by=cast.weifen, at=AT)
        problems.raise_problem(back, back.milestone.task, f"问题 {back.pk}", by=cast.weifen, at=AT)
        owe(cast, "办完的", closed=True)


@pytest.mark.parametrize("number", [1, 12])
def test_the_workbench_takes_the_same_queries_with_one_and_with_many(cast, django_assert_num_queries, number):
    fill(cast, number)
    client = client_of(cast.weifen)
    with django_assert_num_queries(34):
        assert client.get("/").status_code == 200


def test_a_person_of_two_units_switches(cast):
    other = UnitFactory(township=True, short_name="另镇")
    person = account("liang", "两头跑", cast.weifen.unit, roles.LIAISON)
    person.role_grants.create(role=roles.LIAISON.slug, unit=other, granted_at=AT)
    assert "6 月，蔚汾镇" in page(person)
    assert "6 月，另镇" in page(person, unit=other.code)
    assert client_of(person).get("/", {"unit": cast.scj.unit.code}).status_code == 404


def test_a_unit_sees_nothing_of_another(cast):
    duty = ObligationFactory(unit=cast.scj.unit, milestone__title="市场局的事")
    hand_in(duty, cast.scj)
    review.send_back(duty, by=cast.sfj, reason="给市场局的话", mend_by=dt.date(2022, 6, 24), at=AT)
    html = page(cast.weifen)
    assert "市场局的事" not in html
    assert "给市场局的话" not in html
