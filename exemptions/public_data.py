"""The published items as open data: one row each, the same columns as .xlsx, .csv and JSON."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

from exemptions import edition_diff
from exemptions.models import Item, PublicEntry
from xingxian_portal.foundation.workbook import cell_text
from xingxian_portal.foundation.workbook.sheets import About, Column, Kind, Sheet
from xingxian_portal.foundation.workbook.streamed import streamed

ABOUT = ("公布单位", "版次", "备案号", "施行日期", "事项编码")
WIDTHS = {"违法行为": 20, "适用条件": 28, "处罚依据": 16, "违反条款": 16}


def rows(day: dt.date) -> Iterator[dict[str, str]]:
    """Give the items that hold on `day`, each as its columns in words, by unit."""
    entries = PublicEntry.objects.on(day).values("pk")
    items = Item.objects.filter(pk__in=entries).in_full().select_related("edition__exemption_list__unit")
    for item in items.order_by("edition__exemption_list__unit__position", "edition", "position", "pk"):
        yield _row(item)


def _row(item: Item) -> dict[str, str]:
    edition = item.edition
    first = (
        edition.exemption_list.unit.name,
        f"第{edition.number}版",
        edition.record_number,
        str(edition.effective_from),
        item.code,
    )
    return dict(zip(ABOUT, first, strict=True)) | edition_diff.columns(item)


def as_json(day: dt.date) -> dict[str, Any]:
    """Give the whole as a JSON document."""
    found = list(rows(day))
    return {"标题": "兴县包容免罚清单", "数据日期": str(day), "事项数": len(found), "事项": found}


def as_csv(day: dt.date) -> bytes:
    """Give the rows as UTF-8 with the mark that lets office programs read it; no cell is taken for a formula."""
    out = io.StringIO(newline="")
    found = list(rows(day))
    writer = csv.writer(out)
    writer.writerow(found[0] if found else ABOUT)
    for row in found:
        writer.writerow([_plain(value) for value in row.values()])
    return out.getvalue().encode("utf-8-sig")


def _plain(value: str) -> str:
    text = cell_text.safe(value)
    return f"'{text}" if cell_text.needs_quote(text) else text


def as_xlsx(day: dt.date) -> bytes:
    """Give the rows as a workbook."""
    found = list(rows(day))
    heads = list(found[0] if found else ABOUT)
    columns = [Column(head, WIDTHS.get(head, 8), Kind.TEXT) for head in heads]
    out = io.BytesIO()
    about = About(by="", scope=f"{day}有效", count=len(found))
    streamed(Sheet("免罚事项", "兴县包容免罚清单", about, columns, [list(row.values()) for row in found]), out)
    return out.getvalue()
