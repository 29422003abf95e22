"""A table of Django's administration as a workbook, by django-import-export and the portal's own writer.

What the page shows, filtered as it is, goes out: values as people read them, telephone numbers masked, secrets never,
every cell safe from being taken for a formula, and an entry in the trail. Many rows are left to a job (`hand_many_to`).
"""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import FileResponse, HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils import timezone
from import_export.admin import ExportMixin
from import_export.fields import Field
from import_export.resources import ModelResource, modelresource_factory

from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.phones import UNREADABLE, Phone, Unreadable, masked_within
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook.printed import printed
from xingxian_portal.foundation.workbook.sheets import About, Column, Kind, Sheet

MOST_ROWS = 200_000  # a worker writes as many in some minutes
AT_ONCE = 1000
LONGEST_NAME = 31  # of a sheet
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Secrets, and digests by which a person could be found again; in no table does anybody need them outside.
NEVER = {"password", "phone_digest", "email", "email_digest", "address_digest", "dedupe_key", "body_hash"}
WIDTHS = {models.TextField: 40, models.JSONField: 40, models.ForeignKey: 20, models.DateTimeField: 15}


HandOver = Callable[[HttpRequest, type[models.Model]], HttpResponseBase]
_many_go_to: list[HandOver] = []


def hand_many_to(act: HandOver) -> None:
    """Say what has a table written that an answer cannot hold; called at start by the app that keeps such jobs."""
    _many_go_to[:] = [act]


class TableResource(ModelResource):
    """The columns of a table, each value as it stands in a cell."""

    def export_field(self, field: Field, instance: models.Model, **_kwargs: Any) -> Any:
        """Give a value as a person reads it; numbers, days and moments stay what they are."""
        column: Any = instance._meta.get_field(field.attribute)
        value = getattr(instance, column.name)
        if column.choices:
            return getattr(instance, f"get_{column.name}_display")()
        return _cell(value)


def _cell(value: Any) -> Any:
    match value:
        case None | bool():
            return {None: None, True: "是", False: "否"}[value]
        case Phone():
            return _masked(value)
        case int() | float() | Decimal() | dt.datetime() | dt.date():
            return value
        case list() | dict():
            return masked_within(json.dumps(value, ensure_ascii=False))
    return masked_within(str(value))


def _masked(phone: Phone) -> str:
    try:
        return phone.masked
    except Unreadable:
        return UNREADABLE


class TableOut(ExportMixin):
    """Gives an administration page of a table a button that takes what it shows as a workbook."""

    import_export_change_list_template = "admin/table_out.html"
    import_address: tuple[str, str] | None = None  # name and slug of the page that takes the table in

    model: type[models.Model]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Show the rows, with the ways out and in."""
        table = f"{self.model._meta.app_label}_{self.model._meta.model_name}"
        ways = {"export_address": f"admin:{table}_export", "import_address": self.import_address}
        return super().changelist_view(request, {**ways, **(extra_context or {})})

    def export_action(self, request: HttpRequest) -> HttpResponseBase:
        """Send what the page shows as a workbook; it is asked for and never posted."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if not self.has_export_permission(request):
            raise PermissionDenied
        try:
            sheet, count = self.sheet_out(request)
        except IncorrectLookupParameters:
            return redirect("../")
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("../")
        if count > settings.EXPORT_ROWS_AT_ONCE:
            return _many_go_to[0](request, self.model)
        with transaction.atomic():
            after = {"what": self.model._meta.label_lower, "rows": count, "asked": request.GET.dict()}
            audit.record("reference.export", by=request.user, after=masked_within(after))
        name = f"{sheet.title}{timezone.localtime(clock.now()):%Y%m%d%H%M}.xlsx"
        return FileResponse(io.BytesIO(printed([sheet])), as_attachment=True, filename=name, content_type=WORKBOOK)

    def gives_out(self: Any, request: HttpRequest) -> bool:
        """Say whether whoever asks may see the table's page and take it out."""
        return bool(self.has_view_permission(request) and self.has_export_permission(request))

    def sheet_out(self, request: HttpRequest) -> tuple[Sheet, int]:
        """Give what the page shows as a sheet, and its number of rows, which are read as it is written.

        Raises IncorrectLookupParameters; Refused where a workbook cannot hold them.
        """
        rows = self.get_export_queryset(request)
        if (count := rows.count()) > MOST_ROWS:
            raise Refused(f"共 {count} 行，一次最多导出 {MOST_ROWS} 行，请先筛选。")
        resource, title = self.get_export_resource_classes(request)[0](), str(self.model._meta.verbose_name)
        fields = resource.get_export_fields()
        columns = [_column(self.model._meta.get_field(field.attribute)) for field in fields]
        about = About(
            by=str(request.user), filters=[f"{name}={value}" for name, value in request.GET.items()], count=count
        )
        return Sheet(title[:LONGEST_NAME], title, about, columns, _rows(resource, fields, rows)), count

    def get_export_resource_classes(self, request: HttpRequest) -> list[type[ModelResource]]:
        """Give the one resource: every column but secrets."""
        out = [column.name for column in self.model._meta.concrete_fields if column.name not in NEVER]
        return [modelresource_factory(self.model, TableResource, meta_options={"fields": out, "export_order": out})]


def _rows(resource: ModelResource, fields: list[Field], rows: models.QuerySet[Any]) -> Iterator[list[Any]]:
    links = [column.name for column in rows.model._meta.concrete_fields if column.is_relation]
    for row in rows.select_related(*links).iterator(AT_ONCE):
        yield [resource.export_field(field, row) for field in fields]


def _column(column: Any) -> Column:
    kind = Kind.TEXT
    if isinstance(column, models.DateField):
        kind = Kind.MOMENT if isinstance(column, models.DateTimeField) else Kind.DAY
    width = next((width for type_, width in WIDTHS.items() if isinstance(column, type_)), 12)
    return Column(str(column.verbose_name), width, kind)
