"""月度推进情况 coming in, in the form in which the month goes out: one unit's report, or by an officer those of all units.

A unit's rows go into its draft. An officer's are entered on the units' behalf (`reform.on_behalf`), as drafts too: what a
unit is writing itself is neither shown nor written over, what was filed is known and not changed. A 零报告 is a row of
its own, whose progress is the reason; a unit signs it on the page, a paper that an officer enters is signed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import cast

from liaisons.models import Unit, User
from liaisons.permissions import Permission as P
from liaisons.workbooks.unit_cells import UnitName
from reform import deadlines, filing, monthly_lines, on_behalf, reports, rights
from reform.desk import month_words
from reform.models import Obligation, ReportLine, Submission, Task
from reform.models.obligation import ObligationQuerySet
from reform.report_lines import LineInput, Standing, Zero
from reform.states import UNFILED
from reform.workbooks import entering, month_faults, month_lines, titled_month
from reform.workbooks.month_cells import UNCHANGED, ZERO, Progress, TaskName, Ticks, name_of
from reform.workbooks.month_lines import UnitLines, tickable
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook import cell_values, reading
from xingxian_portal.foundation.workbook.columns import Column
from xingxian_portal.foundation.workbook.contents import RawSheet
from xingxian_portal.foundation.workbook.issues import Issue
from xingxian_portal.foundation.workbook.kinds import Choice, Day, Text
from xingxian_portal.foundation.workbook.plans import Change, Fault, Key, Plan, Subject, Tell, Values
from xingxian_portal.foundation.workbook.reading import Reading
from xingxian_portal.foundation.workbook.resource import SheetResource

ALL = "all:"
MONTHS_OFFERED = 3
# What the sheet that goes out says of a unit that has no lines.
STANDS = re.compile(r"未报|迟报\d+天|按时(\(零报告\))?|免报|中止|撤销|已销号|待审核|办理中|待签收|待会签")
KINDS = [(ReportLine.PROGRESS, "进展"), (ReportLine.SUMMARY, "牵头小结")]


class MonthSheet(SheetResource):
    """The lines of a month's report: which there are, the plan says; a workbook fills them in."""

    slug, title = "month-report", "月度推进情况"
    about = "月度报告各任务的进展和问题，落为草稿，核对后再报送；司法局可以一次代录各单位交来的报告。"
    creates = False
    ignored = ("首次报送",)
    unit = Column("单位", UnitName(), also=["单位名称", "填报单位"], fill_down=True, locked=True, width=14)
    task = Column("任务", TaskName(), also=["工作任务", "任务名称"], locked=True, width=26)
    kind = Column("类别", Choice(KINDS, empty=ReportLine.PROGRESS), locked=True, width=10)
    before = Column("上月进展", Text(filing.LONGEST_TEXT, lines=True), shown_only=True, width=30)
    text = Column("本月进展", Progress(), also=["进展", "进展情况", "工作进展"], width=50)
    problem = Column(
        "存在问题和需要协调的事项",
        Text(filing.LONGEST_TEXT, lines=True),
        also=["存在问题", "问题", "需要协调的事项"],
        blanks=True,
        width=30,
    )
    closes = Column("随月报申请销号", Ticks(), also=["随本次月报申请销号", "申请销号", "销号事项"], width=20)
    received_on = Column("收到日期", Day(), hint="代录时填：单位把报告交来的日期；不填就是今天")

    class Meta:
        import_id_fields = ("unit", "task", "kind")

    @classmethod
    def admits(cls, by: User) -> bool:
        """Say whether `by` files any unit's report, or enters them on behalf of units."""
        return by.may(P.FILE) or rights.reviews(by)

    @classmethod
    def subjects(cls, by: User) -> list[Subject]:
        """Give the open reports of one's own units and, to officers, the newest months of all units."""
        own = [_subject(report) for report in _reports().owed_by_units_of(by, P.FILE).filter(state__in=UNFILED)]
        return [*own, *(_whole(month) for month in (_months() if rights.reviews(by) else []))]

    def prepare(self) -> None:
        """Load whose reports they are, the tasks, the names of units."""
        self._is_whole = self.subject_key.startswith(ALL)
        self.drawn = ("kind",) if self._is_whole else ("unit", "kind")
        self._reports = {report.unit.short_name: report for report in self._found()}
        self._unit_cells.load(report.unit for report in self._reports.values())
        plans = {report.milestone.task.plan_id for report in self._reports.values()}
        cast(TaskName, self.columns["task"].kind).load(Task.objects.filter(plan__in=plans).select_related("plan"))
        self._stand: dict[str, UnitLines] = {}
        self._there: dict[Key, Values] = {}
        self._lines: dict[Key, Standing] = {}

    @property
    def _unit_cells(self) -> UnitName:
        return cast(UnitName, self.columns["unit"].kind)

    def _found(self) -> Sequence[Obligation]:
        rows = _reports()
        if not self._is_whole:
            own = rows.owed_by_units_of(self.by, P.FILE).filter(state__in=UNFILED) if self.by else rows.none()
            return list(own.filter(pk=self.subject_key)) if self.subject_key.isdecimal() else []
        if not rights.reviews(self.by):
            return []
        return list(rows.filter(occurrence=self.subject_key.removeprefix(ALL)).exclude(unit__kind=Unit.BUREAU))

    def existing(self) -> dict[Key, Values]:
        """Give the lines as they stand, and of each report its 零报告; as many queries for all units as for one."""
        found = month_lines.of(self._found(), on_behalf=self._is_whole)
        self._stand = {stands.report.unit.short_name: stands for stands in found}
        self._reports = {name: stands.report for name, stands in self._stand.items()}
        self._lines = {
            (name, str(line.wanted.task), line.wanted.kind): line
            for name, stands in self._stand.items()
            for line in stands.lines
        }
        lines = {key: _values(key, line, self._stand[key[0]].received_on) for key, line in self._lines.items()}
        self._there = lines | {_zero_key(name): _zero_values(name, stands) for name, stands in self._stand.items()}
        return self._there

    def prefilled(self) -> Iterator[Values]:
        """Give the lines, unit by unit, with what was said last month beside them."""
        there = self.existing()
        told = monthly_lines.last_lines_of(list(self._reports.values()))
        for name, stands in self._stand.items():
            for key in [*(key for key in self._lines if key[0] == name), _zero_key(name)]:
                line = self._lines.get(key)
                last = told[stands.report.pk].get(line.key) if line else None
                yield there[key] | {"before": cell_values.text(last.text) if last else ""}

    def read(self, sheets: Sequence[RawSheet], ours: bool = False) -> Reading:
        """Read the rows; those of the printed month that say only how a unit's report stands hold nothing to read."""
        found = reading.read(
            sheets, self.columns, "推进情况", key=self.typed_key, ignored=self.ignored, ours=ours
        )  # fmt: skip
        if first := next(iter(self._reports.values()), None):
            titled_month.require(sheets, found, first.occurrence)
        empty = [row.number for row in found.rows if _only_stands(found, row.cells)]
        if empty:
            found.rows = [row for row in found.rows if row.number not in empty]
            numbers = "、".join(map(str, empty[: reading.MOST_NAMED]))
            found.notes.append(
                f"第 {numbers} 行{'等' if len(empty) > reading.MOST_NAMED else ''}没有任务，只写了报送情况，没有读。"
            )
        return found

    def complete(self, values: Values) -> None:
        """Take a row without a unit for the own unit's, one without a kind for progress."""
        if not self._is_whole:
            values["unit"] = values.get("unit") or next(iter(self._reports), "")
            values["received_on"] = None
        values["kind"] = values.get("kind") or ReportLine.PROGRESS
        if values.get("closes") and (line := self._lines.get((values["unit"], values["task"], values["kind"]))):
            values["closes"] = cast(Ticks, self.columns["closes"].kind).ticked(values["closes"], tickable(line))
        if self._is_whole and not values.get("received_on"):
            before = self._there.get((values["unit"], values["task"], values["kind"]), {})
            values["received_on"] = before.get("received_on")

    def check_row(self, values: Values) -> Iterator[Fault]:
        """Refuse to write over what a unit writes itself or has filed, and a day on which nothing can have come."""
        name, key = values["unit"], (values["unit"], values["task"], values["kind"])
        before = self._there.get(key)
        if before is None or before | values == before:
            return
        yield from entering.faults(self._reports[name], before, values, self._stand[name].why_not)
        line = self._lines.get(key)
        yield from (
            month_faults.of_line(before | values, tickable(line)) if line else month_faults.of_zero(before | values)
        )

    def examine(self, found: Reading, tell: Tell | None = None) -> Plan:
        """Check the rows, and that no unit says at once that there is nothing and that there is something."""
        plan = super().examine(found, tell)
        wrong = list(month_faults.contradicted(plan.changes, self._there))
        plan.issues += [Issue(why, found.sheet, found.cell("text", row), row, "本月进展", ZERO) for row, why in wrong]
        rows = {row for row, _ in wrong}
        plan.changes = [change for change in plan.changes if change.row not in rows]
        return plan

    def write_all(self, changes: Sequence[Change], *, at: dt.datetime) -> Iterator[tuple[Change, Refused]]:
        """Write each unit's lines at once."""
        by_unit: dict[str, list[Change]] = defaultdict(list)
        for change in changes:
            by_unit[change.key[0]].append(change)
        for name, own in by_unit.items():
            try:
                draft = self._write(self._reports[name], own, at)
            except Refused as refusal:
                yield own[0], refusal
            else:
                for change in own:
                    change.target = str(draft.pk)

    def _write(self, report: Obligation, changes: Sequence[Change], at: dt.datetime) -> Submission:
        lines = {self._lines[change.key].key: self._typed(change) for change in changes if change.key in self._lines}
        zero = self._zero(report, changes)
        if not self._is_whole:
            return reports.save_draft(report, by=self.by, lines=lines, zero=zero, at=at)
        days = [day for change in changes if (day := change.after.get("received_on"))]
        received_on = max(days, default=clock.local_date(at))
        draft = on_behalf.enter_lines(report, lines, zero=zero, received_on=received_on, by=self.by, at=at)
        if not zero.chosen and not any(_tells(line) for line in draft.report.lines.all()):
            on_behalf.drop(draft, by=self.by)  # undoing an import leaves nothing of what it began
        return draft

    def _zero(self, report: Obligation, changes: Sequence[Change]) -> Zero:
        """Give the 零报告 that the rows make, or that stands; only a paper is signed already."""
        for change in changes:
            if change.key not in self._lines:
                reason = change.after["text"]
                return Zero(bool(reason), reason, confirmed=bool(reason) and self._is_whole)
        return self._stand[report.unit.short_name].zero

    def _typed(self, change: Change) -> LineInput:
        text, unchanged = change.after.get("text", ""), change.after.get("text", "") == UNCHANGED
        rows = {name_of(row): row.pk for row in tickable(self._lines[change.key])}
        ticks = cast(Ticks, self.columns["closes"].kind).parts(change.after.get("closes", ""))
        closes = frozenset(rows[name] for name in ticks if name in rows)
        return LineInput("" if unchanged else text, unchanged, change.after.get("problem", ""), closes)


def _reports() -> ObligationQuerySet:
    rows = Obligation.objects.filter(milestone__kind=deadlines.MONTHLY)
    return rows.select_related("unit", "series", "milestone__task__plan").order_by(
        "-occurrence", "unit__position", "unit__code"
    )


def _months() -> list[str]:
    found = Obligation.objects.filter(milestone__kind=deadlines.MONTHLY).order_by("-occurrence")
    return list(found.values_list("occurrence", flat=True).distinct()[:MONTHS_OFFERED])


def _subject(report: Obligation) -> Subject:
    label = f"{report.unit.short_name}{month_words(report.occurrence)}"
    return Subject(str(report.pk), label, report.unit.code, report.occurrence, report.due_on)


def _whole(month: str) -> Subject:
    return Subject(f"{ALL}{month}", f"{month_words(month)}，各单位（代录）", "", month)


def _values(key: Key, line: Standing, received_on: dt.date | None) -> Values:
    typed = line.typed
    return {
        "unit": key[0], "task": key[1], "kind": key[2],
        "text": UNCHANGED if typed.unchanged and not typed.text.strip() else cell_values.text(typed.text),
        "problem": cell_values.text(typed.problem),
        "closes": "；".join(name_of(row) for row in tickable(line) if row.pk in typed.closes),
        "received_on": received_on,
    }  # fmt: skip


def _zero_key(name: str) -> Key:
    return (name, ZERO, ReportLine.PROGRESS)


def _zero_values(name: str, stands: UnitLines) -> Values:
    reason = cell_values.text(stands.zero.reason) if stands.zero.chosen else ""
    return {
        "unit": name, "task": ZERO, "kind": ReportLine.PROGRESS, "text": reason, "problem": "", "closes": "",
        "received_on": stands.received_on,
    }  # fmt: skip


def _tells(line: ReportLine) -> bool:
    return bool(line.text.strip() or line.problem.strip() or line.unchanged)


def _only_stands(found: Reading, cells: Sequence[object]) -> bool:
    task, text = (
        cells[place] if (place := found.places.get(name)) is not None and place < len(cells) else ""
        for name in ("task", "text")
    )
    return cell_values.is_blank(task) and bool(STANDS.fullmatch(cell_values.squeezed(text)))
