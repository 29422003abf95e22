"""Lists: a unit's own three, the bureau's table of all, one edition with its items, two editions side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache

from exemptions import adjustments, edition_diff, list_shelf, overlaps, rights
from exemptions.models import Edition, Item
from exemptions.models.edition import EditionQuerySet
from exemptions.workbooks import annex
from liaisons.access import Request, found, requires
from liaisons.permissions import Permission as P
from xingxian_portal.foundation import audit, clock, handing_out

READERS = (P.READ_OWN, P.READ_ANY_FILING)
PER_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def editions_of(request: Request) -> EditionQuerySet:
    """Give the editions the person may read, with what a page says of them."""
    rows = Edition.objects.visible_to(request.user)
    return rows.select_related(
        "exemption_list__unit__successor", "based_on", "filed_by", "recorded_by", "published_by", "file"
    )


@dataclass(frozen=True)
class Line:
    """One item on a page: those of other units that say something of the same, and what the officer notes."""

    item: Item
    near: Sequence[Item] = ()
    note: str = ""


def lines_of(edition: Edition, near: Mapping[int, Sequence[Item]], notes: Mapping[int, str]) -> list[Line]:
    """Give an edition's items with all that a page says of them: three queries."""
    rows = edition.items.in_full().order_by("position", "pk")
    lines = [Line(item, near.get(item.pk, ()), notes.get(item.pk, item.review_note)) for item in rows]
    for line in lines:
        line.item.edition = edition
    return lines


@requires(*READERS)
def exemption_lists(request: Request) -> HttpResponseBase:
    """Show the lists: to a unit its own, to who reads all of them a table with what waits on top."""
    if request.user.may(P.READ_ANY_FILING):
        return _table(request)
    shelves = list_shelf.of_units(request.user)
    lapsed = adjustments.seen_by(request.user, clock.today()).count()
    return render(request, "exemptions/own_lists.html", {"shelves": shelves, "lapsed": lapsed, "today": clock.today()})


def _table(request: Request) -> HttpResponseBase:
    asked = list_shelf.Narrowing.of_query(request.GET)
    rows = asked.narrow(editions_of(request).annotate(item_count=Count("items")))
    waiting = editions_of(request).filter(state="filed").annotate(item_count=Count("items")).order_by("filed_at")
    given = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")), "asked": asked, "waiting": waiting,
        "choices": list_shelf.choices(), "today": clock.today(), "records": rights.records(request.user),
        "lapsed": adjustments.seen_by(request.user, clock.today()).count(),
    }  # fmt: skip
    return render(request, "exemptions/lists.html", given)


@requires(*READERS)
@never_cache
def edition(request: Request, pk: int) -> HttpResponseBase:
    """Show one edition: how it stands, what can be done, its items, what happened to it."""
    row = found(editions_of(request), pk=pk)
    return render(request, "exemptions/edition.html", page_of(request, row))


def page_of(request: Request, row: Edition, notes: Mapping[int, str] | None = None) -> dict[str, Any]:
    """Give what the page of an edition and that of its review show; `notes` are those typed and not kept yet."""
    keeps = rights.keeps(request.user, row.exemption_list.unit)
    inside = rights.reads_the_way(request.user, row.exemption_list.unit)
    near = overlaps.of_edition(row, clock.today()) if keeps or rights.records(request.user) else {}
    return {
        "edition": row, "lines": lines_of(row, near, notes or {}), "today": clock.today(),
        "keeps": keeps, "edits": keeps and row.is_editable, "records": rights.records(request.user),
        "inside": inside, "moves": row.moves.select_related("by").order_by("-pk"), "others": _others(request, row),
    }  # fmt: skip


def _others(request: Request, row: Edition) -> list[Edition]:
    rows = Edition.objects.visible_to(request.user).filter(exemption_list=row.exemption_list_id).exclude(pk=row.pk)
    return list(rows.exclude(state="dropped").order_by("-number"))


@requires(*READERS)
def compare(request: Request, pk: int) -> HttpResponseBase:
    """Show an edition beside another of the same list, the one before unless `with` names one."""
    row = found(editions_of(request), pk=pk)
    others = _others(request, row)
    asked = request.GET.get("with", "")
    chosen = [one for one in others if str(one.pk) == asked] or [one for one in others if one.number < row.number]
    if asked and not any(str(one.pk) == asked for one in others):
        raise Http404
    before = chosen[0] if chosen else None
    difference = edition_diff.between(before, row) if before else None
    given = {"edition": row, "before": before, "others": others, "difference": difference}
    return render(request, "exemptions/compare.html", given)


@requires(*READERS)
@never_cache
def document(request: Request, pk: int) -> HttpResponseBase:
    """Send the document of a list, always as a download."""
    row = found(editions_of(request).filter(file__isnull=False), pk=pk)
    assert row.file
    code = row.exemption_list.unit.code
    return handing_out.hand_out(row.file, "list.download", by=request.user, subject=row, unit_code=code)


@requires(*READERS)
@never_cache
def printed(request: Request, pk: int) -> HttpResponseBase:
    """Send an edition's items as the annex is printed; recorded as any export."""
    row = found(editions_of(request).filter(exemption_list__kind="exemption_list"), pk=pk)
    with transaction.atomic():
        code = row.exemption_list.unit.code
        audit.record("list.export", by=request.user, subject=row, unit_code=code)
    body = annex.workbook(row, by=request.user.name)
    headers = {"Content-Disposition": content_disposition_header(True, f"{row}.xlsx") or "attachment"}
    return HttpResponse(body, content_type=XLSX, headers=headers)


@requires(*READERS)
def list_overlaps(request: Request) -> HttpResponseBase:
    """Show where the lists of several units speak of the same, and where they disagree."""
    return render(request, "exemptions/overlaps.html", {"overlaps": overlaps.in_force(clock.today())})


@requires(*READERS)
def list_adjustments(request: Request) -> HttpResponseBase:
    """动态调整: the items in force whose basis has lapsed."""
    rows = adjustments.seen_by(request.user, clock.today())
    return render(request, "exemptions/adjustments.html", {"items": rows, "today": clock.today()})


@requires(*READERS)
def in_force(request: Request) -> HttpResponseBase:
    """Show which editions were in force on any day."""
    day = list_shelf.day_asked(request.GET.get("on", ""), clock.today())
    rows = editions_of(request).in_force_on(day).annotate(item_count=Count("items")).in_order()
    if not request.user.may(P.READ_ANY_FILING):
        rows = rows.filter(rights.of_own(request.user, P.READ_OWN, "exemption_list__unit__"))
    return render(request, "exemptions/in_force.html", {"day": day, "today": clock.today(), "editions": rows})
