"""Every table of Django's administration goes out as a workbook: whole, filtered as shown, masked, safe, recorded."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.contrib import admin
from django.urls import reverse
from python_calamine import CalamineWorkbook

from exemptions.models import Edition, ExemptionList
from liaisons import export_runs
from liaisons.models import Appointment, ExportRun, Person, Unit, UnitAlias
from tests.cast import Cast, client_of, gather
from tests.factories import ObligationFactory, UnitFactory
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.table_out import NEVER

OURS = ("foundation", "liaisons", "reform", "exemptions")
HEADS = 3  # the title, what the sheet says of itself, the heads
FORMULA = "=HYPERLINK(1)"


def name_of(model) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}"


def rows_of(answer) -> list[list]:
    return CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer))).get_sheet_by_index(0).to_python()


@pytest.fixture(scope="module")
def cast(standing) -> Cast:
    cast = gather()
    assert cast.scj.unit
    assert cast.weifen.unit
    person = Person.objects.create(name="王某", phone="138 0000 0000")
    day = dt.date(2022, 4, 14)
    Appointment.objects.create(unit=cast.scj.unit, person=person, post="leader", from_on=day, confirmed_on=day)
    UnitAlias.objects.create(name=FORMULA, unit=cast.scj.unit)
    UnitAlias.objects.create(name="市监局", unit=cast.scj.unit)
    ObligationFactory(unit=cast.weifen.unit)
    list_ = ExemptionList.objects.create(unit=cast.scj.unit, kind="exemption")
    Edition.objects.create(exemption_list=list_, number=1, lookback_months=12)
    return cast


def test_every_table_opens_and_goes_out_with_as_many_rows_masked_and_without_secrets(cast):
    client = client_of(cast.admin)
    for model, its in admin.site._registry.items():
        answer = client.get(reverse(f"admin:{name_of(model)}_export"))
        assert answer.status_code == 200, model
        rows = rows_of(answer.streaming_content)
        shown = its.get_queryset(answer.wsgi_request).count()
        assert len(rows) == HEADS + shown, model
        assert "13800000000" not in str(rows), model
        taken = AuditEntry.objects.latest("pk")
        assert (taken.action, taken.after["what"], taken.after["rows"]) == (
            "reference.export",
            model._meta.label_lower,
            shown,
        )
        secret = {str(column.verbose_name) for column in model._meta.concrete_fields if column.name in NEVER}
        assert not secret & set(rows[HEADS - 1])


def test_the_lists_of_people_open_with_masked_numbers_out(cast):
    client = client_of(cast.admin)
    assert "138****0000" in str(rows_of(client.get(reverse("admin:liaisons_person_export")).streaming_content))
    for table in ("liaisons_person", "liaisons_user", "reform_obligation", "liaisons_unitalias"):
        page = client.get(reverse(f"admin:{table}_changelist"))
        assert (page.status_code, "/export/" in page.content.decode()) == (200, True)
        assert "13800000000" not in page.content.decode()


def test_what_looks_like_a_formula_is_text_and_a_filtered_page_goes_out_filtered(cast):
    client = client_of(cast.admin)
    rows = rows_of(client.get(reverse("admin:liaisons_unitalias_export")).streaming_content)
    assert FORMULA in str(rows)
    filtered = client.get(reverse("admin:liaisons_unit_export") + f"?kind__exact={Unit.TOWNSHIP}").streaming_content
    assert len(rows_of(filtered)) == HEADS + 1


def test_a_filter_that_is_none_leads_back_to_the_page(cast):
    answer = client_of(cast.admin).get(reverse("admin:liaisons_unit_export") + "?nosuch=1")
    assert answer.status_code == 302


def test_a_draft_is_its_unit_s_alone(cast):
    rows = rows_of(client_of(cast.admin).get(reverse("admin:exemptions_edition_export")).streaming_content)
    assert (Edition.objects.count(), len(rows)) == (1, HEADS)


def test_a_table_with_many_rows_is_written_by_a_worker_as_the_page_shows_it(cast, settings, tmp_path):
    settings.MEDIA_ROOT, settings.EXPORT_ROWS_AT_ONCE = tmp_path, 1
    client = client_of(cast.admin)
    UnitFactory.create_batch(2)
    filters = f"?kind__exact={Unit.DEPARTMENT}&o=-1"
    answer = client.get(reverse("admin:liaisons_unit_export") + filters)
    run = ExportRun.objects.get()
    assert (answer["Location"], run.total) == (
        f"/exports/runs/{run.pk}/",
        Unit.objects.filter(kind="department").count(),
    )
    assert export_runs.write(run.pk)
    rows = rows_of(client.get(f"{answer['Location']}file/").streaming_content)
    assert len(rows) == HEADS + run.total
    names = [row[rows[HEADS - 1].index("简称")] for row in rows[HEADS:]]
    assert names == sorted(names, reverse=True)
    assert client_of(cast.sfj).get(answer["Location"]).status_code == 404


def test_a_table_is_not_taken_past_its_page_nor_by_a_worker_for_who_lost_the_right(cast, settings, tmp_path):
    settings.MEDIA_ROOT, settings.EXPORT_ROWS_AT_ONCE = tmp_path, 1
    for user in (cast.sfj, cast.weifen, cast.anquan):
        assert client_of(user).get("/exports/table-liaisons-user/").status_code == 404
    client_of(cast.admin).get(reverse("admin:liaisons_unit_export"))
    cast.admin.role_grants.all().delete()
    run = ExportRun.objects.get()
    assert not export_runs.write(run.pk)
    run.refresh_from_db()
    assert (run.state, run.trouble) == ("failed", "你已没有导出这份材料的权限。")
