"""What a refiled report shows: only what changed, beside the old."""

from __future__ import annotations

import datetime as dt

import pytest

from reform import drafts, filing, filing_diff, reports, review
from reform.filing_diff import Change
from reform.models import Obligation, Submission
from reform.report_lines import LineInput, Zero
from tests.factories import DataItemFactory, ObligationFactory, moment
from tests.files import pdf
from tests.reform.filings import hand_in, hand_in_report, report_of

AT = moment(dt.date(2022, 6, 23), 9)


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def send_back(row: Obligation, by) -> None:
    review.send_back(row, by=by, reason="请补充", mend_by=dt.date(2022, 6, 30), at=AT)


def labels(diff) -> dict[str, tuple[str, str]]:
    return {change.label: (change.before, change.after) for change in diff.changes}


def test_only_the_line_that_changed_is_shown(cast):
    report = report_of(cast.weifen.unit, tasks=3)
    old = hand_in_report(report, cast.weifen)
    send_back(report, cast.sfj)
    line = reports.draft_of(report, by=cast.weifen, at=AT).report.lines.first()
    reports.save_draft(report, by=cast.weifen, lines={line.key: LineInput("补充了做法。", problem="请协调。")}, at=AT)
    reports.file(report, by=cast.weifen, at=AT)
    new = report.submissions.get(state=Submission.FILED)

    diff = filing_diff.compare(old, new)

    assert labels(diff) == {
        str(line.task): ("本月有进展。", "补充了做法。"),
        f"{line.task}　需协调的问题": ("", "请协调。"),
    }
    assert filing_diff.previous(new) == old


def test_a_report_turned_into_a_zero_report_shows_what_it_no_longer_says(cast):
    report = report_of(cast.weifen.unit, tasks=1)
    old = hand_in_report(report, cast.weifen)
    send_back(report, cast.sfj)
    line = reports.draft_of(report, by=cast.weifen, at=AT).report.lines.get()
    zero = Zero(chosen=True, reason="确无进展。", confirmed=True)
    reports.save_draft(report, by=cast.weifen, lines={line.key: LineInput()}, zero=zero, at=AT)
    reports.file(report, by=cast.weifen, at=AT)

    diff = filing_diff.compare(old, report.submissions.get(state=Submission.FILED))

    assert labels(diff) == {"零报告": ("", "确无进展。"), str(line.task): ("本月有进展。", "")}


def test_values_text_and_files_are_compared(cast):
    duty = ObligationFactory(unit=cast.weifen.unit)
    item = DataItemFactory(milestone=duty.milestone)
    drafts.attach(duty, [pdf("旧.pdf", "1"), pdf("照片.pdf", "2")], by=cast.weifen, at=AT)
    old = hand_in(duty, cast.weifen, **{item.code: "46"})
    send_back(duty, cast.sfj)
    drafts.detach(duty, old.evidence.first().file_id, by=cast.weifen, at=AT)
    drafts.attach(duty, [pdf("新.pdf", "3")], by=cast.weifen, at=AT)
    new = hand_in(duty, cast.weifen, dt.date(2022, 6, 24), **{item.code: "45"})

    diff = filing_diff.compare(old, new)

    assert diff.changes == [Change(str(item), "46", "45")]
    assert [one.file.original_name for one in diff.added] == ["新.pdf"]
    assert [one.file.original_name for one in diff.removed] == ["旧.pdf"]


def test_the_same_again_is_no_change(cast):
    duty = ObligationFactory(unit=cast.weifen.unit)
    old = hand_in(duty, cast.weifen)
    send_back(duty, cast.sfj)
    new = hand_in(duty, cast.weifen)
    assert not filing_diff.compare(old, new)


def test_a_first_filing_and_what_was_only_withdrawn_are_compared_with_nothing(cast):
    duty = ObligationFactory(unit=cast.weifen.unit)
    first = hand_in(duty, cast.weifen)
    filing.withdraw(duty, by=cast.weifen, at=AT)
    assert filing_diff.previous(first) is None
    assert filing_diff.previous(hand_in(duty, cast.weifen)) is None


@pytest.mark.parametrize("tasks", [1, 12])
def test_comparing_takes_the_same_queries_at_any_length(cast, django_assert_num_queries, tasks):
    report = report_of(cast.weifen.unit, tasks)
    old = hand_in_report(report, cast.weifen)
    send_back(report, cast.sfj)
    new = hand_in_report(report, cast.weifen, text="补充。")
    old, new = Submission.objects.get(pk=old.pk), Submission.objects.get(pk=new.pk)
    with django_assert_num_queries(10):
        assert filing_diff.compare(old, new)
