"""What an officer does on one duty: each act on its page, offered where it can be done, refused in plain words."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from liaisons.models import Notice
from reform import bureau_offers, proposals
from reform.models import Obligation, Proposal, Submission, Urging
from reform.states import State
from tests.cast import client_of, department, township
from tests.factories import DataItemFactory, MilestoneFactory, ObligationFactory, TaskFactory
from tests.files import pdf
from tests.reform.filings import JUNE_20, hand_in
from tests.reform.views.bureau import NOON, NOT_THE_BUREAU, let_it_be_noon, page, post

JULY_10 = dt.date(2022, 7, 10)
PAGES = ["propose/", "date/", "mark/", "on-behalf/"]


@pytest.fixture(autouse=True)
def _noon(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    let_it_be_noon()


@pytest.fixture
def owed(cast):
    return ObligationFactory(unit=township(), doing=True)


def at(row, act=""):
    return f"/obligations/{row.pk}/{act}"


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def undated(**given):
    return ObligationFactory(milestone=MilestoneFactory(undated=True), unit=township(), **given)


def continuous(state=State.ONGOING):
    return ObligationFactory(milestone=MilestoneFactory(continuous=True), unit=township(), state=state)


def ask(row, by, kind=Proposal.EXTENSION):
    until = JULY_10 if kind == Proposal.EXTENSION else None
    return proposals.ask(row, kind, by=by, reason="会场未定。", until=until, at=NOON)


@pytest.mark.parametrize("name", NOT_THE_BUREAU)
@pytest.mark.parametrize("act", PAGES)
def test_nobody_else_finds_the_acts(cast, owed, act, name):
    client = client_of(getattr(cast, name))
    assert client.get(at(owed, act)).status_code == 404
    assert client.post(at(owed, act), {"kind": "exemption", "reason": "x", "text": "x"}).status_code == 404
    assert fresh(owed).state == State.DOING


@pytest.mark.parametrize("name", NOT_THE_BUREAU)
def test_nobody_else_finds_a_proposal_or_decides_it(cast, owed, name):
    asked = ask(owed, cast.weifen)
    client = client_of(getattr(cast, name))
    assert client.get(f"/proposals/{asked.pk}/").status_code == 404
    assert client.post(f"/proposals/{asked.pk}/decide/", {"granted": "yes"}).status_code == 404
    assert fresh(asked).granted is None


@pytest.mark.parametrize("act", [*PAGES, "urge/"])
def test_a_duty_that_is_not_there_is_not_found(cast, act):
    assert client_of(cast.sfj).get(f"/obligations/99999999/{act}").status_code == 404


# What stands on the page of the duty itself


def offered(row, user):
    offers = bureau_offers.of(user, row, JUNE_20)
    flags = {name for name in ("sets_date", "marks", "enters", "urges") if getattr(offers, name)}
    return flags | set(offers.proposes) | ({"review"} if offers.waiting else set())


def test_each_duty_offers_what_can_be_done_with_it(cast, owed):
    assert offered(owed, cast.sfj) == {"enters", "urges", "延期", "免报", "中止", "撤销"}
    assert offered(undated(), cast.sfj) == {"enters", "urges", "sets_date", "免报", "中止", "撤销"}
    assert offered(continuous(), cast.sfj) == {"marks", "撤销"}
    assert offered(ObligationFactory(closed=True), cast.sfj) == {"重新办理"}
    hand_in(owed, cast.weifen)
    assert offered(fresh(owed), cast.sfj) == {"review", "延期", "撤销"}


def test_others_are_offered_nothing_and_a_lead_to_urge(cast, owed):
    led = ObligationFactory(
        unit=township(),
        milestone=MilestoneFactory(task=TaskFactory(leads=[department()], plan=owed.milestone.task.plan)),
    )
    for name in NOT_THE_BUREAU:
        assert offered(owed, getattr(cast, name)) == set()
    assert offered(led, cast.scj) == {"urges"}


def test_the_page_of_the_duty_leads_to_each_act(cast, owed):
    asked = ask(owed, cast.weifen)
    html = page(cast.sfj, at(owed))
    for address in (at(owed, "urge/"), at(owed, "on-behalf/"), at(owed, "propose/"), f"/proposals/{asked.pk}/"):
        assert f'href="{address}"' in html
    assert 'aria-labelledby="bureau-acts-title"' not in page(cast.lingdao, at(owed))


# 提请 and 决定


def test_an_officer_proposes_and_goes_back_to_the_duty(cast, owed):
    response, said = post(cast.sfj, at(owed, "propose/"), kind="extension", reason="会场未定。", until="2022-07-10")
    assert (response.url, said) == (at(owed), ["已提请，等待另一人决定。"])
    asked = Proposal.objects.get()
    assert (asked.kind, asked.asked_until, asked.asked_by) == (Proposal.EXTENSION, JULY_10, cast.sfj)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"reason": ""}, "请写明理由。"),
        ({"reason": "长" * 1001}, "最多 1000 字。"),
        ({"until": ""}, "请填写日期。"),
        ({"until": "2022-06-30"}, "延期后的日期应晚于现在的期限"),
        ({"until": "七月"}, "日期无法识别"),
        ({"kind": ""}, "请选择事由。"),
        ({"kind": "resumption"}, "现在不能办理所选的事由"),
    ],
)
def test_an_incomplete_proposal_keeps_what_was_typed(cast, owed, given, words):
    typed = {"kind": "extension", "reason": "会场未定。", "until": "2022-07-10"} | given
    response, _ = post(cast.sfj, at(owed, "propose/"), **typed)
    html = response.content.decode()
    assert words in html
    assert typed["reason"] in html
    assert not Proposal.objects.exists()


def test_proposing_twice_leaves_one(cast, owed):
    for _ in range(2):
        response, _ = post(cast.sfj, at(owed, "propose/"), kind="exemption", reason="机构未建。")
    assert "已经有一份同样的申请" in response.content.decode()
    assert Proposal.objects.count() == 1


def test_the_leader_grants_another_date(cast, owed):
    asked = ask(owed, cast.weifen)
    html = page(cast.sfjld, f"/proposals/{asked.pk}/")
    assert 'value="2022-07-10"' in html
    response, said = post(
        cast.sfjld, f"/proposals/{asked.pk}/decide/", granted="yes", until="2022-07-05", note="抓紧。"
    )
    assert (response.url, len(said)) == ("/desk/undecided/", 1)
    assert said[0].startswith("已同意：蔚汾镇")
    assert fresh(owed).due_on == dt.date(2022, 7, 5)
    assert "期限 2022年7月5日" in page(cast.sfjld, f"/proposals/{asked.pk}/")


def test_a_refusal_needs_a_reason(cast, owed):
    asked = ask(owed, cast.weifen)
    response, _ = post(cast.sfjld, f"/proposals/{asked.pk}/decide/", granted="no", until="2022-07-10", note="")
    assert "不同意时请写明理由" in response.content.decode()
    post(cast.sfjld, f"/proposals/{asked.pk}/decide/", granted="no", until="", note="理由不足。")
    assert (fresh(asked).granted, fresh(asked).decision) == (False, "理由不足。")


def test_deciding_twice_has_one_effect_and_a_plain_message(cast, owed):
    asked = ask(owed, cast.weifen)
    post(cast.sfjld, f"/proposals/{asked.pk}/decide/", granted="yes", until="", note="")
    response, _ = post(cast.sfjld, f"/proposals/{asked.pk}/decide/", granted="no", note="改主意。")
    assert "已由司法局长作出决定" in response.content.decode()
    assert (fresh(asked).granted, Notice.objects.count()) == (True, 1)


def test_who_may_not_decide_sees_why(cast, owed, settings):
    asked, own = ask(owed, cast.weifen), ask(owed, cast.sfjld, Proposal.EXEMPTION)
    assert "由局领导决定" in page(cast.sfj, f"/proposals/{asked.pk}/")
    assert "提出人和决定人必须是两个人" in page(cast.sfjld, f"/proposals/{own.pk}/")
    assert post(cast.sfj, f"/proposals/{asked.pk}/decide/", granted="yes")[0].status_code == 404
    settings.PORTAL_SECOND_OFFICER_DECIDES = True
    assert post(cast.sfj, f"/proposals/{asked.pk}/decide/", granted="yes", until="", note="")[0].status_code == 302


# 定期限, 标记


def test_an_undated_duty_gets_its_date_once(cast):
    row = undated()
    response, said = post(cast.sfj, at(row, "date/"), due_on="2022-07-10", reason="市里要求。")
    assert (response.url, said) == (at(row), ["期限已确定，并已告知承办单位。"])
    assert fresh(row).due_on == JULY_10
    response, _ = post(cast.sfj, at(row, "date/"), due_on="2022-07-11")
    assert "已有期限的请办理延期" in response.content.decode()
    response = client_of(cast.sfj).get(at(row, "date/"))
    assert response.url == at(row)


@pytest.mark.parametrize("due_on", ["", "2022-06-19", "2032-01-01", "x"])
def test_a_date_that_cannot_be_is_refused_in_the_form(cast, due_on):
    row = undated()
    response, _ = post(cast.sfj, at(row, "date/"), due_on=due_on, reason="市里要求。")
    assert "市里要求。" in response.content.decode()
    assert fresh(row).due_on is None


def test_a_continuous_duty_is_marked_and_back_again(cast):
    row = continuous()
    response, said = post(cast.sfj, at(row, "mark/"), to="lagging", reason="两月无进展。")
    assert (response.url, said) == (at(row), ["已标记，并已告知承办单位。"])
    assert fresh(row).state == State.LAGGING
    response, _ = post(cast.sfj, at(row, "mark/"), to="lagging", reason="两月无进展。")
    assert "现在不能这样标记" in response.content.decode()
    post(cast.sfj, at(row, "mark/"), to="ongoing", reason="已补上。")
    assert fresh(row).state == State.ONGOING


def test_what_is_not_continuous_is_not_marked(cast, owed):
    response, said = post(cast.sfj, at(owed, "mark/"), to="lagging", reason="两月无进展。")
    assert (response.url, said) == (at(owed), ["这件事项现在是“办理中”，不能标记。"])


# 催办


def test_one_duty_is_urged_and_who_urged_it_when_is_shown(cast, owed):
    response, said = post(cast.sfj, at(owed, "urge/"), note="请今天报。")
    assert (response.url, said) == (at(owed), ["已催办 1 个单位。"])
    html = page(cast.sfjld, at(owed, "urge/"))
    assert "司法科员　6月20日 12:00 催办" in html
    assert "请今天报。" in html
    _, said = post(cast.sfjld, at(owed, "urge/"))
    assert "24 小时内不重复催办" in said[0]
    assert Urging.objects.count() == 1


def test_a_lead_urges_for_its_task_and_nobody_else_for_nothing(cast, owed):
    led = ObligationFactory(unit=township(), milestone__task__leads=[department()])
    assert post(cast.scj, at(led, "urge/"))[1] == ["已催办 1 个单位。"]
    for name in NOT_THE_BUREAU:
        client = client_of(getattr(cast, name))
        assert (client.get(at(owed, "urge/")).status_code, client.post(at(owed, "urge/")).status_code) == (404, 404)
    assert Urging.objects.count() == 1


# 代录


def test_a_paper_report_is_entered_with_figures_and_scan(cast, owed):
    item = DataItemFactory(milestone=owed.milestone)
    given = {"received_on": "2022-06-17", "text": "纸质报告。", f"value-{item.code}": "１２", "files": pdf()}
    response, said = post(cast.sfj, at(owed, "on-behalf/"), **given)
    assert (response.url, said) == (at(owed), ["已代录，等待另一名工作人员审核。"])
    one = Submission.objects.get()
    assert (one.filed_on_behalf, one.received_on, one.counted_on, one.text) == (
        True, dt.date(2022, 6, 17), dt.date(2022, 6, 17), "纸质报告。",
    )  # fmt: skip
    assert (one.values.get().number, one.evidence.count()) == (12, 1)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"received_on": ""}, "请填写收到日期。"),
        ({"received_on": "2022-06-21"}, "收到日期应在事项下达之后、今天或之前。"),
        ({"received_on": "2022-04-01"}, "收到日期应在事项下达之后、今天或之前。"),
        ({"value": "-3"}, "不能是负数"),
        ({"value": ""}, "请填写"),
        ({"text": "长" * 5001}, "工作情况最多 5000 字。"),
    ],
)
def test_an_incomplete_entry_keeps_what_was_typed(cast, owed, given, words):
    item = DataItemFactory(milestone=owed.milestone)
    typed = {"received_on": "2022-06-17", "text": "纸质报告。", "value": "12"} | given
    sent = {"received_on": typed["received_on"], "text": typed["text"], f"value-{item.code}": typed["value"]}
    response, _ = post(cast.sfj, at(owed, "on-behalf/"), **sent)
    html = response.content.decode()
    assert words in html
    assert typed["text"] in html
    assert not Submission.objects.filter(state=Submission.FILED).exists()


def test_what_is_no_document_is_refused_beside_the_files(cast, owed):
    bad = SimpleUploadedFile("程序.pdf", b"MZ\x90\x00")
    response, _ = post(cast.sfj, at(owed, "on-behalf/"), received_on="2022-06-17", text="纸质报告。", files=bad)
    html = response.content.decode()
    assert "《程序.pdf》不是可以接收的类型" in html
    assert "纸质报告。" in html
    assert fresh(owed).state == State.DOING


def test_what_was_filed_already_is_not_entered_again(cast, owed):
    hand_in(owed, cast.weifen)
    assert client_of(cast.sfj).get(at(owed, "on-behalf/")).url == at(owed)
    response, _ = post(cast.sfj, at(owed, "on-behalf/"), received_on="2022-06-17", text="纸质报告。")
    assert "待审核" in response.content.decode()
    assert Obligation.objects.get(pk=owed.pk).submissions.count() == 1
