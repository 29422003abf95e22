from __future__ import annotations

import datetime as dt

import pytest

from liaisons import accounts, granting, roles
from liaisons.models import RoleGrant, Unit, User
from tests.cast import account
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.refusal import Refused


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_a_unit_s_role_is_granted_for_the_unit_and_recorded(cast):
    given = granting.grant(cast.pingcha, roles.FILER, cast.scj.unit, by=cast.anquan)

    assert (given.unit, given.granted_by) == (cast.scj.unit, cast.anquan)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_id, entry.subject_key) == ("role.grant", cast.anquan.pk, str(cast.pingcha.pk))
    assert entry.after == {"role": "filer", "unit": "scj"}


def test_a_county_role_never_carries_a_unit(cast):
    given = granting.grant(cast.weifen, roles.REVIEWER, cast.weifen.unit, by=cast.anquan)

    assert given.unit is None


def test_a_unit_s_role_without_a_unit_is_refused(cast):
    with pytest.raises(Refused, match="请选择联络员所属的单位") as refusal:
        granting.grant(cast.pingcha, roles.LIAISON, None, by=cast.anquan)

    assert refusal.value.field == "unit"


def test_a_closed_unit_gets_no_one_new(cast):
    unit = cast.scj.unit  # as a page has read it before
    Unit.objects.filter(pk=unit.pk).update(closed_on=dt.date(2022, 5, 1))

    with pytest.raises(Refused, match="已并入"):
        granting.grant(cast.pingcha, roles.LIAISON, unit, by=cast.anquan)


@pytest.mark.parametrize("role", [roles.OFFICER, roles.BUREAU_LEADER])
def test_the_bureau_s_roles_go_to_the_bureau_only(cast, role):
    with pytest.raises(Refused, match="只能授予县司法局的人员"):
        granting.grant(cast.weifen, role, cast.weifen.unit, by=cast.anquan)


def test_nobody_grants_to_oneself(cast):
    with pytest.raises(Refused, match="不能给自己授予角色"):
        granting.grant(cast.anquan, roles.COUNTY_LEADER, None, by=cast.anquan)

    assert fresh(cast.anquan).role_names == ["安全管理员"]


@pytest.mark.parametrize("held", ["admin", "anquan", "audit"])
@pytest.mark.parametrize("slug", roles.ADMINISTRATORS)
def test_no_account_holds_two_of_the_three_administrators(cast, held, slug):
    other = account("anquan2", "另一安全", None, roles.SECURITY_ADMIN)
    user, role = getattr(cast, held), roles.BY_SLUG[slug]

    expected = "已有这个角色" if user.role_names == [role.name] else "必须是不同的人"
    with pytest.raises(Refused, match=expected):
        granting.grant(user, role, None, by=other)


def test_a_disabled_account_gets_no_role(cast):
    accounts.disable(cast.pingcha, by=cast.admin)

    with pytest.raises(Refused, match="已停用"):
        granting.grant(cast.pingcha, roles.COUNTY_LEADER, None, by=cast.anquan)


def test_the_same_role_twice_is_refused(cast):
    with pytest.raises(Refused, match="已有这个角色"):
        granting.grant(cast.weifen, roles.LIAISON, cast.weifen.unit, by=cast.anquan)


@pytest.mark.parametrize("name", ["admin", "sfj", "sfjld", "audit", "weifen"])
def test_nobody_but_the_security_administrator_grants(cast, name):
    with pytest.raises(Refused, match="您不能授予这个角色"):
        granting.grant(cast.pingcha, roles.COUNTY_LEADER, None, by=getattr(cast, name))


def test_without_a_security_administrator_the_system_administrator_names_one(cast):
    accounts.disable(cast.anquan, by=cast.admin)
    assert granting.grantable(fresh(cast.admin)) == [roles.SECURITY_ADMIN]

    granting.grant(cast.pingcha, roles.SECURITY_ADMIN, None, by=cast.admin)

    assert granting.grantable(fresh(cast.admin)) == []
    assert roles.OFFICER in granting.grantable(fresh(cast.pingcha))


def test_even_then_not_to_oneself(cast):
    accounts.disable(cast.anquan, by=cast.admin)

    with pytest.raises(Refused, match="不能给自己授予角色"):
        granting.grant(cast.admin, roles.SECURITY_ADMIN, None, by=cast.admin)


def test_a_revoked_role_is_gone_at_once_and_recorded(cast):
    granting.revoke(cast.weifen.grants[0], by=cast.anquan)

    assert fresh(cast.weifen).permissions == frozenset()
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.before) == ("role.revoke", {"role": "liaison", "unit": cast.weifen.unit.code})


def test_revoking_twice_is_refused_without_an_entry(cast):
    grant = cast.weifen.grants[0]
    granting.revoke(grant, by=cast.anquan)

    with pytest.raises(Refused, match="已经收回"):
        granting.revoke(RoleGrant(pk=grant.pk, user=cast.weifen, role=grant.role), by=cast.anquan)
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("owner", "by", "why"), [("anquan", "anquan", "自己的角色"), ("weifen", "admin", "由安全管理员")]
)
def test_who_may_not_revoke_is_told_why(cast, owner, by, why):
    with pytest.raises(Refused, match=why):
        granting.revoke(getattr(cast, owner).grants[0], by=getattr(cast, by))
