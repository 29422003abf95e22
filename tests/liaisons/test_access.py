from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse

from liaisons.access import found, logged_in, requires
from liaisons.models import User
from liaisons.permissions import Permission


def page(request):
    return HttpResponse("inside")


def asked_by(rf, user, view):
    request = rf.get("/some/page/?q=1")
    request.user = user
    return view(request)


@pytest.mark.parametrize("door", [logged_in(page), requires(Permission.REVIEW)(page)])
def test_an_anonymous_visitor_is_sent_to_log_in_and_comes_back(rf, door):
    response = asked_by(rf, AnonymousUser(), door)

    assert (response.status_code, response["Location"]) == (302, "/login/?next=/some/page/%3Fq%3D1")


def test_somebody_without_the_permission_is_told_that_nothing_is_there(rf, cast):
    with pytest.raises(Http404):
        asked_by(rf, cast.weifen, requires(Permission.REVIEW)(page))


def test_any_one_of_several_permissions_opens_the_door(rf, cast):
    door = requires(Permission.REVIEW, Permission.FILE)(page)

    assert [asked_by(rf, user, door).content for user in (cast.sfj, cast.weifen)] == [b"inside"] * 2


def test_a_disabled_account_may_nothing(rf, cast):
    cast.sfj.is_active = False

    with pytest.raises(Http404):
        asked_by(rf, cast.sfj, requires(Permission.REVIEW)(page))


@pytest.mark.parametrize("key", [0, 10**30, "二", None])
def test_a_key_that_no_row_has_is_not_found(db, key):
    with pytest.raises(Http404):
        found(User.objects, pk=key)


def test_found_gives_the_row(cast):
    assert found(User.objects.filter(is_active=True), pk=cast.sfj.pk) == cast.sfj
