"""群组: who belongs to it, from which day to which."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from liaisons import groups
from liaisons.access import Request, found, requires
from liaisons.forms.groups import GroupForm, JoinForm, LeaveForm
from liaisons.forms.sheet import Sheet
from liaisons.membership import Memberships
from liaisons.models import GroupMember, UnitGroup
from liaisons.permissions import Permission
from liaisons.views.filling import filled
from liaisons.views.units import READERS
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import Refused


@requires(*READERS)
def group_list(request: Request) -> HttpResponseBase:
    """List the groups with the members of today."""
    memberships = Memberships(clock.today())
    rows = UnitGroup.objects.select_related("follows").prefetch_related("aliases")
    shown = [(group, memberships.of(group.pk)) for group in rows]
    may_write = request.user.may(Permission.MANAGE_UNITS)
    return render(request, "liaisons/groups.html", {"groups": shown, "may_write": may_write})


@requires(*READERS)
def group(request: Request, pk: int) -> HttpResponseBase:
    """Show one group: its members of today, the history of who came and went."""
    shown = found(UnitGroup.objects.select_related("follows").prefetch_related("aliases", "followers"), pk=pk)
    return _shown(request, shown, Sheet(None, JoinForm, {"on": clock.today()}))


def _shown(request: Request, shown: UnitGroup, sheet: Sheet) -> HttpResponseBase:
    rows = shown.memberships.select_related("unit").order_by("left_on", "unit__position", "joined_on")
    today = clock.today()
    context = {
        "group": shown, "members": Memberships(today).of(shown.pk), "sheet": sheet, "today": today,
        "running": [row for row in rows if row.left_on is None or row.left_on > today],
        "past": [row for row in rows if row.left_on and row.left_on <= today],
        "may_write": request.user.may(Permission.MANAGE_UNITS),
    }  # fmt: skip
    return render(request, "liaisons/group.html", context)


@requires(Permission.MANAGE_UNITS)
def new_group(request: Request) -> HttpResponseBase:
    """Make a group."""
    sheet = Sheet(request.POST or None, GroupForm, {})

    def save() -> HttpResponseBase:
        made = groups.create(by=request.user, **sheet.form.values())
        messages.success(request, "群组已建立。")
        return redirect("group", made.pk)

    return filled(request, sheet, save) or render(request, "liaisons/group/form.html", {"sheet": sheet})


@requires(Permission.MANAGE_UNITS)
def edit_group(request: Request, pk: int) -> HttpResponseBase:
    """Correct a group."""
    row = found(UnitGroup.objects.select_related("follows"), pk=pk)
    form = partial(GroupForm, group=row)
    sheet = Sheet(request.POST or None, form, {}, lambda: groups.stamp_of(found(UnitGroup.objects, pk=pk)))

    def save() -> HttpResponseBase:
        groups.amend(row, by=request.user, seen=sheet.seen, **sheet.form.values())
        messages.success(request, "已保存。")
        return redirect("group", pk)

    return filled(request, sheet, save) or render(request, "liaisons/group/form.html", {"sheet": sheet, "group": row})


@requires(Permission.MANAGE_UNITS)
@require_POST
def join(request: Request, pk: int) -> HttpResponseBase:
    """Let a unit join."""
    row = found(UnitGroup.objects.select_related("follows").prefetch_related("aliases", "followers"), pk=pk)
    sheet = Sheet(request.POST, JoinForm, {})

    def save() -> HttpResponseBase:
        member = groups.join(row, by=request.user, **sheet.form.cleaned_data)
        words = f"{member.unit.short_name}自 {member.joined_on} 起加入。已经下达的事项不变，需要的可在方案页“补下发”。"
        messages.success(request, words)
        return redirect("group", pk)

    return filled(request, sheet, save) or _shown(request, row, sheet)


@requires(Permission.MANAGE_UNITS)
def leave(request: Request, pk: int, member_pk: int) -> HttpResponseBase:
    """Let a member leave, after saying what that means."""
    members = GroupMember.objects.filter(group=pk).select_related("unit", "group__follows")
    member = found(members, pk=member_pk)
    sheet = Sheet(request.POST or None, LeaveForm, {"on": clock.today()})

    def save() -> HttpResponseBase:
        groups.leave(member, by=request.user, **sheet.form.cleaned_data)
        messages.success(request, f"{member.unit.short_name}已退出{member.group.name}。")
        return redirect("group", pk)

    return filled(request, sheet, save) or render(
        request, "liaisons/group/leave.html", {"sheet": sheet, "member": member, "group": member.group}
    )


@requires(Permission.MANAGE_UNITS)
@require_POST
def detach(request: Request, pk: int) -> HttpResponseBase:
    """Give a group that borrows its members a list of its own."""
    try:
        groups.detach(found(UnitGroup.objects, pk=pk), by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "已单列名单：现有成员照抄过来，以后各自调整。")
    return redirect("group", pk)
