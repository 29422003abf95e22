"""The banner's button of the demo."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.views.decorators.http import require_POST

from liaisons.access import Request, requires
from liaisons.permissions import Permission
from liaisons.views.session import safe_next
from xingxian_portal.demo_clock import NoDemo, to_next_workday


@requires(Permission.VIEW_WALL)
@require_POST
def next_workday(request: Request) -> HttpResponseBase:
    """Move business time to the next working day and come back to the page."""
    try:
        moment = to_next_workday(by=request.user)
    except NoDemo as error:
        raise Http404 from error
    messages.success(request, f"业务时间已到 {date_format(moment, 'Y年n月j日（D）H:i')}。")
    return redirect(safe_next(request))
