"""通报与导出: the month's material, and every workbook that the person may take."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render

from liaisons import exports
from liaisons.access import Request, requires
from liaisons.models import ExportRun
from liaisons.permissions import Permission

RUNS_SHOWN = 5


@requires(Permission.VIEW_WALL)
def exports_page(request: Request) -> HttpResponseBase:
    """List what the person may take, part by part."""
    parts = [(part, [_row(export, request) for export in found]) for part, found in exports.offered_to(request.user)]
    runs = ExportRun.objects.filter(asked_by=request.user)[:RUNS_SHOWN]
    return render(request, "reform/exports.html", {"parts": parts, "runs": runs})


def _row(export: exports.Export, request: Request) -> dict[str, object]:
    return {"export": export, "choices": export.choices(request.user), "in_full": export.in_full(request.user)}
