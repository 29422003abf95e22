"""A month's material: frozen, edited, issued, and served unchanged a year later."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from typing import Any

import docx
import pytest

from liaisons.models import Notice
from reform import issue, problems, rights
from reform.bulletin import pack, pdf
from reform.bulletin.facts import digest
from reform.models import Bulletin, BulletinFile, Escalation, Obligation, ReportLine
from reform.reminders import escalating
from tests.cast import client_of
from tests.factories import MilestoneFactory, ObligationFactory, moment
from tests.reform import walls
from tests.reform.filings import hand_in_report, report_of
from tests.xingxian_portal.foundation.workbook.reading import values
from xingxian_portal.foundation import document_pdf
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.refusal import Refused

AT = moment(dt.date(2022, 6, 23), 9)


@pytest.fixture
def month(cast):
    """蔚汾镇 filed in time and closed something early, 县市场局 filed nothing and is late with another duty."""
    walls.it_is(AT.date())
    report = report_of(cast.weifen.unit)
    hand_in_report(report, cast.weifen)
    problems.raise_problem(report, report.milestone.task, "执法人手不足", by=cast.weifen, at=moment(walls.TODAY))
    ObligationFactory(unit=cast.weifen.unit, closed=True, milestone__title="信息备案")
    other = report_of(cast.scj.unit)
    ObligationFactory(
        unit=cast.scj.unit, doing=True, milestone__title="清单公布", milestone__due_on=dt.date(2022, 5, 31)
    )
    assert other.occurrence == report.occurrence
    return cast


def prepared(month) -> Bulletin:
    return pack.prepare("2022-06", by=month.sfj, at=AT)


def issued(month) -> Bulletin:
    return pack.issue(prepared(month), by=month.sfj, number="兴司通[2022] 6号", at=AT)


def bytes_of(user, row: BulletinFile) -> bytes:
    answer: Any = client_of(user).get(f"/bulletins/files/{row.pk}/")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def test_whom_the_leader_agreed_to_list_is_named_and_nobody_else(month):
    late = Obligation.objects.get(unit=month.scj.unit, milestone__kind="monthly")
    other = Obligation.objects.get(unit=month.scj.unit, milestone__title="清单公布")
    for row, go in ((late, True), (other, False)):
        asked = Escalation.objects.create(obligation=row, cycle_no=row.cycle_no, kind="bulletin", proposed_at=AT)
        escalating.decide(asked, by=month.sfjld, go=go, at=AT)
    assert f"经催办仍未报送，予以通报。县市场局“{late.name}”。" in prepared(month).text


def test_the_first_text_tells_good_things_first_then_who_is_late_then_problems(month):
    text = prepared(month).text
    told = [
        "应报月度报告2份，已报1份，其中按时1份", "（一）按时报送月度报告。蔚汾镇1个单位", "蔚汾镇“信息备案”提前29天",
        "月度报告未报1个单位。县市场局（逾期2天）", "县市场局“清单公布”应于5月31日前完成，逾期23天", "1. 蔚汾镇反映：执法人手不足。答复单位正在研究确定。",
    ]  # fmt: skip
    places = [text.find(words) for words in told]
    assert (-1 not in places, places) == (True, sorted(places)), text
    assert text.splitlines()[1] == "一、总体情况"


def test_it_ends_with_the_nodes_of_the_month_to_come(month):
    node = MilestoneFactory(title="专业培训", due_on=dt.date(2022, 7, 31), binds=[month.weifen.unit])
    issue.issue(node.task.plan, by=month.sfj, at=moment(walls.TODAY))
    after = prepared(month).text.partition("下一步时间节点")[2]
    assert ("7月31日前" in after, "专业培训" in after, "1个单位待完成（蔚汾镇）" in after) == (True, True, True)


def test_the_facts_are_hashed_and_the_files_known_by_their_sha256(month):
    bulletin = prepared(month)
    assert digest(Bulletin.objects.get().facts) == bulletin.facts_sha256
    kinds = sorted(bulletin.files.values_list("kind", flat=True))
    assert kinds == ["feedback", "feedback", "summary"]
    for row in bulletin.files.select_related("file"):
        assert hashlib.sha256(bytes_of(month.sfj, row)).hexdigest() == row.file.sha256


def test_a_year_later_the_same_bytes_are_served_whatever_happened_since(month):
    bulletin = issued(month)
    before = {row.pk: bytes_of(month.sfj, row) for row in bulletin.files.all()}
    ReportLine.objects.update(text="改过")
    ObligationFactory(unit=month.scj.unit, closed=True)
    walls.it_is(dt.date(2023, 6, 23))
    assert {row.pk: bytes_of(month.sfj, row) for row in bulletin.files.all()} == before
    assert digest(Bulletin.objects.get().facts) == bulletin.facts_sha256


def test_the_summary_shows_figures_as_filed_beside_figures_recounted_and_what_is_overdue(month):
    data = bytes_of(month.sfj, prepared(month).files.get(kind="summary"))
    assert values(data)[0][0] == "2022年6月份推行柔性执法工作推进情况汇总表"
    names = [values(data, number)[0][0] for number in range(4)]
    assert names[2:] == ["2022年6月份月报数据核对", "2022年6月份逾期事项一览表"]
    assert "清单公布" in [row[1] for row in values(data, 3)]


def test_a_feedback_sheet_holds_its_own_unit_alone(month):
    row = prepared(month).files.get(kind="feedback", unit=month.scj.unit)
    told = "\n".join(str(cell) for line in values(bytes_of(month.sfj, row)) for cell in line)
    assert ("清单公布" in told, "逾期23天" in told, "蔚汾镇" in told, "执法人手不足" in told) == (
        True,
        True,
        False,
        False,
    )


def test_the_issued_document_is_that_of_the_edited_text(month):
    bulletin = prepared(month)
    pack.edit(
        bulletin, by=month.sfj, revision=1, text="一、总体情况\n圪垯上乡进展良好。", title="关于6月份的通报", at=AT
    )
    bulletin = pack.issue(bulletin, by=month.sfjld, number="兴司通〔2022〕6号", at=AT)
    document = docx.Document(io.BytesIO(bytes_of(month.lingdao, bulletin.files.get(kind="document"))))
    texts = [line.text for line in document.paragraphs]
    assert [text for text in texts if text][:5] == [
        "兴县司法局文件", "兴司通〔2022〕6号", "关于6月份的通报", "各乡镇人民政府，县直有关部门：", "一、总体情况",
    ]  # fmt: skip
    assert {"圪垯上乡进展良好。", "附件：逾期事项一览表", "兴县司法局", "2022年6月23日"} <= set(texts)
    assert texts.index("2022年6月23日") < texts.index("附件")
    assert "清单公布" in {cell.text for row in document.tables[0].rows for cell in row.cells}


def test_units_are_told_once(month):
    bulletin = issued(month)
    told = Notice.objects.filter(kind="通报")
    assert sorted(told.values_list("recipient__username", flat=True)) == ["scj", "weifen"]
    assert told[0].link == f"/bulletins/{bulletin.pk}/"


def test_what_is_issued_stays_as_it_is(month):
    bulletin = issued(month)
    for act in (
        lambda: pack.edit(bulletin, by=month.sfj, revision=1, text="改"),
        lambda: pack.issue(bulletin, by=month.sfj, number="兴司通〔2022〕7号"),
        lambda: pack.drop(bulletin, by=month.sfj),
    ):
        with pytest.raises(pack.Stale, match="已印发，不能再改"):
            act()
    assert pack.prepare("2022-06", by=month.sfj, at=AT).edition == 2
    with pytest.raises(Refused, match="已经用过"):
        pack.issue(Bulletin.objects.get(state="draft"), by=month.sfj, number="兴司通〔2022〕6号", at=AT)
    assert Bulletin.objects.get(edition=2).files.filter(kind="document").count() == 0


def test_one_draft_of_a_month_and_a_new_one_once_it_is_dropped(month):
    first = prepared(month)
    with pytest.raises(Refused, match="草稿已经有了"):
        prepared(month)
    pack.drop(first, by=month.sfj, at=AT)
    assert prepared(month).edition == 2


def test_two_officers_at_once_lose_nothing(month):
    bulletin = prepared(month)
    form = {"title": "甲", "addressee": "各单位", "text": "一、甲写的", "copies_to": "", "revision": "1"}
    assert client_of(month.sfj).post(f"/bulletins/{bulletin.pk}/edit/", form).status_code == 302
    page = (
        client_of(month.sfjld).post(f"/bulletins/{bulletin.pk}/edit/", form | {"text": "一、乙写的"}).content.decode()
    )
    assert "在您编辑时保存过这份草稿" in page
    for still_there in (">\n一、乙写的</textarea>", 'name="title" value="甲"', 'name="revision" value="2"'):
        assert still_there in page
    assert Bulletin.objects.get().text == "一、甲写的"


@pytest.mark.parametrize("number", ["", "第6号", "兴司通〔2022〕06号", "兴司通〔22〕6号"])
def test_a_number_that_is_none_is_refused_in_words(month, number):
    bulletin = prepared(month)
    page = client_of(month.sfj).post(f"/bulletins/{bulletin.pk}/issue/", {"number": number}).content.decode()
    assert "发文字号" in page
    assert Bulletin.objects.get().is_draft


def test_who_takes_what(month):
    bulletin = issued(month)

    def kinds(user):
        rows = BulletinFile.objects.visible_to(user).filter(bulletin=bulletin)
        return sorted((row.kind, row.unit.short_name if row.unit else "") for row in rows)

    assert kinds(month.sfj) == [("document", ""), ("feedback", "县市场局"), ("feedback", "蔚汾镇"), ("summary", "")]
    assert kinds(month.lingdao) == kinds(month.admin) == [("document", ""), ("summary", "")]
    assert kinds(month.weifen) == [("document", ""), ("feedback", "蔚汾镇")]
    assert kinds(month.anquan) == kinds(month.audit) == []


def test_a_draft_is_the_bureau_s(month):
    bulletin = prepared(month)
    for user in (month.lingdao, month.weifen, month.admin):
        assert client_of(user).get(f"/bulletins/{bulletin.pk}/").status_code == 404
        assert not BulletinFile.objects.visible_to(user).exists()
    with pytest.raises(rights.Denied):
        pack.prepare("2022-06", by=month.weifen, at=AT)


def test_each_act_is_in_the_trail(month):
    issued(month)
    acts = AuditEntry.objects.filter(action__startswith="bulletin.").order_by("pk").values_list("action", flat=True)
    assert list(acts) == ["bulletin.create", "bulletin.issue"]
    assert len(AuditEntry.objects.get(action="bulletin.issue").after["files"]) == 4


def test_the_pdf_is_made_of_the_kept_document_or_its_absence_said(month):
    bulletin = issued(month)
    assert pdf.make(bulletin.pk) == document_pdf.is_possible()
    bulletin.refresh_from_db()
    made = bulletin.files.filter(kind="pdf").first()
    assert bool(made) != bool(bulletin.pdf_trouble)
    assert made is None or bytes_of(month.weifen, made)[:5] == b"%PDF-"
    assert pdf.make(bulletin.pk) == bool(made)


def test_the_draft_can_be_looked_at_before_issue(month):
    bulletin = prepared(month)
    answer = client_of(month.sfj).get(f"/bulletins/{bulletin.pk}/draft/")
    assert "（草稿，未编号）" in [line.text for line in docx.Document(io.BytesIO(answer.content)).paragraphs]


def test_a_month_without_reports_is_refused(month):
    answer = client_of(month.sfj).post("/bulletins/new/", {"month": "2021-01"}, follow=True)
    assert "没有开报的月度报告" in answer.content.decode()
