from __future__ import annotations

from liaisons import notices
from liaisons.backends import AccountBackend
from liaisons.models import User


def test_the_account_comes_with_unit_and_unread_notices_in_one_query(cast, django_assert_num_queries):
    notices.tell([cast.weifen], "提醒", "一")
    notices.tell([cast.weifen, cast.scj], "提醒", "二")
    notices.open_notice(cast.weifen.notices.get(title="一"))

    with django_assert_num_queries(1):
        user = AccountBackend().get_user(cast.weifen.pk)
        assert (user.unit.short_name, user.unread_notices) == ("蔚汾镇", 1)


def test_nobody_without_notices_has_unread_ones(cast):
    assert AccountBackend().get_user(cast.sfj.pk).unread_notices == 0


def test_an_account_from_elsewhere_counts_its_notices_itself(cast):
    notices.tell([cast.weifen], "提醒", "一")

    assert User.objects.get(pk=cast.weifen.pk).unread_notices == 1


def test_a_disabled_account_is_not_there(cast):
    User.objects.filter(pk=cast.sfj.pk).update(is_active=False)

    assert AccountBackend().get_user(cast.sfj.pk) is None
