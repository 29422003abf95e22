"""Groups as a plan names them: made, corrected, joined and left on a day.

A change counts from its day on and touches only what is opened afterwards: who owes an occurrence is fixed at
its opening.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, Q

from liaisons import aliases, units
from liaisons.codes import code_for
from liaisons.models import GroupMember, Unit, UnitAlias, UnitGroup, User
from xingxian_portal.foundation import audit, stamps
from xingxian_portal.foundation.refusal import Refused


def stamp_of(group: UnitGroup) -> str:
    """Give the mark of what a form on this group shows."""
    return stamps.stamp(group)


@transaction.atomic
def create(*, code: str = "", by: User, at: dt.datetime | None = None, **values: Any) -> UnitGroup:
    """Make a group; without a code the portal makes one. Raises Refused when name or code is taken."""
    aliases.require_free(values["name"])
    codes = set(UnitGroup.objects.values_list("code", flat=True))
    if code in codes:
        raise Refused(f"编码 {code} 已有群组使用。", "code")
    code = code or code_for(values["name"], codes)
    try:
        with transaction.atomic():
            group = UnitGroup.objects.create(code=code, **values)
    except IntegrityError as error:
        raise Refused("刚刚有人建立了同名的群组，请先查看群组列表。", "name") from error
    audit.record("group.create", by=by, subject=group, after=_plain(values), at=at)
    return group


@transaction.atomic
def amend(
    group: UnitGroup, *, by: User, seen: str | None = None, at: dt.datetime | None = None, **values: Any
) -> UnitGroup:
    """Correct a group's data; raises Refused, Stale when the group is not what the form showed (`seen`)."""
    group = locked(group)
    mark = stamp_of(group)
    if values.get("name", group.name) != group.name:
        aliases.require_free(values["name"], besides=group)
    if "follows" in values:
        _require_followable(group, values["follows"])
    before = {name: getattr(group, name) for name in values}
    for name, value in values.items():
        setattr(group, name, value)
    stamps.check(seen, mark, stamp_of(group), "这个群组")
    group.save(update_fields=list(values))
    audit.record("group.amend", by=by, subject=group, before=_plain(before), after=_plain(values), at=at)
    return group


@transaction.atomic
def remove(codes: Iterable[str], *, by: User, at: dt.datetime | None = None) -> None:
    """Take away groups that were made by mistake; raises Refused as soon as one has members or anything names it."""
    rows = UnitGroup.objects.filter(code__in=list(codes))
    before = [{"code": row.code, "name": row.name} for row in rows.order_by("pk")]
    used = Refused("已经有成员、别名、别的群组或方案用到其中的群组，不能当作没有建过。")
    if GroupMember.objects.filter(group__in=rows).exists() or UnitAlias.objects.filter(group__in=rows).exists():
        raise used
    try:
        with transaction.atomic():
            rows.delete()
    except ProtectedError as error:
        raise used from error
    for values in before:
        audit.record("group.remove", by=by, before=values, at=at)


def _require_followable(group: UnitGroup, follows: UnitGroup | None) -> None:
    if follows == group.follows:
        return
    if follows is None:
        raise Refused("要与原来的群组分开，请用“单列名单”，现有成员会一并抄来。", "follows")
    if group.memberships.exists():
        raise Refused("这个群组有自己的成员记录，不能再与别的群组相同。", "follows")
    above: UnitGroup | None = follows
    while above:
        if above == group:
            raise Refused(f"“{follows}”的成员就取自本群组，不能互相跟随。", "follows")
        above = above.follows


def locked(group: UnitGroup) -> UnitGroup:
    """Give the group as it stands now, its row locked until the transaction ends."""
    return UnitGroup.objects.select_for_update(of=("self",)).select_related("follows").get(pk=group.pk)


@transaction.atomic
def join(group: UnitGroup, unit: Unit, *, on: dt.date, by: User, at: dt.datetime | None = None) -> GroupMember:
    """Make the unit a member from the day `on`; raises Refused."""
    unit = units.locked(unit)  # before the group, as whoever merges it does
    group = locked(group)
    _require_own_list(group)
    if unit.closed_on:
        raise Refused(f"{unit.name}已于 {unit.closed_on} 并入或撤销，不能加入。", "unit")
    overlapping = group.memberships.filter(Q(left_on__isnull=True) | Q(left_on__gt=on), unit=unit).first()
    if overlapping:
        raise Refused(f"{unit.short_name}自 {overlapping.joined_on} 起已是成员。", "unit")
    if group.memberships.filter(unit=unit, joined_on=on).exists():
        raise Refused(f"{unit.short_name}在 {on} 加入又退出过，请改填另一天。", "on")
    member = GroupMember.objects.create(group=group, unit=unit, joined_on=on)
    audit.record(
        "group.join", by=by, subject=group, unit_code=unit.code, after={"unit": unit.code, "joined_on": on}, at=at
    )
    return member


@transaction.atomic
def leave(member: GroupMember, *, on: dt.date, by: User, at: dt.datetime | None = None) -> None:
    """End a membership: the day `on` is the first without it. On the day of joining it is undone as a slip.

    Raises Refused.
    """
    group = locked(member.group)
    _require_own_list(group)
    member = GroupMember.objects.select_for_update(of=("self",)).select_related("unit").get(pk=member.pk)
    if member.left_on:
        raise Refused(f"{member.unit.short_name}已于 {member.left_on} 退出。")
    if on < member.joined_on:
        raise Refused(f"退出日期早于加入日期 {member.joined_on}。", "on")
    if on == member.joined_on:
        member.delete()
    else:
        member.left_on = on
        member.save(update_fields=["left_on"])
    after = {"unit": member.unit.code, "left_on": on}
    audit.record("group.leave", by=by, subject=group, unit_code=member.unit.code, after=after, at=at)


def _require_own_list(group: UnitGroup) -> None:
    if group.follows:
        raise Refused(f"本群组的成员取自“{group.follows}”，请先“单列名单”，或到那个群组里调整。")


@transaction.atomic
def detach(group: UnitGroup, *, by: User, at: dt.datetime | None = None) -> UnitGroup:
    """Give a group that followed another its own list: the other's memberships copied with their days.

    The days are copied too because a month that was missed is opened later with the members of its own day.
    Raises Refused when the group follows none.
    """
    group = locked(group)
    if not group.follows:
        raise Refused("本群组已有自己的名单。")
    source = group.follows
    while source.follows and source.follows != group:
        source = source.follows
    copies = [
        GroupMember(group=group, unit_id=row.unit_id, joined_on=row.joined_on, left_on=row.left_on)
        for row in source.memberships.all()
    ]
    GroupMember.objects.bulk_create(copies)
    group.follows = None
    group.save(update_fields=["follows"])
    audit.record(
        "group.detach", by=by, subject=group, after={"copied_from": source.code, "members": len(copies)}, at=at
    )
    return group


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.code if isinstance(value, UnitGroup) else value for name, value in values.items()}
