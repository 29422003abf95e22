from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from liaisons import notices
from liaisons.models import Notice, User
from xingxian_portal.foundation.audit import AuditEntry

MORNING = timezone.make_aware(dt.datetime(2022, 6, 20, 8, 30))
LATER = MORNING + dt.timedelta(hours=2)


def test_each_recipient_is_told_about_the_subject(cast):
    notices.tell(
        [cast.weifen, cast.scj], "催办", "六月报告", body="还有 3 项", link="/x/", subject=cast.weifen.unit, at=MORNING
    )

    told = Notice.objects.values_list("recipient__username", "kind", "title", "body", "link", "subject_kind", "sent_at")
    assert sorted(told) == [
        (name, "催办", "六月报告", "还有 3 项", "/x/", "liaisons.unit", MORNING) for name in ("scj", "weifen")
    ]


def test_the_same_key_tells_a_person_once_and_another_person_too(cast):
    notices.tell([cast.weifen], "催办", "一", dedupe="month:6")
    notices.tell([cast.weifen, cast.scj], "催办", "二", dedupe="month:6")

    assert sorted(Notice.objects.values_list("recipient__username", "title")) == [("scj", "二"), ("weifen", "一")]


def test_without_a_key_each_call_tells(cast):
    notices.tell([cast.weifen], "催办", "一")
    notices.tell([cast.weifen], "催办", "一")

    assert Notice.objects.count() == 2


def test_a_disabled_account_is_told_nothing(cast):
    User.objects.filter(pk=cast.weifen.pk).update(is_active=False)

    notices.tell(User.objects.filter(pk=cast.weifen.pk), "催办", "一")

    assert Notice.objects.count() == 0


@pytest.mark.parametrize(("title", "shown"), [("题" * 120, "题" * 120), ("题" * 121, "题" * 119 + "…")])
def test_a_title_that_is_too_long_is_cut(cast, title, shown):
    notices.tell([cast.weifen], "催办", title)

    assert Notice.objects.get().title == shown


def test_the_inbox_shows_unread_first_then_the_newest(cast):
    for number in range(4):
        notices.tell([cast.weifen], "催办", str(number), at=MORNING + dt.timedelta(hours=number))
    notices.tell([cast.scj], "催办", "别人的", at=MORNING)
    notices.open_notice(cast.weifen.notices.get(title="3"), at=LATER)

    assert [notice.title for notice in notices.inbox(cast.weifen)] == ["2", "1", "0", "3"]


def test_the_first_opening_counts(cast):
    notices.tell([cast.weifen], "催办", "一", at=MORNING)
    notices.open_notice(Notice.objects.get(), at=MORNING)
    notices.open_notice(Notice.objects.get(), at=LATER)

    assert Notice.objects.get().opened_at == MORNING


def test_opening_all_touches_only_one_s_own_unread(cast):
    notices.tell([cast.weifen, cast.scj], "催办", "一", at=MORNING)

    assert (notices.open_all(cast.weifen, at=LATER), notices.open_all(cast.weifen, at=LATER)) == (1, 0)
    assert Notice.objects.get(recipient=cast.scj).opened_at is None


def test_signing_for_opens_and_is_in_the_trail_once(cast):
    notices.tell([cast.weifen], "催办", "一", at=MORNING)
    for moment in (MORNING, LATER):
        notice = notices.acknowledge(Notice.objects.get(), by=cast.weifen, at=moment)

    assert (notice.opened_at, notice.acknowledged_at) == (MORNING, MORNING)
    assert AuditEntry.objects.filter(action="notice.acknowledge", actor_id=cast.weifen.pk).count() == 1
