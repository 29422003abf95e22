"""Log-in, log-out and one's own password."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from liaisons import accounts, first_run
from liaisons.access import Request, logged_in
from liaisons.forms.session import ChangePasswordForm, LogInForm
from liaisons.sign_in import sign_in, sign_out
from xingxian_portal.foundation.refusal import Refused


def safe_next(request: HttpRequest, otherwise: str = "") -> str:
    """Give the address to go on to: the one asked for when it is one of ours, else `otherwise`."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if ours else resolve_url(otherwise or settings.LOGIN_REDIRECT_URL)


@sensitive_post_parameters("password")
@never_cache
def log_in(request: HttpRequest) -> HttpResponseBase:
    """Show the log-in form; open a session and go on to where the person was heading."""
    if request.user.is_authenticated:
        return redirect(safe_next(request))
    form = LogInForm(request.POST or None)
    if form.is_valid():
        try:
            user = sign_in(request, form.cleaned_data["username"], form.cleaned_data["password"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            login(request, user)
            return redirect(safe_next(request))
    context = {"form": form, "next": request.POST.get("next") or request.GET.get("next", "")}
    return render(request, "liaisons/log_in.html", context | {"first_run": first_run.is_open()})


@require_POST
@never_cache
def log_out(request: HttpRequest) -> HttpResponseBase:
    """Close the session; harmless for somebody who has none."""
    if request.user.is_authenticated:
        sign_out(request.user)
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
        accounts.choose_password(request.user, form.cleaned_data["new_password"])
        update_session_auth_hash(request, request.user)
        messages.success(request, "密码已修改。")
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "liaisons/change_password.html", {"form": form})
