"""Groups: members by the day, a list lent by another group, a list of one's own."""

import datetime as dt

import pytest

from liaisons import groups, units
from liaisons.membership import Memberships
from liaisons.models import GroupMember, UnitGroup
from tests.cast import department, township
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.refusal import Refused, Stale

MARCH, MAY, JUNE = dt.date(2022, 3, 1), dt.date(2022, 5, 1), dt.date(2022, 6, 1)
ONE_DAY = dt.timedelta(days=1)


@pytest.fixture
def by(cast):
    return cast.admin


@pytest.fixture
def group(by):
    return groups.create(name="县直执法部门", by=by)


def members(group, on):
    return [unit.short_name for unit in Memberships(on).of(group.pk)]


def refusal(call, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)
    return refused.value.field, str(refused.value)


def test_a_member_counts_from_its_first_day_to_the_day_before_it_left(group, by):
    member = groups.join(group, department(), on=MARCH, by=by)
    groups.leave(member, on=JUNE, by=by)
    days = [MARCH - ONE_DAY, MARCH, JUNE - ONE_DAY, JUNE]
    assert [members(group, day) for day in days] == [[], ["县市场局"], ["县市场局"], []]


def test_a_unit_joins_once_and_may_come_back(group, by):
    member = groups.join(group, department(), on=MARCH, by=by)
    assert refusal(groups.join, group, department(), on=MAY, by=by)[0] == "unit"
    groups.leave(member, on=MAY, by=by)
    assert refusal(groups.join, group, department(), on=MAY - ONE_DAY, by=by)[0] == "unit"
    groups.join(group, department(), on=JUNE, by=by)
    assert [members(group, day) for day in (MARCH, MAY, JUNE)] == [["县市场局"], [], ["县市场局"]]


def test_leaving_on_the_day_of_joining_undoes_a_slip(group, by):
    groups.leave(groups.join(group, department(), on=MARCH, by=by), on=MARCH, by=by)
    assert not GroupMember.objects.exists()
    groups.join(group, department(), on=MARCH, by=by)
    assert members(group, MARCH) == ["县市场局"]


def test_nobody_leaves_before_joining_or_twice(group, by):
    member = groups.join(group, department(), on=MAY, by=by)
    assert refusal(groups.leave, member, on=MARCH, by=by) == ("on", "退出日期早于加入日期 2022-05-01。")
    groups.leave(member, on=JUNE, by=by)
    assert refusal(groups.leave, member, on=JUNE, by=by)[1] == "县市场局已于 2022-06-01 退出。"


def test_a_closed_unit_joins_nothing(group, by):
    seen = department()  # as a page has read it before
    units.close(department(), on=MAY, by=by)
    assert refusal(groups.join, group, seen, on=JUNE, by=by)[0] == "unit"


def test_a_group_may_borrow_anothers_members(group, by):
    groups.join(group, department(), on=MARCH, by=by)
    follower = groups.create(name="县直相关执法部门", follows=group, by=by)
    assert members(follower, JUNE) == ["县市场局"]
    assert "单列名单" in refusal(groups.join, follower, township(), on=MAY, by=by)[1]


def test_a_detached_group_keeps_the_members_of_every_past_day(group, by):
    member = groups.join(group, department(), on=MARCH, by=by)
    groups.join(group, township(), on=MAY, by=by)
    follower = groups.create(name="县直相关执法部门", follows=group, by=by)
    groups.leave(member, on=JUNE, by=by)
    before = [members(follower, day) for day in (MARCH, MAY, JUNE)]
    groups.detach(follower, by=by)
    assert [members(follower, day) for day in (MARCH, MAY, JUNE)] == before
    groups.leave(group.memberships.get(left_on=None), on=JUNE, by=by)
    assert members(follower, JUNE) == ["蔚汾镇"]
    assert refusal(groups.detach, follower, by=by)[1] == "本群组已有自己的名单。"


def test_a_chain_of_borrowed_lists_is_detached_from_its_end(group, by):
    groups.join(group, department(), on=MARCH, by=by)
    middle = groups.create(name="执法部门", follows=group, by=by)
    last = groups.create(name="各行政执法部门", follows=middle, by=by)
    groups.detach(last, by=by)
    assert members(last, JUNE) == ["县市场局"]


def test_groups_do_not_follow_each_other_in_a_ring(group, by):
    follower = groups.create(name="县直相关执法部门", follows=group, by=by)
    assert refusal(groups.amend, group, follows=follower, by=by)[0] == "follows"
    assert refusal(groups.amend, group, follows=group, by=by)[0] == "follows"


def test_a_group_with_members_of_its_own_follows_nobody(group, by):
    other = groups.create(name="执法部门", by=by)
    groups.join(group, department(), on=MARCH, by=by)
    assert refusal(groups.amend, group, follows=other, by=by)[0] == "follows"


def test_a_borrowed_list_is_given_up_by_detaching_only(group, by):
    follower = groups.create(name="县直相关执法部门", follows=group, by=by)
    assert "单列名单" in refusal(groups.amend, follower, follows=None, by=by)[1]


def test_two_groups_have_two_names(group, by):
    assert refusal(groups.create, name="县直执法部门", by=by)[0] == "name"
    other = groups.create(name="执法部门", by=by)
    assert refusal(groups.amend, other, name="县直执法部门", by=by)[0] == "name"


def test_two_people_editing_one_group_do_not_overwrite_each_other(group, by):
    seen = groups.stamp_of(group)
    groups.amend(group, note="先到的", seen=seen, by=by)
    with pytest.raises(Stale):
        groups.amend(group, note="后到的", seen=seen, by=by)
    assert UnitGroup.objects.get().note == "先到的"


def test_each_act_is_one_entry_of_the_trail(group, by):
    groups.leave(groups.join(group, department(), on=MARCH, by=by), on=MAY, by=by)
    follower = groups.create(name="县直相关执法部门", follows=group, by=by)
    groups.detach(follower, by=by)
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "group.create", "group.join", "group.leave", "group.create", "group.detach",
    ]  # fmt: skip
