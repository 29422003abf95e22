"""首次设置: the page on which the first 系统管理员 is made; gone as soon as there is an account."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from liaisons import first_run
from liaisons.forms.accounts import FirstAdminForm
from liaisons.models import User
from liaisons.views.session import log_ins
from xingxian_portal.foundation.refusal import Refused


@log_ins
@sensitive_post_parameters()
@never_cache
def setup(request: HttpRequest) -> HttpResponseBase:
    """Make the first account."""
    if not first_run.is_open():
        raise Http404
    form = FirstAdminForm(request.POST or None, user=User())
    if form.is_valid():
        given = {key: form.cleaned_data[key] for key in ("code", "username", "name")}
        try:
            first_run.make_first_admin(**given, password=form.cleaned_data["new_password"])
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, "系统管理员账号已建立，请登录。下一步请建立账号并指定安全管理员。")
            return redirect("login")
    return render(request, "liaisons/setup.html", {"form": form})
