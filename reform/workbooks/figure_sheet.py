"""数据项 coming in, in the form of 数据项汇总: one duty's figures of one's own unit, or by an officer those of all units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import cast

from django.db.models import Prefetch

from liaisons.models import Unit, User
from liaisons.permissions import Permission as P
from liaisons.workbooks.unit_cells import UnitName
from reform import deadlines, drafts, on_behalf, rights
from reform.desk import month_words
from reform.models import DataItem, Obligation, Submission, SubmissionValue
from reform.models.obligation import ObligationQuerySet
from reform.states import UNFILED
from reform.task_figures import STANDING
from reform.workbooks import entering, titled_month
from reform.workbooks.figure_cells import Figure
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.workbook.columns import Column
from xingxian_portal.foundation.workbook.contents import RawSheet
from xingxian_portal.foundation.workbook.kinds import Day
from xingxian_portal.foundation.workbook.plans import Change, Fault, Key, Subject, Values
from xingxian_portal.foundation.workbook.reading import Reading
from xingxian_portal.foundation.workbook.resource import SheetResource

ALL = "all"
OF_AN_ITEM = "item-"


class FigureSheet(SheetResource):
    """What a duty asks for in figures, a row for each unit; its columns are the data items of the duty."""

    slug, title = "figures", "数据项"
    about = "承办事项要填的数据，落为草稿，核对后再报送；司法局可以一次代录各单位交来的数据。空着的格子不改动。"
    creates = False
    ignored = ("群组", "首次报送")
    unit = Column("单位", UnitName(), also=["单位名称", "填报单位"], locked=True, width=16)
    received_on = Column("收到日期", Day(), hint="代录时填：单位把数据交来的日期；不填就是今天")

    class Meta:
        import_id_fields = ("unit",)

    @classmethod
    def admits(cls, by: User) -> bool:
        """Say whether `by` files for any unit, or enters what units hand in."""
        return by.may(P.FILE) or rights.reviews(by)

    @classmethod
    def subjects(cls, by: User) -> list[Subject]:
        """Give the open duties of one's own units that ask for figures and, to officers, each of them for all units."""
        own = [_own(duty) for duty in _duties().owed_by_units_of(by, P.FILE)]
        whole = {_key(duty): _whole(duty) for duty in _duties()} if rights.reviews(by) else {}
        return [*own, *whole.values()]

    def prepare(self) -> None:
        """Load the duties, their data items as columns, the names of units."""
        kind, _, rest = self.subject_key.partition(":")
        self._is_whole = kind == ALL
        self.drawn = () if self._is_whole else ("unit",)
        self._duties = {duty.unit.short_name: duty for duty in self._found(rest)}
        cast(UnitName, self.columns["unit"].kind).load(duty.unit for duty in self._duties.values())
        first = next(iter(self._duties.values()), None)
        self._items = {f"{OF_AN_ITEM}{item.code}": item for item in (first.milestone.data_items.all() if first else [])}
        columns = cast(dict[str, Column], self.fields)
        for name, item in self._items.items():
            columns[name] = Column(str(item), Figure(item), also=[item.label], width=max(10, len(str(item)) * 2))
        columns["received_on"] = columns.pop("received_on")  # it stands behind the figures
        if first:
            self.title = f"{first.milestone.title}数据汇总"
        self._there: dict[Key, Values] = {}
        self._fixed: dict[str, str] = {}

    def _found(self, rest: str) -> Sequence[Obligation]:
        if not self._is_whole:
            own = _duties().owed_by_units_of(self.by, P.FILE) if self.by else _duties().none()
            return list(own.filter(pk=self.subject_key)) if self.subject_key.isdecimal() else []
        milestone, _, occurrence = rest.partition(":")
        if not (rights.reviews(self.by) and milestone.isdecimal()):
            return []
        rows = (
            _of_any_state().filter(milestone_id=int(milestone), occurrence=occurrence).exclude(unit__kind=Unit.BUREAU)
        )
        return list(rows)

    def read(self, sheets: Sequence[RawSheet], ours: bool = False) -> Reading:
        """Read the rows of the occurrence that was chosen."""
        found = super().read(sheets, ours)
        if first := next(iter(self._duties.values()), None):
            titled_month.require(sheets, found, first.occurrence)
        return found

    def existing(self) -> dict[Key, Values]:
        """Give each unit's figures: three queries."""
        values = Prefetch("values", SubmissionValue.objects.select_related("item"))
        submissions = Prefetch("submissions", Submission.objects.order_by("number").prefetch_related(values))
        fresh = Obligation.objects.filter(pk__in=[duty.pk for duty in self._duties.values()]).select_related("unit")
        now = {duty.pk: duty for duty in fresh.prefetch_related(submissions)}
        self._there, self._fixed = {}, {}
        for name, duty in self._duties.items():
            self._there[(name,)] = self._values(name, now[duty.pk])
        return self._there

    def _values(self, name: str, duty: Obligation) -> Values:
        rows = list(duty.submissions.all())
        last = rows[-1] if rows else None
        if why := entering.why_not(duty, last if self._is_whole else None):
            self._fixed[name] = why
            last = next((row for row in reversed(rows) if row.state in STANDING), None)
        kept = {value.item.code: value.text for value in last.values.all()} if last else {}
        received = last.received_on if last and last.state == Submission.DRAFT and self._is_whole else None
        found = {column: self._plain(item, kept.get(item.code, "")) for column, item in self._items.items()}
        return {"unit": name, "received_on": received} | found

    def _plain(self, item: DataItem, typed: str) -> str:
        try:
            return Figure(item).clean(typed) if typed else ""
        except ValueError:  # a draft keeps what was typed, right or wrong
            return typed

    def complete(self, values: Values) -> None:
        """Take a row without a unit for the own unit's."""
        if not self._is_whole:
            values["unit"] = values.get("unit") or next(iter(self._duties), "")
            values["received_on"] = None
        elif not values.get("received_on"):
            values["received_on"] = self._there.get((values["unit"],), {}).get("received_on")

    def check_row(self, values: Values) -> Iterator[Fault]:
        """Refuse to write over what a unit writes itself or has filed, and a day on which nothing can have come."""
        name, before = values["unit"], self._there.get((values["unit"],))
        if before is not None:
            yield from entering.faults(self._duties[name], before, values, self._fixed.get(name, ""))

    def write(self, change: Change, *, at: dt.datetime) -> str:
        """Write one unit's figures into its draft, or into one that is entered on its behalf."""
        duty = self._duties[change.key[0]]
        values = {item.code: change.after.get(name) or "" for name, item in self._items.items()}
        if not self._is_whole:
            last = drafts.latest(duty)
            return str(drafts.save(duty, by=self.by, text=last.text if last else "", values=values, at=at).pk)
        received_on = change.after.get("received_on") or clock.local_date(at)
        draft = on_behalf.enter_values(duty, values, received_on=received_on, by=self.by, at=at)
        told = draft.text.strip() or draft.values.exclude(text="").exists() or draft.evidence.exists()
        if not told:
            on_behalf.drop(draft, by=self.by)  # undoing an import leaves nothing of what it began
        return str(draft.pk)


def _of_any_state() -> ObligationQuerySet:
    rows = Obligation.objects.filter(milestone__data_items__isnull=False).exclude(milestone__kind=deadlines.MONTHLY)
    rows = rows.distinct().select_related("unit", "milestone").prefetch_related("milestone__data_items")
    return rows.order_by("milestone__position", "occurrence", "unit__position", "unit__code")


def _duties() -> ObligationQuerySet:
    return _of_any_state().filter(state__in=UNFILED)


def _name(duty: Obligation) -> str:
    when = month_words(duty.occurrence)
    return f"{duty.milestone.title}（{when}）" if when else duty.milestone.title


def _own(duty: Obligation) -> Subject:
    return Subject(str(duty.pk), f"{duty.unit.short_name}：{_name(duty)}", duty.unit.code, duty.occurrence, duty.due_on)


def _key(duty: Obligation) -> str:
    return f"{ALL}:{duty.milestone_id}:{duty.occurrence}"


def _whole(duty: Obligation) -> Subject:
    return Subject(_key(duty), f"各单位（代录）：{_name(duty)}", "", duty.occurrence)
