"""Django's administration at /admin/: reference data for the 系统管理员, behind the portal's own log-in."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import URLPattern, URLResolver

from liaisons.access import View, logged_in
from xingxian_portal.foundation.audited_admin import AuditedAdmin
from xingxian_portal.foundation.shown_admin import ShownAdmin

# The portal has pages of its own for these.
NOT_HERE = {"login", "logout", "password_change", "password_change_done", "view_on_site"}


class ReferenceSite(admin.AdminSite):
    """The administration without log-in pages: a stranger goes to the portal's, anybody else is told 404."""

    site_header = site_title = "基础资料"
    index_title = "单位、群组、别名、日历可以修改；业务数据只看、只导出"
    enable_nav_sidebar = True

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take tables whose changes are audited or that nobody changes there; those that packages bring along (Django's groups) stay out."""
        if admin_class is not None and issubclass(admin_class, AuditedAdmin | ShownAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Say whether the person may enter: see `User.is_staff`."""
        return request.user.is_authenticated and request.user.is_staff

    def admin_view(self, view: View, cacheable: bool = False) -> Any:
        """Put the portal's door before each page."""
        inner = super().admin_view(view, cacheable)

        @logged_in
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not self.has_permission(request):
                raise Http404
            return inner(request, *args, **kwargs)

        vars(guarded)["csrf_exempt"] = getattr(inner, "csrf_exempt", False)
        return guarded

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Give the addresses without those the portal has pages for."""
        return [url for url in super().get_urls() if getattr(url, "name", None) not in NOT_HERE]
