"""Whose letter it is: taken by one conditional UPDATE, given back when its sender has died.

Leases run on real time. One that ends far ahead of now was taken before the clock was set back, and has ended too.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from liaisons.letters.gathering import to_send
from liaisons.models import Letter
from liaisons.models.contact import MAIL, WEBHOOK
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.workdays import Workdays

CHUNK = 100


def lease() -> dt.timedelta:
    """Give how long a sender may hold what it claimed; a chunk is given back long before."""
    return dt.timedelta(seconds=settings.PORTAL_LETTER_LEASE_SECONDS)


def take(channel: str, at: dt.datetime, workdays: Workdays) -> tuple[str, list[Letter]]:
    """Claim up to a chunk of letters of one channel; gives the claim's name and the letters, nothing when none waits."""
    token = uuid.uuid4().hex
    with transaction.atomic():
        waiting = to_send(at, workdays).filter(channel=channel)
        picked = list(waiting.select_for_update(skip_locked=True).values_list("pk", flat=True)[:CHUNK])
        # The count of rows says whose they are: on SQLite, where nothing is skipped, another may have been quicker.
        Letter.objects.filter(pk__in=picked, status=Letter.PLANNED).update(
            status=Letter.CLAIMED, claimed_by=token, lease_until=clock.real_now() + lease()
        )
    return token, list(_held(token).select_related("recipient__contact", "recipient__person"))


def _held(token: str) -> QuerySet[Letter]:
    """Give what a claim still holds, in the order in which it is sent."""
    return Letter.objects.filter(claimed_by=token, status=Letter.CLAIMED).order_by("-day", "pk")


def lost() -> QuerySet[Letter]:
    """Give the letters whose sender has not come back in time."""
    now = clock.real_now()
    return Letter.objects.filter(Q(lease_until__lt=now) | Q(lease_until__gt=now + 2 * lease()), status=Letter.CLAIMED)


def take_back() -> None:
    """Give lost letters back to be sent again; an SMS that may be out is not sent twice but shown as unknown."""
    left = lost()
    left.filter(channel=WEBHOOK, under_way=True).update(
        status=Letter.UNKNOWN, error_code="sender-died", attempts=F("attempts") + 1
    )
    for token in set(left.filter(channel=MAIL).values_list("claimed_by", flat=True)):
        # Each letter was recorded before the next was begun: only the first that is left may be out.
        first = list(_held(token).values_list("pk", flat=True)[:1])
        Letter.objects.filter(pk__in=first).update(under_way=True, attempts=F("attempts") + 1)
    left.update(status=Letter.PLANNED, claimed_by="", lease_until=None)


def give_back(token: str) -> None:
    """Give back what a sender claimed and did not come to."""
    _held(token).update(status=Letter.PLANNED, claimed_by="", lease_until=None)
