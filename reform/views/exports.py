"""通报与导出: the month's material, and every workbook that the person may take."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render

from liaisons import exports, imports
from liaisons.access import Request, requires
from liaisons.models import ExportRun
from liaisons.permissions import Permission
from reform.bulletin import facts
from reform.case_review import paper_list
from reform.desk import month_words
from reform.models import Bulletin
from reform.views.escalations import letters_sent

RUNS_SHOWN, BULLETINS_SHOWN, LETTERS_SHOWN = 5, 36, 20


@requires(Permission.VIEW_WALL)
def exports_page(request: Request) -> HttpResponseBase:
    """List what the person may take, part by part."""
    found, papers = dict(exports.offered_to(request.user)), exports.papers_for(request.user)
    parts = [
        (part, [_row(export, request) for export in found.get(part, [])], papers[part])
        for part in exports.PARTS
        if part in found or papers[part]
    ]
    runs = ExportRun.objects.filter(asked_by=request.user)[:RUNS_SHOWN]
    given = {
        "parts": parts, "runs": runs, "brings": bool(imports.offered_to(request.user)),
        "review_papers": paper_list.of(request.user), "letters": letters_sent(request.user)[:LETTERS_SHOWN],
    }  # fmt: skip
    return render(request, "reform/exports.html", given | _material(request))


def _material(request: Request) -> dict[str, object]:
    """Give the months' material that the person reads, without what was put aside."""
    prepares = request.user.may(Permission.REVIEW)
    shown = Bulletin.objects.visible_to(request.user).exclude(state=Bulletin.DROPPED).defer("facts", "text")
    months = [(month, month_words(month)) for month in facts.months()] if prepares else []
    return {"bulletins": shown[:BULLETINS_SHOWN], "prepares": prepares, "months": months}


def _row(export: exports.Export, request: Request) -> dict[str, object]:
    return {"export": export, "choices": export.choices(request.user), "in_full": export.in_full(request.user)}
