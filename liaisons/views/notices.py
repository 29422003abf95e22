"""消息: what the portal told the person who is logged in. Another's notice is not there."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from liaisons import notices
from liaisons.access import Request, found, logged_in

PER_PAGE = 30


@logged_in
def notice_list(request: Request) -> HttpResponseBase:
    """List one's notices."""
    page = Paginator(notices.inbox(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "liaisons/notices.html", {"page": page})


@logged_in
def notice(request: Request, pk: int) -> HttpResponseBase:
    """Open a notice: go on to what it is about, or show it when it stands for itself."""
    opened = notices.open_notice(found(notices.inbox(request.user), pk=pk))
    if opened.link and url_has_allowed_host_and_scheme(opened.link, None):
        return redirect(opened.link)
    return render(request, "liaisons/notice.html", {"notice": opened})


@logged_in
@require_POST
def acknowledge(request: Request, pk: int) -> HttpResponseBase:
    """签收 one notice."""
    notices.acknowledge(found(notices.inbox(request.user), pk=pk), by=request.user)
    return redirect("notices")


@logged_in
@require_POST
def open_all(request: Request) -> HttpResponseBase:
    """Mark all as read."""
    notices.open_all(request.user)
    return redirect("notices")
