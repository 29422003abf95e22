"""The figures filed for a task: each data item added up by group and by unit, each number leading to its filing.

What counts of a duty is its last filing that stands: filed or accepted, not returned, withdrawn or voided. A unit in
two groups stands in the first of them, so that no number is added twice.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from liaisons.membership import Memberships
from liaisons.models import Unit, User
from liaisons.permissions import Permission
from reform.desk import month_words
from reform.models import DataItem, Milestone, Obligation, Party, Submission, SubmissionValue, Task

NUMBERS = {DataItem.COUNT, DataItem.AMOUNT}
CHOICES = {DataItem.CHOICE, DataItem.YES_NO}
STANDING = (Submission.FILED, Submission.ACCEPTED)


@dataclass(frozen=True)
class Line:
    """One unit's figures, in the order of the items; `filing` is None where nothing stands."""

    obligation: Obligation
    filing: Submission | None
    values: Sequence[SubmissionValue | None]

    @property
    def unit(self) -> Unit:
        """Give whose figures they are."""
        return self.obligation.unit


@dataclass(frozen=True)
class Group:
    """The units of one group with the totals of their figures."""

    name: str
    lines: Sequence[Line]
    totals: Sequence[str]
    filed: int


@dataclass(frozen=True)
class Sheet:
    """One milestone's figures of one occurrence, with the other occurrences there are."""

    milestone: Milestone
    occurrence: str
    occurrences: Sequence[tuple[str, str]]
    items: Sequence[DataItem]
    groups: Sequence[Group]
    total: Group


def may_read(user: User, task: Task) -> bool:
    """Say whether `user` reads what the units filed for the task: the bureau, county leaders, a lead of the task."""
    own = user.unit_ids_with(Permission.READ_OWN)
    leads = task.parties.filter(role=Party.LEAD, unit__in=own)
    return user.may(Permission.READ_ANY_TEXT) or (bool(own) and leads.exists())


def sheets(task: Task, chosen: str, on: dt.date) -> list[Sheet]:
    """Give the figures of each milestone of the task that asks for any; `chosen` is an occurrence, "" for the newest filed."""
    milestones = Milestone.objects.filter(task=task, data_items__isnull=False).distinct()
    memberships = Memberships(on)
    found = (
        _sheet(milestone, task, chosen, memberships)
        for milestone in milestones.prefetch_related("data_items", "parties__group")
    )
    return [sheet for sheet in found if sheet]


def _sheet(milestone: Milestone, task: Task, chosen: str, memberships: Memberships) -> Sheet | None:
    rows = Obligation.objects.filter(series=task.plan.series_id, milestone_code=milestone.code)
    opened = list(rows.order_by("occurrence").values_list("occurrence", flat=True).distinct())
    if not opened:
        return None
    occurrence = chosen if chosen in opened else _newest_filed(rows) or opened[0]
    items = list(milestone.data_items.all())
    lines = _lines(rows.filter(occurrence=occurrence), items)
    names = [(one, month_words(one)) for one in opened if month_words(one)]
    return Sheet(
        milestone, occurrence, names, items, _groups(milestone, lines, items, memberships), _group("合计", lines, items)
    )


def _newest_filed(rows: QuerySet[Obligation]) -> str:
    filed = rows.filter(submissions__state__in=STANDING).order_by("-occurrence")
    return filed.values_list("occurrence", flat=True).first() or ""


def _lines(rows: QuerySet[Obligation], items: Sequence[DataItem]) -> list[Line]:
    duties = list(rows.select_related("unit").order_by("unit__position", "unit__code"))
    filings = Submission.objects.filter(obligation__in=duties, state__in=STANDING).order_by("number")
    last = {filing.obligation_id: filing for filing in filings}
    values: dict[int, dict[str, SubmissionValue]] = defaultdict(dict)
    for value in SubmissionValue.objects.filter(submission__in=last.values()).exclude(text="").select_related("item"):
        # By code: an amended plan asks with items of its own, under the codes of the version before.
        values[value.submission_id][value.item.code] = value
    return [_line(duty, last.get(duty.pk), values, items) for duty in duties]


def _line(
    duty: Obligation,
    filing: Submission | None,
    values: dict[int, dict[str, SubmissionValue]],
    items: Sequence[DataItem],
) -> Line:
    filed = values[filing.pk] if filing else {}
    return Line(duty, filing, [filed.get(item.code) for item in items])


def _groups(
    milestone: Milestone, lines: Sequence[Line], items: Sequence[DataItem], memberships: Memberships
) -> list[Group]:
    left = {line.unit.pk: line for line in lines}
    groups = []
    for party in milestone.parties.all():
        units = memberships.of(party.group_id) if party.group_id else []
        members = [left.pop(unit.pk) for unit in units if unit.pk in left]
        if members and party.group:
            groups.append(_group(party.group.name, members, items))
    if left:
        groups.append(_group("其他单位" if groups else "单位", list(left.values()), items))
    return groups


def _group(name: str, lines: Sequence[Line], items: Sequence[DataItem]) -> Group:
    totals = [_total(item, [line.values[place] for line in lines]) for place, item in enumerate(items)]
    return Group(name, lines, totals, sum(line.filing is not None for line in lines))


def _total(item: DataItem, values: Sequence[SubmissionValue | None]) -> str:
    filed = [value for value in values if value]
    if item.kind in NUMBERS:
        return plain(sum((value.number for value in filed if value.number is not None), Decimal(0))) if filed else ""
    if item.kind in CHOICES:
        return "、".join(f"{text} {number}" for text, number in Counter(value.text for value in filed).most_common())
    return f"已填 {len(filed)}" if filed else ""


def plain(number: Decimal) -> str:
    """Give a number without superfluous zeros: 12.5, 1200."""
    return f"{number.normalize():f}"
