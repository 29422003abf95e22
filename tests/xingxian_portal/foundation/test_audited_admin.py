from __future__ import annotations

import datetime as dt

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry

from liaisons.models import GroupMember, Unit, UnitAlias, UnitGroup
from tests.cast import client_of
from xingxian_portal.foundation import audit
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.audited_admin import AuditedAdmin
from xingxian_portal.foundation.shown_admin import ShownAdmin
from xingxian_portal.foundation.workdays import CalendarDay

DAY = {"date": "2022-06-03", "kind": "off", "name": "端午节", "source_doc": "国办发明电〔2021〕11号"}
NO_MEMBERS = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}


def last() -> AuditEntry:
    return AuditEntry.objects.latest("pk")


def test_every_table_there_is_audited_or_never_changed():
    assert [
        model for model, its in admin.site._registry.items() if not isinstance(its, AuditedAdmin | ShownAdmin)
    ] == []


def test_a_new_row_is_in_the_trail_and_not_in_django_s_log(cast):
    client_of(cast.admin).post("/admin/foundation/calendarday/add/", DAY)

    assert CalendarDay.objects.get().name == "端午节"
    assert (last().action, last().actor_id, last().subject_key) == ("reference.add", cast.admin.pk, "2022-06-03")
    assert last().after == DAY
    assert LogEntry.objects.count() == 0


def test_a_change_says_what_was_there_before(cast):
    unit = cast.weifen.unit
    sent = {"name": unit.name, "short_name": "新简称", "kind": unit.kind, "position": "7", "source": ""}

    client_of(cast.admin).post(f"/admin/liaisons/unit/{unit.pk}/change/", sent)

    assert Unit.objects.get(pk=unit.pk).short_name == "新简称"
    assert (last().action, last().before, last().after) == (
        "reference.change", {"short_name": "蔚汾镇", "position": 500}, {"short_name": "新简称", "position": 7},
    )  # fmt: skip


def test_what_closes_a_unit_and_its_code_cannot_be_changed_there(cast):
    unit = cast.weifen.unit
    sent = {"name": unit.name, "short_name": unit.short_name, "kind": unit.kind, "position": "7", "code": "x"}

    client_of(cast.admin).post(f"/admin/liaisons/unit/{unit.pk}/change/", sent | {"closed_on": "2022-01-01"})

    unit.refresh_from_db()
    assert (unit.position, unit.code, unit.closed_on) == (7, "141123100", None)


def test_members_changed_with_their_group_are_named(cast):
    group = UnitGroup.objects.create(code="g", name="群组")
    sent = {"code": "g", "name": "群组", "note": "", "position": "500", "memberships-TOTAL_FORMS": "1"}
    sent |= {"memberships-INITIAL_FORMS": "0", "memberships-0-unit": str(cast.scj.unit.pk)}

    client_of(cast.admin).post(
        f"/admin/liaisons/unitgroup/{group.pk}/change/", sent | {"memberships-0-joined_on": "2022-05-01"}
    )

    assert GroupMember.objects.get().joined_on == dt.date(2022, 5, 1)
    assert last().after == {"groupmember 1: unit": cast.scj.unit.pk, "groupmember 1: joined_on": "2022-05-01"}


def test_a_deleted_row_is_in_the_trail(cast):
    alias = UnitAlias.objects.create(name="市监局", unit=cast.scj.unit)

    client_of(cast.admin).post(f"/admin/liaisons/unitalias/{alias.pk}/delete/", {"post": "yes"})

    assert not UnitAlias.objects.exists()
    assert (last().action, last().subject_key) == ("reference.delete", str(alias.pk))
    assert "市监局" in last().before["name"]


@pytest.mark.parametrize("kept", ["unit", "unitgroup", "enforcementfield"])
def test_what_the_history_speaks_of_cannot_be_deleted(cast, kept):
    UnitGroup.objects.create(code="g", name="群组")

    assert client_of(cast.admin).post(f"/admin/liaisons/{kept}/1/delete/", {"post": "yes"}).status_code in {302, 404}
    assert (Unit.objects.count(), UnitGroup.objects.count()) == (3, 1)


def test_a_change_whose_entry_cannot_be_written_does_not_happen(cast, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(audit, "record", broken)
    client = client_of(cast.admin)
    with pytest.raises(RuntimeError):
        client.post("/admin/foundation/calendarday/add/", DAY)

    assert not CalendarDay.objects.exists()
