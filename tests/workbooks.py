"""Workbooks that come in, for tests: made as offices make them, taken through the engine to any stage."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl.utils import get_column_letter

from xingxian_portal.foundation.workbook import batches
from xingxian_portal.foundation.workbook import template as made_template
from xingxian_portal.foundation.workbook.imports import ImportBatch
from xingxian_portal.foundation.workbook.resource import SheetResource


def book(head: Sequence[str], rows: Iterable[Sequence[Any]], title: str = "", below: Sequence[str] = ()) -> bytes:
    """Give a workbook with a merged title where there is one, its head, its rows, and what stands below them."""
    made = openpyxl.Workbook()
    sheet = made.active
    if title:
        sheet.append([title])
        sheet.merge_cells(f"A1:{get_column_letter(len(head))}1")
    for row in [list(head), *map(list, rows), *([words] for words in below)]:
        sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def template(sheet: SheetResource) -> bytes:
    """Give the sheet's template, filled in with what the portal holds."""
    return made_template.made(sheet)


def checked(sheet: SheetResource, content: bytes, name: str = "表.xlsx") -> ImportBatch:
    """Send a workbook in and have it checked; gives its batch."""
    batch, _ = batches.receive(SimpleUploadedFile(name, content), sheet)
    return worked(batch, sheet)


def worked(batch: ImportBatch, sheet: SheetResource) -> ImportBatch:
    """Do what the batch waits for; gives it as it is then."""
    batches.work(batch, sheet)
    batch.refresh_from_db()
    return batch


def taken(sheet: SheetResource, content: bytes, name: str = "表.xlsx") -> ImportBatch:
    """Send a workbook in and confirm it; gives its batch, applied if all went well."""
    batch = checked(sheet, content, name)
    return worked(batches.confirm(batch, by=sheet.by), sheet)


def wrong(batch: ImportBatch) -> list[tuple[str, str]]:
    """Give what is wrong: cell and code."""
    return [(issue.cell, issue.code) for issue in batch.issues.all() if issue.level == "error"]


def counts(batch: ImportBatch) -> tuple[int, int, int, int]:
    """Give how many rows are new, changed and unchanged, and how many errors there are."""
    new, changed, unchanged, errors = (batch.counts[name] for name in ("new", "changed", "unchanged", "errors"))
    return new, changed, unchanged, errors
