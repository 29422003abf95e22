"""Documents of a round: what they say, to whom they are sent."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from decimal import Decimal as D

import docx
import pytest

from liaisons import leavers, roles
from reform.case_review import feedback, outcomes, papers, publishing, ranking, rectifying, rounds
from tests.cast import client_of
from tests.factories import UserFactory, moment
from tests.reform.case_review import rounds_of
from tests.reform.case_review.rounds_of import AT, took
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.audit import AuditEntry

pytestmark = pytest.mark.django_db
DUE = dt.date(2022, 6, 30)


@pytest.fixture
def round_(cast):
    """Give a round with one file that lost points, to be mended."""
    made = rounds_of.fed_back(cast.sfj, took("30"))
    rectifying.ask(made.drawn.first(), problems="1. 补正送达回证", owner="责任甲", due_on=DUE, by=cast.sfj, at=AT)
    return made


def words(data: bytes) -> str:
    document = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def test_an_opinion_tells_a_unit_its_results_and_problems_once(round_):
    unit = round_.drawn.first().case_file.unit
    with clock.held_at(AT):
        text = words(papers.opinion(round_, unit))

    assert "行政执法监督意见书" in text
    assert text.count("未写明起诉期限（第21页，依据：行政处罚法第五十九条）") == 1
    assert "70.00" in text
    assert "2022年6月1日" in text


def test_a_notice_names_the_problems_the_owner_and_the_day(round_):
    text = words(papers.notice(round_.drawn.first().rectification))

    assert "1. 补正送达回证" in text
    assert "责任甲" in text
    assert "2022年6月30日" in text


def test_the_draft_of_the_bulletin_ranks_and_classes(round_):
    text = words(papers.bulletin(round_))

    assert "共评查3卷，平均90.00分，其中优秀2卷，良好0卷，合格1卷，不合格0卷" in text
    assert "法律适用方面1处，涉及1卷" in text
    assert "按公开的种子“20220601”随机抽取3卷" in text


def test_the_archive_holds_the_draw_the_results_and_the_documents(round_):
    bundle = zipfile.ZipFile(io.BytesIO(papers.archive(round_)))

    assert len(bundle.namelist()) == 11
    assert "最终得分70.00分，等次：合格" in words(bundle.read("评查表/第1卷.docx"))
    assert "种子：20220601" in bundle.read("抽取记录.txt").decode()
    assert "扣 30.00 分" in bundle.read("评查结果.txt").decode()


def test_the_sheet_of_a_file_shows_what_each_took_and_who_signed(cast, round_):
    first = round_.drawn.first()
    address = f"/reviews/drawn/{first.pk}/sheet/"
    text = words(client_of(cast.sfj).get(address).content)

    assert "评查一70.00分，评查二70.00分；取两人平均。最终得分70.00分，等次：合格。" in text
    assert text.count("-30") == 2
    assert "1.评查一：决定：决定项——未写明起诉期限（第21页，依据：行政处罚法第五十九条），扣30分。" in text
    people = [sheet.reviewer.user.name for sheet in first.sheets.all()]
    assert [text.count(name) for name in people] == [1, 1]
    assert client_of(cast.weifen).get(address).status_code == 404


def test_a_signature_says_who_signed_when_the_signer_has_moved_on_and_become_nobodys_name(cast, round_):
    file = round_.drawn.first()
    sheet = file.sheets.select_related("reviewer__user__unit").first()
    assert sheet
    user, name, unit = sheet.reviewer.user, sheet.reviewer.user.name, sheet.reviewer.user.unit.short_name
    user.unit = cast.sfj.unit
    user.name = leavers.NAME
    user.save()
    text = words(client_of(cast.sfj).get(f"/reviews/drawn/{file.pk}/sheet/").content)
    page = client_of(cast.sfj).get(f"/reviews/drawn/{file.pk}/").content.decode()

    assert (sheet.signed_name, sheet.signed_unit) == (name, unit)
    assert [(name in shown, leavers.NAME in shown) for shown in (text, page, papers.results_text(round_))] == [
        (True, False)
    ] * 3


def test_a_document_bears_the_day_on_which_it_was_made_known(cast, round_):
    unit = round_.drawn.first().case_file.unit
    published = publishing.publish(round_, by=cast.sfjld, at=moment(dt.date(2022, 6, 9)))

    assert "兴县司法局\n2022年6月9日" in words(papers.opinion(published, unit))
    assert "2022年6月9日印发" in words(papers.bulletin(published))


def test_papers_go_to_whom_they_concern(cast, round_):
    first = round_.drawn.first()
    unit = first.case_file.unit
    bulletin, opinion = f"/reviews/{round_.pk}/bulletin/", f"/reviews/{round_.pk}/opinion/{unit.pk}/"
    notice = f"/reviews/drawn/{first.pk}/notice/"
    assert [client_of(cast.sfj).get(address).status_code for address in (bulletin, opinion, notice)] == [200] * 3
    assert [client_of(cast.weifen).get(address).status_code for address in (bulletin, opinion, notice)] == [404] * 3
    assert AuditEntry.objects.filter(action="review_round.export").count() == 3


def test_the_page_of_exports_links_the_papers_that_one_may_take(cast, round_):
    unit = round_.drawn.first().case_file.unit
    liaison = UserFactory(unit=unit, role=roles.LIAISON)
    links = {
        name: re.findall(r'href="(/reviews/\d+/[a-z]+/[^"]*)"', client_of(user).get("/exports/").content.decode())
        for name, user in (("sfj", cast.sfj), ("unit", liaison), ("weifen", cast.weifen))
    }

    assert links["sfj"] == [f"/reviews/{round_.pk}/bulletin/", f"/reviews/{round_.pk}/bundle/"]
    assert links["unit"] == [f"/reviews/{round_.pk}/opinion/{unit.pk}/"]
    assert links["weifen"] == []


def test_nothing_is_printed_before_all_sheets_are_in(cast):
    round_ = rounds_of.a_started_round(cast.sfj)
    unit = round_.drawn.first().case_file.unit

    for address in ("bulletin/", "bundle/", f"opinion/{unit.pk}/"):
        assert client_of(cast.sfj).get(f"/reviews/{round_.pk}/{address}").status_code == 404


def test_a_bulletin_compares_with_the_last_round(cast, round_):
    publishing.publish(round_, by=cast.sfjld, at=moment(dt.date(2022, 6, 9)))
    later = rounds_of.a_round(cast.sfj, list(round_.units.all()), standard=round_.quotas.get().standard)
    type(later).objects.filter(pk=later.pk).update(created_at=moment(dt.date(2022, 6, 10)))
    rounds_of.drawn(later, rounds_of.reviewers(*round_.units.all()), by=cast.sfj)
    rounds.start(later, by=cast.sfj, at=AT)
    for file in later.drawn.all():
        rounds_of.score(file, rounds_of.CLEAN, rounds_of.CLEAN)
    feedback.give_feedback(later, DUE, by=cast.sfj, at=AT)
    later.refresh_from_db()

    text = words(papers.bulletin(later))
    assert "+30.00" in text
    assert "（平均90.00分）" in text
    page = client_of(cast.sfj).get(f"/reviews/{later.pk}/").content.decode()
    assert "上次 90.00" in page


def test_problems_are_compared_by_how_many_a_file_has(round_):
    found = outcomes.of_round(round_)

    assert [(one.label, one.per_file, one.before) for one in ranking.by_class(found)] == [("法律适用", D("0.33"), None)]
    assert [(one.per_file, one.before) for one in ranking.by_class(found, found[:1])] == [(D("0.33"), D(1))]
    assert [one.before for one in ranking.by_class(found, found[1:])] == [D(0)]
