"""Where sessions lie: Django's table with columns beside it that say whose a session is, so that it can be listed and ended.

A session ends when it has not been used for `SESSION_COOKIE_AGE` seconds. `SEEN` says when it was last written down,
so that a page does not write it each time.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from liaisons.models import Session
from xingxian_portal.foundation import clock

SEEN, OPENED = "seen", "opened"
WRITE_EVERY = 60  # seconds


class SessionStore(DatabaseStore):
    """Django's sessions in the database, with their owner."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Give the table."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Give the row of a session: its columns say what `data` does."""
        row = super().create_model_instance(data)
        assert isinstance(row, Session)
        opened = data.get(OPENED) or {}
        row.user_id = data.get(SESSION_KEY)
        row.opened_at = dt.datetime.fromisoformat(opened["at"]) if opened else None
        row.address, row.device = opened.get("address", ""), opened.get("device", "")
        return row

    def save(self, must_create: bool = False) -> None:
        """Write the session down, with the moment."""
        self[SEEN] = _seconds()
        super().save(must_create)

    def keep_alive(self) -> None:
        """Note that the session is in use, at most once a minute."""
        if self.get(SEEN, 0) <= _seconds() - WRITE_EVERY:
            self.modified = True


def _seconds() -> int:
    return int(clock.real_now().timestamp())
