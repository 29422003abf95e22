"""我的工作台: the first page of a unit's people."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from liaisons import live_contacts, notices
from liaisons.access import Request, requires
from liaisons.permissions import Permission as P
from reform import led_tasks, report_sheet, rights, unit_desk, workbench_cards
from reform.report_sheet import Sheet
from reform.states import UNFILED
from reform.unit_desk import Desk
from reform.views.own_unit import own_unit
from xingxian_portal.foundation import clock

NOTICES_SHOWN = 4


@requires(P.READ_OWN)
@never_cache
def workbench(request: Request) -> HttpResponseBase:
    """Show what is due, what came back, the month's form, what waits and what is done."""
    own = own_unit(request)
    desk = unit_desk.of(own.unit, clock.today())
    files = rights.files_for(request.user, own.unit)
    context = {
        "own": own,
        "desk": desk,
        "reach": live_contacts.of([own.unit])[0],
        "files": files,
        "cosigns": rights.cosigns_for(request.user, own.unit),
        "sheet": _month_form(desk) if files else None,
        "cards": workbench_cards.of(own.unit, clock.today()),
        "led": led_tasks.rolls(list(led_tasks.led_by(own.unit)), own.unit, clock.today()),
        "notices": notices.inbox(request.user).filter(opened_at=None)[:NOTICES_SHOWN],
    }
    return render(request, "reform/workbench.html", context)


def _month_form(desk: Desk) -> Sheet | None:
    month = desk.month
    return report_sheet.of(month.obligation) if month and month.obligation.state in UNFILED else None
