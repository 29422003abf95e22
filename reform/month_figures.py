"""The numbers a monthly report need not ask for: the portal's own, from a registry that higher apps add to.

A contributor takes a unit and the first and last day of the period (both included, Asia/Shanghai) and gives its
figures. The figures are kept with the report as of filing; the month's pack recounts the whole period.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import asdict, dataclass
from decimal import Decimal

from django.db.models import Sum

from liaisons.models import Unit
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
    """Count what the unit had closed in the period."""
    rows = Obligation.objects.filter(unit=unit, state=State.CLOSED, accepted_at__date__range=(first, last))
    count = rows.count()
    return [Figure("销号", "本期销号", str(count), "项")] if count else []


@contribute
def data_filed_in_period(unit: Unit, first: dt.date, last: dt.date) -> list[Figure]:
    """Add up the counts and amounts the unit filed elsewhere in the period (期数、人数、台数 …)."""
    values = SubmissionValue.objects.filter(
        submission__obligation__unit=unit, submission__counted_on__range=(first, last),
        submission__state__in=[Submission.FILED, Submission.ACCEPTED], number__isnull=False,
        item__kind__in=[DataItem.COUNT, DataItem.AMOUNT],
    )  # fmt: skip
    rows = values.values_list("item__milestone__title", "item__label", "item__measure").annotate(total=Sum("number"))
    return [
        Figure(title, label, _shown(total), measure)
        for title, label, measure, total in rows.order_by("item__milestone__position", "item__position")
    ]


def _shown(number: Decimal) -> str:
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"
