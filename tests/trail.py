"""An audit trail for tests: entries, a chain of their own, and somebody who owns the database."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from xingxian_portal.foundation import audit, audit_guard
from xingxian_portal.foundation.audit import AuditEntry


@pytest.fixture
def chain(db, settings, tmp_path) -> None:
    """Keep the chains of different tests apart: each rolls its own back, the file outside would remember them all."""
    settings.AUDIT_WITNESS_FILE = tmp_path / "audit_heads"


@pytest.fixture
def entries(chain) -> list[AuditEntry]:
    """Give five entries, not sealed."""
    return [write(number) for number in range(1, 6)]


def write(number: int) -> AuditEntry:
    """Write one entry."""
    with transaction.atomic():
        return audit.record(
            "unit.amend", before={"n": number, "名": "甲"}, after={"n": number + 1}, note=f"第{number}条"
        )


@pytest.fixture
def tampering(db) -> None:
    """Act as somebody who owns the database: no trigger holds him."""
    audit_guard.remove(connection)


def run(sql: str, *values: int | str) -> None:
    """Run one statement past the portal's own code."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
