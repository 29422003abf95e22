"""牵头任务: a lead looks after the units bound by its tasks; accepting is the bureau's alone."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render

from liaisons.access import Request, found, requires
from liaisons.permissions import Permission as P
from reform import led_tasks as led
from reform.views.own_unit import own_unit
from xingxian_portal.foundation import clock


@requires(P.READ_OWN)
def led_tasks(request: Request) -> HttpResponseBase:
    """List the tasks that the unit leads, each rolled up."""
    own = own_unit(request)
    rolls = led.rolls(list(led.led_by(own.unit)), own.unit, clock.today())
    return render(request, "reform/led_tasks.html", {"own": own, "rolls": rolls})


@requires(P.READ_OWN)
def led_task(request: Request, pk: int) -> HttpResponseBase:
    """Show one task that the unit leads: every time limit, every other unit's light."""
    own = own_unit(request)
    task = found(led.led_by(own.unit), pk=pk)
    return render(
        request, "reform/led_task.html", {"own": own, "task": task, "nodes": led.nodes(task, own.unit, clock.today())}
    )
