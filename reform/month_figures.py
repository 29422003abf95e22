"""The numbers a monthly report need not ask for: the portal's own, from a registry that higher apps add to.

A contributor takes a unit and the first and last day of the period (both included, Asia/Shanghai) and gives its
figures. The figures are kept with the report as of filing; the month's pack recounts the whole period.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import asdict, dataclass
from decimal import Decimal

from django.db.models import OuterRef, Subquery, Sum

from liaisons.models import Unit
from reform import deadlines
from reform.models import DataItem, Obligation, Submission, SubmissionValue
from reform.states import State


@dataclass(frozen=True)
class Figure:
    """One number of a unit's month: where it comes from, its label, value and unit of measure."""

    source: str
    label: str
    value: str
    measure: str = ""

    def as_dict(self) -> dict[str, str]:
        """Give the figure as it is kept with a report."""
        return asdict(self)


Contributor = Callable[[Unit, dt.date, dt.date], list[Figure]]
_contributors: list[Contributor] = []


def contribute(contributor: Contributor) -> Contributor:
    """Add a contributor; higher apps call this once at start. Adding it again changes nothing."""
    if contributor not in _contributors:
        _contributors.append(contributor)
    return contributor


def figures(unit: Unit, first: dt.date, last: dt.date) -> list[Figure]:
    """Give all figures of the unit for the period, in the order of registration."""
    return [figure for contributor in _contributors for figure in contributor(unit, first, last)]


@contribute
def closed_in_period(unit: Unit, first: dt.date, last: dt.date) -> list[Figure]:
    """Count what the unit had closed in the period, its monthly reports aside."""
    rows = Obligation.objects.filter(unit=unit, state=State.CLOSED, accepted_at__date__range=(first, last))
    count = rows.exclude(milestone__kind=deadlines.MONTHLY).count()
    return [Figure("销号", "本期销号", str(count), "项")] if count else []


@contribute
def data_filed_in_period(unit: Unit, first: dt.date, last: dt.date) -> list[Figure]:
    """Add up the counts and amounts the unit filed elsewhere in the period (期数、人数、台数 …).

    Of a duty filed more than once (reopened, mended) only the newest filing speaks, or its numbers would count twice.
    """
    standing = Submission.objects.filter(state__in=[Submission.FILED, Submission.ACCEPTED])
    newest = standing.filter(obligation=OuterRef("obligation")).order_by("-number").values("pk")[:1]
    filed = standing.filter(obligation__unit=unit, counted_on__range=(first, last), pk=Subquery(newest))
    values = SubmissionValue.objects.filter(
        submission__in=filed, number__isnull=False, item__kind__in=[DataItem.COUNT, DataItem.AMOUNT]
    )
    milestone = "item__milestone"
    rows = values.values_list(f"{milestone}__title", "item__label", "item__measure").annotate(total=Sum("number"))
    order = (f"{milestone}__task__position", f"{milestone}__position", "item__position")
    return [Figure(title, label, shown(total), measure) for title, label, measure, total in rows.order_by(*order)]


def shown(number: Decimal) -> str:
    """Give a number without the zeros a column of two decimals adds: 46.00 is 46."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
