"""审计记录: who did what when, for the 审计员."""

from __future__ import annotations

import tempfile

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError

from liaisons import audit_reading
from liaisons.access import Request, requires
from liaisons.forms.audit import AuditFilterForm
from liaisons.permissions import Permission
from liaisons.workbooks import audit as workbook
from xingxian_portal.foundation import audit, clock, jobs
from xingxian_portal.foundation.audit_verification import AuditCheck

IN_MEMORY = 2 * 1024 * 1024  # a larger workbook goes through a temporary file
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _key(text: str) -> int | None:
    """Give the key in the address; anything else starts at the newest entry."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


@requires(Permission.READ_AUDIT)
def trail(request: Request) -> HttpResponseBase:
    """List the entries asked for, below what the last verification found."""
    form = AuditFilterForm(request.GET)
    found = audit_reading.read(form.asked(), _key(request.GET.get("before", "")))
    context = {"form": form, "found": found, "check": AuditCheck.objects.first()}
    return render(request, "liaisons/audit.html", context)


@requires(Permission.READ_AUDIT)
@require_POST
def verify(request: Request) -> HttpResponseBase:
    """Have the whole trail verified; a long one takes minutes, so a worker does it."""
    try:
        with transaction.atomic():
            audit.record("trail.verify", by=request.user)
            jobs.verify_audit.apply_async(retry=False)
    except OperationalError:
        messages.error(request, "后台任务队列没有响应，校验没有开始；请稍后再试，或请系统管理员查看运行状态。")
    else:
        messages.success(request, "已开始校验，稍后刷新本页看结果。")
    return redirect("audit")


@requires(Permission.READ_AUDIT)
@never_cache
def export(request: Request) -> HttpResponseBase:
    """Hand out the entries asked for as a workbook; that somebody took them is an entry too."""
    form = AuditFilterForm(request.GET)
    rows = workbook.count(form.asked())
    if form.errors or rows > workbook.MOST_ROWS:
        messages.error(request, f"一次最多导出 {workbook.MOST_ROWS} 条，条件须填写正确：请按日期分段导出。")
        return redirect("audit")
    out = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the answer closes it when it is sent
    workbook.write(form.asked(), rows, out)
    out.seek(0)
    with transaction.atomic():
        chosen = {name: value for name, value in request.GET.items() if value and name in form.fields}
        audit.record("trail.export", by=request.user, after={"rows": rows, "asked": chosen})
    name = f"审计记录{timezone.localtime(clock.real_now()):%Y%m%d%H%M}.xlsx"
    return FileResponse(out, as_attachment=True, filename=name, content_type=WORKBOOK)
