"""Units: made, corrected, closed. What a closing means for their duties is `reform.mergers`'s to say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, Q

from liaisons import aliases, role_succession
from liaisons.announcements import closed
from liaisons.codes import code_for
from liaisons.models import EnforcementField, GroupMember, Officer, Unit, UnitAlias, User
from xingxian_portal.foundation import audit, clock, stamps
from xingxian_portal.foundation.refusal import Refused

EDITABLE = ("name", "short_name", "kind", "position", "confirmed", "source")


def stamp_of(unit: Unit) -> str:
    """Give the mark of what a form on this unit shows."""
    return stamps.stamp(unit)


@transaction.atomic
def create(*, code: str = "", by: User, at: dt.datetime | None = None, **values: Any) -> Unit:
    """Make a unit; without a code (a township's statistical one) the portal makes one. Raises Refused."""
    aliases.require_free(values["name"])
    aliases.require_free(values["short_name"], field="short_name")
    codes = set(Unit.objects.values_list("code", flat=True))
    if code in codes:
        raise Refused(f"编码 {code} 已有单位使用。", "code")
    try:
        with transaction.atomic():
            unit = Unit.objects.create(code=code or code_for(values["short_name"], codes), **values)
    except IntegrityError as error:
        raise Refused("刚刚有人建立了同名的单位，请先查看单位列表。", "name") from error
    audit.record("unit.create", by=by, subject=unit, unit_code=unit.code, after=values, at=at)
    return unit


@transaction.atomic
def amend(unit: Unit, *, by: User, seen: str | None = None, at: dt.datetime | None = None, **values: Any) -> Unit:
    """Correct a unit's data; a former name stays as an alias, so that old papers are still understood.

    Raises Refused, Stale when the unit is not what the form showed (`seen`).
    """
    unit = locked(unit)
    mark = stamp_of(unit)
    before = {name: getattr(unit, name) for name in values}
    for field in ("name", "short_name"):
        if values.get(field, before.get(field)) != before.get(field):
            aliases.require_free(values[field], unit, field)
    for name, value in values.items():
        setattr(unit, name, value)
    stamps.check(seen, mark, stamp_of(unit), "这个单位")
    unit.save(update_fields=list(values))
    _keep_old_names(unit, [before[name] for name in ("name", "short_name") if name in before])
    audit.record("unit.amend", by=by, subject=unit, unit_code=unit.code, before=before, after=values, at=at)
    return unit


@transaction.atomic
def remove(codes: Iterable[str], *, by: User, at: dt.datetime | None = None) -> None:
    """Take away units that were made by mistake. Raises Refused as soon as anything names one: then it is closed instead."""
    rows = Unit.objects.filter(code__in=list(codes))
    before = list(rows.select_for_update().order_by("pk").values("code", *EDITABLE))
    try:
        with transaction.atomic():
            rows.delete()
    except ProtectedError as error:
        raise Refused("已经有账号、群组或事项用到其中的单位，不能当作没有建过；要撤并请在“单位”里办理。") from error
    for values in before:
        audit.record("unit.remove", by=by, unit_code=values["code"], before=values, at=at)


def _keep_old_names(unit: Unit, names: list[str]) -> None:
    UnitAlias.objects.filter(unit=unit, name__in=[unit.name, unit.short_name]).delete()
    for name in names:
        if aliases.holder_of(name) is None:
            UnitAlias.objects.create(name=name, unit=unit)


def locked(unit: Unit) -> Unit:
    """Give the unit as it stands now, its row locked until the transaction ends."""
    return Unit.objects.select_for_update(of=("self",)).select_related("successor").get(pk=unit.pk)


def require_closable(unit: Unit, on: dt.date, into: Unit | None, today: dt.date) -> None:
    """Raise Refused, with the input it belongs beside, when the unit cannot be closed on that day or merged there."""
    if unit.kind == Unit.BUREAU:
        raise Refused(f"{unit.short_name}主管本平台，不能并入其他单位，也不能撤销。")
    if unit.closed_on:
        went = f"并入{unit.successor}" if unit.successor else "撤销"
        raise Refused(f"{unit.name}已于 {unit.closed_on} {went}。")
    if on > today:
        raise Refused(f"{on} 还没有到，请在当天或以后办理。", "on")
    if into:
        _require_successor(unit, into)


def _require_successor(unit: Unit, into: Unit) -> None:
    if into == unit:
        raise Refused("不能并入本单位自己。", "into")
    if into.successor_id == unit.pk:
        raise Refused(f"{into.name}已并入{unit.name}，不能再反过来并入。", "into")
    if into.closed_on:
        raise Refused(f"{into.name}已于 {into.closed_on} 并入或撤销，请选现有的单位。", "into")


@transaction.atomic
def close(unit: Unit, *, on: dt.date, into: Unit | None = None, by: User, at: dt.datetime | None = None) -> Unit:
    """Close a unit from the day `on`, merged `into` another or dissolved: its memberships and posts end; fields, officers and roles move on.

    `reform.mergers` calls this together with what becomes of the duties. Raises Refused.
    """
    # Both in the order of their ids: two mergers that cross each other must not wait for one another.
    rows = Unit.objects.select_for_update(of=("self",)).select_related("successor").order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=[unit.pk, into.pk if into else unit.pk])}
    unit, successor = found[unit.pk], found[into.pk] if into else None
    require_closable(unit, on, successor, clock.local_date(at or clock.now()))
    unit.closed_on, unit.successor = on, successor
    unit.save(update_fields=["closed_on", "successor"])
    ended = _end_memberships(unit, on)
    EnforcementField.objects.filter(in_charge=unit).update(in_charge=successor)
    if successor:
        Officer.objects.filter(unit=unit).update(unit=successor)
    _end_posts(unit, on, by, at)
    role_succession.pass_on(unit, successor, by=by, at=at)
    after = {"on": on, "into": successor.code if successor else None, "memberships_ended": ended}
    audit.record("unit.close", by=by, subject=unit, unit_code=unit.code, after=after, at=at)
    closed.send(Unit, unit=unit, into=successor, by=by, at=at or clock.now())
    return unit


def _end_memberships(unit: Unit, on: dt.date) -> int:
    running = GroupMember.objects.filter(unit=unit).filter(Q(left_on__isnull=True) | Q(left_on__gt=on))
    never = running.filter(joined_on__gte=on)
    return never.delete()[0] + running.update(left_on=on)


def _end_posts(unit: Unit, on: dt.date, by: User, at: dt.datetime | None) -> None:
    # Nobody could end them afterwards, and who holds a post for ever is never a leaver.
    for post in unit.appointments.filter(until_on__isnull=True).order_by("pk"):
        post.until_on = max(on, post.from_on)
        post.save(update_fields=["until_on"])
        after = {"post": post.post, "until": post.until_on}
        audit.record("post.end", by=by, subject=post, unit_code=unit.code, after=after, note="单位撤并", at=at)
