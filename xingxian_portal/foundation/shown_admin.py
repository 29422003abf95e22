"""Business tables in Django's administration: to be looked at and taken out, never written; the portal's verbs do that."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import URLPattern

from xingxian_portal.foundation.sealed import PhoneField
from xingxian_portal.foundation.table_out import NEVER, TableOut

MOST_COLUMNS = 8


class ShownAdmin(TableOut, admin.ModelAdmin):
    """A table that has a list and a workbook, and no other page."""

    actions = None
    list_display_links = None
    list_per_page = 50
    show_full_result_count = False
    shown: models.Q = models.Q()  # which rows: nothing that its unit alone may read, no sheet while it is blind

    def get_urls(self) -> list[URLPattern]:
        """Give the list and the way out."""
        return [url for url in super().get_urls() if str(url.name).endswith(("_changelist", "_export"))]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Give the rows that may be shown."""
        return super().get_queryset(request).filter(self.shown)

    def get_list_display(self, request: HttpRequest) -> Any:
        """Give the first columns that fit beside each other."""
        columns = [
            column.name
            for column in self.model._meta.concrete_fields
            if column.name not in NEVER and not isinstance(column, models.TextField | models.JSONField | PhoneField)
        ]
        return columns[:MOST_COLUMNS]

    def get_list_select_related(self, request: HttpRequest) -> list[str]:
        """Give the rows that the columns name."""
        return [column.name for column in self.model._meta.concrete_fields if column.is_relation]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: see the module."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Refuse: see the module."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Refuse: see the module."""
        return False
