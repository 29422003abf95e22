"""Rows that stand for a whole file of tests, made once: for what takes long to make and is only looked at.

Below them each test may still have a transaction of its own (`db`), which is rolled back as always.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction

from xingxian_portal import facts


@pytest.fixture(scope="module")
def standing(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Keep a transaction open around all tests of the file; what module fixtures write in it goes with it."""
    around = transaction.atomic()
    # Code that insists on the outermost transaction may run in here, as it may in Django's own test cases.
    setattr(around, "_from_testcase", True)  # noqa: B010 - the stubs do not know it
    with django_db_blocker.unblock(), around:
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def county(standing) -> None:
    """Load all facts: calendar, units, groups, the plan as a draft."""
    facts.load_all()
