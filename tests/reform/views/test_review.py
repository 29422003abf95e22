"""The page on which one filing is reviewed, and its acts."""

import datetime as dt

import pytest

from liaisons.models import Notice
from reform import drafts, filing, proposals, reports, review
from reform.models import Proposal, ReportLine, Submission
from reform.report_lines import LineInput
from reform.states import State
from tests.cast import bureau, client_of, township
from tests.factories import DataItemFactory, ObligationFactory, moment
from tests.files import pdf
from tests.reform.filings import hand_in, hand_in_report, report_of
from tests.reform.views.bureau import NOON, NOT_THE_BUREAU, let_it_be_noon, page, post, queries

JUNE_24 = dt.date(2022, 6, 24)


@pytest.fixture(autouse=True)
def _noon(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    let_it_be_noon()


@pytest.fixture
def filed(cast):
    return hand_in(ObligationFactory(unit=township()), cast.weifen, text="已挂牌。")


def at(submission, act=""):
    return f"/submissions/{submission.pk}/review/{act}"


def fresh(row):
    return type(row).objects.get(pk=row.pk)


RETURN = {"reason": "缺少名单。", "mend_by": "2022-06-24", "way": "mending"}


def test_the_page_shows_sentence_text_figures_files_and_history(cast):
    row = ObligationFactory(unit=township())
    item = DataItemFactory(milestone=row.milestone, label="在岗人数")
    drafts.attach(row, [pdf("名单.pdf")], by=cast.weifen)
    one = hand_in(row, cast.weifen, text="<b>已挂牌</b>。", **{item.code: "１２"})
    html = page(cast.sfj, at(one))
    for words in (
        row.milestone.quote,
        "&lt;b&gt;已挂牌&lt;/b&gt;",
        "在岗人数",
        "12 人",
        "名单.pdf",
        "蔚汾联络报送",
        "下达",
        "报送",
    ):
        assert words in html
    assert f'href="/evidence/{one.evidence.get().pk}/"' in html


def test_the_page_shows_the_place_in_the_queue_and_the_way_on(cast):
    filings = [hand_in(ObligationFactory(unit=township()), cast.weifen, dt.date(2022, 6, day)) for day in (13, 14, 15)]
    html = page(cast.sfj, at(filings[1]))
    assert "第 2 件，共 3 件" in html
    assert f'rel="prev" data-key="k p" href="{at(filings[0])}"' in html
    assert f'rel="next" data-key="j n" href="{at(filings[2])}"' in html


def test_the_page_proposes_three_working_days_for_mending(cast, filed):
    assert 'value="2022-06-23"' in page(cast.sfj, at(filed))


def test_last_months_line_stands_beside_this_months(cast):
    may = report_of(township(), tasks=1, occurrence="2022-05")
    hand_in_report(may, cast.weifen, dt.date(2022, 5, 20), text="五月选址。")
    june = ObligationFactory(
        milestone=may.milestone, unit=township(), doing=True, occurrence="2022-06", due_on=dt.date(2022, 6, 21)
    )
    html = page(cast.sfj, at(hand_in_report(june, cast.weifen, text="六月挂牌。")))
    assert html.index("六月挂牌。") < html.index("<h4>上月</h4>") < html.index("五月选址。")


def test_a_refiled_report_shows_first_only_what_changed_beside_the_old(cast):
    report = report_of(township(), tasks=3)
    hand_in_report(report, cast.weifen, text="照旧。")
    changed = ReportLine.objects.order_by("position").first()
    review.send_back(
        report, by=cast.sfj, reason="人数不明。", mend_by=JUNE_24, line_notes={changed.pk: "写明人数。"}, at=NOON
    )
    again = moment(dt.date(2022, 6, 20), 15)
    reports.draft_of(report, by=cast.weifen, at=again)
    reports.save_draft(report, by=cast.weifen, lines={changed.key: LineInput(text="到岗 12 人。")}, at=again)
    reports.file(report, by=cast.weifen, at=again)
    html = page(cast.sfj, at(report.submissions.get(state=Submission.FILED)))
    first, whole = html.split("<summary>完整内容</summary>")
    assert first.count('<article class="line changed">') == 1
    assert first.index("到岗 12 人。") < first.index("<h4>上次</h4>") < first.index("照旧。")
    assert "上次退回补正：人数不明。" in first
    assert whole.count('<article class="line">') == 3


def test_a_report_entered_from_paper_has_no_lines_and_is_reviewed_all_the_same(cast):
    report = report_of(township())
    filing.file_on_behalf(report, by=cast.sfj, received_on=dt.date(2022, 6, 20), text="电话报送。", at=NOON)
    html = page(cast.sfjld, at(report.submissions.get()))
    assert "司法科员代录，2022年6月20日收到。" in html
    assert 'name="line-' not in html


def test_review_begins_once_when_the_page_is_shown(cast, filed):
    html = page(cast.sfj, at(filed))
    assert f'hx-post="{at(filed, "begin/")}" hx-trigger="load"' in html
    response = client_of(cast.sfj).post(at(filed, "begin/"), headers={"HX-Request": "true"})
    assert "开始审核，单位已不能撤回" in response.content.decode()
    assert fresh(filed).review_began_at is not None
    assert "hx-trigger" not in page(cast.sfjld, at(filed))


def test_without_javascript_a_button_begins_the_review(cast, filed):
    response, _ = post(cast.sfj, at(filed, "begin/"))
    assert response.url == at(filed)
    assert fresh(filed).review_began_at is not None


def test_accepting_goes_on_to_the_next(cast, filed):
    following = hand_in(ObligationFactory(unit=township()), cast.weifen)
    response, said = post(cast.sfj, at(filed, "accept/"), note="材料齐全。")
    assert (response.url, said) == (at(following), [f"已销号：蔚汾镇　{filed.obligation.name}"])
    assert (fresh(filed).state, fresh(filed).review_note) == (Submission.ACCEPTED, "材料齐全。")
    response, said = post(cast.sfj, at(following, "accept/"))
    assert (response.url, said[1]) == ("/desk/", "等待您审核的报送已全部处理。")


def test_accepting_twice_has_one_effect_and_a_plain_message(cast, filed):
    post(cast.sfj, at(filed, "accept/"))
    response, said = post(cast.sfjld, at(filed, "accept/"))
    assert (response.url, len(said)) == (at(filed), 1)
    assert "可能已由别人处理" in said[0]
    assert Notice.objects.count() == 1
    html = page(cast.sfjld, at(filed))
    assert "已销号　司法科员 6月20日 12:00" in html
    assert "已经处理，不能再审核" in html


def test_a_note_that_is_too_long_is_kept_and_nothing_happens(cast, filed):
    response, _ = post(cast.sfj, at(filed, "accept/"), note="长" * 1001)
    assert "长" * 1001 in response.content.decode()
    assert "最多 1000 字。" in response.content.decode()
    assert fresh(filed).state == Submission.FILED


def test_returning_goes_on_to_the_next_and_tells_the_unit(cast, filed):
    following = hand_in(ObligationFactory(unit=township()), cast.weifen)
    response, said = post(cast.sfj, at(filed, "return/"), **RETURN)
    assert (response.url, said) == (at(following), [f"已退回：蔚汾镇　{filed.obligation.name}"])
    row = fresh(filed.obligation)
    assert (row.state, row.mend_by, row.first_filed_on) == (State.DOING, JUNE_24, dt.date(2022, 6, 20))


def test_returning_as_unfiled_voids_the_clock(cast, filed):
    post(cast.sfj, at(filed, "return/"), **RETURN | {"way": "unfiled"})
    assert (fresh(filed).state, fresh(filed.obligation).first_filed_on) == (Submission.VOIDED, None)


def test_a_line_is_returned_by_writing_beside_it(cast):
    report = report_of(township())
    one = hand_in_report(report, cast.weifen)
    first, second = one.report.lines.all()
    post(cast.sfj, at(one, "return/"), **RETURN, **{f"line-{first.pk}": " 写明人数。 ", f"line-{second.pk}": " "})
    assert (fresh(first).returned, fresh(first).review_note) == (True, "写明人数。")
    assert fresh(second).returned is False


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"reason": ""}, "请写明退回的理由"),
        ({"reason": "长" * 1001}, "最多 1000 字。"),
        ({"mend_by": ""}, "请填写补正期限。"),
        ({"mend_by": "后天"}, "日期无法识别"),
        ({"mend_by": "2022-06-19"}, "补正期限应在今天或之后"),
        ({"way": "nonsense"}, "请选择退回方式。"),
        ({"way": ""}, "请选择退回方式。"),
    ],
)
def test_an_incomplete_return_keeps_what_was_typed_and_changes_nothing(cast, given, words):
    report = report_of(township())
    one = hand_in_report(report, cast.weifen)
    line = one.report.lines.first()
    typed = RETURN | given | {f"line-{line.pk}": "写明人数。"}
    response, _ = post(cast.sfj, at(one, "return/"), **typed)
    html = response.content.decode()
    assert response.status_code == 200
    assert words in html
    assert "写明人数。</textarea>" in html
    assert f">{chr(10)}{typed['reason']}</textarea>" in html
    assert (fresh(one).state, fresh(line).returned) == (Submission.FILED, False)


def test_a_line_note_that_is_too_long_returns_nothing(cast):
    one = hand_in_report(report_of(township()), cast.weifen)
    line = one.report.lines.first()
    response, _ = post(cast.sfj, at(one, "return/"), **RETURN, **{f"line-{line.pk}": "长" * 1001})
    assert "每行的审核意见最多 1000 字。" in response.content.decode()
    assert fresh(one).state == Submission.FILED


def test_a_stale_page_returns_nothing_and_keeps_what_was_typed(cast, filed):
    post(cast.sfjld, at(filed, "accept/"))
    response, _ = post(cast.sfj, at(filed, "return/"), **RETURN)
    html = response.content.decode()
    assert "没有待审核的报送，可能已由别人处理" in html
    assert "您填写的退回理由没有生效：缺少名单。" in html
    assert fresh(filed.obligation).state == State.CLOSED


def test_ones_own_filing_shows_why_somebody_else_must_review_it(cast):
    own = hand_in(ObligationFactory(unit=bureau()), cast.sfj)
    html = page(cast.sfj, at(own))
    assert "报送人和审核人必须是两个人" in html
    assert "/accept/" not in html
    _, said = post(cast.sfj, at(own, "accept/"))
    assert "不能是同一个人" in said[0]
    assert "/accept/" in page(cast.sfjld, at(own))


def test_an_extension_that_waits_is_pointed_out(cast, filed):
    asked = proposals.ask(
        filed.obligation, Proposal.EXTENSION, by=cast.weifen, reason="会场未定。", until=dt.date(2022, 7, 10), at=NOON
    )
    html = page(cast.sfj, at(filed))
    assert f'href="/proposals/{asked.pk}/"' in html
    assert "先决定再销号" in html


def test_drafts_and_what_was_withdrawn_are_not_there(cast, filed):
    filing.withdraw(filed.obligation, by=cast.weifen)
    draft = drafts.save(filed.obligation, by=cast.weifen, text="草稿。", at=NOON)
    for hidden in (filed, draft):
        for act in ("", "begin/", "accept/", "return/"):
            client = client_of(cast.sfj)
            response = client.post(at(hidden, act), RETURN) if act else client.get(at(hidden))
            assert response.status_code == 404
    assert client_of(cast.sfj).get("/submissions/99999999/review/").status_code == 404


@pytest.mark.parametrize("name", NOT_THE_BUREAU)
def test_nobody_else_reviews(cast, filed, name):
    client = client_of(getattr(cast, name))
    assert client.get(at(filed)).status_code == 404
    assert [client.post(at(filed, act), RETURN).status_code for act in ("begin/", "accept/", "return/")] == [404] * 3
    assert (fresh(filed).state, fresh(filed).review_began_at) == (Submission.FILED, None)


def test_acts_are_not_done_by_looking(cast, filed):
    client = client_of(cast.sfj)
    assert [client.get(at(filed, act)).status_code for act in ("begin/", "accept/", "return/")] == [405] * 3
    page(cast.sfj, at(filed))
    assert fresh(filed).review_began_at is None


def test_a_report_of_many_lines_asks_as_often_as_one_of_one(cast):
    once = queries(cast.sfj, at(hand_in_report(report_of(township(), tasks=1), cast.weifen)))
    many = hand_in_report(report_of(township(), tasks=6), cast.weifen)
    assert queries(cast.sfj, at(many)) == once
