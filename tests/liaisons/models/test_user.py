from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from liaisons import roles
from liaisons.models import RoleGrant, User
from liaisons.permissions import Permission
from xingxian_portal.foundation.audit import AuditEntry


def test_createsuperuser_makes_a_system_administrator_and_says_so_in_the_trail(db, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "Lvliang-2022-xx")
    call_command("createsuperuser", username="guanli", name="管理", interactive=False, stdout=StringIO())

    user = User.objects.get()
    assert (user.role_names, user.check_password("Lvliang-2022-xx")) == (["系统管理员"], True)
    assert list(AuditEntry.objects.values_list("action", "actor_id")) == [("account.open", None)]


def test_a_user_without_a_password_cannot_log_in(db, client):
    User.objects.create_user("nobody", name="无")

    assert not client.login(username="nobody", password="")


def test_rights_are_the_sum_of_the_roles(cast):
    RoleGrant.objects.create(user=cast.weifen, role=roles.REVIEWER.slug, granted_at=timezone.now())
    user = User.objects.get(pk=cast.weifen.pk)

    assert user.permissions == roles.LIAISON.permissions | roles.REVIEWER.permissions


def test_a_unit_s_right_holds_for_the_unit_of_the_grant_only(cast):
    assert cast.weifen.unit_ids_with(Permission.FILE) == {cast.weifen.unit_id}
    assert cast.weifenld.unit_ids_with(Permission.FILE) == set()
    assert cast.sfj.unit_ids_with(Permission.FILE) == {cast.sfj.unit_id}


def test_nobody_stands_above_the_roles(cast):
    assert [user.username for user in cast if user.is_superuser] == []
    assert [user.username for user in cast if user.is_staff] == ["admin"]
    assert [user.username for user in cast if user.has_perm("x") or user.has_module_perms("liaisons")] == ["admin"]


def test_the_system_administrator_does_no_business(cast):
    business = {Permission.EDIT_PLANS, Permission.REVIEW, Permission.DECIDE, Permission.FILE, Permission.GRANT_ROLES}

    assert cast.admin.permissions & business == frozenset()


def test_the_auditor_reads_the_trail_and_nothing_else(cast):
    assert cast.audit.permissions == {Permission.READ_AUDIT}


@pytest.mark.parametrize("held", ["admin", "anquan", "audit"])
def test_the_database_itself_keeps_the_three_administrators_apart(cast, held):
    user = getattr(cast, held)
    other = next(slug for slug in roles.ADMINISTRATORS if slug != user.grants[0].role)

    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(user=user, role=other, granted_at=timezone.now())
