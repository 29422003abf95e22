"""What a unit hands in, through the verbs a unit's click calls; for tests of what the bureau does with it."""

from __future__ import annotations

import datetime as dt

from liaisons.models import Unit, User
from reform import drafts, filing, reports
from reform.models import Obligation, Submission
from reform.report_lines import LineInput
from tests.factories import MilestoneFactory, ObligationFactory, PlanFactory, TaskFactory, moment

JUNE_20 = dt.date(2022, 6, 20)


def hand_in(
    obligation: Obligation, by: User, on: dt.date = JUNE_20, text: str = "已按要求完成。", **values: str
) -> Submission:
    """File what is owed at ten o'clock of a day; gives the submission."""
    at = moment(on, 10)
    drafts.save(obligation, by=by, text=text, values=values, at=at)
    filing.file(obligation, by=by, at=at)
    return obligation.submissions.get(state=Submission.FILED)


def report_of(unit: Unit, tasks: int = 2, occurrence: str = "2022-06") -> Obligation:
    """Give a month's report of a unit that owes something on so many tasks of the same plan."""
    plan = PlanFactory()
    for _ in range(tasks):
        ObligationFactory(milestone__task=TaskFactory(plan=plan), unit=unit)
    year, month = map(int, occurrence.split("-"))
    return ObligationFactory(
        milestone=MilestoneFactory(monthly=True, task=TaskFactory(plan=plan)), unit=unit, doing=True,
        occurrence=occurrence, due_on=dt.date(year, month, 21),
    )  # fmt: skip


def hand_in_report(report: Obligation, by: User, on: dt.date = JUNE_20, text: str = "本月有进展。") -> Submission:
    """File a month's report with the same text on each line; gives the submission."""
    at = moment(on, 10)
    draft = reports.draft_of(report, by=by, at=at)
    lines = {line.key: LineInput(text=text) for line in draft.report.lines.all()}
    reports.save_draft(report, by=by, lines=lines, at=at)
    reports.file(report, by=by, at=at)
    return report.submissions.get(state=Submission.FILED)
