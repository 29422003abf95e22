"""Drawing a document's number: without gaps for each unit, kind and year, also when several people draw at once."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from exemptions.models import DocumentNumber, NumberSeries
from liaisons.models import Unit

WORDS = {DocumentNumber.ORDER: "责改通", DocumentNumber.DECISION: "不罚决", DocumentNumber.LIGHTER: "轻罚决"}


def draw(unit: Unit, kind: str, year: int, *, at: dt.datetime) -> DocumentNumber:
    """Give the next number, drawn in the caller's transaction: taken back whole when that fails.

    The row of the series stays locked until then, so the next person waits instead of leaving a gap. Raises
    TransactionManagementError outside of a transaction.
    """
    series = locked_series(unit, kind, year)
    series.last += 1
    series.save(update_fields=["last"])
    text = f"{unit.short_name}{WORDS[kind]}〔{year}〕{series.last}号"
    return DocumentNumber.objects.create(unit=unit, kind=kind, year=year, sequence=series.last, text=text, drawn_at=at)


def locked_series(unit: Unit, kind: str, year: int) -> NumberSeries:
    """Give the series, its row locked until the transaction ends; raises TransactionManagementError outside of one."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("取号必须在事务里进行。")
    NumberSeries.objects.get_or_create(unit=unit, kind=kind, year=year)
    return NumberSeries.objects.select_for_update().get(unit=unit, kind=kind, year=year)
