"""Bad input sent to a unit's pages, and all of it again: the same plain sentence, no second effect, never an error of ours."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from reform import drafts, review
from reform.models import Evidence, Obligation, Proposal
from reform.states import State
from tests.cast import client_of
from tests.factories import DataItemFactory, MilestoneFactory, ObligationFactory, moment
from tests.files import EXE
from tests.reform.filings import report_of
from xingxian_portal.foundation import clock

pytestmark = pytest.mark.django_db

AT = moment(dt.date(2022, 6, 20), 14, 2)
DUE, JUNE_21 = dt.date(2022, 6, 30), dt.date(2022, 6, 21)
LONG = "长" * 10_000


@pytest.fixture(autouse=True)
def _held(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    clock.start_demo(AT)


@pytest.fixture
def duty(cast) -> Obligation:
    row = ObligationFactory(unit=cast.weifen.unit, milestone=MilestoneFactory(title="信息备案"))
    DataItemFactory(milestone=row.milestone, code="staff", label="在岗人数")
    return row


@pytest.fixture
def june(cast) -> Obligation:
    return report_of(cast.weifen.unit, tasks=1)


@pytest.fixture
def town(cast):
    return client_of(cast.weifen)


def now(row: Obligation) -> Obligation:
    return Obligation.objects.get(pk=row.pk)


def filed(client, row: Obligation, **given) -> str:
    """Send the form of a duty as the page has it now; give the page that comes back."""
    data = {"text": "已备案。", "value-staff": "12", "seen": drafts.mark(row)} | given
    return client.post(reverse("filing_file", args=[row.pk]), data, follow=True).content.decode()


def reported(client, row: Obligation, text: str = "有进展。", **given) -> str:
    """Send the month's form with its one line."""
    key = Obligation.objects.filter(series=row.series, unit=row.unit).exclude(pk=row.pk).get().milestone.task.code
    data = {f"text-{key}": text, "seen": drafts.mark(row)} | given
    return client.post(reverse("report_file", args=[row.pk]), data, follow=True).content.decode()


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize(
    ("given", "words", "kept"),
    [
        ({"text": LONG}, "最多 5000 字，现有 10000 字", LONG),
        ({"value-staff": "-3"}, "“在岗人数”不能是负数", 'value="-3"'),
        ({"value-staff": "－３"}, "“在岗人数”不能是负数", 'value="－３"'),
        ({"value-staff": "一百多"}, "在岗人数", 'value="一百多"'),
    ],
    ids=["10,000 characters", "negative", "negative in full width", "no number"],
)
def test_what_a_duty_cannot_take_is_said_and_kept_both_times(town, duty, given, words, kept):
    for _ in range(2):
        page = filed(town, duty, **given)
        assert words in page
        assert kept in page
    assert (now(duty).state, now(duty).first_filed_on) == (State.AWAITING, None)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("空.pdf", b"", "《空.pdf》是空文件"), ("通知.pdf", EXE, "不是可以接收的类型")],
    ids=["empty", "a program named .pdf"],
)
def test_a_file_that_is_none_is_refused_both_times_and_the_words_stay(town, duty, june, name, content, words):
    for _ in range(2):
        assert words in (page := filed(town, duty, files=upload(name, content)))
        assert "已备案。" in page
        assert words in (page := reported(town, june, files=upload(name, content)))
        assert "有进展。" in page
    assert not Evidence.objects.exists()
    assert now(duty).first_filed_on is now(june).first_filed_on is None


def test_ten_thousand_characters_in_a_month_are_refused_and_kept_both_times(town, june):
    for _ in range(2):
        page = reported(town, june, LONG)
        assert "最多 5000 字，现有 10000 字" in page
        assert LONG in page
    assert now(june).first_filed_on is None


def test_full_width_digits_are_taken_once(town, duty):
    for _ in range(2):
        page = filed(town, duty, **{"value-staff": "４６"})
    assert "没有重复报送" in page
    assert drafts.typed_values(drafts.latest(duty)) == {"staff": "46"}
    assert duty.submissions.count() == 1


def test_another_units_addresses_are_not_there_however_often_they_are_tried(cast, duty, june):
    scj = client_of(cast.scj)
    of_a_duty = [reverse(name, args=[duty.pk]) for name in ("filing", "filing_file", "filing_draft", "steps")]
    for address in [*of_a_duty, *(reverse(name, args=[june.pk]) for name in ("report", "report_file"))] * 2:
        assert scj.get(address).status_code == 404
        assert scj.post(address, {"text": "改"}).status_code in {404, 405}
    assert not duty.submissions.exists()
    assert not june.submissions.exists()


@pytest.mark.parametrize(
    ("second", "day", "words"),
    [(-1, JUNE_21, "按时报送"), (0, JUNE_21 + dt.timedelta(days=1), "逾期报送")],
    ids=["21st 23:59:59", "22nd 00:00:00"],
)
def test_the_second_that_divides_the_month_counts_once(cast, june, second, day, words):
    with time_machine.travel(clock.real_now(), tick=False):  # else the demo's clock runs on past that second
        clock.start_demo(clock.day_end(JUNE_21) + dt.timedelta(seconds=second))
        town = client_of(cast.weifen)
        assert words in reported(town, june)
        assert "没有重复报送" in reported(town, june)
    assert now(june).first_filed_on == day
    assert june.submissions.count() == 1


def test_filing_while_being_reviewed_changes_nothing_both_times(town, cast, june):
    reported(town, june)
    review.begin(june.submissions.get(), by=cast.sfj, at=AT)
    for _ in range(2):
        assert "没有重复报送" in reported(town, june, "改了再报。")
    assert june.submissions.count() == 1


def test_more_time_asked_for_at_24_00_is_refused_both_times(town, duty):
    clock.start_demo(clock.day_end(DUE))
    for _ in range(2):
        data = {"until": "2022-07-15", "reason": "办公场所未交付"}
        page = town.post(reverse("obligation_extension", args=[duty.pk]), data, follow=True).content.decode()
        assert "现在已经过期" in page
        assert "办公场所未交付" in page
    assert not Proposal.objects.exists()
