"""Granting and revoking roles: by the 安全管理员, never to oneself, the three administrators kept apart."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from liaisons import roles, units
from liaisons.models import RoleGrant, Unit, User
from liaisons.permissions import Permission
from liaisons.roles import Role
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.refusal import Refused

# Roles that only somebody of the bureau can hold: they act for the bureau's own duties too.
BUREAU_ROLES = frozenset({roles.OFFICER.slug, roles.BUREAU_LEADER.slug})


def needs_unit(role: Role) -> bool:
    """Say whether the role is held for one unit."""
    return bool(role.permissions & roles.OWN_UNIT)


def grantable(by: User) -> list[Role]:
    """Give the roles that `by` may grant to others.

    The 系统管理员 may name the first 安全管理员, or the next one when no open account holds that role any more:
    otherwise a new portal, or one whose 安全管理员 has left, could never grant a role again.
    """
    if by.may(Permission.GRANT_ROLES):
        return list(roles.ALL)
    return [roles.SECURITY_ADMIN] if by.may(Permission.MANAGE_ACCOUNTS) and not _has_security_admin() else []


def _has_security_admin() -> bool:
    return RoleGrant.objects.filter(role=roles.SECURITY_ADMIN.slug, user__is_active=True).exists()


@transaction.atomic
def grant(user: User, role: Role, unit: Unit | None, *, by: User, at: dt.datetime | None = None) -> RoleGrant:
    """Grant `role` to `user`, for `unit` where the role is a unit's; raises Refused.

    The unit is left out of account where the role is the county's.
    """
    unit = units.locked(unit) if unit and needs_unit(role) else None  # before the account, as whoever merges it does
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    _check_person(user, role, by)
    _check_unit(role, unit)
    if any((held.role, held.unit_id) == (role.slug, unit.pk if unit else None) for held in user.grants):
        raise Refused("这个账号已有这个角色。", "role")
    given = RoleGrant.objects.create(user=user, role=role.slug, unit=unit, granted_by=by, granted_at=at or clock.now())
    code = unit.code if unit else ""
    audit.record("role.grant", by=by, subject=user, unit_code=code, after={"role": role.slug, "unit": code}, at=at)
    return given


def _check_person(user: User, role: Role, by: User) -> None:
    if role not in grantable(by):
        raise Refused("您不能授予这个角色。", "role")
    if user.pk == by.pk:
        raise Refused("不能给自己授予角色，请由另一位安全管理员办理。")
    if not user.is_active:
        raise Refused("这个账号已停用，请先由系统管理员启用。")
    held = [grant.role for grant in user.grants if grant.role in roles.ADMINISTRATORS]
    if role.slug in roles.ADMINISTRATORS and held and held != [role.slug]:
        raise Refused(
            f"系统管理员、安全管理员、审计员必须是不同的人；这个账号已是{roles.BY_SLUG[held[0]].name}。", "role"
        )


def _check_unit(role: Role, unit: Unit | None) -> None:
    if not needs_unit(role):
        return
    if unit is None:
        raise Refused(f"请选择{role.name}所属的单位。", "unit")
    if unit.closed_on is not None:
        raise Refused(f"{unit.name}已并入其他单位或撤销，不能再授予角色。", "unit")
    if role.slug in BUREAU_ROLES and unit.kind != Unit.BUREAU:
        raise Refused(f"{role.name}只能授予县司法局的人员。", "unit")


@transaction.atomic
def revoke(given: RoleGrant, *, by: User, at: dt.datetime | None = None) -> None:
    """Take a role back; raises Refused for one's own and for a role that `by` could not grant."""
    user = User.objects.select_for_update(of=("self",)).get(pk=given.user_id)
    if not by.may(Permission.GRANT_ROLES):
        raise Refused("收回角色由安全管理员办理。")
    if user.pk == by.pk:
        raise Refused("不能收回自己的角色，请由另一位安全管理员办理。")
    code = given.unit.code if given.unit else ""
    if not RoleGrant.objects.filter(pk=given.pk).delete()[0]:
        raise Refused("这个角色刚刚已经收回。")
    audit.record("role.revoke", by=by, subject=user, unit_code=code, before={"role": given.role, "unit": code}, at=at)
