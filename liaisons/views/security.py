"""登录安全: one's own password, second factor and open sessions."""

from __future__ import annotations

from collections.abc import Callable

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from liaisons import second_factor, sessions, sign_in
from liaisons.access import Request, logged_in
from liaisons.forms.session import CodeForm, PasswordForm
from liaisons.models import Authenticator
from xingxian_portal.foundation.refusal import Refused

IN_FOURS = 4
MINUTE = 60


@logged_in
@never_cache
def security(request: Request) -> HttpResponseBase:
    """Show how one logs in and where one is logged in."""
    rows = [
        {"session": row, "seen_at": sessions.seen_at(row), "own": row.session_key == request.session.session_key}
        for row in sessions.open_of(request.user)
    ]
    context = {
        "rows": sorted(rows, key=lambda row: not row["own"]),
        "compulsory": second_factor.is_compulsory_for(request.user, in_demo=request.is_demo),
        "idle": settings.SESSION_COOKIE_AGE // MINUTE,
        "longest": settings.PORTAL_SESSION_HOURS,
        "codes_left": second_factor.codes_left(request.user) if request.user.has_second_factor else 0,
    }
    return render(request, "liaisons/security.html", context)


@logged_in
@require_POST
def end_session(request: Request) -> HttpResponseBase:
    """End one of one's sessions, or all others."""
    try:
        if request.POST.get("others"):
            count = sessions.end_others(request.user, request.session.session_key or "")
            messages.success(request, f"其他 {count} 处登录已结束。" if count else "没有其他登录。")
        else:
            sessions.end(request.user, request.POST.get("handle", ""))
            messages.success(request, "这处登录已结束。")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("security")


@sensitive_post_parameters()
@logged_in
@never_cache
def set_up(request: Request) -> HttpResponseBase:
    """Show the code to scan, take the first code of the app, show the recovery codes once."""
    if request.user.has_second_factor:
        return redirect("security")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        key = request.session.session_key or ""
        try:
            codes = second_factor.set_up(request.user, form.cleaned_data["code"], besides=key)
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            return render(request, "liaisons/recovery_codes.html", {"codes": codes, "is_new": True})
    app = second_factor.begun(request.user)
    context = {
        "form": form, "secret": _in_fours(app), "qr": segno.make(app.config_url).svg_inline(omitsize=True, light="#fff"),
        "compulsory": second_factor.is_compulsory_for(request.user, in_demo=request.is_demo),
    }  # fmt: skip
    return render(request, "liaisons/second_factor.html", context)


def _in_fours(app: Authenticator) -> str:
    text = app.secret
    return " ".join(text[at : at + IN_FOURS] for at in range(0, len(text), IN_FOURS))


@sensitive_post_parameters()
@logged_in
@never_cache
def new_codes(request: Request) -> HttpResponseBase:
    """Give new recovery codes to whoever knows the password."""

    def draw() -> HttpResponseBase:
        return render(request, "liaisons/recovery_codes.html", {"codes": second_factor.new_codes(request.user)})

    words = {"title": "重新生成恢复码", "hint": "生成后原来的恢复码全部作废。", "button": "重新生成"}
    return _with_password(request, words, draw)


@sensitive_post_parameters()
@logged_in
@never_cache
def give_up(request: Request) -> HttpResponseBase:
    """Do without the second factor, where the roles allow it."""

    def forget() -> HttpResponseBase:
        second_factor.give_up(request.user, in_demo=request.is_demo)
        messages.success(request, "动态码已停用，以后只用密码登录。")
        return redirect("security")

    words = {"title": "停用动态码", "hint": "停用后登录只需要密码；可以随时重新启用。", "button": "停用"}
    return _with_password(request, words, forget)


def _with_password(request: Request, words: dict[str, str], act: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    form = PasswordForm(request.POST or None)
    if form.is_valid():
        try:
            sign_in.confirm(request, request.user, form.cleaned_data["current"])
            return act()
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
    return render(request, "liaisons/confirm_password.html", {"form": form} | words)
