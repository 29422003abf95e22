"""代录草稿: what officers entered for units from a workbook, looked through and filed, or taken away again."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from liaisons.access import Request, requires
from liaisons.permissions import Permission
from reform import filing_read, on_behalf
from reform.filing_read import FilingRead
from reform.forms.typed import ids
from reform.models import Submission
from xingxian_portal.foundation.refusal import Refused

PER_PAGE = 50
MOST_REASONS = 10


@requires(Permission.REVIEW)
@never_cache
def entered(request: Request) -> HttpResponseBase:
    """Show the entered drafts below each other, with what is in them."""
    page = Paginator(filing_read.in_full(on_behalf.entered()), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "reform/entered.html", {"page": page, "readings": [FilingRead(row) for row in page]})


@requires(Permission.REVIEW)
@require_POST
def file_many(request: Request) -> HttpResponseBase:
    """登记并送审核 what is ticked, each by itself, or 放弃 it; what cannot be filed says why and stays."""
    picked = list(
        on_behalf.entered().filter(pk__in=ids(request.POST.getlist("pick"))).select_related("obligation__unit")
    )
    drops = "drop" in request.POST

    def act(draft: Submission) -> object:
        return on_behalf.drop(draft, by=request.user) if drops else on_behalf.file(draft, by=request.user)

    refused = [(draft, why) for draft in picked if (why := _refused(act, draft))]
    if not picked:
        messages.warning(request, "没有勾选，或勾选的草稿已由单位接着填写。")
    if count := len(picked) - len(refused):
        messages.success(request, f"已放弃 {count} 份。" if drops else f"已登记 {count} 份，等待另一名工作人员审核。")
    for draft, why in refused[:MOST_REASONS]:
        messages.warning(request, f"{draft.obligation.unit.short_name}　{draft.obligation.name}：{why}")
    if len(refused) > MOST_REASONS:
        messages.warning(request, f"另有 {len(refused) - MOST_REASONS} 份没有登记。")
    return redirect("desk_entered")


def _refused(act: Callable[[Submission], object], draft: Submission) -> str:
    try:
        act(draft)
    except Refused as refusal:
        return str(refusal)
    return ""
