"""Where sessions lie: Django's table with columns beside it that say whose a session is, so that it can be listed and ended.

A session ends when nobody has used it for `SESSION_COOKIE_AGE` seconds, and `PORTAL_SESSION_HOURS` after it was opened
however much it is used. What a page fetches by itself is no use: see `unattended`. Use is written down at most once a
minute, so that a page does not write it each time.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from liaisons.models import Session
from xingxian_portal.foundation import clock

# When somebody last used it, when it was last saved for whatever reason, when and where it was opened.
SEEN, SAVED, OPENED = "seen", "saved", "opened"
WRITE_EVERY = 60  # seconds


class SessionStore(DatabaseStore):
    """Django's sessions in the database, with their owner.

    `unattended` is set for a request that no person made: the big screen asks for its next turn. It keeps the session
    for the big screen alone; to all other pages it grows idle meanwhile.
    """

    unattended = False

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
        if row.opened_at:
            row.expire_date = min(row.expire_date, row.opened_at + dt.timedelta(hours=settings.PORTAL_SESSION_HOURS))
        row.address, row.device = opened.get("address", ""), opened.get("device", "")
        return row

    def save(self, must_create: bool = False) -> None:
        """Write the session down, with the moment."""
        self[SAVED] = now = _seconds()
        if not self.unattended:
            self[SEEN] = now
        super().save(must_create)

    def keep_alive(self) -> None:
        """Note that the session is in use, at most once a minute."""
        # Two marks, or a screen that writes every minute would hide that somebody works beside it.
        if self.get(SAVED if self.unattended else SEEN, 0) <= _seconds() - WRITE_EVERY:
            self.modified = True

    def is_idle(self) -> bool:
        """Say whether nobody has used it for too long, although the big screen still fetches its turns with it."""
        return self.get(SEEN, 0) <= _seconds() - settings.SESSION_COOKIE_AGE


def _seconds() -> int:
    return int(clock.real_now().timestamp())
