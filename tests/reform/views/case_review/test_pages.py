"""The pages of the case-file review: who finds what, what a bad input is told, nothing typed is lost."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from liaisons import roles
from reform.case_review import outcomes, register, rounds, sheets
from reform.models import CaseFile, CaseReview, ReviewRound, ReviewStandard, Stage
from tests.cast import client_of
from tests.factories import UnitFactory, UserFactory
from tests.files import pdf, xlsx
from tests.reform.case_review import rounds_of
from tests.reform.case_review.rounds_of import AT, CLEAN, ROW, VETOED, took
from tests.reform.views.test_elsewhere import FILLED
from tests.xingxian_portal.foundation.test_kept_elsewhere import DIGEST
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.audit import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_june(db):
    clock.start_demo(AT)


@pytest.fixture
def started(cast) -> ReviewRound:
    return rounds_of.a_started_round(cast.sfj)


@pytest.fixture
def sheet(started) -> CaseReview:
    return started.drawn.first().sheets.select_related("reviewer__user").get(seat=1)


def typed(sheet: CaseReview, **given: str) -> dict[str, str]:
    """Give what a form sends: one deduction of 2 points."""
    row = {f"d-B3.1-0-{key}": value for key, value in (ROW | {"points": "2"}).items()}
    return {"seen": sheets.mark(sheet)} | row | given


def post(sheet: CaseReview, name: str, data: dict | None = None, **headers: str):
    client = client_of(sheet.reviewer.user)
    return client.post(reverse(name, args=[sheet.pk]), data or {}, headers=headers, follow=not headers)


# ── the scoring desk ───────────────────────────────────────


def test_a_sheet_is_nobody_elses_by_address(cast, sheet, started):
    other = started.drawn.first().sheets.get(seat=2).reviewer.user
    own_unit = rounds_of.reviewers(sheet.drawn.case_file.unit)[0]

    for person in (other, cast.pingcha, own_unit):
        for name in ("review_sheet", "review_sheet_save"):
            assert client_of(person).get(reverse(name, args=[sheet.pk])).status_code == 404
        assert client_of(person).post(reverse("review_sheet_join", args=[sheet.pk])).status_code == 404


def test_what_is_typed_is_saved_by_itself_and_the_score_follows(sheet):
    answer = post(sheet, "review_sheet_save", typed(sheet, absent="B1.1"), Accept="application/json")

    assert answer.json()["live"] == {"total": "97.78", "grade": "优秀", "sections": ["不适用", "10 / 10", "78 / 80"]}
    assert "未写明起诉期限" in client_of(sheet.reviewer.user).get(f"/reviews/sheets/{sheet.pk}/").content.decode()


def test_a_page_that_is_out_of_date_keeps_what_was_typed(sheet):
    old = typed(sheet)
    sheets.save(sheet, took("1"), by=sheet.reviewer.user, at=AT)
    assert post(sheet, "review_sheet_save", old, Accept="application/json").status_code == 409
    answer = post(sheet, "review_sheet_save", old | {"d-B3.1-0-problem": "我写的"})

    assert "在您打开之后被别人改过" in answer.content.decode()
    assert "我写的" in answer.content.decode()


def test_a_score_above_the_items_points_is_said_beside_it_and_nothing_is_lost(sheet):
    page = post(sheet, "review_sheet_save", typed(sheet, **{"d-B3.1-0-points": "81", "sign": "1"})).content.decode()
    sheet.refresh_from_db()

    assert "这一项只有 80 分，一次扣分不能超过它" in page
    assert 'value="81"' in page
    assert sheet.signed_at is None


def test_a_veto_described_but_not_ticked_is_asked_about(sheet):
    words = {f"v-A01-{key}": value for key, value in ROW.items()}
    page = post(sheet, "review_sheet_save", {"seen": sheets.mark(sheet), "sign": "1"} | words).content.decode()
    assert "写了内容但没有勾选这条否决项" in page
    sheet.refresh_from_db()
    post(sheet, "review_sheet_save", {"seen": sheets.mark(sheet), "sign": "1", "v-A01": "1"} | words)

    assert [one.veto.code for one in sheet.deductions.all()] == ["A01"]


def test_a_veto_is_not_withdrawn_after_the_signature(sheet):
    rounds_of.fill(sheet, VETOED)
    page = post(sheet, "review_sheet_save", {"seen": "", "sign": "1"}).content.decode()

    assert "已经签署，扣分和否决项都不能再改" in page
    assert sheet.deductions.count() == 1


def test_who_scores_sees_the_other_sheet_only_once_both_are_signed(sheet, started):
    other = sheet.drawn.sheets.select_related("reviewer__user").get(seat=2)
    rounds_of.fill(other, took("1", problem="对方写的问题"))
    address = reverse("review_sheet", args=[sheet.pk])
    assert "对方写的问题" not in client_of(sheet.reviewer.user).get(address).content.decode()
    rounds_of.fill(sheet, took("2"))

    page = client_of(sheet.reviewer.user).get(address).content.decode()
    assert "对方写的问题" in page
    assert "98.50" in page
    assert "已联合署名" in post(sheet, "review_sheet_join").content.decode()
    assert "不能提请复核" not in post(other, "review_sheet_dispute", {"reason": "不同意"}).content.decode()


def test_a_file_is_handed_on_with_a_reason(sheet):
    assert "请填写理由" in post(sheet, "review_sheet_recuse", {"reason": ""}).content.decode()
    assert "转给了别的评查员" in post(sheet, "review_sheet_recuse", {"reason": "亲属"}).content.decode()
    assert client_of(sheet.reviewer.user).get(reverse("review_sheet", args=[sheet.pk])).status_code == 404


def test_no_score_is_on_any_page_before_all_sheets_are_in(cast, started):
    file = started.drawn.first()
    rounds_of.score(file, took("2"), took("2"))
    unit = UserFactory(unit=file.case_file.unit, role=roles.LIAISON)
    pages = [client_of(cast.sfj).get(f"/reviews/{started.pk}/"), client_of(cast.sfj).get(f"/reviews/drawn/{file.pk}/"),
             client_of(cast.sfj).get("/reviews/"), client_of(unit).get(f"/reviews/{started.pk}/")]  # fmt: skip

    assert not [page for page in pages if "98" in page.content.decode() and "98.00" in page.content.decode()]
    assert client_of(unit).get(f"/reviews/drawn/{file.pk}/").status_code == 404


# ── documents ──────────────────────────────────────────────


def test_a_document_is_shown_beside_the_sheet_to_its_reviewers_and_read_by_no_other_unit(cast, sheet):
    file = sheet.drawn.case_file
    scan, table = register.attach(file, [pdf("决定书.pdf"), _workbook()], by=_keeper(file))
    address = reverse("case_document", args=[scan.pk])
    shown = client_of(sheet.reviewer.user).get(address + "?shown=1")

    assert shown.headers["Content-Type"] == "application/pdf"
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
    assert b"".join(shown.streaming_content)
    plain = client_of(cast.sfj).get(reverse("case_document", args=[table.pk]) + "?shown=1")
    assert plain.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(plain.streaming_content)
    assert client_of(cast.weifen).get(address).status_code == 404
    assert client_of(cast.pingcha).get(address).status_code == 404
    assert AuditEntry.objects.filter(action="docket.download").count() == 2


def _workbook():

    return SimpleUploadedFile("清单.xlsx", xlsx("a"))


def _keeper(file: CaseFile):

    return UserFactory(unit=file.unit, role=roles.LIAISON)


def test_documents_stay_once_somebody_has_signed(sheet):
    file = sheet.drawn.case_file
    keeper = _keeper(file)
    (scan,) = register.attach(file, [pdf()], by=keeper)
    rounds_of.fill(sheet, CLEAN)
    client = client_of(keeper)
    sent = client.post(f"/reviews/files/{file.pk}/documents/", {"files": pdf("又一份.pdf")}, follow=True)
    gone = client.post(f"/reviews/documents/{scan.pk}/remove/", follow=True)

    assert "卷内文件不能再变动" in sent.content.decode()
    assert "卷内文件不能再变动" in gone.content.decode()
    assert file.documents.count() == 1


def test_a_film_that_the_unit_keeps_is_named_in_its_file_and_read_by_the_reviewers(cast, sheet):
    file = sheet.drawn.case_file
    keeper, filled = client_of(_keeper(file)), FILLED | {"kept_on": "2022-05-18"}
    address = reverse("case_elsewhere", args=[file.pk])
    assert DIGEST in keeper.post(address, filled, follow=True).content.decode()
    assert "没有重复登记" in keeper.post(address, filled).content.decode()
    scoring = client_of(sheet.reviewer.user).get(reverse("review_sheet", args=[sheet.pk])).content.decode()
    assert "档案柜 3 号硬盘" in scoring
    for stranger in (cast.weifen, cast.pingcha, sheet.reviewer.user):
        assert client_of(stranger).post(address, filled).status_code == 404
    kept = file.documents.get()
    assert keeper.get(reverse("case_document", args=[kept.pk])).status_code == 404

    rounds_of.fill(sheet, CLEAN)
    for late in (
        keeper.post(address, filled | {"sha256": "0" * 64}),
        keeper.post(f"/reviews/documents/{kept.pk}/remove/", follow=True),
    ):
        assert "卷内文件不能再变动" in late.content.decode()
    assert file.documents.count() == 1
    assert AuditEntry.objects.filter(action="docket.keep_elsewhere").count() == 1


# ── the register ───────────────────────────────────────────

ENTRY = {"number": "样罚〔2022〕9号", "kind": "punish", "title": "未公示", "party": "示例商行", "decided_on": "2022-05-10",
         "officers": "甲、乙 丙"}  # fmt: skip


def test_a_unit_registers_a_file_by_hand_and_another_at_once(cast):
    unit = cast.weifen.unit
    answer = client_of(cast.weifen).post("/reviews/files/new/", ENTRY | {"unit": unit.pk, "another": "1"})

    assert answer["Location"] == "/reviews/files/new/"
    assert CaseFile.objects.get().officers == ["甲", "乙", "丙"]
    again = client_of(cast.weifen).post("/reviews/files/new/", ENTRY | {"unit": unit.pk})
    assert "没有重复登记" in again.content.decode()
    for other in (cast.scj.unit.pk, "x", ""):
        refused = client_of(cast.weifen).post("/reviews/files/new/", ENTRY | {"unit": other, "number": "2"})
        assert refused.status_code == 200
    assert CaseFile.objects.count() == 1


def test_an_entry_is_corrected_and_a_stale_page_is_told(cast):
    file = rounds_of.a_file(cast.weifen.unit, cast.weifen)
    address = f"/reviews/files/{file.pk}/edit/"
    client = client_of(cast.weifen)
    seen = _seen(client.get(address))
    assert client.post(address, ENTRY | {"seen": seen}).status_code == 302
    stale = client.post(address, ENTRY | {"party": "另一商行", "seen": seen}).content.decode()
    assert "在您打开之后被别人改过" in stale
    assert "另一商行" in stale
    assert client_of(cast.scj).get(address).status_code == 404


def test_the_register_is_narrowed_and_costs_the_same_for_many(cast, django_assert_max_num_queries):
    for number in range(3):
        rounds_of.a_file(cast.weifen.unit, cast.weifen, str(number))
    client = client_of(cast.sfj)
    client.get("/reviews/files/")
    with django_assert_max_num_queries(11):
        assert "共 3 卷" in client.get("/reviews/files/").content.decode()
    assert "共 1 卷" in client.get("/reviews/files/?text=2号").content.decode()
    assert "没有符合条件" in client.get("/reviews/files/?kind=licence").content.decode()


def _seen(response) -> str:
    return re.findall(r'name="seen" value="(\w+)"', response.content.decode())[0]


# ── rounds ─────────────────────────────────────────────────


def scope(*units, **given) -> dict:
    standard = ReviewStandard.objects.filter(code="small").first() or rounds_of.a_standard()
    return {
        "title": "样例评查", "period_from": "2022-01-01", "period_to": "2022-05-31", "tolerance": "10",
        "per_unit_punish": "1", "standard_punish": standard.pk, "departments": [unit.pk for unit in units],
    } | given  # fmt: skip


def test_a_round_goes_from_its_scope_to_the_sheets_page_by_page(cast):
    units = rounds_of.three_units(cast.sfj)
    people = rounds_of.reviewers(*(UnitFactory() for _ in range(3)))
    client = client_of(cast.sfj)
    round_page = client.post("/reviews/new/", scope(*units))["Location"]
    round_ = ReviewRound.objects.get()
    client.post(f"{round_page}seal/")
    assert "名册校验值" in client.get(f"{round_page}draw/").content.decode()
    assert "请填写随机种子" in client.post(f"{round_page}draw/", {"seed": ""}).content.decode()
    drawn = client.post(f"{round_page}draw/", {"seed": "6812", "witnesses": "见证甲"}, follow=True).content.decode()
    assert "结果一致" in drawn
    again = client.post(f"{round_page}draw/", {"seed": "1"}, follow=True).content.decode()
    assert "没有重复抽取" in again
    client.post(f"{round_page}reviewers/", {"users": [one.pk for one in people]})
    refused = client.post(f"{round_page}start/", follow=True).content.decode()
    assert "还没有申明有无回避情形" in refused
    apart = {"units": [units[0].pk], "reason": "亲属是当事人"}
    for one, declared in zip(people, ({}, {}, apart), strict=True):
        assert client_of(one).post(f"{round_page}declare/", declared).status_code == 302
    page = client.post(f"{round_page}start/", follow=True).content.decode()
    assert f"{units[0].short_name}：亲属是当事人" in page
    assert page.count("已签 0 / 2 份") == 3
    round_.refresh_from_db()

    assert (round_.stage, round_.seed, round_.witnesses) == (Stage.SCORING, "6812", "见证甲")
    text = client_of(people[0]).get(f"{round_page}draw/text/").content.decode()
    assert "种子：6812" in text
    assert text.count("抽中") == 3


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"period_to": "2021-01-01"}, "结束日期早于开始日期"), ({"departments": []}, "至少勾选一个被评查单位"),
        ({"per_unit_punish": ""}, "至少为一类案卷填写抽取数量"), ({"per_unit_punish": "0"}, "至少 1 卷"),
        ({"per_unit_punish": "x"}, "请填写整数"), ({"tolerance": "101"}, "不能大于 100"), ({"standard_punish": "0"}, "请在列表里选择"),
    ],
)  # fmt: skip
def test_a_scope_that_cannot_be_is_refused_beside_its_input(cast, given, words):
    page = client_of(cast.sfj).post("/reviews/new/", scope(*rounds_of.three_units(cast.sfj), **given)).content.decode()

    assert words in page
    assert "样例评查" in page
    assert not ReviewRound.objects.exists()


def test_a_unit_opens_a_round_of_its_own_and_sees_no_other_units(cast):
    rounds_of.a_file(cast.weifen.unit, cast.weifen)
    address = client_of(cast.weifen).post("/reviews/new/", scope(cast.scj.unit))["Location"]
    assert list(ReviewRound.objects.get().units.all()) == [cast.weifen.unit]

    assert client_of(cast.scj).get(address).status_code == 404
    assert client_of(cast.lingdao).get(address).status_code == 404
    assert client_of(cast.sfj).get(address).status_code == 200
    assert client_of(cast.sfj).post(f"{address}seal/").status_code == 404


def test_a_reviewer_is_added_and_taken_out_by_the_organiser_alone(cast):
    round_ = rounds_of.a_round(cast.sfj, rounds_of.three_units(cast.sfj))
    client_of(cast.sfj).post(f"/reviews/{round_.pk}/reviewers/", {"users": [cast.pingcha.pk]})
    seat = round_.reviewers.get()
    assert client_of(cast.weifen).post(f"/reviews/reviewers/{seat.pk}/remove/").status_code == 404
    client_of(cast.sfj).post(f"/reviews/reviewers/{seat.pk}/remove/")
    assert not round_.reviewers.exists()


# ── after scoring ──────────────────────────────────────────


def test_feedback_objection_answer_mending_and_publishing_page_by_page(cast):

    round_ = rounds_of.a_started_round(cast.sfj)
    first = round_.drawn.first()
    for file in round_.drawn.all():
        rounds_of.score(file, took("20"), took("20"))
    unit = UserFactory(unit=first.case_file.unit, role=roles.LIAISON)
    bureau, leader, speaker = client_of(cast.sfj), client_of(cast.sfjld), client_of(unit)
    page, file = f"/reviews/{round_.pk}/", f"/reviews/drawn/{first.pk}/"
    assert "不能早于今天" in bureau.post(f"{page}feedback/", {"object_until": "2022-05-01"}).content.decode()
    bureau.post(f"{page}feedback/", {"object_until": "2022-06-05"})
    item = first.standard.items.get(code="B3.1")
    raised = speaker.post(f"{file}object/", {"about": f"i{item.pk}", "text": "有送达回证。"}, follow=True)
    assert "待答复" in raised.content.decode()
    objection = first.objections.get()
    assert (
        "请选择复核结果"
        in bureau.post(f"/reviews/objections/{objection.pk}/answer/", {"answer": "属实"}).content.decode()
    )
    bureau.post(f"/reviews/objections/{objection.pk}/answer/", {"upheld": "yes", "answer": "属实，更正。"})
    assert outcomes.of_file(first.pk).score.final == 100
    second = round_.drawn.last()
    mended = {"problems": "一", "owner": "责任甲", "due_on": "2022-06-30"}
    sent = bureau.post(f"/reviews/drawn/{second.pk}/rectify/", mended, follow=True).content.decode()
    assert "待签收" in sent
    assert "异议期到" in leader.post(f"{page}publish/", follow=True).content.decode()
    clock.start_demo(AT + dt.timedelta(days=5))
    assert "由一人建立、另一人通报" in bureau.post(f"{page}publish/", follow=True).content.decode()
    known = leader.post(f"{page}publish/", follow=True).content.decode()
    assert "已通报" in known
    assert "还有 1 件整改没有销号" in bureau.post(f"{page}archive/", follow=True).content.decode()
    assert "86.67" in client_of(cast.lingdao).get(page).content.decode()


def test_a_self_check_is_filed_by_a_unit_that_is_looked_at(cast):
    round_ = rounds_of.a_round(cast.sfj, [cast.weifen.unit])
    address = f"/reviews/{round_.pk}/self-check/"
    wrong = client_of(cast.weifen).post(
        address, {"checked": "2", "excellent": "2", "failed": "1", "problems": "目录不全", "measures": "补"}
    )
    assert "不能超过自查卷数" in wrong.content.decode()
    assert "目录不全" in wrong.content.decode()
    client_of(cast.weifen).post(
        address, {"checked": "3", "excellent": "2", "failed": "1", "problems": "目录不全", "measures": "补"}
    )
    assert round_.self_checks.get().checked == 3
    assert client_of(cast.scj).get(address).status_code == 404


# ── standards ──────────────────────────────────────────────


def test_a_standard_is_revised_edited_and_issued(cast):
    standard = rounds_of.a_standard()
    client = client_of(cast.sfj)
    address = client.post(f"/reviews/standards/{standard.pk}/revise/")["Location"]
    draft = ReviewStandard.objects.get(version=2)
    assert client.get(address).content.decode().count("-title") >= 4
    sent = {"name": "样例评查表", "excellent_from": "95", "good_from": "80", "pass_from": "60", "items-TOTAL_FORMS": "3", "items-INITIAL_FORMS": "0", "items-2-problem_class": "papers",
            "vetoes-TOTAL_FORMS": "2", "vetoes-INITIAL_FORMS": "0", "vetoes-0-text": "超越职权", "vetoes-0-effect": "bar",
            "vetoes-1-effect": "fail"}  # fmt: skip
    for place, points in enumerate(("70", "20")):
        sent |= {
            f"items-{place}-section": "立案",
            f"items-{place}-title": f"项{place}",
            f"items-{place}-points": points,
            f"items-{place}-problem_class": "papers",
        }
    client.post(address, sent)
    assert "合计 90 分" in client.post(f"/reviews/standards/{draft.pk}/issue/", follow=True).content.decode()
    client.post(address, sent | {"items-1-points": "30"})
    client.post(f"/reviews/standards/{draft.pk}/issue/")
    draft.refresh_from_db()

    assert draft.issued_by == cast.sfj
    assert [(veto.code, veto.text, veto.effect) for veto in draft.vetoes.all()] == [("A01", "超越职权", "bar")]
    assert client.get(address).status_code == 302
    assert client_of(cast.lingdao).get(f"/reviews/standards/{draft.pk}/").status_code == 200


def test_a_new_standard_is_begun_for_another_kind(cast):
    used = rounds_of.a_standard()
    client = client_of(cast.sfj)
    answer = client.post("/reviews/standards/new/", {"name": "许可评查表", "case_kind": "licence", "like": used.pk})
    draft = ReviewStandard.objects.get(case_kind="licence")
    assert answer["Location"] == f"/reviews/standards/{draft.pk}/edit/"
    assert client.get(answer["Location"]).content.decode().count("主体不适格") == 1
    again = client.post("/reviews/standards/new/", {"name": "许可评查表", "case_kind": "licence"}).content.decode()
    assert "已有这个名称的评查标准" in again


def test_a_draft_of_a_standard_is_the_bureaus_alone(cast):
    draft = rounds_of.a_standard(issued_at=None)
    assert client_of(cast.weifen).get(f"/reviews/standards/{draft.pk}/").status_code == 404
    assert client_of(cast.weifen).post(f"/reviews/standards/{draft.pk}/issue/").status_code == 404


def test_the_lists_cost_the_same_for_many_rounds(cast, django_assert_max_num_queries):
    for _ in range(3):
        round_ = rounds_of.a_round(cast.sfj, [cast.weifen.unit])
        ReviewRound.objects.filter(pk=round_.pk).update(stage=Stage.PUBLISHED)
    client = client_of(cast.pingcha)
    client.get("/reviews/")
    with django_assert_max_num_queries(12):
        client.get("/reviews/")


def test_a_round_page_of_the_organiser_costs_the_same_for_many_files(cast, django_assert_max_num_queries):
    round_ = rounds_of.fed_back(cast.sfj, took("5"))
    rounds.ReviewRound.objects.get(pk=round_.pk)
    client = client_of(cast.sfj)
    client.get(f"/reviews/{round_.pk}/")
    with django_assert_max_num_queries(36):
        client.get(f"/reviews/{round_.pk}/")
