"""Reference data about units in Django's administration; what closes or merges a unit has pages of its own."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import URLPattern

from liaisons.models import EnforcementField, GroupMember, Unit, UnitAlias, UnitGroup
from xingxian_portal.foundation.audited_admin import AuditedAdmin


class KeptAdmin(AuditedAdmin):
    """Rows that the history speaks of: closed or left to stand, never deleted."""

    def get_urls(self) -> list[URLPattern]:
        """Give the addresses without that of deleting."""
        return [url for url in super().get_urls() if not str(url.name).endswith("_delete")]

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Refuse: see the class."""
        return False


@admin.register(Unit)
class UnitAdmin(KeptAdmin):
    """Names, order and sources of units."""

    list_display = ["name", "short_name", "code", "kind", "confirmed", "closed_on"]
    list_filter = ["kind", "confirmed"]
    search_fields = ["name", "short_name", "code"]
    readonly_fields = ["successor", "closed_on"]
    import_address = ("import_sheet", "units")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Keep the code of a unit that exists: obligations and links are known by it."""
        return [*self.readonly_fields, "code"] if obj else list(self.readonly_fields)


class GroupMemberInline(admin.TabularInline):
    """Who belongs to the group, with first and last day."""

    model = GroupMember
    extra = 1
    can_delete = False
    autocomplete_fields = ["unit"]


@admin.register(UnitGroup)
class UnitGroupAdmin(KeptAdmin):
    """The groups that a plan speaks of; a change touches only occurrences opened later."""

    list_display = ["name", "code", "follows", "confirmed"]
    search_fields = ["name", "code"]
    inlines = [GroupMemberInline]
    import_address = ("import_sheet", "groups")


@admin.register(UnitAlias)
class UnitAliasAdmin(AuditedAdmin):
    """Other names of units and groups."""

    list_display = ["name", "unit", "group"]
    list_select_related = ["unit", "group"]
    search_fields = ["name"]
    autocomplete_fields = ["unit", "group"]
    import_address = ("import_sheet", "aliases")


@admin.register(EnforcementField)
class EnforcementFieldAdmin(KeptAdmin):
    """Fields of enforcement and the departments in charge."""

    list_display = ["name", "code", "in_charge", "confirmed"]
    list_select_related = ["in_charge"]
    search_fields = ["name", "code"]
    autocomplete_fields = ["in_charge"]
    import_address = ("import_sheet", "fields")
