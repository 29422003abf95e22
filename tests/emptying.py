"""Emptying the tables after a test that commits, past the triggers that let the audit trail only grow.

A test inside a transaction is rolled back and meets the triggers as the portal does. One that commits (`live_server`,
`transaction=True`) meets them too; only between such tests, while Django empties all tables, are they away.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import TransactionTestCase

from xingxian_portal.foundation import audit_guard


@pytest.fixture(scope="session", autouse=True)
def emptied_past_the_triggers() -> Iterator[None]:
    """Let Django empty the audit trail's tables between tests."""
    empty = getattr(TransactionTestCase, "_fixture_teardown")  # noqa: B009 - the stubs do not know it

    def without_triggers(case: TransactionTestCase) -> None:
        audit_guard.remove(connection)
        empty(case)
        audit_guard.install(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", without_triggers)
        yield
