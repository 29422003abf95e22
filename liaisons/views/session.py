"""Log-in by password and code, log-out, one's own password, the invitation to choose the first."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from liaisons import accounts, first_run, invitations, sign_in
from liaisons.access import Request, logged_in
from liaisons.forms.session import ChangePasswordForm, CodeForm, LogInForm, NewPasswordForm
from liaisons.models import User
from xingxian_portal.foundation.rate_limits import limited
from xingxian_portal.foundation.refusal import Refused


def safe_next(request: HttpRequest, otherwise: str = "") -> str:
    """Give the address to go on to: the one asked for when it is one of ours, else `otherwise`."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if ours else resolve_url(otherwise or settings.LOGIN_REDIRECT_URL)


log_ins = limited("log-in", per_minute=lambda: settings.PORTAL_LOGIN_RATE, methods={"POST"})


@log_ins
@sensitive_post_parameters("password")
@never_cache
def log_in(request: HttpRequest) -> HttpResponseBase:
    """Show the log-in form; open a session and go on to where the person was heading, or ask for the code first."""
    if request.user.is_authenticated:
        return redirect(safe_next(request))
    form = LogInForm(request.POST or None)
    if form.is_valid():
        try:
            user = sign_in.sign_in(request, form.cleaned_data["username"], form.cleaned_data["password"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _let_in(request, user)
    context = {"form": form, "next": request.POST.get("next") or request.GET.get("next", "")}
    return render(request, "liaisons/log_in.html", context | {"first_run": first_run.is_open()})


def _let_in(request: HttpRequest, user: User) -> HttpResponseBase:
    """Open the session and go on, or for an account with a second factor go to the page that asks for the code."""
    heading = safe_next(request)
    if user.has_second_factor:
        sign_in.wait_for_code(request, user)
        return redirect(f"{reverse('login_code')}?{urlencode({'next': heading})}")
    sign_in.open_session(request, user)
    return redirect(heading)


@log_ins
@sensitive_post_parameters("code")
@never_cache
def log_in_code(request: HttpRequest) -> HttpResponseBase:
    """Ask who gave the right password for the code, and open the session."""
    user = sign_in.waiting(request)
    if user is None:
        return redirect(safe_next(request) if request.user.is_authenticated else "login")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            sign_in.check_code(request, user, form.cleaned_data["code"])
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            sign_in.open_session(request, user)
            return redirect(safe_next(request))
    if sign_in.waiting(request) is None:
        messages.error(request, sign_in.OVER)
        return redirect("login")
    return render(request, "liaisons/log_in_code.html", {"form": form, "next": safe_next(request)})


@require_POST
@never_cache
def log_out(request: HttpRequest) -> HttpResponseBase:
    """Close the session; harmless for somebody who has none."""
    if request.user.is_authenticated:
        sign_in.sign_out(request.user)
        logout(request)
        messages.success(request, "已退出登录。")
    return redirect("login")


@sensitive_post_parameters()
@logged_in
@never_cache
def change_password(request: Request) -> HttpResponseBase:
    """Let a person choose a new password; the sessions opened with the old one end, this one goes on."""
    form = ChangePasswordForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            sign_in.confirm(request, request.user, form.cleaned_data["current"])
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            key = request.session.session_key or ""
            accounts.choose_password(request.user, form.cleaned_data["new_password"], besides=key)
            update_session_auth_hash(request, request.user)
            messages.success(request, "密码已修改。")
            return redirect(settings.LOGIN_REDIRECT_URL)
    context = {"form": form, "is_due": accounts.password_is_due(request.user), "days": settings.PORTAL_PASSWORD_DAYS}
    return render(request, "liaisons/change_password.html", context)


@log_ins
@sensitive_post_parameters()
@never_cache
def invitation(request: HttpRequest) -> HttpResponseBase:
    """Let the owner of a new account choose the password: whoever holds the link, once."""
    token = request.POST.get("to") or request.GET.get("to", "")
    try:
        user = invitations.invited(token)
        form = NewPasswordForm(request.POST or None, user=user)
        if form.is_valid():
            invitations.accept(token, form.cleaned_data["new_password"])
            messages.success(request, f"密码已设好，请用用户名 {user.username} 和新密码登录。")
            return redirect("login")
    except Refused as refusal:
        return render(request, "liaisons/invitation_over.html", {"why": str(refusal)})
    return render(request, "liaisons/invitation.html", {"form": form, "account": user, "token": token})
