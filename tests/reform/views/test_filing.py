"""What a unit does with one duty in its pages: signing for, drafting, filing, withdrawing, asking for time, steps, files."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from liaisons.models import Notice
from reform import drafts, filing, review
from reform.models import Evidence, Obligation, Proposal, Step
from reform.states import State
from tests.cast import client_of
from tests.factories import DataItemFactory, MilestoneFactory, ObligationFactory, moment
from tests.files import PDF, pdf
from tests.reform.filings import hand_in, report_of
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.audit import AuditEntry

AT = moment(dt.date(2022, 6, 20), 14, 2)
DUE = dt.date(2022, 6, 30)
STRANGERS = ["scj", "lingdao", "admin", "anquan", "audit", "pingcha"]
OF_A_FILER = [
    "obligation_sign",
    "filing",
    "filing_draft",
    "filing_file",
    "obligation_withdraw",
    "obligation_extension",
    "steps",
]
OF_A_LEADER = ["cosign", "cosign_sign", "cosign_decline"]


@pytest.fixture(autouse=True)
def _held(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    clock.start_demo(AT)


@pytest.fixture
def duty(cast) -> Obligation:
    return ObligationFactory(unit=cast.weifen.unit, milestone=MilestoneFactory(title="信息备案"))


@pytest.fixture
def town(cast):
    return client_of(cast.weifen)


def at(name: str, row) -> str:
    return reverse(name, args=[row.pk])


def now(row: Obligation) -> Obligation:
    return Obligation.objects.get(pk=row.pk)


def sent(duty: Obligation, text: str = "已备案。", **more) -> dict:
    return {"text": text, "seen": drafts.mark(duty)} | more


def said(answer) -> str:
    return answer.content.decode()


# rights


@pytest.mark.parametrize("who", STRANGERS)
def test_another_units_duty_is_not_there(cast, duty, who):
    client = client_of(getattr(cast, who))
    for name in OF_A_FILER + OF_A_LEADER:
        assert client.get(at(name, duty)).status_code in {404, 405}  # 405: an act, whoever asks
        assert client.post(at(name, duty), {"text": "改", "reason": "改", "until": "2022-07-10"}).status_code == 404
    assert (now(duty).state, duty.submissions.count(), duty.proposals.count()) == (State.AWAITING, 0, 0)


def test_a_leader_reads_and_does_not_file(cast, duty):
    client = client_of(cast.weifenld)
    assert client.get(at("obligation", duty)).status_code == 200
    for name in OF_A_FILER:
        assert client.post(at(name, duty), {"text": "改"}).status_code == 404


# 签收


def test_signing_for_is_one_click_and_a_second_says_so(town, duty):
    assert "已签收：信息备案" in said(town.post(at("obligation_sign", duty), follow=True))
    assert "没有重复签收" in said(town.post(at("obligation_sign", duty), follow=True))
    assert now(duty).state == State.DOING


def test_many_are_signed_for_and_a_strangers_among_them_is_passed_over(town, cast, duty):
    theirs, second = ObligationFactory(unit=cast.scj.unit), ObligationFactory(unit=duty.unit)
    ids = [str(duty.pk), str(second.pk), str(theirs.pk), "x", "-1", "9" * 30]
    assert "已签收 2 件事项" in said(town.post(reverse("obligations_sign"), {"obligation": ids}, follow=True))
    assert "可能已经签收过" in said(town.post(reverse("obligations_sign"), {"obligation": ids}, follow=True))
    assert now(theirs).state == State.AWAITING


# the form


def test_the_duty_page_offers_what_the_unit_may_do_and_nobody_else_sees_it(town, cast, duty):
    DataItemFactory(milestone=duty.milestone, label="在岗人数", measure="人")
    page = said(town.get(at("obligation", duty)))
    for words in ("签收", "报送县司法局", "申请延期", "在岗人数（人）", "列步骤"):
        assert words in page
    for reader in (cast.weifenld, cast.sfj, cast.lingdao):
        assert "acts-unit" not in said(client_of(reader).get(at("obligation", duty)))


@pytest.mark.parametrize("items", [1, 9])
def test_the_duty_page_takes_the_same_queries_with_one_item_and_with_many(town, cast, django_assert_num_queries, items):
    duty = ObligationFactory(unit=cast.weifen.unit)
    for number in range(items):
        DataItemFactory(milestone=duty.milestone, position=number)
        Step.objects.create(obligation=duty, title=f"第 {number} 步", planned_on=DUE)
    drafts.attach(duty, [pdf(f"{n}.pdf", str(n)) for n in range(items)], by=cast.weifen, at=AT)
    with django_assert_num_queries(24):
        assert town.get(at("obligation", duty)).status_code == 200


def test_each_kind_of_item_has_a_fitting_input(town, duty):
    for kind, more in [
        ("count", {}),
        ("date", {}),
        ("yes_no", {}),
        ("text", {}),
        ("amount", {}),
        ("choice", {"choices": list("甲乙丙丁")}),
    ]:
        DataItemFactory(milestone=duty.milestone, code=kind, kind=kind, **more)
    page = said(town.get(at("filing", duty)))
    assert 'name="value-count" value="" autocomplete="off" inputmode="decimal"' in page
    assert 'placeholder="如 2022-06-30"' in page
    assert page.count('type="radio" name="value-yes_no"') == 2
    assert '<textarea id="value-text"' in page
    assert '<select id="value-choice"' in page


def test_full_width_digits_and_written_dates_are_taken(town, duty):
    DataItemFactory(milestone=duty.milestone, code="staff")
    DataItemFactory(milestone=duty.milestone, code="day", kind="date", position=2)
    more = {"value-staff": "４６", "value-day": "二〇二二年六月十六日"}
    town.post(at("filing_file", duty), sent(duty) | more)
    assert drafts.typed_values(drafts.latest(duty)) == {"staff": "46", "day": "2022-06-16"}
    assert now(duty).state == State.REVIEW


def test_a_negative_count_is_refused_beside_its_field_twice(town, duty):
    DataItemFactory(milestone=duty.milestone, code="staff", label="在岗人数")
    for _ in range(2):
        page = said(town.post(at("filing_file", duty), sent(duty, **{"value-staff": "-3"})))
        assert 'id="value-staff-error">“在岗人数”不能是负数。' in page
        assert 'value="-3"' in page
    assert now(duty).state == State.AWAITING


def test_ten_thousand_characters_are_refused_and_kept(town, duty):
    page = said(town.post(at("filing_file", duty), sent(duty, "长" * 10_000)))
    assert "最多 5000 字，现有 10000 字" in page
    assert "长" * 10_000 in page


def test_an_empty_filing_is_refused(town, duty):
    assert "还没有填写内容" in said(town.post(at("filing_file", duty), sent(duty, "")))


def test_an_empty_file_is_refused_by_name(town, duty):
    empty = pdf("空.pdf")
    empty.file.truncate(0)
    empty.size = 0
    assert "《空.pdf》是空文件" in said(town.post(at("filing_file", duty), sent(duty, files=[empty])))


def test_a_draft_is_saved_by_hand_and_by_the_script(town, duty):
    assert "草稿已保存" in said(town.post(at("filing_draft", duty), sent(duty, "一半"), follow=True))
    answer = town.post(at("filing_draft", duty), sent(duty, "一大半"), headers={"accept": "application/json"})
    assert answer.json() == {"mark": "1.2", "saved": "14:02"}


def test_a_stale_page_comes_back_with_both_texts(town, duty):
    old = sent(duty, "乙写的")
    town.post(at("filing_draft", duty), sent(duty, "甲写的"))
    page = said(town.post(at("filing_file", duty), old))
    assert "被别人改过" in page
    assert "乙写的</textarea>" in page
    assert "<b>另一处保存的内容</b>　甲写的" in page


def test_filing_twice_and_while_being_reviewed_changes_nothing(town, cast, duty):
    form = sent(duty)
    assert "已报送，等司法局审核" in said(town.post(at("filing_file", duty), form, follow=True))
    review.begin(duty.submissions.get(), by=cast.sfj, at=AT)
    for _ in range(2):
        assert "没有重复报送" in said(town.post(at("filing_file", duty), form, follow=True))
    assert duty.submissions.count() == 1


def test_a_replay_after_a_return_files_nothing(town, cast, duty):
    form = sent(duty)
    town.post(at("filing_file", duty), form)
    review.send_back(duty, by=cast.sfj, reason="补充", mend_by=DUE, at=AT)
    town.post(at("filing_file", duty), form)
    assert now(duty).state == State.DOING


@pytest.mark.parametrize("name", ["filing_draft", "filing_file"])
def test_after_logging_in_again_one_comes_back_to_the_form(town, duty, name):
    assert town.get(at(name, duty))["Location"] == at("filing", duty)


def test_a_filed_duty_has_no_form(town, cast, duty):
    hand_in(duty, cast.weifen)
    assert town.get(at("filing", duty))["Location"] == at("obligation", duty)


def test_a_month_is_filed_on_its_own_page_alone(town, cast):
    report = report_of(cast.weifen.unit)
    for name in ("filing", "filing_draft", "filing_file"):
        assert town.post(at(name, report), {"text": "x"}).status_code == 404


# 撤回


def test_withdrawing_says_what_it_means(town, cast, duty):
    hand_in(duty, cast.weifen)
    assert "撤回修改" in said(town.get(at("obligation", duty)))
    assert "报送时间按再次报送计算" in said(town.post(at("obligation_withdraw", duty), follow=True))
    assert now(duty).state == State.DOING


def test_once_review_began_the_page_says_why_not(town, cast, duty):
    review.begin(hand_in(duty, cast.weifen), by=cast.sfj, at=AT)
    page = said(town.get(at("obligation", duty)))
    assert "撤回修改" not in page
    assert "已经开始审核，不能撤回" in page
    assert "已经开始审核，不能撤回" in said(town.post(at("obligation_withdraw", duty), follow=True))
    assert now(duty).state == State.REVIEW


# 延期


def ask(town, duty, **given):
    return town.post(
        at("obligation_extension", duty), {"until": "2022-07-15", "reason": "办公场所未交付"} | given, follow=True
    )


def test_asking_for_more_time_twice_asks_once(town, duty):
    assert "决定之前仍按原期限计算" in said(ask(town, duty))
    assert "已申请延期到 2022年7月15日" in said(town.get(at("obligation", duty)))
    assert "已经有一份同样的申请" in said(ask(town, duty))
    assert Proposal.objects.count() == 1


@pytest.mark.parametrize(
    ("moment_", "asked"),
    [(clock.day_end(DUE) - dt.timedelta(seconds=20), 1), (clock.day_end(DUE), 0)],
    ids=["before 24:00", "at 24:00"],
)
def test_more_time_is_asked_for_by_the_due_date(town, duty, moment_, asked):
    clock.start_demo(moment_)
    page = said(ask(town, duty))
    assert Proposal.objects.count() == asked
    assert ("现在已经过期" in page) is not bool(asked)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"until": "2022-06-30"}, "应晚于现在的期限"), ({"until": "2122-01-01"}, "两年以内"), ({"until": "2022-02-30"}, "日期无法识别"),
        ({"reason": "　"}, "请写明"), ({"reason": "因" * 1001}, "最多 1000 字"), ({"until": ""}, "请填写申请延到哪一天"),
    ],
)  # fmt: skip
def test_an_unfit_request_is_refused_and_stays_as_typed(town, duty, given, words):
    page = said(ask(town, duty, **given))
    assert words in page
    assert not Proposal.objects.exists()


def test_a_month_cannot_be_extended(town, cast):
    report = report_of(cast.weifen.unit)
    assert "现在不能申请延期" in said(town.get(at("obligation_extension", report)))
    assert "月度报告不能延期" in said(ask(town, report))


# 会签


@pytest.fixture
def to_sign(cast) -> Obligation:
    duty = ObligationFactory(unit=cast.weifen.unit, milestone=MilestoneFactory(needs_cosign=True, title="培训"))
    drafts.save(duty, by=cast.weifen, text="培训一期。", at=AT)
    return filing.file(duty, by=cast.weifen, at=AT)


def test_the_leader_reads_and_signs_once(cast, to_sign):
    client = client_of(cast.weifenld)
    page = said(client.get(Notice.objects.get().link))
    assert "培训一期。" in page
    seen = {"seen": to_sign.submissions.get().pk}
    assert "已会签" in said(client.post(at("cosign_sign", to_sign), seen, follow=True))
    assert "没有等您会签的内容" in said(client.post(at("cosign_sign", to_sign), seen, follow=True))
    assert now(to_sign).state == State.REVIEW


def test_the_leader_sends_back_with_a_reason(cast, to_sign):
    client = client_of(cast.weifenld)
    assert "请写明退回的理由" in said(client.post(at("cosign_decline", to_sign), {"reason": ""}))
    client.post(at("cosign_decline", to_sign), {"reason": "人数不对"})
    assert now(to_sign).state == State.DOING
    page = said(client_of(cast.weifen).get(reverse("workbench")))
    assert "不予会签" in page
    assert "人数不对" in page


def test_the_filer_does_not_sign(town, to_sign):
    for name in OF_A_LEADER:
        assert town.post(at(name, to_sign), {"reason": "x"}).status_code == 404


# 倒排工期


def test_steps_are_laid_ticked_and_removed_on_their_page(town, duty):
    town.post(at("steps", duty), {"title": "写材料", "planned_on": "2022-06-28"})
    step = Step.objects.get()
    town.post(at("step_done", step), {"done": "1"})
    assert Step.objects.get().done_on == AT.date()
    town.post(at("step_done", step), {"done": "0"})
    assert Step.objects.get().done_on is None
    town.post(at("step_remove", step))
    assert not Step.objects.exists()
    assert town.post(at("step_remove", step)).status_code == 404


def test_an_unfit_step_is_refused_beside_its_field(town, duty):
    page = said(town.post(at("steps", duty), {"title": "长" * 81, "planned_on": "1900-01-01"}))
    assert "最多 80 字" in page
    page = said(town.post(at("steps", duty), {"title": "写材料", "planned_on": "1900-01-01"}))
    assert "前后两年以内" in page
    assert 'value="写材料"' in page


@pytest.mark.parametrize("who", [*STRANGERS, "weifenld", "sfj"])
def test_another_units_step_is_not_there(cast, duty, who):
    step = Step.objects.create(obligation=duty, title="写材料", planned_on=DUE)
    client = client_of(getattr(cast, who))
    for name in ("step_done", "step_remove"):
        assert client.post(at(name, step), {"done": "1"}).status_code == 404
    assert Step.objects.get().done_on is None


# files handed out


@pytest.fixture
def paper(cast, duty) -> Evidence:
    (evidence,) = drafts.attach(duty, [pdf("说明 1.pdf")], by=cast.weifen, at=AT)
    return evidence


def read(client, evidence) -> tuple[int, bytes]:
    answer = client.get(at("evidence", evidence))
    return answer.status_code, b"".join(answer.streaming_content) if answer.streaming else b""


def test_a_file_comes_as_a_download_under_its_own_name(town, paper):
    answer = town.get(at("evidence", paper))
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%E8%AF%B4%E6%98%8E%201.pdf"
    assert (answer["X-Content-Type-Options"], answer["Content-Type"]) == ("nosniff", "application/octet-stream")
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.after["file"]) == ("evidence.download", paper.file_id)


def test_a_file_of_a_draft_is_the_units_own(cast, paper):
    assert read(client_of(cast.weifenld), paper) == (200, PDF)
    for who in [*STRANGERS, "sfj", "sfjld"]:
        assert read(client_of(getattr(cast, who)), paper)[0] == 404


def test_what_was_filed_is_open_to_the_bureau_and_to_the_lead(cast, duty, paper):
    hand_in(duty, cast.weifen)
    for who in ("sfj", "sfjld", "weifen", "weifenld"):
        assert read(client_of(getattr(cast, who)), paper) == (200, PDF)
    for who in STRANGERS:
        assert read(client_of(getattr(cast, who)), paper)[0] == 404
    duty.milestone.task.parties.create(role="lead", unit=cast.scj.unit, position=1)
    assert read(client_of(cast.scj), paper) == (200, PDF)


def test_a_file_whose_bytes_are_lost_is_not_there(town, paper):
    paper.file.location.unlink()
    answer = town.get(at("evidence", paper))
    assert (answer.status_code, "没有发出" in answer.content.decode()) == (410, True)
