"""One's own open sessions: listed, ended one by one or all others at once."""

from __future__ import annotations

import datetime as dt
import re

from django.db import transaction
from django.db.models import QuerySet

from liaisons.models import Session, User
from liaisons.session_store import SEEN, SessionStore
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.refusal import Refused

# The first that fits: Edge and WeChat call themselves Chrome, Chrome calls itself Safari.
BROWSERS = [
    ("MicroMessenger", "微信"), ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"),
]  # fmt: skip
SYSTEMS = [
    ("OpenHarmony|HarmonyOS", "鸿蒙"), ("Android", "安卓"), ("iPhone|iPad", "iOS"), ("Windows", "Windows"),
    ("Mac OS X", "macOS"), ("Linux", "Linux"),
]  # fmt: skip


def device_of(user_agent: str) -> str:
    """Give browser and system in words people know, 其他 for what is neither."""
    parts = [
        next((word for pattern, word in table if re.search(pattern, user_agent)), "") for table in (BROWSERS, SYSTEMS)
    ]
    return " · ".join(filter(None, parts)) or "其他"


def open_of(user: User) -> QuerySet[Session]:
    """Give the sessions of `user` that have not ended."""
    return Session.objects.filter(user=user, expire_date__gt=clock.real_now())


def seen_at(session: Session) -> dt.datetime:
    """Give when somebody last used the session, to the minute."""
    return dt.datetime.fromtimestamp(SessionStore().decode(session.session_data).get(SEEN, 0), tz=dt.UTC)


@transaction.atomic
def end(user: User, handle: str) -> None:
    """End one session of `user`; raises Refused when it has ended already."""
    found = next((session for session in open_of(user) if session.handle == handle), None)
    if found is None or not Session.objects.filter(pk=found.pk).delete()[0]:
        raise Refused("这个登录刚刚已经结束。")
    audit.record("session.end", by=user, subject=user, after={"count": 1})


@transaction.atomic
def end_others(user: User, besides: str) -> int:
    """End all sessions of `user` but the one with the key `besides`; gives how many."""
    count = close(user, besides)
    if count:
        audit.record("session.end", by=user, subject=user, after={"count": count})
    return count


def close(user: User, besides: str = "") -> int:
    """End all sessions of `user` but the one with the key `besides`, as part of an act that has an entry of its own."""
    return Session.objects.filter(user=user).exclude(session_key=besides).delete()[0]


def clear_ended() -> int:
    """Take away the sessions that ended by themselves; gives how many."""
    return Session.objects.filter(expire_date__lte=clock.real_now()).delete()[0]
