"""Single acts of the story, each through the same verb a person's click would call."""

from __future__ import annotations

import datetime as dt
import random

from liaisons import appointments
from liaisons.models import Appointment, Unit, User
from reform import bureau_marks, deadlines, drafts, filing, problems, proposals, reports, review, steps
from reform.models import Milestone, Obligation, Problem, Proposal, ReportLine, Submission
from reform.report_lines import LineInput
from reform.states import State
from xingxian_portal.demo import cases, exemption_lists, people, usual_lists, words


class Actors:
    """Who acts, and the dice that make one unit's words differ from another's."""

    def __init__(self, everybody: people.People, rng: random.Random) -> None:
        self.people, self.rng = everybody, rng

    def contact(self, row: Obligation) -> User:
        """Give who files for the obligation's unit."""
        return self.people.contacts[row.unit.code]

    def reviewer(self, row: Obligation) -> User:
        """Give who reviews it: the bureau's own filings go to the leader."""
        return self.people.leader if row.unit.code == "sfj" else self.people.officer

    def sign(self, row: Obligation, at: dt.datetime) -> None:
        """签收, where it still waits."""
        if row.state == State.AWAITING:
            filing.sign_for(row, by=self.contact(row), at=at)

    def file(self, row: Obligation, at: dt.datetime) -> None:
        """Draft and file: the monthly report line by line, contacts by name, anything else with text, data and a workbook."""
        if row.milestone.kind == deadlines.MONTHLY:
            self._file_month(row, at)
            return
        if row.milestone.deliverable == Milestone.LIAISON:
            self._name_contacts(row, at)
            return
        if exemption_lists.tells_of(row):
            return
        if usual_lists.is_one(row):
            usual_lists.file(row, by=self.contact(row), at=at)
            return
        by, day = self.contact(row), at.date()
        values = {item.code: words.value_for(item, day, self.rng) for item in row.milestone.data_items.all()}
        drafts.save(row, by=by, text=words.text_for(row.milestone, self.rng), values=values, at=at)
        if self.rng.random() < 0.4:
            drafts.attach(row, [words.workbook_for(row, day)], by=by)
        filing.file(row, by=by, at=at)

    def _file_month(self, row: Obligation, at: dt.datetime) -> None:
        by = self.contact(row)
        draft = reports.draft_of(row, by=by, at=at)
        lines = {line.key: self._line(row, line) for line in draft.report.lines.select_related("task")}
        reports.save_draft(row, by=by, lines=lines, at=at)
        reports.file(row, by=by, at=at)

    def _line(self, row: Obligation, line: ReportLine) -> LineInput:
        unchanged = self.rng.random() < 0.3
        text = "" if unchanged else self.rng.choice(words.PROGRESS)
        return LineInput(text=text, unchanged=unchanged, problem=self._problem(row, line))

    def _problem(self, row: Obligation, line: ReportLine) -> str:
        if row.occurrence != "2022-05":
            return ""
        mine = (text for code, task, text in words.PROBLEMS if (code, task) == (row.unit.code, line.task.code))
        return next(mine, "")

    def _name_contacts(self, row: Obligation, at: dt.datetime) -> None:
        by, leader = self.contact(row), self.people.leaders[row.unit.code]
        appointments.appoint(row.unit, Appointment.LEADER, name=leader.name, phone=leader.phone, by=by, at=at)
        phone = people.phone_of(by.pk)
        appointments.appoint(row.unit, Appointment.LIAISON, name=by.name, phone=phone, user=by, by=by, at=at)

    def accept(self, row: Obligation, at: dt.datetime) -> None:
        """销号; what the real thing has closed needs none."""
        if row.state == State.CLOSED or exemption_lists.tells_of(row):
            return
        if usual_lists.is_one(row):
            usual_lists.accept(row, by=self.reviewer(row), at=at)
            return
        review.accept(row, by=self.reviewer(row), at=at)

    def send_back(self, case: cases.Returned, row: Obligation, at: dt.datetime) -> None:
        """退回补正 or 视同未报, as the case says."""
        if exemption_lists.tells_of(row):
            return
        filed = row.submissions.get(state=Submission.FILED)
        review.begin(filed, by=self.reviewer(row), at=at)
        review.send_back(
            row, by=self.reviewer(row), reason=case.reason, mend_by=case.mend_by, as_unfiled=case.as_unfiled, at=at
        )

    def ask(self, case: cases.Proposed, row: Obligation, at: dt.datetime) -> None:
        """Ask for 延期 as the unit, for anything else as the bureau."""
        by = self.contact(row) if case.kind == Proposal.EXTENSION else self.people.officer
        proposals.ask(row, case.kind, by=by, reason=case.reason, until=case.until, at=at)

    def grant(self, case: cases.Proposed, row: Obligation, at: dt.datetime) -> None:
        """Decide as the bureau's leader."""
        asked = row.proposals.get(kind=case.kind, granted=None)
        proposals.decide(asked, by=self.people.leader, granted=True, until=case.granted_until, note="同意。", at=at)

    def enter(self, case: cases.OnBehalf, row: Obligation, at: dt.datetime) -> None:
        """代录."""
        filing.file_on_behalf(row, by=self.people.officer, received_on=case.received_on, text=case.text, at=at)

    def mark_lagging(self, reason: str, row: Obligation, at: dt.datetime) -> None:
        """Mark a continuous duty 滞后."""
        bureau_marks.mark(row, State.LAGGING, by=self.people.officer, reason=reason, at=at)

    def assign_first_problem(self, at: dt.datetime) -> None:
        """Name 县财政局 to answer the problem that was raised first; the others wait for the visitor."""
        for problem in Problem.objects.filter(answered_at=None).order_by("pk")[:1]:
            answerer = Unit.objects.get(code="czj")
            problems.assign(problem, by=self.people.officer, answerer=answerer, answer_by=dt.date(2022, 6, 24), at=at)

    def lay_step(self, title: str, planned_on: dt.date, row: Obligation, at: dt.datetime) -> None:
        """Lay one of a unit's own steps."""
        steps.lay(row, title, planned_on, by=self.contact(row))

    def tick_off(self, title: str, row: Obligation, at: dt.datetime) -> None:
        """Tick a step off on the day of the act."""
        steps.set_done(row.steps.get(title=title), at.date(), by=self.contact(row))

    def accept_by_leader(self, row: Obligation, at: dt.datetime) -> None:
        """销号 of what the officer entered for a unit: entering and accepting take two people."""
        review.accept(row, by=self.people.leader, at=at)
