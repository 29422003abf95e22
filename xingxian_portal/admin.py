"""Puts the business tables into Django's administration, to be looked at and taken out."""

from __future__ import annotations

from django.apps import apps
from django.contrib import admin

from xingxian_portal.business_tables import BUSINESS
from xingxian_portal.foundation.shown_admin import ShownAdmin

for _table, _shown in BUSINESS.items():
    _model = apps.get_model(_table.replace("_", ".", 1))
    admin.site.register(_model, type(f"{_model.__name__}Admin", (ShownAdmin,), {"shown": _shown}))
