"""The table of moves, every verb from every state: it moves as the table says, or it is refused and nothing changes."""

from __future__ import annotations

import datetime as dt
from itertools import product

import pytest
from django.db import DatabaseError, transaction

from reform import drafts, filing, moves, reports
from reform.models import Move, Obligation, Submission
from reform.report_lines import Zero
from reform.states import CONTINUOUS, EXCUSED, MOVES, OPEN, UNFILED, State, Verb, allows
from tests.factories import MilestoneFactory, ObligationFactory, moment
from tests.reform.breaking import no_trail
from xingxian_portal.foundation.audit import AuditEntry

AT = moment(dt.date(2022, 6, 20), 10)


def facts_of(obligation: Obligation) -> list[tuple]:
    """Give all that an act on the obligation could change."""
    submissions = Submission.objects.filter(obligation=obligation).order_by("pk")
    return [
        *Obligation.objects.filter(pk=obligation.pk).values_list(),
        *Move.objects.filter(obligation=obligation).values_list(),
        *submissions.values_list(),
        *((entry,) for entry in AuditEntry.objects.values_list("pk", flat=True)),
    ]


def in_state(state: State, **kwargs) -> Obligation:
    return ObligationFactory(state=state, accepted_at=AT if state == State.CLOSED else None, **kwargs)


def targets(verb: Verb, origin: State) -> set[State]:
    """Give where the table lets `verb` lead from `origin`."""
    rule = MOVES[verb]
    if verb is Verb.OPEN or origin not in rule.origins:
        return set()
    return set(rule.to) or {origin}


def tries_from(origin: State) -> list[tuple[Verb, State]]:
    """Give every verb with each state it may lead to, and with one it may not where it may lead nowhere."""
    return [(verb, to) for verb in Verb for to in targets(verb, origin) or {State.DOING}]


def test_every_verb_stands_in_the_table():
    assert set(MOVES) == set(Verb)


def test_the_table_is_followed_to_the_letter():
    for verb, origin in product(Verb, State):
        assert {to for to in State if allows(verb, origin, to)} == targets(verb, origin), (verb, origin)


def test_only_opening_starts_from_nothing():
    assert [(verb, to) for verb, to in product(Verb, State) if allows(verb, "", to)] == [
        (Verb.OPEN, State.AWAITING),
        (Verb.OPEN, State.DOING),
        (Verb.OPEN, State.ONGOING),
    ]


def test_the_groups_of_states_do_not_overlap():
    assert OPEN >= UNFILED
    assert not OPEN & EXCUSED
    assert not OPEN & CONTINUOUS
    assert OPEN | EXCUSED | CONTINUOUS | {State.CLOSED} == set(State)


@pytest.mark.django_db
@pytest.mark.parametrize("origin", State, ids=lambda state: state.value)
def test_every_move_writes_what_it_did_or_nothing_at_all(origin, cast):
    for verb, to in tries_from(origin):
        obligation = in_state(origin)
        before = facts_of(obligation)
        stamp = {"accepted_at": AT if to == State.CLOSED else None}
        if allows(verb, origin, to):
            with transaction.atomic():
                moves.move(moves.locked(obligation.pk), verb, to, by=cast.sfj, at=AT, reason="样例", **stamp)
            last = obligation.moves.latest("pk")
            assert (last.verb, last.from_state, last.to_state, last.at, last.by) == (verb, origin, to, AT, cast.sfj)
            entry = AuditEntry.objects.latest("pk")
            assert (entry.action, entry.actor_id, entry.note) == (f"obligation.{verb}", cast.sfj.pk, "样例")
        else:
            with pytest.raises(moves.MoveRefused), transaction.atomic():
                moves.move(moves.locked(obligation.pk), verb, to, by=cast.sfj, at=AT, **stamp)
            assert facts_of(obligation) == before


def test_a_move_cannot_set_what_is_no_date(cast):
    with pytest.raises(TypeError), transaction.atomic():
        moves.move(moves.locked(ObligationFactory().pk), Verb.SIGN_FOR, State.DOING, by=cast.sfj, role="lead")


@pytest.mark.django_db(transaction=True)
def test_a_row_is_locked_only_inside_a_transaction():
    with pytest.raises(transaction.TransactionManagementError):
        moves.locked(ObligationFactory().pk)


def draft_in(obligation: Obligation, by) -> None:
    Submission.objects.create(obligation=obligation, number=1, saved_at=AT, saved_by=by, text="完成。")


def filed_in(obligation: Obligation, by) -> None:
    Submission.objects.create(
        obligation=obligation, number=1, saved_at=AT, saved_by=by, text="完成。", state=Submission.FILED,
        filed_at=AT, filed_by=by, counted_on=dt.date(2022, 6, 20),
    )  # fmt: skip


def cosigning_in(obligation: Obligation, by) -> None:
    Submission.objects.create(
        obligation=obligation, number=1, saved_at=AT, saved_by=by, text="完成。", state=Submission.COSIGNING
    )


# What a unit's people do: the verb as it is called, from which states it works, and what must lie there for it.
ACTS = {
    "sign_for": (lambda row, cast: filing.sign_for(row, by=cast.weifen, at=AT), {State.AWAITING}, draft_in),
    "save": (lambda row, cast: drafts.save(row, by=cast.weifen, text="新内容", at=AT), UNFILED, draft_in),
    "file": (lambda row, cast: filing.file(row, by=cast.weifen, at=AT), UNFILED, draft_in),
    "cosign": (lambda row, cast: filing.cosign(row, by=cast.weifenld, at=AT), {State.COSIGNING}, cosigning_in),
    "decline": (
        lambda row, cast: filing.decline(row, by=cast.weifenld, reason="数字不对", at=AT), {State.COSIGNING}, cosigning_in,
    ),
    "withdraw": (lambda row, cast: filing.withdraw(row, by=cast.weifen, at=AT), {State.COSIGNING, State.REVIEW}, filed_in),
    "on_behalf": (
        lambda row, cast: filing.file_on_behalf(row, by=cast.sfj, received_on=AT.date(), text="电话报告", at=AT),
        UNFILED, draft_in,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "origin"), list(product(ACTS, State)), ids=str)
def test_what_a_unit_does_fits_the_state_or_changes_nothing(name, origin, cast):
    act, origins, lay = ACTS[name]
    obligation = in_state(origin, unit=cast.weifen.unit)
    lay(obligation, cast.weifen)
    before = facts_of(obligation)

    if origin in origins:
        act(obligation, cast)
        assert facts_of(obligation) != before
    else:
        with pytest.raises(moves.MoveRefused):
            act(obligation, cast)
        assert facts_of(obligation) == before


@pytest.mark.parametrize("name", sorted(ACTS.keys() - {"save"}))  # a draft is nobody's act yet
def test_without_its_entry_in_the_trail_no_act_happens(name, cast):
    act, origins, lay = ACTS[name]
    obligation = in_state(min(origins), unit=cast.weifen.unit)
    lay(obligation, cast.weifen)
    before = facts_of(obligation)

    with no_trail(), pytest.raises(DatabaseError):
        act(obligation, cast)

    assert facts_of(obligation) == before


@pytest.mark.parametrize("origin", State, ids=lambda state: state.value)
def test_a_month_is_filed_from_where_others_are(origin, cast):
    report = in_state(origin, unit=cast.weifen.unit, milestone=MilestoneFactory(monthly=True), occurrence="2022-06")
    zero = Zero(chosen=True, reason="本月没有工作。", confirmed=True)
    if origin in UNFILED:
        reports.save_draft(report, by=cast.weifen, lines={}, zero=zero, at=AT)
        reports.file(report, by=cast.weifen, at=AT)
        assert Obligation.objects.get(pk=report.pk).state == State.REVIEW
    else:
        before = facts_of(report)
        with pytest.raises(moves.MoveRefused):
            reports.file(report, by=cast.weifen, at=AT)
        assert facts_of(report) == before
