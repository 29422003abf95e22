"""Fields of enforcement (执法领域) and the department in charge of each: made, corrected, taken away when made by mistake."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from liaisons.models import EnforcementField, Unit, User
from xingxian_portal.foundation import audit
from xingxian_portal.foundation.refusal import Refused

EDITABLE = ("name", "in_charge", "position", "confirmed")


@transaction.atomic
def create(*, code: str, by: User, at: dt.datetime | None = None, **values: Any) -> EnforcementField:
    """Make a field; raises Refused when its code or name is taken."""
    _require_open(values.get("in_charge"), None)
    try:
        with transaction.atomic():
            field = EnforcementField.objects.create(code=code, **values)
    except IntegrityError as error:
        raise Refused(f"编码 {code} 或名称“{values['name']}”已有执法领域使用。", "name") from error
    audit.record("field.create", by=by, subject=field, after=_plain({"code": code} | values), at=at)
    return field


@transaction.atomic
def amend(field: EnforcementField, *, by: User, at: dt.datetime | None = None, **values: Any) -> EnforcementField:
    """Correct a field; raises Refused."""
    field = EnforcementField.objects.select_for_update(of=("self",)).select_related("in_charge").get(pk=field.pk)
    before = {name: getattr(field, name) for name in values}
    _require_open(values.get("in_charge"), field.in_charge)
    for name, value in values.items():
        setattr(field, name, value)
    try:
        with transaction.atomic():
            field.save(update_fields=list(values))
    except IntegrityError as error:
        raise Refused(f"名称“{field.name}”已有执法领域使用。", "name") from error
    audit.record("field.amend", by=by, subject=field, before=_plain(before), after=_plain(values), at=at)
    return field


@transaction.atomic
def remove(codes: Iterable[str], *, by: User, at: dt.datetime | None = None) -> None:
    """Take away fields that were made by mistake; raises Refused as soon as anything names one."""
    rows = EnforcementField.objects.filter(code__in=list(codes))
    before = [{"code": row.code, "name": row.name} for row in rows.order_by("pk")]
    try:
        with transaction.atomic():
            rows.delete()
    except ProtectedError as error:
        raise Refused("已经有清单、案件或案卷用到其中的执法领域，不能当作没有建过。") from error
    for values in before:
        audit.record("field.remove", by=by, before=values, at=at)


def _require_open(unit: Unit | None, before: Unit | None) -> None:
    if unit and unit.closed_on and unit != before:
        raise Refused(f"{unit.name}已于 {unit.closed_on} 并入或撤销，不能主管。", "in_charge")


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.code if isinstance(value, Unit) else value for name, value in values.items()}
