"""账号: listed, made, corrected, closed and opened, given a new password."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from liaisons import accounts, contact_ways, invitation_mail, invitations, locking, second_factor
from liaisons.access import Request, found, requires
from liaisons.forms.accounts import InvitedAccountForm, PersonForm
from liaisons.models import User
from liaisons.permissions import Permission
from xingxian_portal.foundation.refusal import Refused

PER_PAGE = 30
READERS = (Permission.MANAGE_ACCOUNTS, Permission.GRANT_ROLES)


def matching(words: str, state: str) -> QuerySet[User]:
    """Give the accounts whose user name, name or unit contains `words`; `state` is on, off or anything for all."""
    rows = User.objects.select_related("unit").prefetch_related("role_grants").order_by("username")
    if state in {"on", "off"}:
        rows = rows.filter(is_active=state == "on")
    for word in words.replace("\0", "").split():
        unit = Q(unit__name__icontains=word) | Q(unit__short_name__icontains=word)
        rows = rows.filter(Q(username__icontains=word) | Q(name__icontains=word) | unit)
    return rows


@requires(*READERS)
def account_list(request: Request) -> HttpResponseBase:
    """List the accounts."""
    asked = {"q": request.GET.get("q", "")[:60], "state": request.GET.get("state", "")}
    page = Paginator(matching(asked["q"], asked["state"]), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "liaisons/accounts.html", {"page": page, "asked": asked})


@requires(Permission.MANAGE_ACCOUNTS)
@never_cache
def new_account(request: Request) -> HttpResponseBase:
    """Make an account and mail the invitation, or show link and password on the answer to this one request alone."""
    form = InvitedAccountForm(request.POST or None)
    if form.is_valid():
        try:
            user, password = _opened(request, form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            if invitation_mail.reaches(user):
                return _mailed(request, user, "账号已建立，")
            context = _invitation(request, user) | {"account": user, "password": password, "is_new": True}
            return render(request, "liaisons/handover.html", context)
    return render(request, "liaisons/account_form.html", {"form": form})


@transaction.atomic
def _opened(request: Request, given: dict[str, Any]) -> tuple[User, str]:
    """Make the account, with the address where one was given."""
    email = given.pop("email", "")
    user, password = accounts.open_account(**given, by=request.user)
    if email:
        contact_ways.first_address(user, email, by=request.user)
    return user, password


def _mailed(request: Request, user: User, before: str = "") -> HttpResponseBase:
    """Invite by mail and say where it went."""
    user = invitation_mail.invite(user, by=request.user)
    until = timezone.localtime(invitations.valid_until(user))
    messages.success(request, f"{before}邀请已发往 {user.contact.email.masked}，{until:%Y-%m-%d %H:%M} 前有效。")
    return redirect("account", user.pk)


def _invitation(request: Request, user: User) -> dict[str, object]:
    """Invite; gives the whole link, a picture of it for a phone's camera, and until when it can be used."""
    link = request.build_absolute_uri(invitations.invite(user, by=request.user))
    picture = segno.make(link, error="m").svg_inline(omitsize=True, light="#fff")
    user.refresh_from_db()
    return {"link": link, "qr": picture, "until": invitations.valid_until(user)}


@requires(*READERS)
@never_cache
def account(request: Request, pk: int) -> HttpResponseBase:
    """Show one account with what can be done to it."""
    user = found(matching("", ""), pk=pk)
    context = {
        "account": user,
        "locks": locking.locks(user),
        "invitable": invitations.is_invitable(user),
        "invited_until": invitations.valid_until(user),
        "leaver_days": settings.PORTAL_LEAVER_DAYS,
        "by_mail": invitations.is_invitable(user) and invitation_mail.reaches(user),
        "resettable": user.has_second_factor and second_factor.may_reset(request.user, user),
    }
    return render(request, "liaisons/account.html", context)


@requires(Permission.MANAGE_ACCOUNTS)
def amend_account(request: Request, pk: int) -> HttpResponseBase:
    """Correct the name or the unit."""
    user = found(matching("", ""), pk=pk)
    form = PersonForm(request.POST or None, initial={"name": user.name, "unit": user.unit})
    if form.is_valid():
        try:
            accounts.amend(user, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, "已保存。")
            return redirect("account", pk)
    return render(request, "liaisons/account_form.html", {"form": form, "account": user})


@requires(Permission.MANAGE_ACCOUNTS)
@require_POST
def disable(request: Request, pk: int) -> HttpResponseBase:
    """Close an account."""
    return _act(request, pk, accounts.disable, "账号已停用，正在登录的也已退出。")


@requires(Permission.MANAGE_ACCOUNTS)
@require_POST
def enable(request: Request, pk: int) -> HttpResponseBase:
    """Open a closed account again."""
    return _act(request, pk, accounts.enable, "账号已启用。")


def _act(request: Request, pk: int, verb: Callable[..., object], done: str) -> HttpResponseBase:
    try:
        verb(found(User.objects, pk=pk), by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("account", pk)


@requires(Permission.MANAGE_ACCOUNTS)
@never_cache
@require_POST
def reset_password(request: Request, pk: int) -> HttpResponseBase:
    """Give a new password, shown on the answer to this one request and nowhere else."""
    user = found(User.objects.select_related("unit"), pk=pk)
    try:
        password = accounts.reset_password(user, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("account", pk)
    return render(request, "liaisons/handover.html", {"account": user, "password": password})


@requires(Permission.MANAGE_ACCOUNTS)
@never_cache
@require_POST
def invite(request: Request, pk: int) -> HttpResponseBase:
    """Make a new link by which the owner chooses the password: mailed, or shown on the answer to this one request."""
    user = found(User.objects.select_related("unit", "contact"), pk=pk)
    try:
        if "by_hand" not in request.POST and invitation_mail.reaches(user):
            return _mailed(request, user)
        return render(request, "liaisons/handover.html", _invitation(request, user) | {"account": user})
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("account", pk)


@requires(Permission.MANAGE_ACCOUNTS)
@require_POST
def unlock(request: Request, pk: int) -> HttpResponseBase:
    """Let an account that was locked log in again."""
    return _act(request, pk, locking.unlock, "锁定已解除，现在可以登录。")


@requires(*READERS)
@require_POST
def reset_second_factor(request: Request, pk: int) -> HttpResponseBase:
    """Take a lost second factor away."""
    return _act(request, pk, second_factor.reset, "动态码已重置，请通知本人用密码登录后重新设置。")
