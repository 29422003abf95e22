"""The calendar in Django's administration."""

from __future__ import annotations

from django.contrib import admin

from xingxian_portal.foundation.audited_admin import AuditedAdmin
from xingxian_portal.foundation.workdays import CalendarDay, CalendarYear


@admin.register(CalendarDay)
class CalendarDayAdmin(AuditedAdmin):
    """Holidays and the days worked in exchange."""

    list_display = ["date", "kind", "name", "source_doc"]
    list_filter = ["kind"]
    date_hierarchy = "date"
    search_fields = ["name", "source_doc"]
    ordering = ["-date"]
    readonly_fields = ["revision"]
    import_address = ("import_sheet", "calendar")


@admin.register(CalendarYear)
class CalendarYearAdmin(AuditedAdmin):
    """Which years were checked against the official notice."""

    list_display = ["year", "status", "notice_no"]
    ordering = ["-year"]
    import_address = ("import_sheet", "years")
