"""Django's administration, told to write into our audit trail instead of a second trail of its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import URLPattern

from xingxian_portal.foundation import audit
from xingxian_portal.foundation.table_out import TableOut

Change = dict[str, dict[str, Any]]


class AuditedAdmin(TableOut, admin.ModelAdmin):
    """A table of reference data: each change is one entry with what was there before and after.

    Django writes its own log inside the transaction of the change, through the methods replaced here; so an
    entry that cannot be written undoes the change. Rows are deleted one by one: deleting many at once runs outside
    of such a transaction.
    """

    actions = None

    def get_urls(self) -> list[URLPattern]:
        """Give the addresses without that of Django's own log, which stays empty."""
        return [url for url in super().get_urls() if not str(url.name).endswith("_history")]

    def construct_change_message(  # type: ignore[override] # ours says before and after, Django's only which
        self,
        request: HttpRequest,
        form: forms.ModelForm,
        formsets: Iterable[forms.BaseFormSet] | None,
        add: bool = False,
    ) -> Change:
        """Give the changed fields of the row, and of the rows edited below it, before and after."""
        forms_below = [below for formset in formsets or () for below in formset.forms if below.has_changed()]
        change: Change = {"before": {}, "after": {}}
        for number, changed in enumerate([form, *forms_below]):
            before, after = _changes(changed)
            label = f"{changed.instance._meta.model_name} {number}: " if number else ""
            change["before"] |= {label + name: value for name, value in before.items()}
            change["after"] |= {label + name: value for name, value in after.items()}
        return change

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Change) -> None:  # type: ignore[override] # no row
        """Record a new row."""
        audit.record("reference.add", by=request.user, subject=obj, after=message["after"])

    def log_change(self, request: HttpRequest, obj: models.Model, message: Change) -> None:  # type: ignore[override] # no row
        """Record a changed row."""
        audit.record("reference.change", by=request.user, subject=obj, before=message["before"], after=message["after"])

    def log_deletions(self, request: HttpRequest, queryset: Iterable[models.Model]) -> None:  # type: ignore[override] # no row
        """Record rows that are about to go."""
        for obj in queryset:
            audit.record("reference.delete", by=request.user, subject=obj, before={"name": str(obj)})


def _changes(form: forms.BaseForm) -> tuple[dict[str, Any], dict[str, Any]]:
    gone = form.cleaned_data.get("DELETE")
    names = [name for name in form.changed_data if name != "DELETE"] or (list(form.initial) if gone else [])
    before = {name: _plain(form.initial.get(name)) for name in names}
    return before, {} if gone else {name: _plain(form.cleaned_data.get(name)) for name in names}


def _plain(value: Any) -> Any:
    """Give a value as JSON can hold it; rows by their key."""
    if isinstance(value, models.Model):
        return value.pk
    return value if value is None or isinstance(value, bool | int | str) else str(value)
