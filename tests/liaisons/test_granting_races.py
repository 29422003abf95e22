"""Two 安全管理员 at the same moment: only a real lock decides, so only PostgreSQL can show it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from liaisons import granting, roles
from liaisons.models import RoleGrant, User
from tests.cast import account, gather
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.refusal import Refused


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_administrators_roles_at_once_end_in_one_and_a_plain_refusal():
    cast = gather()
    person = account("new", "新人", None, None)
    start = Barrier(2)

    def grant(role: roles.Role) -> str:
        try:
            start.wait(timeout=10)
            granting.grant(person, role, None, by=User.objects.get(pk=cast.anquan.pk))
        except Refused as refusal:
            return str(refusal)
        finally:
            connection.close()
        return "granted"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(grant, [roles.AUDITOR, roles.SYSTEM_ADMIN]))

    assert outcomes[0] == "granted"
    assert "必须是不同的人" in outcomes[1]
    assert (RoleGrant.objects.filter(user=person).count(), AuditEntry.objects.count()) == (1, 1)
