"""Signing for, filing, withdrawal, co-signature and filing on behalf: three clocks, one effect, nothing lost."""

from __future__ import annotations

import datetime as dt

import pytest

from liaisons.models import Notice
from reform import drafts, filing, review, rights
from reform.filing import FilingRefused
from reform.lights import Day, Facts, Light
from reform.models import Evidence, Obligation, Submission
from reform.moves import MoveRefused
from reform.states import State, Verb
from tests.cast import Cast
from tests.factories import DataItemFactory, MilestoneFactory, ObligationFactory, moment
from tests.files import EXE, MP4, Sparse, pdf
from tests.races import at_once
from xingxian_portal.foundation import clock, uploads
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.refusal import Stale
from xingxian_portal.foundation.workdays import Workdays

DUE = dt.date(2022, 6, 30)
LAST_SECOND = clock.day_end(DUE) - dt.timedelta(seconds=1)
AT = moment(dt.date(2022, 6, 20), 10)
LATER = moment(dt.date(2022, 6, 24), 15)


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def duty(cast: Cast) -> Obligation:
    return ObligationFactory(unit=cast.weifen.unit)


def now(duty: Obligation) -> Obligation:
    return Obligation.objects.get(pk=duty.pk)


def hand_in(duty: Obligation, by, at: dt.datetime = AT, text: str = "已完成。") -> Obligation:
    drafts.save(duty, by=by, text=text, at=at)
    return filing.file(duty, by=by, at=at)


def send_back(duty: Obligation, by, at: dt.datetime, **how) -> Obligation:
    return review.send_back(duty, by=by, reason="补充名单。", mend_by=at.date() + dt.timedelta(days=5), at=at, **how)


def light(duty: Obligation, on: dt.date) -> Light:
    duty = now(duty)
    return Day(on, Workdays()).light(Facts(duty.state, duty.due_on, duty.mend_by, duty.first_filed_on))


# signing for


def test_signing_for_is_noted_once(cast, duty):
    filing.sign_for(duty, by=cast.weifen, at=AT)
    with pytest.raises(MoveRefused, match="已经签收过"):
        filing.sign_for(duty, by=cast.weifen, at=LATER)
    assert (now(duty).state, now(duty).signed_at) == (State.DOING, AT)


def test_many_are_signed_for_with_one_click_and_a_second_click_adds_none(cast):
    duties = [ObligationFactory(unit=cast.weifen.unit) for _ in range(3)]
    filing.sign_for(duties[1], by=cast.weifen, at=AT)
    assert filing.sign_for_many(duties, by=cast.weifen, at=AT) == 2
    assert filing.sign_for_many(duties, by=cast.weifen, at=AT) == 0


def test_one_cannot_sign_for_another_unit_among_ones_own(cast, duty):
    theirs = ObligationFactory(unit=cast.scj.unit)
    with pytest.raises(rights.Denied):
        filing.sign_for_many([duty, theirs], by=cast.weifen, at=AT)
    assert now(theirs).state == State.AWAITING


def test_filing_implies_signing_for(cast, duty):
    hand_in(duty, cast.weifen)
    assert now(duty).signed_at == AT


# drafts


def test_a_draft_keeps_whatever_was_typed(cast, duty):
    item = DataItemFactory(milestone=duty.milestone)
    long = "长" * 10_000
    drafts.save(duty, by=cast.weifen, text=long, values={item.code: "许多人" * 400}, at=AT)
    draft = drafts.latest(duty)
    assert (draft.text, draft.values.get().text) == (long, "许多人" * 400)
    with pytest.raises(FilingRefused) as refused:
        filing.file(duty, by=cast.weifen, at=AT)
    assert refused.value.errors == {
        "text": "工作情况最多 5000 字，现有 10000 字，请精简，详细材料可作为佐证上传。",
        f"value-{item.code}": f"“{item.label}”最多 500 字，现有 1200 字。",
    }
    assert now(duty).state == State.AWAITING


def test_what_is_saved_twice_changes_nothing(cast, duty):
    for _ in range(2):
        drafts.save(duty, by=cast.weifen, text="办理中", seen="1.0", at=AT)
    assert drafts.mark(duty) == "1.1"


def test_two_people_of_a_unit_do_not_overwrite_each_other(cast, duty):
    opened = drafts.mark(duty)
    drafts.save(duty, by=cast.weifen, text="甲写的", seen=opened, at=AT)
    with pytest.raises(Stale):
        drafts.save(duty, by=cast.weifen, text="乙写的", seen=opened, at=AT)
    assert drafts.latest(duty).text == "甲写的"
    drafts.save(duty, by=cast.weifen, text="乙写的", seen=drafts.mark(duty), at=AT)
    assert drafts.latest(duty).text == "乙写的"


def test_a_page_opened_before_a_return_is_stale_after_it(cast, duty):
    seen = drafts.mark(drafts.draft_of(duty, by=cast.weifen, at=AT).obligation)
    hand_in(duty, cast.weifen)
    send_back(duty, cast.sfj, AT)
    with pytest.raises(Stale):
        drafts.save(duty, by=cast.weifen, text="旧页面", seen=seen, at=LATER)


def test_the_next_draft_begins_with_what_was_returned(cast, duty):
    item = DataItemFactory(milestone=duty.milestone)
    drafts.save(duty, by=cast.weifen, text="第一稿", values={item.code: "４６ 人"}, at=AT)
    drafts.attach(duty, [pdf()], by=cast.weifen, at=AT)
    filing.file(duty, by=cast.weifen, at=AT)
    send_back(duty, cast.sfj, AT)
    draft = drafts.draft_of(duty, by=cast.weifen, at=LATER)
    assert (draft.number, draft.text, drafts.typed_values(draft)) == (2, "第一稿", {item.code: "46"})
    assert [kept.file.original_name for kept in draft.evidence.all()] == ["情况说明.pdf"]


# evidence


def test_files_are_handed_in_and_taken_out_of_a_draft(cast, duty):
    one, two = drafts.attach(duty, [pdf("一.pdf", "1"), pdf("二.pdf", "2")], by=cast.weifen, at=AT)
    drafts.detach(duty, one.file_id, by=cast.weifen, at=AT)
    drafts.detach(duty, one.file_id, by=cast.weifen, at=AT)
    assert list(Evidence.objects.all()) == [two]
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["evidence.add", "evidence.add", "evidence.remove"]


def test_the_same_file_twice_is_handed_in_once(cast, duty, settings):
    for _ in range(2):
        drafts.attach(duty, [pdf()], by=cast.weifen, at=AT)
    assert Evidence.objects.count() == 1
    assert len([path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]) == 1


def test_twenty_files_are_enough_and_one_more_leaves_no_bytes(cast, duty, settings):
    drafts.attach(duty, [pdf(f"{n}.pdf", str(n)) for n in range(20)], by=cast.weifen, at=AT)
    with pytest.raises(uploads.Refused, match="最多 20 个附件"):
        drafts.attach(duty, [pdf("再一个.pdf", "x")], by=cast.weifen, at=AT)
    assert len([path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]) == 20


def test_a_file_of_101_megabytes_is_refused_twice_and_leaves_nothing(cast, duty, settings):
    for _ in range(2):
        with pytest.raises(uploads.Refused, match="超过 100 MB"):
            drafts.attach(duty, [Sparse("执法录像.mp4", MP4, 101 * uploads.MEGABYTE)], by=cast.weifen, at=AT)
    assert not duty.submissions.exists()
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


def test_a_program_among_the_files_keeps_out_all_of_them(cast, duty):
    bad = pdf("通知.pdf")
    bad.file.seek(0)
    bad.file.write(EXE)
    for _ in range(2):
        with pytest.raises(uploads.Refused, match="不是可以接收的类型"):
            drafts.attach(duty, [pdf("好.pdf", "x"), bad], by=cast.weifen, at=AT)
    assert not Evidence.objects.exists()


def test_what_was_filed_is_not_taken_out(cast, duty):
    (evidence,) = drafts.attach(duty, [pdf()], by=cast.weifen, at=AT)
    hand_in(duty, cast.weifen)
    with pytest.raises(MoveRefused, match="需要修改请先撤回"):
        drafts.detach(duty, evidence.file_id, by=cast.weifen, at=AT)
    assert Evidence.objects.get() == evidence


def test_taking_out_a_file_that_was_sent_back_leaves_it_in_the_old_filing(cast, duty):
    (evidence,) = drafts.attach(duty, [pdf()], by=cast.weifen, at=AT)
    hand_in(duty, cast.weifen)
    send_back(duty, cast.sfj, AT)
    drafts.detach(duty, evidence.file_id, by=cast.weifen, at=LATER)
    assert [kept.submission.number for kept in Evidence.objects.select_related("submission")] == [1]


def test_another_dutys_file_is_not_taken_out(cast, duty):
    other = ObligationFactory(unit=cast.weifen.unit)
    (evidence,) = drafts.attach(other, [pdf()], by=cast.weifen, at=AT)
    drafts.detach(duty, evidence.file_id, by=cast.weifen, at=AT)
    assert Evidence.objects.get() == evidence


def test_nobody_else_touches_the_files(cast, duty):
    (evidence,) = drafts.attach(duty, [pdf()], by=cast.weifen, at=AT)
    for stranger in (cast.scj, cast.sfj, cast.weifenld):
        with pytest.raises(rights.Denied):
            drafts.detach(duty, evidence.file_id, by=stranger, at=AT)
        with pytest.raises(rights.Denied):
            drafts.attach(duty, [pdf("另.pdf", "y")], by=stranger, at=AT)


# filing


def test_a_filing_keeps_three_clocks(cast, duty):
    hand_in(duty, cast.weifen)
    send_back(duty, cast.sfj, moment(dt.date(2022, 6, 22)))
    hand_in(duty, cast.weifen, LATER, "补充后。")
    review.accept(duty, by=cast.sfj, at=moment(dt.date(2022, 7, 4)))
    done = now(duty)
    assert (done.first_filed_at, done.last_filed_at, done.accepted_at) == (AT, LATER, moment(dt.date(2022, 7, 4)))
    assert light(duty, dt.date(2022, 7, 5)) == Light.CLOSED


@pytest.mark.parametrize(
    ("at", "expected"), [(LAST_SECOND, Light.CLOSED), (clock.day_end(DUE), Light.LATE_CLOSED)], ids=["24:00", "00:00"]
)
def test_the_day_named_ends_at_midnight(cast, duty, at, expected):
    hand_in(duty, cast.weifen, at)
    review.accept(duty, by=cast.sfj, at=at + dt.timedelta(days=2))
    assert light(duty, at.date() + dt.timedelta(days=2)) == expected


def test_filing_twice_has_one_effect_and_says_when_it_was_filed(cast, duty):
    hand_in(duty, cast.weifen)
    entries = AuditEntry.objects.count()
    for _ in range(2):
        with pytest.raises(MoveRefused, match="已于 6月20日 10:00报送，正在等司法局审核，没有重复报送"):
            filing.file(duty, by=cast.weifen, at=LATER)
    assert (duty.submissions.count(), AuditEntry.objects.count()) == (1, entries)


def test_nothing_is_no_filing(cast, duty):
    with pytest.raises(FilingRefused) as refused:
        filing.file(duty, by=cast.weifen, at=AT)
    assert refused.value.errors == {"text": "还没有填写内容：请写明工作情况、填写数据或上传佐证。"}
    assert not duty.submissions.exists()


def test_a_file_alone_is_a_filing(cast, duty):
    drafts.attach(duty, [pdf()], by=cast.weifen, at=AT)
    assert filing.file(duty, by=cast.weifen, at=AT).state == State.REVIEW


def test_everything_wrong_is_said_at_once_and_stays_as_typed(cast, duty):
    people, cost = DataItemFactory(milestone=duty.milestone), DataItemFactory(milestone=duty.milestone, required=False)
    drafts.save(duty, by=cast.weifen, text="完成。", values={people.code: "-3", cost.code: "许多"}, at=AT)
    with pytest.raises(FilingRefused) as refused:
        filing.file(duty, by=cast.weifen, at=AT)
    assert set(refused.value.errors) == {f"value-{people.code}", f"value-{cost.code}"}
    assert drafts.typed_values(drafts.latest(duty)) == {people.code: "-3", cost.code: "许多"}


def test_numbers_are_kept_as_numbers(cast, duty):
    item = DataItemFactory(milestone=duty.milestone)
    drafts.save(duty, by=cast.weifen, text="", values={item.code: "１，２００人"}, at=AT)
    filing.file(duty, by=cast.weifen, at=AT)
    value = duty.submissions.get().values.get()
    assert (value.text, value.number) == ("1200", 1200)


@pytest.mark.parametrize("who", ["scj", "weifenld", "sfj", "lingdao", "audit"])
def test_nobody_else_files(cast, duty, who):
    drafts.save(duty, by=cast.weifen, text="完成。", at=AT)
    stranger = getattr(cast, who)
    for act in (
        lambda: filing.file(duty, by=stranger, at=AT),
        lambda: filing.sign_for(duty, by=stranger, at=AT),
        lambda: filing.withdraw(duty, by=stranger, at=AT),
        lambda: drafts.save(duty, by=stranger, text="改。", at=AT),
        lambda: drafts.draft_of(duty, by=stranger, at=AT),
    ):
        with pytest.raises(rights.Denied):
            act()


# withdrawal and voiding


def test_a_withdrawn_filing_does_not_count(cast, duty):
    hand_in(duty, cast.weifen)
    filing.withdraw(duty, by=cast.weifen, reason="附件传错", at=LATER)
    assert (now(duty).state, now(duty).first_filed_on) == (State.DOING, None)
    hand_in(duty, cast.weifen, clock.day_end(DUE))
    assert now(duty).first_filed_on == DUE + dt.timedelta(days=1)


def test_withdrawing_twice_is_refused(cast, duty):
    hand_in(duty, cast.weifen)
    filing.withdraw(duty, by=cast.weifen, at=LATER)
    with pytest.raises(MoveRefused, match="没有可以撤回的报送"):
        filing.withdraw(duty, by=cast.weifen, at=LATER)


def test_nothing_is_withdrawn_once_review_began(cast, duty):
    hand_in(duty, cast.weifen)
    review.begin(duty.submissions.get(), by=cast.sfj, at=LATER)
    for _ in range(2):
        with pytest.raises(MoveRefused, match="已经开始审核，不能撤回"):
            filing.withdraw(duty, by=cast.weifen, at=LATER)
    with pytest.raises(MoveRefused, match="没有重复报送"):
        hand_in(duty, cast.weifen, LATER)


def test_a_return_for_mending_keeps_the_first_clock(cast, duty):
    hand_in(duty, cast.weifen, LAST_SECOND)
    send_back(duty, cast.sfj, clock.day_end(DUE))
    assert now(duty).first_filed_on == DUE
    hand_in(duty, cast.weifen, moment(dt.date(2022, 7, 3)))
    assert now(duty).first_filed_on == DUE


def test_a_return_as_unfiled_voids_it(cast, duty):
    hand_in(duty, cast.weifen, LAST_SECOND, "无")
    send_back(duty, cast.sfj, clock.day_end(DUE), as_unfiled=True)
    assert now(duty).first_filed_on is None
    hand_in(duty, cast.weifen, moment(dt.date(2022, 7, 3)), "补充后。")
    assert now(duty).first_filed_on == dt.date(2022, 7, 3)


def test_withdrawing_a_mended_filing_leaves_the_clock_of_the_first(cast, duty):
    hand_in(duty, cast.weifen)
    send_back(duty, cast.sfj, AT)
    hand_in(duty, cast.weifen, LATER, "补充后。")
    filing.withdraw(duty, by=cast.weifen, at=LATER)
    assert now(duty).first_filed_on == AT.date()


# co-signature


@pytest.fixture
def signed_duty(cast) -> Obligation:
    return ObligationFactory(unit=cast.weifen.unit, milestone=MilestoneFactory(needs_cosign=True))


def test_filed_means_the_leaders_signature(cast, signed_duty):
    hand_in(signed_duty, cast.weifen)
    assert (now(signed_duty).state, now(signed_duty).first_filed_on) == (State.COSIGNING, None)
    filing.cosign(signed_duty, by=cast.weifenld, at=clock.day_end(DUE))
    filed = signed_duty.submissions.get()
    assert (filed.state, filed.filed_by, filed.cosigned_by) == (Submission.FILED, cast.weifenld, cast.weifenld)
    assert now(signed_duty).first_filed_on == DUE + dt.timedelta(days=1)


def test_the_leader_is_told_once(cast, signed_duty):
    hand_in(signed_duty, cast.weifen)
    notice = Notice.objects.get()
    assert (notice.recipient, notice.title, notice.link) == (
        cast.weifenld, f"请会签：{signed_duty.milestone.title}", f"/obligations/{signed_duty.pk}/cosign/",
    )  # fmt: skip


def test_without_a_leader_nothing_waits_for_ever(cast):
    duty = ObligationFactory(unit=cast.scj.unit, milestone=MilestoneFactory(needs_cosign=True))
    drafts.save(duty, by=cast.scj, text="完成。", at=AT)
    with pytest.raises(FilingRefused, match="还没有分管领导账号"):
        filing.file(duty, by=cast.scj, at=AT)
    assert (now(duty).state, drafts.latest(duty).text) == (State.AWAITING, "完成。")


def test_a_leader_declines_with_a_reason_and_the_filer_is_told(cast, signed_duty):
    hand_in(signed_duty, cast.weifen)
    with pytest.raises(FilingRefused) as refused:
        filing.decline(signed_duty, by=cast.weifenld, reason="　", at=LATER)
    assert set(refused.value.errors) == {"reason"}
    filing.decline(signed_duty, by=cast.weifenld, reason="人数不对", at=LATER)
    assert (now(signed_duty).state, signed_duty.moves.last().verb) == (State.DOING, Verb.DECLINE)
    assert Notice.objects.get(recipient=cast.weifen).body == "人数不对"
    assert drafts.draft_of(signed_duty, by=cast.weifen, at=LATER).text == "已完成。"


def test_a_leader_signs_what_was_read(cast, signed_duty):
    hand_in(signed_duty, cast.weifen)
    read = signed_duty.submissions.get().pk
    filing.withdraw(signed_duty, by=cast.weifen, at=LATER)
    hand_in(signed_duty, cast.weifen, LATER, "改过的。")
    with pytest.raises(MoveRefused, match="不是最新内容"):
        filing.cosign(signed_duty, by=cast.weifenld, seen=read, at=LATER)
    assert now(signed_duty).state == State.COSIGNING


def test_signing_twice_has_one_effect(cast, signed_duty):
    hand_in(signed_duty, cast.weifen)
    filing.cosign(signed_duty, by=cast.weifenld, at=LATER)
    with pytest.raises(MoveRefused, match="没有重复办理"):
        filing.cosign(signed_duty, by=cast.weifenld, at=LATER)


@pytest.mark.parametrize("who", ["weifen", "scj", "sfj"])
def test_only_the_units_leader_signs(cast, signed_duty, who):
    hand_in(signed_duty, cast.weifen)
    with pytest.raises(rights.Denied):
        filing.cosign(signed_duty, by=getattr(cast, who), at=AT)
    with pytest.raises(rights.Denied):
        filing.decline(signed_duty, by=getattr(cast, who), reason="不", at=AT)


# on behalf


def enter(duty: Obligation, by, received_on: dt.date, **typed) -> Obligation:
    return filing.file_on_behalf(duty, by=by, received_on=received_on, text="电话报告：已完成。", at=LATER, **typed)


def test_the_day_of_receipt_counts(cast, duty):
    enter(duty, cast.sfj, dt.date(2022, 6, 21), files=[pdf("传真.pdf")])
    filed = duty.submissions.get()
    assert (filed.filed_on_behalf, filed.received_on, filed.counted_on) == (
        True,
        dt.date(2022, 6, 21),
        dt.date(2022, 6, 21),
    )
    assert (filed.filed_by, filed.evidence.count(), now(duty).first_filed_on) == (cast.sfj, 1, dt.date(2022, 6, 21))


def test_the_units_own_draft_is_set_aside_and_not_overwritten(cast, duty):
    drafts.save(duty, by=cast.weifen, text="我们自己的草稿", at=AT)
    enter(duty, cast.sfj, AT.date())
    texts = duty.submissions.order_by("number").values_list("state", "text")
    assert list(texts) == [(Submission.WITHDRAWN, "我们自己的草稿"), (Submission.FILED, "电话报告：已完成。")]


@pytest.mark.parametrize("received_on", [dt.date(2022, 4, 12), dt.date(2022, 6, 25)], ids=["before", "tomorrow"])
def test_nothing_was_received_before_the_duty_or_tomorrow(cast, duty, received_on):
    with pytest.raises(FilingRefused) as refused:
        enter(duty, cast.sfj, received_on)
    assert set(refused.value.errors) == {"received_on"}


def test_a_refused_entry_leaves_the_units_draft(cast, duty, settings):
    drafts.save(duty, by=cast.weifen, text="草稿", at=AT)
    item = DataItemFactory(milestone=duty.milestone)
    with pytest.raises(FilingRefused):
        enter(duty, cast.sfj, AT.date(), values={item.code: "-1"}, files=[pdf()])
    assert duty.submissions.get().state == Submission.DRAFT
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


def test_a_unit_enters_nothing_on_behalf(cast, duty):
    with pytest.raises(rights.Denied):
        enter(duty, cast.weifen, AT.date())


# races


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    def test_two_clicks_file_once(self, cast, duty):
        drafts.save(duty, by=cast.weifen, text="完成。", at=AT)
        given = at_once(*[lambda: filing.file(duty, by=cast.weifen, at=AT)] * 3)
        assert sorted(type(one).__name__ for one in given) == ["MoveRefused", "MoveRefused", "Obligation"]
        assert duty.moves.filter(verb=Verb.FILE).count() == 1

    def test_filing_while_withdrawing_leaves_one_truth(self, cast, duty):
        hand_in(duty, cast.weifen)
        at_once(
            lambda: filing.withdraw(duty, by=cast.weifen, at=LATER), lambda: review.accept(duty, by=cast.sfj, at=LATER)
        )
        state = duty.submissions.get().state
        assert (now(duty).state, state) in {(State.DOING, Submission.WITHDRAWN), (State.CLOSED, Submission.ACCEPTED)}
        assert duty.moves.count() == 3

    def test_two_first_drafts_are_one(self, cast, duty):
        given = at_once(*[lambda: drafts.draft_of(duty, by=cast.weifen, at=AT)] * 3)
        assert len({draft.pk for draft in given}) == 1

    def test_two_people_saving_do_not_lose_either_text(self, cast, duty):
        seen = drafts.mark(duty)
        given = at_once(
            *[lambda text=text: drafts.save(duty, by=cast.weifen, text=text, seen=seen, at=AT) for text in "甲乙"]
        )
        assert sorted(type(one).__name__ for one in given) == ["Stale", "Submission"]

    def test_a_leader_signs_while_the_filer_withdraws(self, cast):
        duty = ObligationFactory(unit=cast.weifen.unit, milestone=MilestoneFactory(needs_cosign=True))
        hand_in(duty, cast.weifen)
        given = at_once(
            lambda: filing.cosign(duty, by=cast.weifenld, at=LATER),
            lambda: filing.withdraw(duty, by=cast.weifen, at=LATER),
        )
        assert not [one for one in given if not isinstance(one, Obligation | MoveRefused)]
        assert now(duty).state in {State.DOING, State.REVIEW}
