"""The file in which beat keeps what it last called, and how old that is: beat writes it with each call."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from xingxian_portal.foundation import clock

NAME = "beat-schedule"  # deploy/ names it too


def age() -> dt.timedelta | None:
    """Give how long ago beat last wrote; None where it never did, or keeps its file on another machine."""
    written = [path.stat().st_mtime for path in settings.DATA_DIR.glob(f"{NAME}*")]
    return clock.real_now() - dt.datetime.fromtimestamp(max(written), tz=dt.UTC) if written else None
