"""The whole map of addresses on one screen."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from xingxian_portal.health import healthz
from xingxian_portal.views.clock import next_workday
from xingxian_portal.views.home import home
from xingxian_portal.views.manual import chapter, manual
from xingxian_portal.views.privacy import privacy

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("", home, name="home"),
    path("manual/", manual, name="manual"),
    path("manual/<slug:slug>/", chapter, name="manual_chapter"),
    path("privacy/", privacy, name="privacy"),
    path("clock/next-workday/", next_workday, name="next_workday"),
    path("", include("liaisons.urls")),
    path("", include("reform.urls")),
    path("", include("exemptions.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "xingxian_portal.views.errors.bad_request"
handler500 = "xingxian_portal.views.errors.broken"
