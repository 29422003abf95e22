"""Proposals and decisions: who asks, who decides, which date holds, and what each kind does."""

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, transaction

from liaisons import roles
from liaisons.models import Notice
from reform import desk, drafts, filing, filing_read, lights, moves, proposals, review, rights
from reform.lit import Lamp
from reform.models import Obligation, Proposal
from reform.states import EXCUSED, State, Verb
from tests.cast import bureau, department, gather, township
from tests.factories import MilestoneFactory, ObligationFactory, UserFactory, moment
from tests.races import at_once
from tests.reform.breaking import no_trail
from tests.reform.filings import hand_in
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.workdays import Workdays

DUE = dt.date(2022, 6, 30)
JULY_10, JULY_15 = dt.date(2022, 7, 10), dt.date(2022, 7, 15)
JUNE_20 = moment(dt.date(2022, 6, 20), 9)
JUNE_21 = moment(dt.date(2022, 6, 21), 9)
EXTENSION, EXEMPTION, SUSPENSION = Proposal.EXTENSION, Proposal.EXEMPTION, Proposal.SUSPENSION
RESUMPTION, REVOCATION, REOPENING = Proposal.RESUMPTION, Proposal.REVOCATION, Proposal.REOPENING
KINDS = [kind for kind, _ in Proposal.KINDS]


@pytest.fixture
def owed(cast):
    return ObligationFactory(unit=department(), doing=True)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def ask(row, kind, by, until=None, at=JUNE_20, reason="会场未定。"):
    return proposals.ask(row, kind, by=by, reason=reason, until=until, at=at)


def decide(asked, by, granted=True, until=None, note="同意。", at=JUNE_21):
    return proposals.decide(asked, by=by, granted=granted, until=until, note=note, at=at)


def in_state(state, **given):
    closed = {"closed": True} if state == State.CLOSED else {"state": state}
    return ObligationFactory(unit=department(), **closed, **given)


def test_a_granted_extension_moves_the_date_and_keeps_the_first_one(owed, cast):
    decide(ask(owed, EXTENSION, cast.scj, until=JULY_10), cast.sfjld, until=JULY_15)
    row, asked = fresh(owed), Proposal.objects.get()
    assert (row.due_on, row.first_due_on, row.state, row.cycle_no) == (JULY_15, DUE, State.DOING, 2)
    assert (asked.asked_until, asked.granted_until, asked.granted, asked.decided_by, asked.decided_at) == (
        JULY_10, JULY_15, True, cast.sfjld, JUNE_21,
    )  # fmt: skip
    assert row.moves.last().verb == Verb.EXTEND
    assert AuditEntry.objects.filter(action__startswith="proposal.").count() == 2


def test_asking_stops_nothing(owed, cast):
    ask(owed, EXTENSION, cast.scj, until=JULY_10)
    row = fresh(owed)
    assert (row.due_on, row.state, row.moves.count()) == (DUE, State.DOING, 1)


def test_an_extension_is_granted_as_asked_when_no_other_date_is_given(owed, cast):
    decide(ask(owed, EXTENSION, cast.scj, until=JULY_10), cast.sfjld)
    assert fresh(owed).due_on == JULY_10


def test_the_day_that_counts_on_the_wall_moves_with_the_decision_not_with_the_asking(owed, cast):
    decide(ask(owed, EXTENSION, cast.scj, until=JULY_10), cast.sfjld, at=moment(dt.date(2022, 7, 4)))
    before = owed.moves.filter(at__lt=moment(dt.date(2022, 7, 4))).last()
    assert (before.due_on, owed.moves.last().due_on) == (DUE, JULY_10)


def test_a_late_decision_of_the_bureau_does_not_make_the_unit_late(owed, cast):
    """Asked in time, done within the date asked for, decided only afterwards."""
    asked = ask(owed, EXTENSION, cast.scj, until=JULY_10)
    hand_in(owed, cast.scj, dt.date(2022, 7, 8))
    decide(asked, cast.sfjld, at=moment(dt.date(2022, 7, 20)))
    row = fresh(owed)
    assert (row.due_on, row.first_filed_on <= row.due_on) == (JULY_10, True)


@pytest.mark.parametrize(("hour", "minute", "day"), [(23, 59, DUE), (0, 0, dt.date(2022, 7, 1))])
def test_an_extension_is_asked_by_the_due_date_24_00(owed, cast, hour, minute, day):
    at = moment(day, hour, minute)
    if day == DUE:
        assert ask(owed, EXTENSION, cast.scj, until=JULY_10, at=at)
        return
    with pytest.raises(moves.MoveRefused, match="2022-06-30 24:00 前申请"):
        ask(owed, EXTENSION, cast.scj, until=JULY_10, at=at)


def test_a_second_extension_counts_from_the_date_in_force(owed, cast):
    decide(ask(owed, EXTENSION, cast.scj, until=JULY_10), cast.sfjld)
    with pytest.raises(proposals.ProposalRefused, match="2022-07-10"):
        ask(owed, EXTENSION, cast.scj, until=JULY_10)
    decide(ask(owed, EXTENSION, cast.scj, until=JULY_15, at=moment(JULY_10, 23)), cast.sfjld)
    assert (fresh(owed).due_on, fresh(owed).first_due_on) == (JULY_15, DUE)


@pytest.mark.parametrize("kind", [EXTENSION, SUSPENSION])
def test_a_monthly_report_is_never_extended_or_suspended_only_exempted(cast, kind):
    month = ObligationFactory(
        milestone=MilestoneFactory(monthly=True), unit=department(), doing=True, due_on=dt.date(2022, 6, 21)
    )
    with pytest.raises(moves.MoveRefused, match="月度报告不能延期或中止"):
        ask(month, kind, cast.sfj, until=JULY_10)
    decide(ask(month, EXEMPTION, cast.sfj), cast.sfjld)
    assert fresh(month).state == State.EXEMPT


def test_an_undated_duty_needs_no_extension(cast):
    row = ObligationFactory(milestone=MilestoneFactory(undated=True), unit=department())
    with pytest.raises(moves.MoveRefused, match="没有定期限"):
        ask(row, EXTENSION, cast.scj, until=JULY_10)


def test_an_extension_reaches_a_mending_date_that_would_run_out_before_it(owed, cast):
    Obligation.objects.filter(pk=owed.pk).update(mend_by=dt.date(2022, 6, 24))
    decide(ask(owed, EXTENSION, cast.scj, until=JULY_10), cast.sfjld)
    assert fresh(owed).mend_by == JULY_10


@pytest.mark.parametrize("kind", [EXEMPTION, SUSPENSION, REVOCATION])
def test_a_unit_asks_for_an_extension_and_nothing_else(owed, cast, kind):
    with pytest.raises(rights.Denied):
        ask(owed, kind, cast.scj)


@pytest.mark.parametrize("name", ["admin", "anquan", "audit", "weifen", "weifenld", "lingdao", "pingcha"])
def test_strangers_ask_for_nothing(owed, cast, name):
    with pytest.raises(rights.Denied):
        ask(owed, EXTENSION, getattr(cast, name), until=JULY_10)


@pytest.mark.parametrize("name", ["sfj", "admin", "anquan", "audit", "weifen", "weifenld", "scj", "lingdao", "pingcha"])
def test_only_the_bureaus_leader_decides(owed, cast, name):
    asked = ask(owed, EXTENSION, cast.scj, until=JULY_10)
    with pytest.raises(rights.Denied):
        decide(asked, getattr(cast, name))
    assert fresh(asked).granted is None


def test_by_a_setting_a_second_officer_decides_but_never_who_asked(owed, cast, settings):
    settings.PORTAL_SECOND_OFFICER_DECIDES = True
    asked = ask(owed, EXEMPTION, cast.sfj)
    with pytest.raises(moves.MoveRefused, match="不能是同一个人"):
        decide(asked, cast.sfj)
    with pytest.raises(rights.Denied):
        decide(asked, cast.scj)
    decide(asked, UserFactory(unit=bureau()))
    assert fresh(owed).state == State.EXEMPT


def test_the_leader_does_not_decide_what_he_asked_for(owed, cast):
    asked = ask(owed, EXEMPTION, cast.sfjld)
    with pytest.raises(moves.MoveRefused, match="不能是同一个人"):
        decide(asked, cast.sfjld)


def test_the_database_itself_holds_that_two_people_are_needed(owed, cast):
    asked = ask(owed, EXEMPTION, cast.sfj)
    with pytest.raises(IntegrityError, match="proposal_needs_two_people"), transaction.atomic():
        Proposal.objects.filter(pk=asked.pk).update(granted=True, decided_by=cast.sfj, decided_at=JUNE_21)


def test_a_refusal_says_why_and_changes_nothing(owed, cast):
    asked = ask(owed, EXTENSION, cast.scj, until=JULY_10)
    with pytest.raises(proposals.ProposalRefused) as refused:
        decide(asked, cast.sfjld, granted=False, note="  ")
    assert list(refused.value.errors) == ["note"]
    decide(asked, cast.sfjld, granted=False, note="理由不充分。", until=JULY_15)
    kept = fresh(asked)
    assert (kept.granted, kept.granted_until, kept.decision) == (False, None, "理由不充分。")
    assert (fresh(owed).due_on, owed.moves.count()) == (DUE, 1)


def test_deciding_twice_has_one_effect_and_a_plain_message(owed, cast):
    asked = ask(owed, EXTENSION, cast.scj, until=JULY_10)
    decide(asked, cast.sfjld)
    entries, notices = AuditEntry.objects.count(), Notice.objects.count()
    with pytest.raises(moves.MoveRefused, match="已由司法局长作出决定"):
        decide(asked, cast.sfjld, granted=False, note="再想想。")
    assert (AuditEntry.objects.count(), Notice.objects.count(), fresh(owed).due_on) == (entries, notices, JULY_10)


def test_asking_twice_leaves_one_proposal(owed, cast):
    ask(owed, EXTENSION, cast.scj, until=JULY_10)
    with pytest.raises(moves.MoveRefused, match="已经有一份同样的申请"):
        ask(owed, EXTENSION, cast.scj, until=JULY_15)
    assert Proposal.objects.count() == 1


@pytest.mark.parametrize(
    ("until", "reason", "fields"),
    [
        (None, "会场未定。", ["until"]),
        (DUE, "会场未定。", ["until"]),
        (dt.date(2032, 1, 1), "会场未定。", ["until"]),
        (None, " ", ["reason", "until"]),
    ],
)
def test_an_extension_needs_a_reason_and_a_later_day(owed, cast, until, reason, fields):
    with pytest.raises(proposals.ProposalRefused) as refused:
        ask(owed, EXTENSION, cast.scj, until=until, reason=reason)
    assert list(refused.value.errors) == fields


ASKABLE = {
    EXTENSION: {State.AWAITING, State.DOING, State.COSIGNING, State.REVIEW},
    EXEMPTION: {State.AWAITING, State.DOING},
    SUSPENSION: {State.AWAITING, State.DOING},
    RESUMPTION: {State.SUSPENDED},
    REVOCATION: set(State) - {State.CLOSED, State.EXEMPT, State.REVOKED},
    REOPENING: {State.CLOSED, State.EXEMPT, State.REVOKED},
}


@pytest.mark.parametrize("state", State)
def test_each_kind_is_offered_only_where_it_can_be_asked_for(cast, state):
    row = in_state(state)
    offered = {kind for kind in KINDS if state in ASKABLE[kind]}
    assert set(proposals.kinds_for(row, JUNE_20.date())) == offered
    for kind in KINDS:
        if kind in offered:
            assert ask(row, kind, cast.sfj, until=JULY_10)
        else:
            with pytest.raises(moves.MoveRefused):
                ask(row, kind, cast.sfj, until=JULY_10)


def test_exemption_suspension_and_revocation_excuse_the_duty(cast):
    for kind, state in ((EXEMPTION, State.EXEMPT), (SUSPENSION, State.SUSPENDED), (REVOCATION, State.REVOKED)):
        row = ObligationFactory(unit=department())
        decide(ask(row, kind, cast.sfj, reason="乡镇机构调整。"), cast.sfjld, note="")
        assert (fresh(row).state, fresh(row).due_on) == (state, DUE)
        assert fresh(row).state in EXCUSED
        assert row.moves.last().reason == "乡镇机构调整。"


def test_resuming_sets_a_date_and_clears_a_mending_day_that_ran_out(cast):
    row = in_state(State.SUSPENDED, signed_at=JUNE_20, mend_by=dt.date(2022, 6, 1))
    with pytest.raises(proposals.ProposalRefused):
        ask(row, RESUMPTION, cast.sfj)
    decide(ask(row, RESUMPTION, cast.sfj, until=JULY_10), cast.sfjld)
    row = fresh(row)
    assert (row.state, row.due_on, row.first_due_on, row.mend_by) == (State.DOING, JULY_10, DUE, None)


def test_what_nobody_signed_for_waits_for_it_again_after_resuming(cast):
    row = in_state(State.SUSPENDED)
    decide(ask(row, RESUMPTION, cast.sfj, until=JULY_10), cast.sfjld)
    assert fresh(row).state == State.AWAITING


def test_an_undated_duty_is_resumed_without_a_date_or_gets_its_first_one(cast):
    for until in (None, JULY_10):
        row = in_state(State.SUSPENDED, milestone=MilestoneFactory(undated=True))
        decide(ask(row, RESUMPTION, cast.sfj, until=until), cast.sfjld)
        assert (fresh(row).due_on, fresh(row).first_due_on) == (until, until)


def test_reopened_work_keeps_its_first_filing_and_date_and_gets_a_day_for_mending(cast):
    row = in_state(State.CLOSED)
    decide(ask(row, REOPENING, cast.sfj, until=JULY_10, reason="抽查发现名单不实。"), cast.sfjld)
    again = fresh(row)
    assert (again.state, again.due_on, again.mend_by, again.accepted_at) == (State.DOING, DUE, JULY_10, None)
    assert again.first_filed_on == row.first_filed_on


@pytest.mark.parametrize("state", [State.EXEMPT, State.REVOKED])
def test_what_was_excused_and_is_reopened_gets_a_new_date(cast, state):
    row = in_state(state)
    decide(ask(row, REOPENING, cast.sfj, until=JULY_10), cast.sfjld)
    assert (fresh(row).state, fresh(row).due_on, fresh(row).first_due_on) == (State.DOING, JULY_10, DUE)


@pytest.mark.parametrize("needs_cosign", [False, True])
def test_what_waited_with_a_revoked_duty_waits_no_more_and_is_filed_anew_when_it_is_reopened(cast, needs_cosign):
    # The leader's signature and the bureau's desk: nobody could ever have dealt with what lay there.
    row = ObligationFactory(unit=township(), doing=True, milestone__needs_cosign=needs_cosign)
    drafts.save(row, by=cast.weifen, text="已完成。", at=JUNE_20)
    filing.file(row, by=cast.weifen, at=JUNE_20)
    decide(ask(fresh(row), REVOCATION, cast.sfj), cast.sfjld)
    assert not desk.waiting(JUNE_21.date())
    assert not filing_read.filings(own=True).exclude(state="withdrawn")
    decide(ask(fresh(row), REOPENING, cast.sfj, until=JULY_10), cast.sfjld)
    assert (fresh(row).state, fresh(row).first_filed_on) == (State.DOING, None)
    drafts.save(row, by=cast.weifen, text="已完成，补充材料。", at=JUNE_21)
    filed = filing.file(row, by=cast.weifen, at=JUNE_21)
    assert filed.state == (State.COSIGNING if needs_cosign else State.REVIEW)


def test_what_an_older_release_left_waiting_with_a_revoked_duty_is_laid_down_by_the_upgrade(cast):
    row, other = (ObligationFactory(unit=township(), doing=True) for _ in range(2))
    for one in (row, other):
        drafts.save(one, by=cast.weifen, text="已完成。", at=JUNE_20)
        filing.file(one, by=cast.weifen, at=JUNE_20)
    Obligation.objects.filter(pk=row.pk).update(state=State.REVOKED)
    import_module("reform.migrations.0014_lay_down_revoked").lay_down(apps, None)
    assert [one.submissions.get().state for one in (row, other)] == ["withdrawn", "filed"]


def test_a_revoked_continuous_duty_goes_on_when_reopened(cast):
    row = in_state(State.ONGOING, milestone=MilestoneFactory(continuous=True))
    decide(ask(row, REVOCATION, cast.sfj), cast.sfjld)
    assert fresh(row).state == State.REVOKED
    decide(ask(fresh(row), REOPENING, cast.sfj), cast.sfjld)
    assert (fresh(row).state, fresh(row).due_on, fresh(row).mend_by) == (State.ONGOING, None, None)


def test_a_proposal_that_events_overtook_can_only_be_refused(owed, cast):
    asked = ask(owed, EXEMPTION, cast.sfj)
    hand_in(owed, cast.scj)
    with pytest.raises(moves.MoveRefused, match="待审核"):
        decide(asked, cast.sfjld)
    assert fresh(asked).granted is None
    decide(asked, cast.sfjld, granted=False, note="已经报送。")
    assert fresh(owed).state == State.REVIEW


def test_a_date_that_has_passed_meanwhile_must_be_given_anew(cast):
    row = in_state(State.SUSPENDED)
    asked = ask(row, RESUMPTION, cast.sfj, until=JULY_10)
    with pytest.raises(proposals.ProposalRefused):
        decide(asked, cast.sfjld, at=moment(JULY_15))
    assert decide(asked, cast.sfjld, until=JULY_15, at=moment(JULY_15)).granted_until == JULY_15


def test_who_asked_and_the_unit_are_told_once_of_a_decision(owed, cast):
    asked = ask(owed, EXTENSION, cast.scj, until=JULY_10)
    decide(asked, cast.sfjld, note="请抓紧。")
    notice = Notice.objects.get()
    assert (notice.recipient, notice.title, notice.body, notice.link) == (
        cast.scj, f"{owed.name}：延期已获同意，期限7月10日", "请抓紧。", f"/obligations/{owed.pk}/",
    )  # fmt: skip


def test_a_refused_proposal_of_the_bureau_is_told_to_the_officer_alone(owed, cast):
    decide(ask(owed, REVOCATION, cast.sfj), cast.sfjld, granted=False, note="先不办。")
    assert [(notice.recipient, notice.title) for notice in Notice.objects.all()] == [
        (cast.sfj, f"{owed.name}：撤销申请未获同意")
    ]


def test_a_granted_proposal_of_the_bureau_is_told_to_the_officer_and_the_unit(owed, cast):
    decide(ask(owed, EXEMPTION, cast.sfj), cast.sfjld)
    assert {notice.recipient for notice in Notice.objects.all()} == {cast.sfj, cast.scj}


def test_a_decision_whose_audit_entry_cannot_be_written_did_not_happen(owed, cast):
    asked = ask(owed, EXEMPTION, cast.sfj)

    with no_trail(), pytest.raises(DatabaseError):
        decide(asked, cast.sfjld)
    assert (fresh(asked).granted, fresh(owed).state) == (None, State.DOING)


def test_an_excused_duty_shows_a_dash_whatever_its_dates(cast):
    row = in_state(State.EXEMPT)
    facts = lights.Facts(row.state, row.due_on, row.mend_by, row.first_filed_on)
    assert lights.Day(JULY_15, Workdays()).light(facts) == lights.Light.EXCUSED


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_are_one():
    cast = gather()
    second = UserFactory(unit=bureau(), role=roles.BUREAU_LEADER)
    row = ObligationFactory(unit=township())
    asked = ask(row, EXTENSION, cast.weifen, until=JULY_10)
    results = at_once(
        lambda: decide(asked, cast.sfjld), lambda: decide(asked, second, granted=False, note="理由不充分。")
    )
    assert sum(isinstance(result, moves.MoveRefused) for result in results) == 1
    assert Notice.objects.filter(recipient=cast.weifen).count() == 1
    assert row.moves.count() == 1 + bool(fresh(asked).granted)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_asking_twice_at_once_leaves_one_proposal():
    cast = gather()
    row = ObligationFactory(unit=township())
    results = at_once(*[lambda: ask(row, EXTENSION, cast.weifen, until=JULY_10)] * 2)
    assert sum(isinstance(result, moves.MoveRefused) for result in results) == 1
    assert Proposal.objects.count() == 1


def test_an_extension_asked_in_time_may_be_granted_after_the_filing_was_accepted(owed, cast):
    asked = ask(owed, EXTENSION, cast.scj, until=JULY_10)
    late, slow = dt.date(2022, 7, 5), moment(dt.date(2022, 7, 8), 9)
    hand_in(owed, cast.scj, on=late)
    review.accept(owed, by=cast.sfj, at=slow)
    assert Lamp(slow.date()).lit(fresh(owed)).light == lights.Light.LATE_CLOSED
    decide(asked, cast.sfjld, at=slow)
    row = fresh(owed)
    assert (row.state, row.due_on, row.first_due_on, row.first_filed_on) == (State.CLOSED, JULY_10, DUE, late)
    assert Lamp(slow.date()).lit(row).light == lights.Light.CLOSED
    with pytest.raises(moves.MoveRefused):
        ask(row, EXTENSION, cast.scj, until=JULY_15, at=slow)
