"""The officers who handle a case: whom one may choose, and what to warn of; a lapsed certificate warns and stops nothing."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from exemptions.cases.decisions import LEAST_OFFICERS
from exemptions.models import CaseOfficer, ExemptionCase
from liaisons.models import Officer, Unit


def choices(unit: Unit, named: Iterable[int] = ()) -> QuerySet[Officer]:
    """Give the officers of a unit who have not left, and those the case names already, by their place in the register."""
    return Officer.objects.filter(unit=unit).filter(~Q(standing=Officer.LEFT) | Q(pk__in=named)).order_by("pk")


def nameable(unit: Unit) -> QuerySet[Officer]:
    """Give the officers whom a record of the unit may name: those one may choose, and who left but handled its cases."""
    handled = CaseOfficer.objects.filter(case__unit=unit).values("officer")
    return Officer.objects.filter(unit=unit).filter(~Q(standing=Officer.LEFT) | Q(pk__in=handled)).order_by("pk")


def warnings(case: ExemptionCase, named: Iterable[CaseOfficer]) -> list[str]:
    """Give what is doubtful about those named, as of the day of the inspection, each a sentence."""
    rows = list(named)
    found = [words for row in rows if (words := _doubt(case, row.officer))]
    if len(rows) < LEAST_OFFICERS:
        found.append("执法人员不得少于两人，责令改正和作出决定前请补登。")
    return found


def _doubt(case: ExemptionCase, officer: Officer) -> str:
    if officer.valid_until < case.discovered_on:
        day = officer.valid_until
        return f"{officer.name}的执法证在检查当天已过有效期（{day.year}年{day.month}月{day.day}日止），请核对。"
    if officer.standing != Officer.SERVING:
        return f"{officer.name}的执法证状态是“{officer.get_standing_display()}”，请核对。"
    return ""
