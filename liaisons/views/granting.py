"""授予角色: the roles of one account."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from liaisons import granting
from liaisons.access import Request, found, requires
from liaisons.forms.granting import GrantForm
from liaisons.models import RoleGrant, User
from liaisons.permissions import Permission
from liaisons.views.accounts import READERS, matching
from xingxian_portal.foundation.refusal import Refused


def _page(request: Request, user: User, form: GrantForm) -> HttpResponseBase:
    return render(request, "liaisons/account_roles.html", {"account": user, "form": form})


@requires(*READERS)
def account_roles(request: Request, pk: int) -> HttpResponseBase:
    """Show an account's roles and grant another one."""
    user = found(matching("", ""), pk=pk)
    initial = {"unit": user.unit}
    form = GrantForm(request.POST or None, grantable=granting.grantable(request.user), initial=initial)
    if form.is_valid():
        try:
            granting.grant(user, form.cleaned_data["role"], form.cleaned_data["unit"], by=request.user)
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, f"已授予{form.cleaned_data['role'].name}。")
            return redirect("account_roles", pk)
    return _page(request, user, form)


@requires(Permission.GRANT_ROLES)
@require_POST
def revoke(request: Request, pk: int, grant_pk: int) -> HttpResponseBase:
    """Take one role back."""
    given = found(RoleGrant.objects, pk=grant_pk, user=pk)
    try:
        granting.revoke(given, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"已收回{given.get_role_display()}。")
    return redirect("account_roles", pk)
