"""The reports of June 2022 of two units, for tests of their workbook."""

from __future__ import annotations

import datetime as dt

from liaisons.models import Unit, User
from reform import reports
from reform.models import Milestone, Obligation, Submission
from reform.report_lines import NOT_ZERO, LineInput, Zero
from reform.workbooks.month_sheet import MonthSheet
from tests.cast import Cast
from tests.factories import MilestoneFactory, ObligationFactory, PlanFactory, TaskFactory, moment

AT = moment(dt.date(2022, 6, 20), 10)
JUNE = "all:2022-06"


class June:
    """The reports of 蔚汾镇 and 县市场局, each with the same two tasks."""

    def __init__(self, cast: Cast) -> None:
        self.cast, plan = cast, PlanFactory()
        self.tasks = [TaskFactory(plan=plan, title=title) for title in ("机构建设", "专业培训")]
        self.milestones = [MilestoneFactory(task=task, title=f"{task.title}挂牌、培训") for task in self.tasks]
        monthly = MilestoneFactory(monthly=True, task=TaskFactory(plan=plan))
        self.town, self.market = (self.also(unit, monthly) for unit in (cast.weifen.unit, cast.scj.unit))

    def also(self, unit: Unit | None, monthly: Milestone) -> Obligation:
        """Let another unit owe the same tasks and the month's report; gives the report."""
        for milestone in self.milestones:
            ObligationFactory(milestone=milestone, unit=unit)
        return ObligationFactory(
            milestone=monthly, unit=unit, doing=True, occurrence="2022-06", due_on=dt.date(2022, 6, 21)
        )

    @property
    def own(self) -> MonthSheet:
        """Give the sheet of 蔚汾镇."""
        return MonthSheet(self.cast.weifen, str(self.town.pk))

    @property
    def whole(self) -> MonthSheet:
        """Give the sheet in which an officer enters all units."""
        return MonthSheet(self.cast.sfj, JUNE)

    def texts(self, report: Obligation) -> dict[str, str]:
        """Give the words of the draft by task; 〇 for 本月无变化."""
        draft = report.submissions.get(state=Submission.DRAFT)
        return {line.task.title: "〇" if line.unchanged else line.text for line in draft.report.lines.all()}

    def file(self, user: User, report: Obligation, at: dt.datetime = AT, zero: Zero = NOT_ZERO) -> None:
        """File the report, with the same words on each line where it is no 零报告."""
        lines = {} if zero.chosen else {task.code: LineInput("已完成。") for task in self.tasks}
        reports.save_draft(report, by=user, lines=lines, zero=zero, at=at)
        reports.file(report, by=user, at=at)
