"""Other names of units and groups: one name means one thing, whoever it belongs to."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from liaisons.models import Unit, UnitAlias, UnitGroup, User
from xingxian_portal.foundation import audit
from xingxian_portal.foundation.refusal import Refused


def holder_of(name: str) -> Unit | UnitGroup | None:
    """Give the unit or group that goes by this name, be it a name, a short name or an alias."""
    if unit := Unit.objects.filter(name=name).first() or Unit.objects.filter(short_name=name).first():
        return unit
    if group := UnitGroup.objects.filter(name=name).first():
        return group
    alias = UnitAlias.objects.filter(name=name).select_related("unit", "group").first()
    return (alias.unit or alias.group) if alias else None


def require_free(name: str, besides: Unit | UnitGroup | None = None, field: str = "name") -> None:
    """Raise Refused when the name already means another unit or group than `besides`."""
    holder = holder_of(name)
    if holder is not None and holder != besides:
        raise Refused(f"“{name}”已是“{holder}”的名称或别名。", field)


@transaction.atomic
def add(name: str, owner: Unit | UnitGroup, *, by: User, at: dt.datetime | None = None) -> UnitAlias:
    """Give the owner another name; raises Refused when the name means something already."""
    if holder_of(name) == owner:
        raise Refused(f"“{name}”已是它的名称或别名，不必再加。", "name")
    require_free(name)
    kind = "unit" if isinstance(owner, Unit) else "group"
    try:
        with transaction.atomic():
            alias = UnitAlias.objects.create(name=name, **{kind: owner})
    except IntegrityError as error:
        raise Refused(f"“{name}”刚刚被别处用作别名。", "name") from error
    audit.record(f"{kind}.add_alias", by=by, subject=owner, after={"alias": name}, at=at)
    return alias


@transaction.atomic
def remove(alias: UnitAlias, *, by: User, at: dt.datetime | None = None) -> None:
    """Take an alias away; one that is gone already is no fault."""
    kind, owner = ("unit", alias.unit) if alias.unit_id else ("group", alias.group)
    if UnitAlias.objects.filter(pk=alias.pk).delete()[0]:
        audit.record(f"{kind}.remove_alias", by=by, subject=owner, before={"alias": alias.name}, at=at)
