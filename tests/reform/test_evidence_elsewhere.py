"""Files that stay with the unit, named as evidence of what it files."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from reform import drafts, evidence_elsewhere, filing, report_diff, reports, review, rights
from reform.models import Evidence, Obligation, Submission
from reform.moves import MoveRefused
from reform.report_lines import LineInput
from reform.states import State
from tests.factories import ObligationFactory, moment
from tests.reform.filings import report_of
from tests.xingxian_portal.foundation.test_kept_elsewhere import DIGEST, FILM
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.refusal import Refused

AT = moment(dt.date(2022, 6, 20), 14)
OTHER = replace(FILM, original_name="复查录像.mp4", sha256="0" * 64)


@pytest.fixture
def duty(cast) -> Obligation:
    return ObligationFactory(unit=cast.weifen.unit)


def names(submission: Submission | None) -> list[str]:
    assert submission
    return [str(one) for one in submission.evidence.order_by("pk")]


def test_what_is_named_counts_as_evidence_and_goes_into_the_trail_without_names(cast, duty):
    evidence_elsewhere.name(duty, FILM, by=cast.weifen, at=AT)
    filing.file(duty, by=cast.weifen, at=AT)  # no word, no figure, no file beside it

    filed = duty.submissions.get()
    entry = AuditEntry.objects.get(action="evidence.keep_elsewhere")
    assert (filed.state, names(filed)) == (Submission.FILED, [FILM.original_name])
    assert entry.after == {"elsewhere": filed.evidence.get().elsewhere_id, "sha256": DIGEST, "obligation": duty.pk}


def test_once_filed_it_is_fixed_and_returned_it_goes_along_into_the_next_filing(cast, duty):
    first = evidence_elsewhere.name(duty, FILM, by=cast.weifen, at=AT)
    filing.file(duty, by=cast.weifen, at=AT)
    for act in (lambda: evidence_elsewhere.name(duty, OTHER, by=cast.weifen, at=AT), lambda: strike(cast, duty, first)):
        with pytest.raises(MoveRefused, match="没有重复报送"):
            act()
    review.send_back(
        duty, by=cast.sfj, reason="请补复查录像。", mend_by=dt.date(2022, 6, 27), seen=duty.submissions.get().pk, at=AT
    )
    evidence_elsewhere.name(duty, OTHER, by=cast.weifen, at=AT)

    before, after = duty.submissions.order_by("number")
    diff = report_diff.compare(before, after)
    assert (names(before), names(after)) == ([FILM.original_name], [FILM.original_name, OTHER.original_name])
    assert ([str(one) for one in diff.added], diff.removed) == ([OTHER.original_name], [])


def strike(cast, duty: Obligation, evidence: Evidence) -> None:
    assert evidence.elsewhere_id
    evidence_elsewhere.strike_out(duty, evidence.elsewhere_id, by=cast.weifen, at=AT)


def test_the_unit_strikes_it_out_of_its_draft(cast, duty):
    row = evidence_elsewhere.name(duty, FILM, by=cast.weifen, at=AT)
    strike(cast, duty, row)
    strike(cast, duty, row)  # the second click changes nothing

    entry = AuditEntry.objects.get(action="evidence.remove")
    assert names(drafts.latest(duty)) == []
    assert entry.before == {"elsewhere": row.elsewhere_id, "obligation": duty.pk}


def test_it_goes_with_the_month_into_a_duty_that_is_ticked_on_it(cast):
    month = report_of(cast.weifen.unit, tasks=1)
    ticked = Obligation.objects.exclude(pk=month.pk).get()
    line = LineInput("已办完。", closes=frozenset({ticked.pk}))
    reports.save_draft(month, by=cast.weifen, lines={ticked.milestone.task.code: line}, at=AT)
    evidence_elsewhere.name(month, FILM, by=cast.weifen, at=AT)
    reports.file(month, by=cast.weifen, at=AT)

    assert Obligation.objects.get(pk=ticked.pk).state == State.REVIEW
    assert names(ticked.submissions.get()) == [FILM.original_name]


def test_the_same_file_is_not_named_twice(cast, duty):
    evidence_elsewhere.name(duty, FILM, by=cast.weifen, at=AT)
    with pytest.raises(Refused, match="没有重复登记") as refused:
        evidence_elsewhere.name(duty, replace(FILM, sha256=DIGEST.upper()), by=cast.weifen, at=AT)
    assert (refused.value.field, Evidence.objects.count()) == ("sha256", 1)


@pytest.mark.parametrize("who", ["scj", "sfj", "weifenld", "admin"])
def test_nobody_names_or_strikes_out_another_units(cast, duty, who):
    row = evidence_elsewhere.name(duty, FILM, by=cast.weifen, at=AT)
    by = getattr(cast, who)
    with pytest.raises(rights.Denied):
        evidence_elsewhere.name(duty, OTHER, by=by, at=AT)
    with pytest.raises(rights.Denied):
        evidence_elsewhere.strike_out(duty, row.elsewhere_id or 0, by=by, at=AT)
    assert Evidence.objects.count() == 1


def test_evidence_is_never_neither_here_nor_elsewhere(cast, duty):
    draft = drafts.draft_of(duty, by=cast.weifen, at=AT)
    with pytest.raises(IntegrityError, match="evidence_is_here_or_elsewhere"), transaction.atomic():
        Evidence.objects.create(submission=draft)
