"""审计记录: who did what when, for the 审计员."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from liaisons import audit_reading
from liaisons.access import requires
from liaisons.forms.audit import AuditFilterForm
from liaisons.permissions import Permission


def _key(text: str) -> int | None:
    """Give the key in the address; anything else starts at the newest entry."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


@requires(Permission.READ_AUDIT)
def trail(request: HttpRequest) -> HttpResponseBase:
    """List the entries asked for."""
    form = AuditFilterForm(request.GET)
    found = audit_reading.read(form.asked(), _key(request.GET.get("before", "")))
    return render(request, "liaisons/audit.html", {"form": form, "found": found})
