"""The portal's addresses and two more to measure against: an empty page, and Django's stock list of obligations."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import include, path

from liaisons.access import Request, requires
from liaisons.permissions import Permission
from reform.models import Obligation


@requires(Permission.VIEW_WALL)
def empty(request: Request) -> HttpResponseBase:
    """Show the frame around nothing."""
    return render(request, "base.html")


class StockList(admin.ModelAdmin):
    """What a project would have with one registered table: some columns, the filters people ask for, 100 rows."""

    list_display = ("unit", "milestone", "occurrence", "role", "state", "due_on", "first_filed_on")
    list_filter = ("state", "role", "unit")
    search_fields = ("unit__name", "milestone__title")


stock = admin.AdminSite(name="stock")
stock.register(Obligation, StockList)

urlpatterns = [path("empty/", empty), path("stock/", stock.urls), path("", include("xingxian_portal.urls"))]
