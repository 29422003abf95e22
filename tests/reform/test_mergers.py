"""A unit merged or dissolved: open rows move or are revoked, closed rows stay, nothing is lost on the way."""

import datetime as dt

import pytest

from liaisons import appointments, leavers
from liaisons.models import RoleGrant, Unit, User
from reform import issue, mergers, openings, rights
from reform.models import Move, Obligation
from reform.states import State, Verb
from tests.cast import gather
from tests.factories import GroupFactory, MilestoneFactory, TaskFactory, UnitFactory, moment
from tests.races import at_once
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.refusal import Refused

ISSUED = moment(dt.date(2022, 4, 13), 15)
AT = moment(dt.date(2022, 6, 20), 10)
TODAY = AT.date()


@pytest.fixture
def one(db):
    return UnitFactory(short_name="甲局", name="兴县甲局")


@pytest.fixture
def other(db):
    return UnitFactory(short_name="乙局", name="兴县乙局")


@pytest.fixture
def task(db):
    gather()
    return TaskFactory()


def person(username):
    return User.objects.get(username=username)


def issued(task):
    issue.issue(task.plan, by=person("sfj"), at=ISSUED)


def merge(unit, into, on=TODAY, at=AT):
    return mergers.merge_unit(unit, into, on=on, by=person("admin"), at=at)


def row_of(code, **key):
    return Obligation.objects.get(milestone_code=code, **key)


def refusal(call, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)
    return refused.value.field, str(refused.value)


def test_open_rows_move_to_the_successor_with_the_original_kept(task, one, other):
    MilestoneFactory(task=task, code="a", binds=[one])
    issued(task)
    done = merge(one, other)
    assert (len(done.moved), len(done.revoked), done.closed) == (1, 0, 0)
    row = row_of("a")
    assert (row.unit, row.original_unit, row.state, row.due_on) == (other, one, State.AWAITING, dt.date(2022, 6, 30))
    move = row.moves.last()
    assert (move.verb, move.unit, move.by) == (Verb.TRANSFER, other, person("admin"))
    assert move.reason == "兴县甲局自 2022-06-20 起并入兴县乙局"
    one.refresh_from_db()
    assert (one.successor, one.closed_on) == (other, TODAY)


def test_through_two_mergers_the_first_unit_is_remembered(task, one, other):
    last = UnitFactory()
    MilestoneFactory(task=task, code="a", binds=[one])
    issued(task)
    merge(one, other)
    merge(other, last)
    row = row_of("a")
    assert (row.unit, row.original_unit) == (last, one)


@pytest.mark.parametrize("state", [State.DOING, State.COSIGNING, State.REVIEW, State.SUSPENDED])
def test_rows_in_work_move_as_they_stand(task, one, other, state):
    MilestoneFactory(task=task, code="a", binds=[one])
    issued(task)
    Obligation.objects.update(state=state)
    merge(one, other)
    assert (row_of("a").unit, row_of("a").state) == (other, state)


@pytest.mark.parametrize("state", [State.ONGOING, State.LAGGING])
def test_continuous_duties_move_too(task, one, other, state):
    MilestoneFactory(task=task, code="a", continuous=True, binds=[one])
    issued(task)
    Obligation.objects.update(state=state)
    merge(one, other)
    assert (row_of("a").unit, row_of("a").state) == (other, state)


@pytest.mark.parametrize("state", [State.CLOSED, State.EXEMPT, State.REVOKED, State.ENDED])
def test_what_is_over_stays_with_the_merged_unit(task, one, other, state):
    MilestoneFactory(task=task, code="a", binds=[one])
    issued(task)
    Obligation.objects.update(state=state, accepted_at=ISSUED if state == State.CLOSED else None)
    moves_before = Move.objects.count()
    done = merge(one, other)
    assert (len(done.moved), done.closed) == (0, 1)
    assert (row_of("a").unit, row_of("a").state, Move.objects.count()) == (one, state, moves_before)


def test_what_the_successor_owes_already_is_revoked_for_the_merged_unit(task, one, other):
    MilestoneFactory(task=task, code="a", binds=[one, other])
    MilestoneFactory(task=task, code="b", yearly=True, binds=[one, other])
    issued(task)
    done = merge(one, other)
    assert (len(done.moved), len(done.revoked)) == (0, 3)
    assert set(Obligation.objects.filter(unit=one).values_list("state", flat=True)) == {State.REVOKED}
    assert set(Obligation.objects.filter(unit=other).values_list("state", flat=True)) == {State.AWAITING}
    assert row_of("a", unit=one).moves.last().reason == "兴县甲局自 2022-06-20 起并入兴县乙局，乙局已承办同一事项"


def test_what_should_have_opened_before_the_merger_opens_and_moves(task, one, other):
    MilestoneFactory(task=task, code="a", monthly=True, binds=[GroupFactory(units=[one])])
    issued(task)
    merge(one, other)
    assert list(Obligation.objects.order_by("occurrence").values_list("occurrence", "unit__short_name")) == [
        ("2022-04", "乙局"), ("2022-05", "乙局"), ("2022-06", "乙局"),
    ]  # fmt: skip
    openings.open_occurrences(moment(dt.date(2022, 7, 5)))
    assert not Obligation.objects.filter(occurrence="2022-07").exists()


def test_the_successor_joins_the_groups_only_when_asked_to(task, one, other):
    group, common = GroupFactory(units=[one]), GroupFactory(units=[one, other])
    merge(one, other)
    assert list(group.memberships.values_list("unit", "left_on")) == [(one.pk, TODAY)]
    third = UnitFactory()
    mergers.merge_unit(other, third, on=TODAY, joins_groups=True, by=person("admin"), at=AT)
    assert [m.unit for m in common.memberships.filter(left_on=None)] == [third]
    assert not group.memberships.filter(left_on=None).exists()


def test_a_place_that_is_taken_already_is_no_fault(task, one, other):
    common = GroupFactory(units=[one, other])
    mergers.merge_unit(one, other, on=TODAY, joins_groups=True, by=person("admin"), at=AT)
    assert [m.unit for m in common.memberships.filter(left_on=None)] == [other]


def test_a_dissolved_units_open_rows_are_revoked_with_the_reason(task, one):
    MilestoneFactory(task=task, code="a", binds=[one])
    MilestoneFactory(task=task, code="b", continuous=True, binds=[one])
    issued(task)
    done = mergers.dissolve_unit(one, on=TODAY, reason=" 机构改革 ", by=person("admin"), at=AT)
    assert len(done.revoked) == 2
    assert set(Obligation.objects.values_list("state", flat=True)) == {State.REVOKED}
    assert row_of("a").moves.last().reason == "兴县甲局自 2022-06-20 起撤销：机构改革"
    one.refresh_from_db()
    assert (one.successor, one.closed_on) == (None, TODAY)


def test_what_is_refused_leaves_everything_as_it_was(task, one, other):
    MilestoneFactory(task=task, code="a", binds=[one])
    issued(task)
    before = (Move.objects.count(), AuditEntry.objects.count())
    assert refusal(merge, one, one)[0] == "into"
    assert refusal(merge, one, other, on=dt.date(2022, 6, 21))[0] == "on"
    assert refusal(mergers.dissolve_unit, one, on=TODAY, reason=" ", by=person("admin"), at=AT)[0] == "reason"
    assert (Move.objects.count(), AuditEntry.objects.count()) == before
    mergers.dissolve_unit(other, on=TODAY, reason="机构改革", by=person("admin"), at=AT)
    assert refusal(merge, one, other)[0] == "into"


def test_a_second_click_on_merge_changes_nothing(task, one, other):
    MilestoneFactory(task=task, code="a", binds=[one])
    issued(task)
    merge(one, other)
    before = (Move.objects.count(), AuditEntry.objects.count())
    assert refusal(merge, one, other) == (None, "兴县甲局已于 2022-06-20 并入兴县乙局。")
    assert (Move.objects.count(), AuditEntry.objects.count()) == before


def test_only_who_manages_units_may_merge_them(task, one, other):
    for name in ("sfj", "sfjld", "anquan", "audit", "weifen", "lingdao"):
        with pytest.raises(rights.Denied):
            mergers.merge_unit(one, other, on=TODAY, by=person(name), at=AT)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_month_that_opens_during_the_merger_leaves_nothing_with_the_merged_unit():
    task, one, other = TaskFactory(), UnitFactory(), UnitFactory()
    gather()
    MilestoneFactory(task=task, code="a", monthly=True, binds=[one])
    issued(task)
    done = at_once(lambda: openings.open_occurrences(AT), lambda: merge(one, other))
    assert [error for error in done if isinstance(error, Exception)] == []
    assert set(Obligation.objects.values_list("unit", flat=True)) == {other.pk}
    assert Obligation.objects.count() == 3


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_units_merged_into_each_other_at_once_make_no_ring():
    gather()
    one, other = UnitFactory(), UnitFactory()
    done = at_once(lambda: merge(one, other), lambda: merge(other, one))
    assert sorted(isinstance(result, Refused) for result in done) == [False, True]
    assert Unit.objects.filter(successor__isnull=False).count() == 1


@pytest.mark.parametrize("merges", [True, False])
def test_the_posts_of_a_unit_end_with_it_and_its_people_can_leave(task, one, other, merges):
    given = {"name": "甲", "phone": "138 0000 0001", "by": person("sfj"), "at": ISSUED}
    for post in ("leader", "liaison"):
        appointments.appoint(one, post, **given)
    appointments.appoint(other, "liaison", **given)
    if merges:
        merge(one, other)
    else:
        mergers.dissolve_unit(one, on=TODAY, reason="机构改革", by=person("admin"), at=AT)
    assert set(one.appointments.values_list("until_on", flat=True)) == {TODAY}
    assert other.appointments.get().until_on is None
    assert AuditEntry.objects.filter(action="post.end", unit_code=one.code, note="单位撤并").count() == 2
    assert len(leavers.due(AT + dt.timedelta(days=366))) == 2


def held(username):
    user = User.objects.get(username=username)
    return user.unit, sorted((grant.role, grant.unit) for grant in user.role_grants.all())


def test_roles_follow_the_open_work_to_the_successor(task, one, other):
    person("weifen").role_grants.update(unit=one)
    User.objects.filter(username="weifen").update(unit=one)
    merge(one, other)
    assert held("weifen") == (other, [("liaison", other)])
    entries = AuditEntry.objects.filter(action__startswith="role.").order_by("pk")
    assert list(entries.values_list("action", "unit_code", "actor_id", "subject_key")) == [
        ("role.revoke", one.code, person("admin").pk, str(person("weifen").pk)),
        ("role.grant", other.code, person("admin").pk, str(person("weifen").pk)),
    ]
    told = person("anquan").notices.get()
    assert told.title == "甲局并入乙局，它的 1 个角色已转到乙局，请核对"


def test_a_role_held_for_both_units_is_held_once(task, one, other):
    user = person("weifen")
    user.role_grants.update(unit=one)
    RoleGrant.objects.create(user=user, role="liaison", unit=other, granted_at=AT)
    merge(one, other)
    assert held("weifen")[1] == [("liaison", other)]


def test_a_dissolved_unit_s_roles_end_and_its_accounts_see_nothing_of_it(task, one):
    person("weifen").role_grants.update(unit=one)
    User.objects.filter(username="weifen").update(unit=one)
    mergers.dissolve_unit(one, on=TODAY, reason="机构改革", by=person("admin"), at=AT)
    assert held("weifen") == (one, [])
    assert person("weifen").permissions == frozenset()
    assert person("anquan").notices.get().title == "甲局撤销，它的 1 个角色已收回，请核对"


def test_a_merger_without_anybody_s_roles_tells_nobody(task, one, other):
    merge(one, other)
    assert not person("anquan").notices.exists()
