"""The whole map of addresses on one screen."""

from django.urls import URLPattern, URLResolver, path

from xingxian_portal.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
]
