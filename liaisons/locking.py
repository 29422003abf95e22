"""The lock after too many wrong passwords: by account and address together, opened by time or by the 系统管理员.

django-axes counts. It knows an account by a digest, whether it exists or not: people type their password into the
wrong field, and a lock must not tell which accounts there are.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from liaisons.models import User
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.keyed_digest import digest
from xingxian_portal.foundation.refusal import Refused


def name_of(request: Any, credentials: dict[str, Any] | None) -> str:
    """Give what stands for the account that a log-in names; called by axes."""
    return digest((credentials or {}).get("username") or "-")


def address_of(request: Any) -> str | None:
    """Give the address of the running request; called by axes."""
    return (audit.origin.get() or {}).get("address") or None


def locks(user: User) -> QuerySet[AccessAttempt]:
    """Give the addresses from which the account is locked now, with when each lock ends."""
    since = clock.real_now() - settings.AXES_COOLOFF_TIME
    failed = AccessAttempt.objects.filter(username=digest(user.username), attempt_time__gt=since)
    return failed.filter(failures_since_start__gte=settings.AXES_FAILURE_LIMIT).order_by("-attempt_time")


def sentence(username: str) -> str:
    """Give what somebody is told who is locked out; the same whether there is such an account."""
    last = (
        AccessAttempt.objects.filter(username=digest(username), ip_address=address_of(None))
        .order_by("attempt_time")
        .last()
    )
    left = last.attempt_time + settings.AXES_COOLOFF_TIME - clock.real_now() if last else settings.AXES_COOLOFF_TIME
    minutes = max(1, math.ceil(left / dt.timedelta(minutes=1)))
    return (
        f"密码连续输错 {settings.AXES_FAILURE_LIMIT} 次，这个用户名暂时不能从您这里登录。"
        f"请 {minutes} 分钟后再试，或请系统管理员解除锁定。"
    )


@transaction.atomic
def unlock(user: User, *, by: User, at: dt.datetime | None = None) -> None:
    """Let the account log in again from everywhere; raises Refused when it is not locked."""
    if not locks(user).exists():
        raise Refused("这个账号没有被锁定，或者锁定刚刚已经解除。")
    AccessAttempt.objects.filter(username=digest(user.username)).delete()
    audit.record("account.unlock", by=by, subject=user, at=at)


def forget_old() -> int:
    """Take away the failures that lock nothing any more; gives how many."""
    return AccessAttempt.objects.filter(attempt_time__lte=clock.real_now() - settings.AXES_COOLOFF_TIME).delete()[0]
