"""Notices: telling people, and what they did with it. The in-app inbox cannot bounce.

`tell` is called inside the act that it tells of, so that a notice exists exactly when the act happened.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterable

from django.db import models, transaction
from django.db.models import F, QuerySet

from liaisons.models import Notice, User
from xingxian_portal.foundation import audit, clock

TITLE_LIMIT = 120


def tell(
    recipients: Iterable[User],
    kind: str,
    title: str,
    *,
    body: str = "",
    link: str = "",
    subject: models.Model | None = None,
    dedupe: str = "",
    at: dt.datetime | None = None,
) -> None:
    """Put a notice into each recipient's inbox, never twice for the same `dedupe` key and person.

    `link` is an address of the portal that opens with the notice. An empty `dedupe` tells each time. A title
    that is too long is cut with an ellipsis; the whole of it belongs into `body`. Closed accounts are told nothing.
    """
    sent_at = at or clock.now()
    about = (subject._meta.label_lower, str(subject.pk)) if subject else ("", "")
    Notice.objects.bulk_create(
        [
            Notice(
                recipient=person, kind=kind, title=cut(title), body=body, link=link, sent_at=sent_at,
                subject_kind=about[0], subject_key=about[1], dedupe_key=_key(person, dedupe),
            )
            for person in recipients if person.is_active
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def cut(title: str) -> str:
    """Give a title that fits, cut with an ellipsis."""
    return title if len(title) <= TITLE_LIMIT else title[: TITLE_LIMIT - 1] + "…"


def _key(person: User, dedupe: str) -> str:
    return hashlib.sha256(f"{person.pk}:{dedupe or uuid.uuid4().hex}".encode()).hexdigest()


def inbox(user: User) -> QuerySet[Notice]:
    """Give the notices of `user`: what was not opened first, then the newest."""
    return Notice.objects.filter(recipient=user).order_by(
        models.Case(models.When(opened_at__isnull=True, then=0), default=1), F("sent_at").desc(), F("pk").desc()
    )


def open_notice(notice: Notice, *, at: dt.datetime | None = None) -> Notice:
    """Note that the recipient opened it; the first time counts."""
    moment = at or clock.now()
    if Notice.objects.filter(pk=notice.pk, opened_at__isnull=True).update(opened_at=moment):
        notice.opened_at = moment
    return notice


def open_all(user: User, *, at: dt.datetime | None = None) -> int:
    """Note that `user` has seen all notices; give how many were new."""
    return Notice.objects.filter(recipient=user, opened_at__isnull=True).update(opened_at=at or clock.now())


def acknowledge(notice: Notice, *, by: User, at: dt.datetime | None = None) -> Notice:
    """Sign for a notice; signing opens it too. The first signature counts, a second changes nothing."""
    moment = at or clock.now()
    with transaction.atomic():
        if Notice.objects.filter(pk=notice.pk, acknowledged_at__isnull=True).update(acknowledged_at=moment):
            audit.record("notice.acknowledge", by=by, subject=notice, at=moment)
            open_notice(notice, at=moment)
    notice.refresh_from_db()
    return notice
