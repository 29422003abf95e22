"""Review: accepting, returning, who may, who is told, and that nothing happens twice."""

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from liaisons.models import Notice
from reform import filing, lights, moves, review, rights
from reform.models import Obligation, Submission
from reform.states import State, Verb
from tests.cast import bureau, gather, township
from tests.factories import ObligationFactory, UserFactory, moment
from tests.races import at_once
from tests.reform.breaking import no_trail
from tests.reform.filings import JUNE_20, hand_in, hand_in_report, report_of
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.workdays import Workdays

NOON = moment(JUNE_20, 12)
JUNE_24 = dt.date(2022, 6, 24)


@pytest.fixture
def owed(cast):
    return ObligationFactory(unit=township())


@pytest.fixture
def filed(owed, cast):
    return hand_in(owed, cast.weifen)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def send_back(row, by, **given):
    defaults = {"reason": "缺少名单。", "mend_by": JUNE_24, "at": NOON}
    return review.send_back(row, by=by, **defaults | given)


def light(row, on):
    row = fresh(row)
    facts = lights.Facts(row.state, row.due_on, row.mend_by, row.first_filed_on)
    return lights.Day(on, Workdays()).light(facts)


def test_accepting_closes_the_duty_and_keeps_three_clocks(owed, filed, cast):
    review.accept(owed, by=cast.sfj, note="材料齐全。", at=NOON)
    row, kept = fresh(owed), fresh(filed)
    assert (row.state, row.first_filed_at, row.last_filed_at, row.accepted_at) == (
        State.CLOSED, moment(JUNE_20, 10), moment(JUNE_20, 10), NOON,
    )  # fmt: skip
    assert (kept.state, kept.reviewed_by, kept.reviewed_at, kept.review_note) == (
        Submission.ACCEPTED, cast.sfj, NOON, "材料齐全。",
    )  # fmt: skip
    move = row.moves.last()
    assert (move.verb, move.from_state, move.to_state, move.by, move.at) == (
        Verb.ACCEPT, State.REVIEW, State.CLOSED, cast.sfj, NOON,
    )  # fmt: skip
    assert AuditEntry.objects.filter(action="obligation.accept").count() == 1


def test_accepting_twice_has_one_effect_and_a_plain_message(owed, filed, cast):
    review.accept(owed, by=cast.sfj, at=NOON)
    moves_then, entries, notices = owed.moves.count(), AuditEntry.objects.count(), Notice.objects.count()
    with pytest.raises(moves.MoveRefused, match="没有待审核的报送，可能已由别人处理"):
        review.accept(owed, by=cast.sfjld, at=NOON)
    assert (owed.moves.count(), AuditEntry.objects.count(), Notice.objects.count()) == (moves_then, entries, notices)


def test_the_unit_is_told_once_of_an_acceptance_and_where_to_look(owed, filed, cast):
    review.accept(owed, by=cast.sfj, note="材料齐全。", at=NOON)
    notice = Notice.objects.get()
    assert (notice.recipient, notice.kind, notice.title, notice.body, notice.link, notice.sent_at) == (
        cast.weifen, "销号", f"{owed.name}已销号", "材料齐全。", f"/obligations/{owed.pk}/", NOON,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["admin", "anquan", "audit", "weifen", "weifenld", "scj", "lingdao", "pingcha"])
def test_only_the_bureau_reviews(owed, filed, cast, name):
    stranger = getattr(cast, name)
    for act in (
        lambda: review.begin(filed, by=stranger),
        lambda: review.accept(owed, by=stranger),
        lambda: send_back(owed, stranger),
    ):
        with pytest.raises(rights.Denied):
            act()
    assert fresh(owed).state == State.REVIEW


def test_returned_for_mending_keeps_the_first_clock_and_sets_a_day(owed, filed, cast):
    send_back(owed, cast.sfj)
    row = fresh(owed)
    assert (row.state, row.first_filed_on, row.mend_by, row.cycle_no, row.due_on) == (
        State.DOING, JUNE_20, JUNE_24, 2, dt.date(2022, 6, 30),
    )  # fmt: skip
    assert fresh(filed).state == Submission.RETURNED
    assert row.moves.last().reason == "缺少名单。"


def test_what_was_filed_on_time_and_returned_closes_on_time_however_late_it_is_mended(owed, filed, cast):
    send_back(owed, cast.sfj)
    july = dt.date(2022, 7, 8)
    hand_in(owed, cast.weifen, july)
    review.accept(owed, by=cast.sfj, at=moment(july, 11))
    assert fresh(owed).first_filed_on == JUNE_20
    assert light(owed, july) == lights.Light.CLOSED


def test_returned_as_unfiled_voids_the_first_clock(owed, filed, cast):
    send_back(owed, cast.sfj, as_unfiled=True, reason="空白报送。")
    row = fresh(owed)
    assert (row.state, row.first_filed_on, row.first_filed_at, row.mend_by) == (State.DOING, None, None, JUNE_24)
    assert fresh(filed).state == Submission.VOIDED
    july = dt.date(2022, 7, 8)
    hand_in(owed, cast.weifen, july)
    review.accept(owed, by=cast.sfj, at=moment(july, 11))
    assert light(owed, july) == lights.Light.LATE_CLOSED


def test_voiding_the_second_filing_leaves_the_first_one_counted(owed, filed, cast):
    send_back(owed, cast.sfj)
    hand_in(owed, cast.weifen, JUNE_24)
    send_back(owed, cast.sfj, as_unfiled=True, at=moment(JUNE_24, 15))
    assert fresh(owed).first_filed_on == JUNE_20


def test_a_returned_duty_is_red_only_after_its_mending_day(owed, filed, cast):
    send_back(owed, cast.sfj)
    assert light(owed, JUNE_24) == lights.Light.SOON
    assert light(owed, dt.date(2022, 6, 25)) == lights.Light.OVERDUE


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"reason": "  "}, ["reason"]),
        ({"mend_by": None}, ["mend_by"]),
        ({"mend_by": JUNE_20 - dt.timedelta(days=1)}, ["mend_by"]),
        ({"mend_by": JUNE_20 + dt.timedelta(days=367)}, ["mend_by"]),
        ({"reason": "", "mend_by": None}, ["reason", "mend_by"]),
    ],
)
def test_a_return_needs_a_reason_and_a_day_to_come(owed, filed, cast, given, fields):
    with pytest.raises(review.ReviewRefused) as refused:
        send_back(owed, cast.sfj, **given)
    assert list(refused.value.errors) == fields
    assert (fresh(owed).state, fresh(filed).state) == (State.REVIEW, Submission.FILED)


def test_a_day_for_mending_may_be_today(owed, filed, cast):
    assert send_back(owed, cast.sfj, mend_by=JUNE_20).mend_by == JUNE_20


def test_the_usual_day_for_mending_is_three_working_days_on():
    friday = dt.date(2022, 6, 17)
    assert review.usual_mend_by(friday, Workdays()) == dt.date(2022, 6, 22)


def test_returning_twice_has_one_effect(owed, filed, cast):
    send_back(owed, cast.sfj)
    with pytest.raises(moves.MoveRefused):
        send_back(owed, cast.sfjld)
    assert (fresh(owed).cycle_no, Notice.objects.count()) == (2, 1)


def test_the_unit_is_told_what_to_mend_until_when(owed, filed, cast):
    send_back(owed, cast.sfj)
    notice = Notice.objects.get(recipient=cast.weifen)
    assert (notice.kind, notice.title, notice.body) == (
        "退回补正", f"{owed.name}退回补正，请在6月24日前改好再报", "缺少名单。",
    )  # fmt: skip


def test_lines_of_a_report_carry_what_is_to_be_mended_in_them(cast):
    report = report_of(township())
    first, second = hand_in_report(report, cast.weifen).report.lines.all()
    other = hand_in_report(report_of(bureau()), cast.sfj).report.lines.first()
    send_back(report, cast.sfj, line_notes={first.pk: " 请写明人数。 ", other.pk: "别处的行"})
    assert (fresh(first).returned, fresh(first).review_note) == (True, "请写明人数。")
    assert (fresh(second).returned, fresh(second).review_note) == (False, "")
    assert (fresh(other).returned, fresh(other).review_note) == (False, "")


def test_a_stale_page_accepts_nothing(owed, filed, cast):
    send_back(owed, cast.sfj)
    newer = hand_in(owed, cast.weifen, JUNE_24)
    for act in (
        lambda: review.accept(owed, by=cast.sfj, seen=filed.pk),
        lambda: send_back(owed, cast.sfj, seen=filed.pk, at=moment(JUNE_24, 12)),
    ):
        with pytest.raises(moves.MoveRefused, match="已重新报送"):
            act()
    review.accept(owed, by=cast.sfj, seen=newer.pk)
    assert fresh(owed).state == State.CLOSED


def test_once_review_began_the_unit_cannot_withdraw(owed, filed, cast):
    review.begin(filed, by=cast.sfj, at=NOON)
    review.begin(filed, by=cast.sfjld, at=moment(JUNE_20, 13))
    assert fresh(filed).review_began_at == NOON
    assert AuditEntry.objects.filter(action="submission.begin_review").count() == 1
    with pytest.raises(moves.MoveRefused, match="已经开始审核"):
        filing.withdraw(owed, by=cast.weifen)


def test_what_was_withdrawn_is_not_begun(owed, filed, cast):
    filing.withdraw(owed, by=cast.weifen)
    review.begin(filed, by=cast.sfj)
    assert fresh(filed).review_began_at is None
    with pytest.raises(moves.MoveRefused):
        review.accept(owed, by=cast.sfj, seen=filed.pk)


def test_looking_at_ones_own_filing_is_no_review(cast):
    own = hand_in(ObligationFactory(unit=bureau()), cast.sfj)
    review.begin(own, by=cast.sfj)
    assert fresh(own).review_began_at is None


def test_the_bureaus_own_filing_is_accepted_by_somebody_else(cast):
    row = ObligationFactory(unit=bureau())
    hand_in(row, cast.sfj)
    for act in (lambda: review.accept(row, by=cast.sfj), lambda: send_back(row, cast.sfj)):
        with pytest.raises(moves.MoveRefused, match="报送人和审核人不能是同一个人"):
            act()
    assert review.accept(row, by=cast.sfjld, at=NOON).state == State.CLOSED


def test_who_enters_a_paper_report_does_not_accept_it(owed, cast):
    filing.file_on_behalf(owed, by=cast.sfj, received_on=JUNE_20, text="电话报送。", at=NOON)
    with pytest.raises(moves.MoveRefused, match="不能是同一个人"):
        review.accept(owed, by=cast.sfj)
    review.accept(owed, by=cast.sfjld)


def test_the_database_itself_holds_that_filer_and_reviewer_are_two(filed, cast):
    with pytest.raises(IntegrityError, match="filer_is_not_reviewer"), transaction.atomic():
        Submission.objects.filter(pk=filed.pk).update(reviewed_by=cast.weifen, reviewed_at=NOON)


def test_many_are_accepted_and_one_refusal_stops_no_other(cast):
    rows = [ObligationFactory(unit=township()) for _ in range(3)]
    seen = [(row, hand_in(row, cast.weifen).pk) for row in rows]
    review.accept(rows[1], by=cast.sfjld)
    outcomes = review.accept_many(seen, by=cast.sfj)
    assert [bool(outcome.refused) for outcome in outcomes] == [False, True, False]
    assert "没有待审核的报送" in outcomes[1].refused
    assert {fresh(row).state for row in rows} == {State.CLOSED}
    assert Obligation.objects.get(pk=rows[1].pk).submissions.get().reviewed_by == cast.sfjld


def test_the_officers_of_the_bureau_are_not_told_of_their_own_acts(cast):
    row = ObligationFactory(unit=bureau())
    hand_in(row, cast.sfj)
    review.accept(row, by=cast.sfjld)
    assert [notice.recipient for notice in Notice.objects.all()] == [cast.sfj]


def test_an_act_whose_audit_entry_cannot_be_written_did_not_happen(owed, filed, cast):
    with no_trail(), pytest.raises(DatabaseError):
        review.accept(owed, by=cast.sfj)
    assert (fresh(owed).state, fresh(filed).state, Notice.objects.count()) == (State.REVIEW, Submission.FILED, 0)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_close_it_once():
    cast = gather()
    row = ObligationFactory(unit=township())
    filed = hand_in(row, cast.weifen)
    results = at_once(
        lambda: review.accept(row, by=cast.sfj, seen=filed.pk), lambda: review.accept(row, by=cast.sfjld, seen=filed.pk)
    )
    refused = [result for result in results if isinstance(result, moves.MoveRefused)]
    assert len(refused) == 1
    assert "没有待审核的报送" in str(refused[0])
    assert (row.moves.filter(verb=Verb.ACCEPT).count(), Notice.objects.count()) == (1, 1)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_accepting_while_the_unit_withdraws_does_one_of_both():
    cast = gather()
    row = ObligationFactory(unit=township())
    hand_in(row, cast.weifen)
    results = at_once(lambda: review.accept(row, by=cast.sfj), lambda: filing.withdraw(row, by=cast.weifen))
    assert sum(isinstance(result, moves.MoveRefused) for result in results) == 1
    state, kept = fresh(row).state, row.submissions.get().state
    assert (state, kept) in {(State.CLOSED, Submission.ACCEPTED), (State.DOING, Submission.WITHDRAWN)}
    assert row.moves.count() == 3


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_accepting_while_another_returns_does_one_of_both():
    cast = gather()
    row = ObligationFactory(unit=township())
    hand_in(row, cast.weifen)
    results = at_once(lambda: review.accept(row, by=cast.sfj), lambda: send_back(row, cast.sfjld))
    assert sum(isinstance(result, moves.MoveRefused) for result in results) == 1
    assert Notice.objects.count() == 1


def test_a_closed_account_is_not_told(owed, filed, cast):
    UserFactory(unit=township(), is_active=False)
    cast.weifen.is_active = False
    cast.weifen.save()
    review.accept(owed, by=cast.sfj)
    assert not Notice.objects.exists()
