"""The monthly report: which lines it has, what may be left out, and what happens when it is filed."""

from __future__ import annotations

import datetime as dt

import pytest

from liaisons import roles
from reform import drafts, filing, monthly_lines, reports, review, rights
from reform.filing import FilingRefused
from reform.models import Obligation, Party, Problem, ReportLine, Submission, TaskParty
from reform.moves import MoveRefused
from reform.report_lines import LineInput, Zero
from reform.states import State
from tests.cast import Cast, account
from tests.factories import DataItemFactory, MilestoneFactory, ObligationFactory, PlanFactory, TaskFactory, moment
from tests.files import pdf
from tests.races import at_once
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.refusal import Stale

AT = moment(dt.date(2022, 6, 20), 15, 2)
LATER = moment(dt.date(2022, 6, 23), 9)
DUE = dt.date(2022, 6, 21)


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


class Month:
    """蔚汾镇's June with tasks in one plan, told in few words."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.plan, self.unit = cast, PlanFactory(), cast.weifen.unit
        self.task = TaskFactory(plan=self.plan, title="机构建设")
        self.duty = self.owe(self.task)
        self.milestone = MilestoneFactory(monthly=True, task=TaskFactory(plan=self.plan))
        self.june = self.report("2022-06")

    def owe(self, task, **kwargs) -> Obligation:
        return ObligationFactory(milestone__task=task, unit=kwargs.pop("unit", self.unit), **kwargs)

    def report(self, occurrence: str, unit=None) -> Obligation:
        year, month = map(int, occurrence.split("-"))
        return ObligationFactory(
            milestone=self.milestone, unit=unit or self.unit, state=State.DOING, occurrence=occurrence, due_on=dt.date(year, month, 21)
        )  # fmt: skip

    def save(self, report: Obligation | None = None, at=AT, by=None, **how) -> Submission:
        lines = how.pop("lines", {self.task.code: LineInput("办公用房已交付。")})
        return reports.save_draft(report or self.june, by=by or self.cast.weifen, lines=lines, at=at, **how)

    def file(self, report: Obligation | None = None, at=AT, by=None, **how) -> Obligation:
        self.save(report, at, by, **how)
        return reports.file(report or self.june, by=by or self.cast.weifen, at=at)

    def refused(self, **how) -> dict[str, str]:
        with pytest.raises(FilingRefused) as refused:
            self.file(**how)
        return refused.value.errors


@pytest.fixture
def month(cast) -> Month:
    return Month(cast)


def now(row: Obligation) -> Obligation:
    return Obligation.objects.get(pk=row.pk)


def keys(report: Obligation) -> list[str]:
    return [line.key for line in monthly_lines.wanted(report)]


# lines


def test_a_line_is_owed_for_each_task_on_which_something_is_open(month):
    second = TaskFactory(plan=month.plan)
    for state in (State.AWAITING, State.REVIEW, State.ONGOING):
        month.owe(second, state=state)
    for state in (State.SUSPENDED, State.REVOKED, State.EXEMPT, State.ENDED):
        month.owe(TaskFactory(plan=month.plan), state=state)
    month.owe(TaskFactory(plan=month.plan), closed=True)
    month.owe(TaskFactory(plan=month.plan), unit=month.cast.scj.unit)
    month.owe(TaskFactory())
    assert keys(month.june) == [month.task.code, second.code]


def test_a_line_disappears_when_all_of_its_task_is_closed(month):
    draft = month.save(lines={})
    assert draft.report.lines.count() == 1
    Obligation.objects.filter(pk=month.duty.pk).update(state=State.CLOSED, accepted_at=AT)
    assert month.save(lines={}).report.lines.count() == 0


def test_what_was_typed_on_it_stays_and_need_not_be_filled(month):
    month.save()
    Obligation.objects.filter(pk=month.duty.pk).update(state=State.CLOSED, accepted_at=AT)
    assert month.save(lines={}).report.lines.get().text == "办公用房已交付。"
    assert month.file(lines={}).state == State.REVIEW


def test_when_all_is_closed_a_zero_report_is_asked_for(month):
    Obligation.objects.filter(pk=month.duty.pk).update(state=State.CLOSED, accepted_at=AT)
    assert "请选“零报告”" in month.refused(lines={})[""]


@pytest.mark.parametrize(
    ("occurrence", "first", "last"),
    [
        ("2022-04", dt.date(2022, 4, 13), dt.date(2022, 4, 21)),
        ("2022-06", dt.date(2022, 5, 22), dt.date(2022, 6, 21)),
        ("2023-01", dt.date(2022, 12, 22), dt.date(2023, 1, 21)),
    ],
)
def test_a_report_covers_from_the_22nd_to_the_21st(month, occurrence, first, last):
    assert monthly_lines.period(month.report(occurrence) if occurrence != "2022-06" else month.june) == (first, last)


def test_a_month_shorter_than_the_day_named_ends_on_its_last(month):
    month.milestone.day = 31
    report = Obligation(milestone=month.milestone, series=month.plan, occurrence="2023-03")
    assert monthly_lines.period(report) == (dt.date(2023, 3, 1), dt.date(2023, 3, 31))


def test_last_months_text_is_that_of_the_last_report_that_counts(month):
    may = month.report("2022-05")
    month.file(may, at=moment(dt.date(2022, 5, 20)), lines={month.task.code: LineInput("完成选址。")})
    assert monthly_lines.last_lines(month.june)[month.task.code].text == "完成选址。"
    assert monthly_lines.last_lines(may) == {}
    filing.withdraw(may, by=month.cast.weifen, at=AT)
    assert monthly_lines.last_lines(month.june) == {}


# the lead's summary


@pytest.fixture
def led(month) -> Obligation:
    """Give the report of 县市场局, which leads the task and owes nothing of it."""
    TaskParty.objects.create(task=month.task, role=Party.LEAD, unit=month.cast.scj.unit, position=1)
    return month.report("2022-06", month.cast.scj.unit)


def test_a_lead_that_owes_nothing_itself_sums_up(month, led):
    assert keys(led) == [f"{month.task.code}.summary"]
    month.file()
    draft = reports.draft_of(led, by=month.cast.scj, at=AT)
    assert draft.report.lines.get().text == "蔚汾镇：办公用房已交付。"


def test_a_lead_that_owes_something_itself_tells_of_its_own(month, led):
    own = month.owe(month.task, unit=month.cast.scj.unit)
    assert keys(led) == [month.task.code]
    Obligation.objects.filter(pk=own.pk).update(state=State.CLOSED, accepted_at=AT)
    assert keys(led) == []


def test_there_is_nothing_to_sum_up_once_all_others_are_done(month, led):
    Obligation.objects.filter(pk=month.duty.pk).update(state=State.CLOSED, accepted_at=AT)
    assert keys(led) == []


def test_drafts_returned_and_unchanged_lines_are_not_summed_up(month, led):
    month.save()
    assert monthly_lines.others_lines(led, [month.task.code]) == {}
    month.file(lines={month.task.code: LineInput(unchanged=True)})
    found = monthly_lines.others_lines(led, [month.task.code])[month.task.code]
    assert monthly_lines.summary(found) == ""
    review.send_back(month.june, by=month.cast.sfj, reason="不清楚", mend_by=LATER.date(), at=AT)
    assert monthly_lines.others_lines(led, [month.task.code]) == {}


def test_a_summary_is_edited_and_filed_like_any_line(month, led):
    month.file()
    by = month.cast.scj
    month.file(led, by=by, lines={f"{month.task.code}.summary": LineInput("1 个乡镇已交付。")})
    assert ReportLine.objects.get(kind=ReportLine.SUMMARY).text == "1 个乡镇已交付。"


# the draft


def test_a_draft_is_saved_right_or_wrong(month):
    typed = {month.task.code: LineInput("长" * 10_000, unchanged=True, problem="难" * 6000)}
    zero = Zero(chosen=True, reason="因" * 400)
    draft = month.save(lines=typed, zero=zero)
    line = draft.report.lines.get()
    assert (len(line.text), line.unchanged, len(line.problem)) == (10_000, True, 6000)
    assert (draft.report.is_zero, len(draft.report.zero_reason), draft.report.zero_confirmed) == (True, 400, False)


def test_saving_what_is_there_changes_nothing(month):
    for _ in range(3):
        month.save()
    assert drafts.mark(month.june) == "1.1"


def test_two_people_of_a_unit_do_not_overwrite_each_other(month):
    seen = drafts.mark(month.june)
    month.save(seen=seen)
    with pytest.raises(Stale):
        month.save(lines={month.task.code: LineInput("乙写的。")}, seen=seen)
    assert month.save(lines={month.task.code: LineInput("办公用房已交付。")}, seen=seen)  # the same text is no quarrel


def test_a_forged_tick_is_passed_over(month):
    theirs = month.owe(month.task, unit=month.cast.scj.unit)
    other_task = month.owe(TaskFactory(plan=month.plan))
    ticks = frozenset({month.duty.pk, theirs.pk, other_task.pk, month.june.pk, 10**12})
    draft = month.save(lines={month.task.code: LineInput("完成。", closes=ticks), "no-such-line": LineInput("x")})
    assert [row.pk for row in draft.report.lines.get(task=month.task).closes.all()] == [month.duty.pk]


# filing


def test_everything_wrong_is_said_line_by_line(month):
    second, third = TaskFactory(plan=month.plan), TaskFactory(plan=month.plan)
    for task in (second, third):
        month.owe(task)
    typed = {
        second.code: LineInput("写了", unchanged=True), third.code: LineInput("长" * 5001, problem="难" * 5001),
    }  # fmt: skip
    errors = month.refused(lines=typed)
    assert set(errors) == {
        f"line-{month.task.code}",
        f"line-{second.code}",
        f"line-{third.code}",
        f"problem-{third.code}",
    }
    assert "还没有填写" in errors[f"line-{month.task.code}"]
    assert "只留一样" in errors[f"line-{second.code}"]
    assert "最多 5000 字，现有 5001 字" in errors[f"line-{third.code}"]


def test_unchanged_in_one_click_is_a_line(month):
    month.file(lines={month.task.code: LineInput(unchanged=True)})
    assert ReportLine.objects.get().text == "本月无变化。"


@pytest.mark.parametrize(
    ("at", "on_time"), [(clock.day_end(DUE) - dt.timedelta(seconds=1), True), (clock.day_end(DUE), False)]
)
def test_the_21st_ends_at_midnight(month, at, on_time):
    filed = month.file(at=at)
    assert (filed.first_filed_on <= filed.due_on) is on_time


def test_filing_twice_has_one_effect(month):
    month.file()
    entries = AuditEntry.objects.count()
    for act in (lambda: reports.file(month.june, by=month.cast.weifen, at=LATER), month.save):
        with pytest.raises(MoveRefused, match="已于 6月20日 15:02报送"):
            act()
    assert AuditEntry.objects.count() == entries


def test_figures_are_kept_as_of_filing(month):
    month.owe(month.task, closed=True, first_filed_on=dt.date(2022, 6, 1))
    month.file()
    figures = month.june.submissions.get().report.figures
    assert figures == [{"source": "销号", "label": "本期销号", "value": "1", "measure": "项"}]


@pytest.mark.parametrize("who", ["scj", "weifenld", "sfj", "lingdao", "audit"])
def test_nobody_else_drafts_or_files(month, who):
    stranger = getattr(month.cast, who)
    for act in (
        lambda: month.save(by=stranger),
        lambda: reports.file(month.june, by=stranger, at=AT),
        lambda: reports.draft_of(month.june, by=stranger, at=AT),
    ):
        with pytest.raises(rights.Denied):
            act()


# zero reports


def test_a_zero_report_is_signed_with_a_reason(month):
    month.file(lines={}, zero=Zero(chosen=True, reason="本月全员抗疫，无推进。", confirmed=True))
    assert month.june.submissions.get().report.zero_reason == "本月全员抗疫，无推进。"
    assert now(month.duty).state == State.AWAITING


def test_a_zero_report_without_reason_or_signature_is_refused(month):
    errors = month.refused(lines={}, zero=Zero(chosen=True, reason=" "))
    assert set(errors) == {"zero_reason", "zero_confirmed"}
    assert (
        "最多 300 字"
        in month.refused(lines={}, zero=Zero(chosen=True, reason="因" * 301, confirmed=True))["zero_reason"]
    )


def test_a_zero_report_that_tells_of_progress_is_refused(month):
    assert set(month.refused(zero=Zero(chosen=True, reason="无", confirmed=True))) == {"is_zero"}


# closing with the report


def close_with(month: Month, text: str = "6月16日挂牌。", *rows: Obligation) -> dict[str, LineInput]:
    rows = rows or (month.duty,)
    return {month.task.code: LineInput(text, closes=frozenset(row.pk for row in rows))}


def test_a_line_closes_nothing_unless_ticked(month):
    month.file()
    assert now(month.duty).state == State.AWAITING


def test_what_is_ticked_is_filed_with_the_text_and_the_files(month):
    month.save(lines=close_with(month))
    drafts.attach(month.june, [pdf("挂牌照片.pdf")], by=month.cast.weifen, at=AT)
    month.file(lines=close_with(month))
    filed = month.duty.submissions.get()
    assert (now(month.duty).state, filed.text, filed.counted_on) == (State.REVIEW, "6月16日挂牌。", AT.date())
    assert [kept.file.original_name for kept in filed.evidence.all()] == ["挂牌照片.pdf"]


def test_what_the_unit_had_drafted_for_it_is_not_lost(month):
    drafts.save(month.duty, by=month.cast.weifen, text="自己的草稿。", at=AT)
    month.file(lines=close_with(month))
    assert month.duty.submissions.get().text == "自己的草稿。\n6月16日挂牌。"


def test_a_tick_needs_words(month):
    typed = {month.task.code: LineInput(unchanged=True, closes=frozenset({month.duty.pk}))}
    assert "请写明完成情况" in month.refused(lines=typed)[f"line-{month.task.code}"]


def test_a_tick_needs_the_data_that_the_duty_asks_for(month):
    item = DataItemFactory(milestone=month.duty.milestone, label="到岗人数")
    assert "还缺数据：请填写“到岗人数”。" in month.refused(lines=close_with(month))[f"line-{month.task.code}"]
    drafts.save(month.duty, by=month.cast.weifen, text="", values={item.code: "12"}, at=AT)
    month.file(lines=close_with(month))
    assert now(month.duty).state == State.REVIEW


def test_data_filed_before_and_returned_need_not_be_typed_again(month):
    item = DataItemFactory(milestone=month.duty.milestone)
    drafts.save(month.duty, by=month.cast.weifen, text="第一次。", values={item.code: "12"}, at=AT)
    filing.file(month.duty, by=month.cast.weifen, at=AT)
    review.send_back(month.duty, by=month.cast.sfj, reason="补照片", mend_by=LATER.date(), at=AT)
    month.file(lines=close_with(month))
    assert drafts.typed_values(drafts.latest(month.duty)) == {item.code: "12"}


def test_a_duty_done_elsewhere_or_filed_meanwhile_is_left_alone(month):
    elsewhere = month.owe(month.task, milestone__deliverable="exemption_list")
    month.save(lines=close_with(month, "完成。", month.duty, elsewhere))
    drafts.save(month.duty, by=month.cast.weifen, text="单独报送。", at=AT)
    filing.file(month.duty, by=month.cast.weifen, at=AT)
    reports.file(month.june, by=month.cast.weifen, at=LATER)
    assert now(elsewhere).state == State.AWAITING
    assert month.duty.submissions.get().text == "单独报送。"


def test_one_duty_that_cannot_be_filed_keeps_the_whole_month_unfiled(month):
    unsignable = month.owe(month.task, milestone__needs_cosign=True, unit=month.unit)
    month.cast.weifenld.is_active = False
    month.cast.weifenld.save()
    errors = month.refused(lines=close_with(month, "完成。", month.duty, unsignable))
    assert "还没有分管领导账号" in errors[""]
    assert {now(month.june).state, now(month.duty).state} == {State.DOING, State.AWAITING}


# problems


def test_a_problem_is_raised_once_when_the_report_is_filed(month):
    typed = {month.task.code: LineInput("推进中。", problem="请协调用房。")}
    month.save(lines=typed)
    assert not Problem.objects.exists()
    month.file(lines=typed)
    filing.withdraw(month.june, by=month.cast.weifen, at=AT)
    month.file(lines=typed)
    assert Problem.objects.get().text == "请协调用房。"


# the leader's signature


@pytest.fixture
def signed(month) -> Month:
    month.milestone.needs_cosign = True
    month.milestone.save()
    return month


def test_nothing_of_a_report_happens_before_the_leader_signs(signed):
    typed = {signed.task.code: LineInput("挂牌。", problem="请协调。", closes=frozenset({signed.duty.pk}))}
    signed.file(lines=typed)
    assert (now(signed.june).state, now(signed.duty).state) == (State.COSIGNING, State.AWAITING)
    assert not Problem.objects.exists()
    reports.cosign(signed.june, by=signed.cast.weifenld, at=LATER)
    assert (now(signed.june).state, now(signed.duty).state) == (State.REVIEW, State.REVIEW)
    assert (Problem.objects.count(), now(signed.june).first_filed_on) == (1, LATER.date())


def test_a_leader_signs_a_month_once_and_only_what_was_read(signed):
    signed.file()
    read = signed.june.submissions.get().pk
    with pytest.raises(MoveRefused, match="不是最新内容"):
        reports.cosign(signed.june, by=signed.cast.weifenld, seen=read + 1, at=LATER)
    reports.cosign(signed.june, by=signed.cast.weifenld, seen=read, at=LATER)
    with pytest.raises(MoveRefused, match="没有重复办理"):
        reports.cosign(signed.june, by=signed.cast.weifenld, seen=read, at=LATER)


def test_a_ticked_duty_that_lost_a_figure_meanwhile_is_named_to_the_leader(signed):
    item = DataItemFactory(milestone=signed.duty.milestone)
    drafts.save(signed.duty, by=signed.cast.weifen, text="", values={item.code: "3"}, at=AT)
    signed.file(lines=close_with(signed, "完成。", signed.duty))
    drafts.save(signed.duty, by=signed.cast.weifen, text="", values={item.code: "三"}, at=AT)
    with pytest.raises(FilingRefused, match=f"“{signed.duty.milestone.title}”申请销号还缺数据"):
        reports.cosign(signed.june, by=signed.cast.weifenld, at=LATER)
    assert now(signed.june).state == State.COSIGNING


def test_a_leader_of_another_unit_signs_nothing(signed):
    signed.file()
    stranger = account("scjld", "市场分管", signed.cast.scj.unit, roles.UNIT_LEADER)
    with pytest.raises(rights.Denied):
        reports.cosign(signed.june, by=stranger, at=LATER)


# refiling


def send_back(month: Month, **how) -> None:
    review.send_back(
        month.june, by=month.cast.sfj, reason="第一行不清楚", mend_by=dt.date(2022, 6, 24), at=LATER, **how
    )


def test_refiling_begins_with_what_was_filed(month):
    second = TaskFactory(plan=month.plan)
    month.owe(second)
    month.file(
        lines={month.task.code: LineInput("推进中。", problem="请协调。"), second.code: LineInput(unchanged=True)}
    )
    send_back(month)
    lines = reports.draft_of(month.june, by=month.cast.weifen, at=LATER).report.lines.order_by("position")
    assert [(line.text, line.unchanged, line.problem) for line in lines] == [
        ("推进中。", False, "请协调。"),
        ("", True, ""),
    ]
    assert reports.file(month.june, by=month.cast.weifen, at=LATER).first_filed_on == AT.date()


def test_a_line_filed_before_stays_although_its_task_is_closed_meanwhile(month):
    month.file()
    send_back(month)
    Obligation.objects.filter(pk=month.duty.pk).update(state=State.CLOSED, accepted_at=AT)
    assert reports.draft_of(month.june, by=month.cast.weifen, at=LATER).report.lines.get().text == "办公用房已交付。"


def test_a_report_entered_on_behalf_can_be_mended_by_the_unit(month):
    filing.file_on_behalf(month.june, by=month.cast.sfj, received_on=AT.date(), text="电话报告。", at=AT)
    review.send_back(month.june, by=month.cast.sfjld, reason="太简单", mend_by=LATER.date(), at=AT)
    draft = reports.draft_of(month.june, by=month.cast.weifen, at=LATER)
    assert (draft.text, draft.report.lines.get().text) == ("电话报告。", "")
    assert month.file(at=LATER).first_filed_on == AT.date()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    def test_two_clicks_file_once_and_close_once(self, month):
        typed = {month.task.code: LineInput("挂牌。", problem="请协调。", closes=frozenset({month.duty.pk}))}
        month.save(lines=typed)
        given = at_once(*[lambda: reports.file(month.june, by=month.cast.weifen, at=AT)] * 3)
        assert sorted(type(one).__name__ for one in given) == ["MoveRefused", "MoveRefused", "Obligation"]
        assert (Problem.objects.count(), month.duty.submissions.count()) == (1, 1)

    def test_filing_the_month_while_the_duty_is_filed_alone(self, month):
        typed = {month.task.code: LineInput("挂牌。", closes=frozenset({month.duty.pk}))}
        month.save(lines=typed)
        drafts.save(month.duty, by=month.cast.weifen, text="单独报送。", at=AT)
        given = at_once(
            lambda: reports.file(month.june, by=month.cast.weifen, at=AT),
            lambda: filing.file(month.duty, by=month.cast.weifen, at=AT),
        )
        assert not [one for one in given if not isinstance(one, Obligation | MoveRefused)]
        assert (now(month.june).state, now(month.duty).state) == (State.REVIEW, State.REVIEW)
        assert month.duty.submissions.filter(state=Submission.FILED).count() == 1

    def test_two_first_saves_make_one_draft_with_each_line_once(self, month):
        given = at_once(*[lambda: reports.draft_of(month.june, by=month.cast.weifen, at=AT)] * 3)
        assert len({draft.pk for draft in given}) == 1
        assert ReportLine.objects.count() == 1
