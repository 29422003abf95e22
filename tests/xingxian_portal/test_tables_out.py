"""Django's administration over all its tables: which can be changed there, which are only looked at, which are left out."""

from __future__ import annotations

from django.apps import apps
from django.contrib import admin

from xingxian_portal.business_tables import BUSINESS, LEFT_OUT
from xingxian_portal.foundation.audited_admin import AuditedAdmin
from xingxian_portal.foundation.shown_admin import ShownAdmin

OURS = ("foundation", "liaisons", "reform", "exemptions")


def name_of(model) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}"


def test_every_table_is_reference_data_business_or_left_out_with_a_reason():
    tables = {name_of(model) for label in OURS for model in apps.get_app_config(label).get_models()}
    reference = {name_of(model) for model, its in admin.site._registry.items() if isinstance(its, AuditedAdmin)}
    shown = {name_of(model) for model, its in admin.site._registry.items() if isinstance(its, ShownAdmin)}

    assert shown == set(BUSINESS)
    assert [len(kinds) for kinds in (reference & shown, shown & set(LEFT_OUT), reference & set(LEFT_OUT))] == [0, 0, 0]
    assert tables ^ (reference | shown | set(LEFT_OUT)) == set()


def test_business_tables_can_neither_be_added_to_nor_changed_nor_deleted_from_there(rf):
    for its in admin.site._registry.values():
        if isinstance(its, ShownAdmin):
            request = rf.get("/")
            may = (
                its.has_add_permission(request),
                its.has_change_permission(request),
                its.has_delete_permission(request),
            )
            assert may == (False, False, False)
            assert {str(url.name).rpartition("_")[2] for url in its.get_urls()} == {"changelist", "export"}
