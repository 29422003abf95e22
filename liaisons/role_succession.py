"""What becomes of the roles held for a unit that is closed: they follow the open work to the successor, or end.

Nobody gets more than before: the role stays what it was. The 安全管理员 are told, to look whether it still is right.
"""

from __future__ import annotations

import datetime as dt

from liaisons import notices, roles
from liaisons.models import RoleGrant, Unit, User
from xingxian_portal.foundation import audit


def holders(unit: Unit) -> int:
    """Count the open accounts that hold a role for the unit."""
    return User.objects.filter(role_grants__unit=unit, is_active=True).distinct().count()


def pass_on(unit: Unit, into: Unit | None, *, by: User, at: dt.datetime | None = None) -> None:
    """Move the unit's roles and people to `into`, or end the roles when it is None; part of closing the unit."""
    grants = list(
        RoleGrant.objects.select_for_update(of=("self",)).filter(unit=unit).select_related("user").order_by("pk")
    )
    for given in grants:
        _follow(given, into, by, at)
    if into:
        User.objects.filter(unit=unit).update(unit=into)
    if grants:
        _tell(unit, into, len(grants), at)


def _follow(given: RoleGrant, into: Unit | None, by: User, at: dt.datetime | None) -> None:
    assert given.unit
    before = {"role": given.role, "unit": given.unit.code}
    audit.record("role.revoke", by=by, subject=given.user, unit_code=given.unit.code, before=before, at=at)
    if into is None or RoleGrant.objects.filter(user=given.user, role=given.role, unit=into).exists():
        given.delete()
        return
    given.unit = into
    given.save(update_fields=["unit"])
    after = {"role": given.role, "unit": into.code}
    audit.record("role.grant", by=by, subject=given.user, unit_code=into.code, after=after, at=at)


def _tell(unit: Unit, into: Unit | None, count: int, at: dt.datetime | None) -> None:
    became = f"已转到{into.short_name}" if into else "已收回"
    guards = User.objects.filter(role_grants__role=roles.SECURITY_ADMIN.slug, is_active=True)
    title = f"{unit.short_name}{'并入' + into.short_name if into else '撤销'}，它的 {count} 个角色{became}，请核对"
    notices.tell(guards, "角色", title, link="/accounts/", subject=unit, at=at)
