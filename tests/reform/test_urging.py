"""催办: one notice for each unit and click, nothing within the cool-down, nobody who cannot be reached."""

import datetime as dt

import pytest

from liaisons import notices
from liaisons.letters import reading, sending
from liaisons.models import LedgerEntry, Notice
from reform import rights, urging
from reform.models import Obligation, Urging
from reform.states import State
from tests.cast import department, gather, township
from tests.factories import MilestoneFactory, ObligationFactory, TaskFactory, UnitFactory, moment
from tests.liaisons.letters.lines import mailbox
from tests.post_office import post_office
from tests.races import at_once
from xingxian_portal.foundation.audit import AuditEntry

AT = moment(dt.date(2022, 6, 20), 9, 12)


@pytest.fixture
def owed(cast):
    return ObligationFactory(unit=township())


def refusals(outcomes):
    return [outcome.refused for outcome in outcomes]


def test_urging_tells_who_files_for_the_unit_with_the_officers_note(owed, cast):
    assert refusals(urging.urge([owed], by=cast.sfj, note=" 请今天报。 ", at=AT)) == [""]
    kept, notice = Urging.objects.get(), Notice.objects.get()
    assert (kept.obligation, kept.by, kept.at, kept.note) == (owed, cast.sfj, AT, "请今天报。")
    assert (notice.recipient, notice.kind, notice.title, notice.link, notice.sent_at) == (
        cast.weifen, "催办", f"请尽快办理：{owed.name}", f"/obligations/{owed.pk}/", AT,
    )  # fmt: skip
    assert notice.body == f"请今天报。\n{owed.name}（期限6月30日）"
    assert AuditEntry.objects.filter(action="obligation.urge", subject_key=str(owed.pk)).count() == 1


def test_within_the_cool_down_nobody_is_urged_again(owed, cast, settings):
    settings.REFORM_URGE_COOLDOWN_HOURS = 24
    urging.urge([owed], by=cast.sfj, at=AT)
    just_before = AT + dt.timedelta(hours=24, seconds=-1)
    assert refusals(urging.urge([owed], by=cast.sfjld, at=just_before)) == [
        "司法科员已在 6月20日 09:12 催办过，24 小时内不重复催办。"
    ]
    assert (Urging.objects.count(), Notice.objects.count()) == (1, 1)
    assert refusals(urging.urge([owed], by=cast.sfjld, at=AT + dt.timedelta(hours=24))) == [""]
    assert (Urging.objects.count(), Notice.objects.count()) == (2, 2)


def test_the_cool_down_is_a_setting(owed, cast, settings):
    settings.REFORM_URGE_COOLDOWN_HOURS = 2
    urging.urge([owed], by=cast.sfj, at=AT)
    assert refusals(urging.urge([owed], by=cast.sfj, at=AT + dt.timedelta(hours=2))) == [""]


def test_both_sides_read_it_in_the_ledger_up_to_the_signature(owed, cast):
    urging.urge([owed], by=cast.sfj, at=AT)
    entry = LedgerEntry.objects.get()
    assert (entry.unit, entry.about, entry.step_title, entry.channel) == (owed.unit, owed.name, "催办", "inbox")
    assert set(LedgerEntry.objects.visible_to(cast.weifen)) == set(LedgerEntry.objects.visible_to(cast.sfj)) == {entry}
    assert not LedgerEntry.objects.visible_to(cast.scj)
    assert reading.result_of(entry).words == "已送达"
    notices.acknowledge(Notice.objects.get(), by=cast.weifen, at=AT)
    assert reading.result_of(LedgerEntry.objects.written_out().get()).words == "已签收"


def test_by_mail_it_comes_with_the_day_s_letter_and_not_to_who_has_filed_meanwhile(owed, cast, settings):
    with post_office(settings) as office:
        mailbox(cast.weifen)
        urging.urge([owed], by=cast.sfj, note="请今天报。", at=AT)
        other = ObligationFactory(unit=township())
        urging.urge([other], by=cast.sfj, at=AT)
        Obligation.objects.filter(pk=other.pk).update(state=State.REVIEW)
        sending.send_due(AT)
    assert office.subjects == [f"催办：请在6月30日 24:00 前报送{owed.name}（请今天报。）"]


def test_several_duties_of_one_unit_make_one_notice(cast):
    rows = [ObligationFactory(unit=township()) for _ in range(3)] + [ObligationFactory(unit=department())]
    assert refusals(urging.urge(rows, by=cast.sfj, at=AT)) == [""] * 4
    assert (Urging.objects.count(), Notice.objects.count()) == (4, 2)
    notice = Notice.objects.get(recipient=cast.weifen)
    assert notice.title == f"请尽快办理 3 件事项：{'、'.join(row.name for row in rows[:3])}"
    assert notice.body == "\n".join(f"{row.name}（期限6月30日）" for row in rows[:3])


def test_what_was_urged_already_stays_out_of_the_next_notice(cast):
    rows = [ObligationFactory(unit=township()) for _ in range(2)]
    urging.urge(rows[:1], by=cast.sfj, at=AT)
    assert [bool(text) for text in refusals(urging.urge(rows, by=cast.sfj, at=AT))] == [True, False]
    assert Notice.objects.latest("pk").title == f"请尽快办理：{rows[1].name}"


def test_outcomes_come_in_the_order_asked_for(cast):
    rows = [ObligationFactory(unit=unit) for unit in (township(), department(), township())]
    asked = [rows[2], rows[1], rows[0]]
    assert [outcome.obligation for outcome in urging.urge(asked, by=cast.sfj, at=AT)] == asked


@pytest.mark.parametrize("state", sorted(set(State) - {State.AWAITING, State.DOING, State.COSIGNING}))
def test_what_the_unit_has_done_is_not_urged(cast, state):
    row = ObligationFactory(unit=township(), **({"closed": True} if state == State.CLOSED else {"state": state}))
    assert refusals(urging.urge([row], by=cast.sfj, at=AT)) == [f"现在是“{state.label}”，不需要催办。"]
    assert not Notice.objects.exists()


def test_what_waits_for_the_leader_is_told_to_the_leader_too(cast):
    row = ObligationFactory(unit=township(), state=State.COSIGNING)
    urging.urge([row], by=cast.sfj, at=AT)
    assert {notice.recipient for notice in Notice.objects.all()} == {cast.weifen, cast.weifenld}


def test_a_unit_without_accounts_is_not_called_urged(cast):
    row = ObligationFactory(unit=UnitFactory(short_name="县信访局"))
    assert refusals(urging.urge([row], by=cast.sfj, at=AT)) == ["县信访局还没有能收消息的账号，请打电话联系。"]
    assert not Urging.objects.exists()


@pytest.mark.parametrize("name", ["admin", "anquan", "audit", "weifen", "weifenld", "scj", "lingdao", "pingcha"])
def test_strangers_urge_nobody(owed, cast, name):
    with pytest.raises(rights.Denied):
        urging.urge([owed], by=getattr(cast, name), at=AT)
    assert not Notice.objects.exists()


def test_a_lead_urges_for_its_tasks_alone(owed, cast):
    led = ObligationFactory(
        unit=township(),
        milestone=MilestoneFactory(task=TaskFactory(leads=[department()], plan=owed.milestone.task.plan)),
    )
    assert refusals(urging.urge([led], by=cast.scj, at=AT)) == [""]
    with pytest.raises(rights.Denied):
        urging.urge([led, owed], by=cast.scj, at=AT)


def test_urging_many_units_asks_the_database_a_fixed_number_of_times_for_each(cast, django_assert_num_queries):
    rows = [ObligationFactory(unit=township()) for _ in range(5)]
    with django_assert_num_queries(15 + len(rows)):  # an audit entry for each duty; savepoints of the test included
        urging.urge(rows, by=cast.sfj, at=AT)


def test_the_newest_urging_of_each_duty_comes_in_one_query(cast, django_assert_num_queries):
    rows = [ObligationFactory(unit=township()) for _ in range(3)]
    urging.urge(rows, by=cast.sfj, at=AT)
    urging.urge(rows[:1], by=cast.sfjld, at=AT + dt.timedelta(days=2))
    with django_assert_num_queries(1):
        last = urging.last_urgings(row.pk for row in rows)
    assert {pk: kept.by for pk, kept in last.items()} == {
        rows[0].pk: cast.sfjld, rows[1].pk: cast.sfj, rows[2].pk: cast.sfj,
    }  # fmt: skip


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_urge_once():
    cast = gather()
    row = ObligationFactory(unit=township())
    results = at_once(lambda: urging.urge([row], by=cast.sfj, at=AT), lambda: urging.urge([row], by=cast.sfjld, at=AT))
    assert sorted(bool(outcome.refused) for outcomes in results for outcome in outcomes) == [False, True]
    assert (Urging.objects.count(), Notice.objects.count()) == (1, 1)
