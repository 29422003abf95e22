"""Single acts of the story, each through the same verb a person's click would call."""

from __future__ import annotations

import datetime as dt
import random

from liaisons.models import User
from reform import deadlines, filing, reports, review
from reform.models import Obligation, ReportLine, Submission
from reform.states import State
from xingxian_portal.demo import words
from xingxian_portal.demo.people import People


class Actors:
    """Who acts, and the dice that make one unit's words differ from another's."""

    def __init__(self, people: People, rng: random.Random) -> None:
        self.people, self.rng = people, rng

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
        """Draft and file: the monthly report line by line, anything else with text, data and a workbook."""
        if row.milestone.kind == deadlines.MONTHLY:
            self._file_month(row, at)
            return
        by, day = self.contact(row), at.date()
        values = {item.code: words.value_for(item, day, self.rng) for item in row.milestone.data_items.all()}
        filing.save_draft(row, by=by, text=words.text_for(row.milestone, self.rng), values=values, at=at)
        if self.rng.random() < 0.4:  # noqa: PLR2004 - most filings need no paper
            filing.attach(row, [words.workbook_for(row, day)], by=by)
        filing.file(row, by=by, at=at)

    def _file_month(self, row: Obligation, at: dt.datetime) -> None:
        by = self.contact(row)
        draft = reports.draft_of(row, by=by, at=at)
        lines = {line.pk: self._line(row, line) for line in draft.report.lines.select_related("task")}
        reports.save_draft(row, by=by, lines=lines, at=at)
        reports.file(row, by=by, at=at)

    def _line(self, row: Obligation, line: ReportLine) -> reports.LineInput:
        unchanged = self.rng.random() < 0.3  # noqa: PLR2004 - a third of the lines of a month
        text = "" if unchanged else self.rng.choice(words.PROGRESS)
        return reports.LineInput(text=text, unchanged=unchanged, problem=self._problem(row, line))

    def _problem(self, row: Obligation, line: ReportLine) -> str:
        if row.occurrence != "2022-05":
            return ""
        prefix = {"211": "211", "214": "214", "213": "213"}.get(line.task.code, "-")
        found = (text for code, milestone, text in words.PROBLEMS if code == row.unit.code and milestone.startswith(prefix))
        return next(found, "")

    def accept(self, row: Obligation, at: dt.datetime) -> None:
        """销号."""
        review.accept(row, by=self.reviewer(row), at=at)

    def send_back(self, row: Obligation, at: dt.datetime, reason: str, mend_by: dt.date, **how: bool) -> None:
        """退回补正, or 视同未报 with `as_unfiled=True`."""
        filed = row.submissions.get(state=Submission.FILED)
        review.begin(filed, by=self.reviewer(row), at=at)
        review.send_back(row, by=self.reviewer(row), reason=reason, mend_by=mend_by, at=at, **how)

    def accept_by_leader(self, row: Obligation, at: dt.datetime) -> None:
        """销号 of what the officer entered for a unit: entering and accepting take two people."""
        review.accept(row, by=self.people.leader, at=at)
