"""The base of every sheet that comes in: django-import-export's resource, given what offices need.

A sheet declares its columns and says what the portal holds now (`existing`), what a row must keep (`check_row`) and
which verb writes it (`write`). From that follow checks with cell, value and accepted values all in one pass, repeated
keys, the difference old → new, all-or-nothing, the check at confirmation, and undoing. See the package's docstring.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from import_export.resources import Resource

from xingxian_portal.foundation.refusal import Refused, unheard
from xingxian_portal.foundation.workbook import reading
from xingxian_portal.foundation.workbook.columns import Column
from xingxian_portal.foundation.workbook.contents import RawSheet
from xingxian_portal.foundation.workbook.issues import ERROR, Issue, shown
from xingxian_portal.foundation.workbook.kinds import Kind, Unacceptable
from xingxian_portal.foundation.workbook.plans import (
    CHANGED,
    NEW,
    UNCHANGED,
    Change,
    Fault,
    Key,
    Plan,
    Subject,
    Tell,
    Values,
)
from xingxian_portal.foundation.workbook.reading import Reading, Row


class SheetResource(Resource):
    """Base of a sheet; `by` is who imports, `subject` the key of what it is for."""

    slug: ClassVar[str]
    title: str
    about: ClassVar[str] = ""  # one line for the page that lists the sheets
    nothing: ClassVar[str] = "可能还没有开报，已经截止，或者不归您填报。"  # why there may be no subject
    version: ClassVar[int] = 1  # of the template; raise it when columns change their meaning
    ignored: ClassVar[Sequence[str]] = ()  # labels of columns that an export carries and an import leaves alone
    creates: ClassVar[bool] = True  # whether a row that the portal does not hold makes a new one
    holds_personal_data: ClassVar[bool] = False  # the file goes as soon as it was imported
    drawn: Sequence[str] = ()  # columns of the key that may lack a value, or the column: `complete` gives one

    do_not_call_in_templates: ClassVar[bool] = True  # a template that lists sheets shows the class

    fields: Mapping[str, Column]

    def __init__(self, by: Any = None, subject: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.by, self.subject_key = by, subject
        self.prepare()

    # What a sheet says of itself.

    @classmethod
    def admits(cls, by: Any) -> bool:
        """Say whether `by` may import this sheet at all."""
        return False

    @classmethod
    def subjects(cls, by: Any) -> list[Subject]:
        """Give what `by` may fill in such a sheet for, at most a few hundred; one without a choice is the usual."""
        return [Subject("", cls.title)]

    def prepare(self) -> None:
        """Load once what the cells are looked up in (`Named.know`); called when the sheet is opened."""

    def existing(self) -> dict[Key, Values]:
        """Give what the portal holds now of what `by` may write, by key: a few queries, whatever the number of rows."""
        return {}

    def complete(self, values: Values) -> None:
        """Give a row what it leaves to the portal (`drawn`), before it is looked up by its key; the same for the same sheet."""

    def check_row(self, values: Values) -> Iterator[Fault]:
        """Give what is wrong with a row whose cells are right one by one; also that it is another unit's."""
        return iter(())

    def write(self, change: Change, *, at: dt.datetime) -> str:
        """Write one change by the verb that a page would call; gives the id of what was written. Raises Refused."""
        raise Refused("这张表不能逐行写入。")

    def remove(self, change: Change, *, at: dt.datetime) -> None:
        """Take a new row away again, to undo an import. Raises Refused."""
        raise Refused("新增的行不能撤销，请在页面上办理。")

    def write_all(self, changes: Sequence[Change], *, at: dt.datetime) -> Iterator[tuple[Change, Refused]]:
        """Write all changes and set their targets; gives each one that a verb refused. The caller rolls back."""
        for change in changes:
            try:
                change.target = self.write(change, at=at)
            except Refused as refusal:
                yield change, refusal

    def remove_all(self, changes: Sequence[Change], *, at: dt.datetime) -> None:
        """Take new rows away again; many at once where a sheet can. Raises Refused."""
        for change in changes:
            self.remove(change, at=at)

    def prefilled(self) -> Iterable[Values]:
        """Give the rows that a template comes with; by default what the portal holds."""
        return self.existing().values()

    # What follows from it.

    @property
    def columns(self) -> Mapping[str, Column]:
        """Give the columns by name."""
        return self.fields

    @property
    def key_names(self) -> Sequence[str]:
        """Give the names of the columns that together name a row: `import_id_fields`."""
        return list(self._meta.import_id_fields)

    @property
    def typed_key(self) -> Sequence[str]:
        """Give those columns of the key that the sheet itself must fill in."""
        return [name for name in self.key_names if name not in self.drawn]

    def subject(self) -> Subject:
        """Give what this workbook is for; raises Refused when it is not `by`'s to choose."""
        for one in self.subjects(self.by):
            if one.key == self.subject_key:
                return one
        raise Refused("请选择要导入到哪里；列表里没有的，可能已经截止或不归您填报。")

    def label_of(self, change: Change) -> str:
        """Name a row on a page: the words of its key."""
        return " ".join(self.columns[name].kind.words(change.after.get(name)) for name in self.key_names)

    def read(self, sheets: Sequence[RawSheet], ours: bool = False) -> Reading:
        """Read the sheet that was meant. Raises Refused."""
        return reading.read(
            sheets, self.columns, self.title, key=self.typed_key, ignored=self.ignored, ours=ours
        )  # fmt: skip

    def examine(self, found: Reading, tell: Tell | None = None) -> Plan:
        """Check every row against the columns, the others and the portal, in one pass; nothing is written."""
        plan = Plan(found.sheet, issues=list(found.issues), notes=list(found.notes), rows=len(found.rows))
        if not plan.is_good:
            return plan
        there = self.existing()
        pass_ = _Pass(self, found, there, plan)
        with unheard():
            for count, row in enumerate(found.rows, 1):
                pass_.take(row)
                if tell and not count % 500:
                    tell(count, len(found.rows))
        pass_.note_repeated()
        plan.untouched = len(there.keys() - {change.key for change in plan.changes})
        plan.changes.sort(key=lambda change: change.row)
        plan.issues.sort(key=lambda issue: issue.row)
        return plan

    def still_stands(self, plan: Plan) -> bool:
        """Say whether the portal holds of each row of the plan what it held when the plan was made."""
        there = self.existing()
        return all(self.known(there.get(change.key)) == self.known(change.before) for change in plan.changes)

    def kept(self, values: Values | None) -> Values | None:
        """Give values as JSON can hold them."""
        if values is None:
            return None
        return {name: self.columns[name].kind.kept(value) for name, value in values.items() if name in self.columns}

    def back(self, kept: Values | None) -> Values | None:
        """Give the values that `kept` gave."""
        if kept is None:
            return None
        return {name: self.columns[name].kind.back(value) for name, value in kept.items() if name in self.columns}

    def known(self, values: Values | None) -> Values | None:
        """Give of values those that the sheet has columns for."""
        return values if values is None else {name: value for name, value in values.items() if name in self.columns}

    def differences(self, before: Values | None, after: Values) -> list[tuple[str, str, str]]:
        """Give label, old and new words of each column that differs; of a new row each column that says something."""
        found = []
        for name, value in after.items():
            column, old = self.columns[name], (before or {}).get(name)
            if column.shown_only or (before is not None and value == old):
                continue
            if before is not None or column.kind.words(value):
                found.append((column.label, column.kind.words(old) if before else "", column.kind.words(value)))
        return found


class _Pass:
    """One pass over the rows of a reading; loads nothing, remembers what it has seen."""

    def __init__(self, sheet: SheetResource, found: Reading, there: Mapping[Key, Values], plan: Plan) -> None:
        self.sheet, self.found, self.there, self.plan = sheet, found, there, plan
        self.keys, self.typed_key = sheet.key_names, set(sheet.typed_key)
        self.seen: dict[Key, list[Change]] = {}
        self.columns = [
            (name, place, sheet.columns[name], sheet.columns[name].kind.clean)
            for name, place in found.places.items()
            if not sheet.columns[name].shown_only
        ]
        self.settling = [one for one in self.columns if type(one[2].kind).settle is not Kind.settle]
        marks = found.marks
        self.is_odd = bool(marks.pictures or marks.uncomputed or marks.external or marks.failed or found.merged_away)

    def take(self, row: Row) -> None:
        """Check one row and add its change, or what is wrong with it."""
        values: Values = {}
        good = True
        for name, place, column, clean in self.columns:
            raw = row.cells[place] if place < len(row.cells) else ""
            if (self.is_odd or type(raw) is str) and not self._is_ordinary(row.number, place, name, raw):
                good = False
                continue
            if raw == "" or (type(raw) is str and column.is_empty(raw)) or raw is None:
                if column.required or name in self.typed_key:
                    good = self._note(row.number, name, raw, f"请填写{column.label}。", "missing")
                values[name] = column.kind.empty
                continue
            try:
                values[name] = clean(raw)
            except Unacceptable as fault:
                good = self._note(row.number, name, raw, fault.message, fault.code, fault.accepted)
        if good:
            self._settle(row, values)

    def _is_ordinary(self, number: int, place: int, name: str, raw: Any) -> bool:
        if not self.is_odd and not (raw[:1] in "#=" and raw):
            return True
        odd = reading.odd_cell(self.found, number, place, raw)
        if odd is None:
            return True
        message, code, level = odd
        self._note(number, name, raw, message, code, level=level)
        return level != ERROR

    def _settle(self, row: Row, values: Values) -> None:
        self.sheet.complete(values)
        key: Key = tuple(values[name] for name in self.keys)
        before = self.there.get(key)
        if before is None and not self.sheet.creates:
            place = self.found.places.get(self.keys[-1])
            raw = row.cells[place] if place is not None else ""
            self._note(row.number, self.keys[-1], raw, "平台里没有这一行，或它现在不归您填报。", "unknown_row")
            return
        good = True
        for name, _, column, _ in self.settling:
            try:
                values[name] = column.kind.settle(values[name], (before or {}).get(name))
            except Unacceptable as fault:
                raw = row.cells[self.found.places[name]]
                good = self._note(row.number, name, raw, fault.message, fault.code, fault.accepted)
        for found in self.sheet.check_row(values):
            raw = row.cells[self.found.places[found.name]] if found.name in self.found.places else ""
            self._note(row.number, found.name, raw, found.message, found.code, found.accepted, found.level)
            good = good and found.level != ERROR
        change = Change(row.number, key, _action(before, values), before, (before or {}) | values)
        self.seen.setdefault(key, []).append(change)
        if good:
            self.plan.changes.append(change)

    def note_repeated(self) -> None:
        """Note every row whose key stands in the sheet more than once; none of them is taken."""
        twice = {key: rows for key, rows in self.seen.items() if len(rows) > 1}
        for rows in twice.values():
            numbers = "、".join(str(change.row) for change in rows)
            for change in rows:
                words = self.sheet.label_of(change)
                self._note(change.row, self.keys[0], words, f"第 {numbers} 行重复，只能留一行。", "repeated")
        if twice:
            self.plan.changes = [change for change in self.plan.changes if change.key not in twice]

    def _note(
        self,
        number: int,
        name: str,
        raw: Any,
        message: str,
        code: str,
        accepted: Sequence[str] = (),
        level: str = ERROR,
    ) -> bool:
        column = self.sheet.columns.get(name)
        label, said = (column.label, column.kind.shown(raw)) if column else ("", shown(raw))
        cell = self.found.cell(name, number)
        self.plan.issues.append(
            Issue(message, self.found.sheet, cell, number, label, said, code, level, list(accepted))
        )
        return level != ERROR


def _action(before: Values | None, values: Values) -> str:
    if before is None:
        return NEW
    return UNCHANGED if all(value == before.get(name) for name, value in values.items()) else CHANGED
