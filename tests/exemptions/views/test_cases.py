"""The pages of cases: recording on the spot, the list and its filters, one case, nothing typed lost, nothing twice."""

from __future__ import annotations

import datetime as dt
import io

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from exemptions.cases import deciding, materials, recording
from exemptions.cases.states import State
from exemptions.models import ExemptionCase, FirstOffenceCheck, Item
from liaisons import roles
from liaisons.models import Officer
from tests import files
from tests.cast import account, client_of
from tests.exemptions.case_samples import (
    AT,
    JUNE_1,
    JUNE_20,
    code,
    decided,
    facts,
    item,
    officers,
    ordered,
    ready,
    recorded,
)
from tests.factories import UnitFactory
from tests.reform.views.test_elsewhere import FILLED
from tests.xingxian_portal.foundation.test_kept_elsewhere import DIGEST
from xingxian_portal.foundation import clock, uploads
from xingxian_portal.foundation.audit import AuditEntry

LIST = "/exemptions/cases/"


@pytest.fixture(autouse=True)
def _held(db):
    clock.start_demo(AT)


def page(user, address: str, **asked) -> str:
    response = client_of(user).get(address, asked)
    assert response.status_code == 200
    return response.content.decode()


def sent(user, address: str, **filled):
    return client_of(user).post(address, filled, follow=True)


def form_of(unit, **more):
    given = {
        "party_kind": "trader", "party_name": "样例便利店", "credit_code": code(4), "discovered_on": "2022-06-18",
        "conduct": "没有明码标价", "direct_reason": "情节轻微", "kind": Item.FIRST, "officers": [one.pk for one in officers(unit)],
    }  # fmt: skip
    return given | more


# recording


def test_a_case_is_recorded_and_leads_to_its_page(cast):
    response = sent(cast.weifen, f"{LIST}new/", **form_of(cast.weifen.unit))
    case = ExemptionCase.objects.get()
    assert response.redirect_chain[-1][0] == case.link
    assert "已登记，案件编号 2022-001" in response.content.decode()
    assert [row.officer.name for row in case.handlers.all()] == ["执法1", "执法2"]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"credit_code": code(4)[:-1]}, "是 18 位，这里有 17 位"),
        ({"discovered_on": "2022-02-30"}, "日历上有的日期"),
        ({"discovered_on": "2022-06-21"}, "不能晚于今天"),
        ({"kind": "x"}, "请在列表里选择"),
        ({"fine_from": "两千"}, "请填写金额，如 2000"),
        ({"fine_from": "1e99"}, "金额太大"),
        ({"officers": ["999", "abc"]}, "本单位登记的执法人员"),
        ({"item": "99999999999999999999"}, "请在列表里选择"),
        ({"direct_reason": ""}, "直接适用第三十三条的理由"),
        ({"conduct": "长" * 2001}, "最多 2000 个字，现在有 2001 个"),
        ({"party_name": "a\x00b"}, "无法识别的字符"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_all_that_was_typed_is_still_there(cast, more, says):
    html = sent(
        cast.weifen, f"{LIST}new/", **form_of(cast.weifen.unit, party_address="东关村12号", **more)
    ).content.decode()
    assert says in html
    assert "东关村12号" in html
    assert not ExemptionCase.objects.exists()


def test_an_item_of_an_edition_no_longer_in_force_is_refused_in_words(cast):
    old = item(cast.weifen.unit, begins=dt.date(2022, 4, 20), until=dt.date(2022, 5, 20))
    item(cast.weifen.unit)
    given = form_of(cast.weifen.unit, item=old.pk, direct_reason="")
    assert "这个事项不在蔚汾镇有效的清单里" in sent(cast.weifen, f"{LIST}new/", **given).content.decode()
    given = form_of(cast.weifen.unit, item=item(cast.scj.unit).pk, direct_reason="")
    assert "请在列表里选择" in sent(cast.weifen, f"{LIST}new/", **given).content.decode()


def test_only_items_of_the_day_are_offered(cast):
    item(cast.weifen.unit, begins=dt.date(2022, 4, 20), until=dt.date(2022, 5, 20), exclusions="")
    Item.objects.update(conduct="旧版事项")
    item(cast.weifen.unit)
    html = page(cast.weifen, f"{LIST}new/")
    assert "未按规定明码标价" in html
    assert "旧版事项" not in html
    html = sent(
        cast.weifen, f"{LIST}new/", **form_of(cast.weifen.unit, discovered_on="2022-05-01", kind="")
    ).content.decode()
    assert "旧版事项" in html


def test_angle_brackets_and_sql_are_words_like_others(cast):
    words = "<script>alert(1)</script>'; DROP TABLE exemptions_exemptioncase;--"
    html = sent(cast.weifen, f"{LIST}new/", **form_of(cast.weifen.unit, conduct=words)).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html
    assert words in ExemptionCase.objects.get().conduct
    assert "样例便利店" in page(cast.weifen, LIST, q="'; DROP TABLE")


def test_the_same_number_twice_is_one_case_and_a_plain_sentence(cast):
    for _ in range(2):
        html = sent(cast.weifen, f"{LIST}new/", **form_of(cast.weifen.unit, number="兴蔚检7")).content.decode()
    assert "案件编号 兴蔚检7 已经登记过（样例便利店），没有重复登记" in html
    assert ExemptionCase.objects.count() == 1


def test_without_officers_in_the_register_one_is_told_and_can_still_save(cast):
    assert "还没有登记执法人员" in page(cast.weifen, f"{LIST}new/")
    html = sent(cast.weifen, f"{LIST}new/", **form_of(cast.weifen.unit) | {"officers": []}).content.decode()
    assert "执法人员不得少于两人" in html


def test_a_lapsed_certificate_and_a_suspended_officer_are_warned_of_and_stop_nothing(cast):
    one, two = officers(cast.weifen.unit)
    Officer.objects.filter(pk=one.pk).update(valid_until=dt.date(2022, 5, 31))
    Officer.objects.filter(pk=two.pk).update(standing=Officer.SUSPENDED)
    case = recorded(cast.weifen)
    html = page(cast.weifen, case.link)
    assert "执法1的执法证在检查当天已过有效期（2022年5月31日止）" in html
    assert "执法2的执法证状态是“暂扣”" in html
    assert (
        sent(
            cast.weifen, f"{case.link}order/", ordered_on="2022-06-01", correct_by="2022-06-30", demands="改"
        ).status_code
        == 200
    )
    case.refresh_from_db()
    assert case.state == State.CORRECTING


def test_an_edit_on_a_page_grown_stale_keeps_what_was_typed_and_the_next_save_counts(cast):
    case = ExemptionCase.objects.get(pk=recorded(cast.weifen).pk)
    seen = recording.mark(case)
    recording.amend(case, facts(party_name="甲公司"), officers=officers(case.unit), by=cast.weifen, at=AT)
    given = form_of(case.unit, party_name="乙公司", party_kind="organisation", seen=seen)
    html = sent(cast.weifen, f"{case.link}edit/", **given).content.decode()
    assert "被别人改过" in html
    assert "乙公司" in html
    assert ExemptionCase.objects.get().party_name == "甲公司"
    new = html.split('name="seen" value="')[1].split('"')[0]
    sent(cast.weifen, f"{case.link}edit/", **given | {"seen": new})
    assert ExemptionCase.objects.get().party_name == "乙公司"


def test_an_edit_does_not_lose_the_officer_who_has_left_since(cast):
    case, (one, two) = recorded(cast.weifen), officers(cast.weifen.unit)
    Officer.objects.filter(pk=two.pk).update(standing=Officer.LEFT)
    offered = page(cast.weifen, f"{case.link}edit/")
    assert all(f'name="officers" value="{officer.pk}"' in offered for officer in (one, two))
    sent(cast.weifen, f"{case.link}edit/", **form_of(case.unit, conduct="没有标价签"))
    assert list(case.handlers.values_list("officer", flat=True)) == [one.pk, two.pk]
    assert "执法2" not in page(cast.weifen, f"{LIST}new/")


def test_an_item_corrected_on_the_spot_offers_today_as_the_deadline(cast):
    case = recorded(cast.weifen, item=item(cast.weifen.unit, correction_days=0))
    offered = page(cast.weifen, f"{case.link}order/")
    assert offered.count('value="2022-06-20"') == 2


def test_after_the_order_editing_leads_back_with_the_reason(cast):
    response = client_of(cast.weifen).get(f"{ordered(cast.weifen).link}edit/", follow=True)
    assert "登记的内容不能再改" in response.content.decode()


# the acts


def test_the_whole_way_of_a_case(cast):
    case = recorded(cast.weifen)
    at = case.link
    assert "还有免罚条件没有核对" in page(cast.weifen, at)
    sent(cast.weifen, f"{at}order/", ordered_on="2022-06-01", correct_by="2022-06-10", demands="补齐。")
    sent(cast.weifen, f"{at}promise/", promised_on="2022-06-01", text="三天内补齐。")
    assert "期限已过，请复查" in page(cast.weifen, at)
    sent(cast.weifen, f"{at}recheck/", rechecked_on="2022-06-10", result="in_time", findings="已补齐。")
    ticks = {f"met-{n}": "yes" for n in (1, 2, 3)} | {f"proof-{n}": "照片" for n in (1, 2, 3)}
    assert "已保存核对结果" in sent(cast.weifen, f"{at}conditions/", **ticks).content.decode()
    html = sent(cast.weifen, f"{at}check/", months="24").content.decode()
    assert "平台内未见记录" in html
    assert "已记录核实结论" in sent(cast.weifen, f"{at}confirm/", is_first="yes").content.decode()
    assert "免罚的各项要求都已具备" in page(cast.weifen, at)
    given = {"decision": "no_penalty", "decided_on": "2022-06-20", "education": "当面教育", "spared": "2000"}
    html = sent(cast.weifen, f"{at}decide/", **given).content.decode()
    assert "已登记决定" in html
    assert "蔚汾镇不罚决〔2022〕1号" in html
    assert (
        "已登记送达" in sent(cast.weifen, f"{at}serve/", served_on="2022-06-20", served_how="直接送达").content.decode()
    )
    assert "案件已办结" in page(cast.weifen, at)


def test_a_decision_before_the_recheck_is_said_and_what_was_typed_stays(cast):
    case = ordered(cast.weifen)
    response = sent(
        cast.weifen, f"{case.link}decide/", decision="no_penalty", decided_on="2022-06-20", education="教育"
    )
    assert "不能作出决定，没有重复办理" in response.content.decode()
    assert response.redirect_chain[-1][0] == case.link


def test_a_refused_decision_says_every_reason_and_keeps_the_words(cast):
    case = recorded(cast.weifen)
    given = {"decision": "no_penalty", "decided_on": "2022-05-01", "education": "已约谈负责人", "spared": "100"}
    html = sent(cast.weifen, f"{case.link}decide/", **given).content.decode()
    assert "还有免罚条件没有核对" in html
    assert "还没有改正情况" in html
    assert "已约谈负责人" in html
    case = ready(cast.weifen)
    html = sent(cast.weifen, f"{case.link}decide/", **given).content.decode()
    assert "日期不能早于复查日期（2022年6月8日）" in html


def test_a_second_click_is_a_plain_message(cast):
    case = ready(cast.weifen)
    given = {"decision": "no_penalty", "decided_on": "2022-06-20", "education": "教育", "spared": "0"}
    sent(cast.weifen, f"{case.link}decide/", **given)
    assert (
        "现在是“已决定”，不能作出决定，没有重复办理"
        in sent(cast.weifen, f"{case.link}decide/", **given).content.decode()
    )


def test_conditions_take_a_file_of_the_case_as_their_evidence(cast):
    case = recorded(cast.weifen)
    sent(cast.weifen, f"{case.link}files/", stage="inspection", files=[files.pdf("现场照片.pdf")])
    file = case.files.get()
    html = sent(
        cast.weifen, f"{case.link}conditions/", **{"met-1": "yes", "file-1": file.pk, "met-2": "x"}
    ).content.decode()
    assert "请在列表里选择" in html
    sent(
        cast.weifen, f"{case.link}conditions/", **{"met-1": "yes", "file-1": file.pk, "met-2": "open", "met-3": "open"}
    )
    assert case.conditions.get(position=1).file == file
    html = page(cast.weifen, case.link)
    assert f"/exemptions/case-files/{file.pk}/" in html


def test_a_check_without_the_officers_word_is_asked_for_and_months_must_be_a_number(cast):
    case = recorded(cast.weifen)
    assert "请先查询首违情况" in sent(cast.weifen, f"{case.link}confirm/", is_first="yes").content.decode()
    assert "请填写整数" in sent(cast.weifen, f"{case.link}check/", months="两年").content.decode()
    ordered(cast.scj)
    html = sent(cast.weifen, f"{case.link}check/", months="24").content.decode()
    assert "有疑似记录，请询县市场局" in html
    assert "请写明怎样核实的" in sent(cast.weifen, f"{case.link}confirm/", is_first="yes").content.decode()
    assert FirstOffenceCheck.objects.get().is_first is None


# files and papers


def test_files_are_taken_handed_out_and_taken_out_and_strangers_find_none(cast):
    case = ordered(cast.weifen)
    sent(cast.weifen, f"{case.link}files/", stage="inspection", files=[files.pdf("笔录.pdf")])
    assert "请先选择文件" in sent(cast.weifen, f"{case.link}files/", stage="inspection").content.decode()
    file = case.files.get()
    address = f"/exemptions/case-files/{file.pk}/"
    for user, status in ((cast.weifen, 200), (cast.sfj, 200), (cast.scj, 404), (cast.lingdao, 404)):
        response = client_of(user).get(address)
        assert response.status_code == status
        assert status == 404 or b"".join(response.streaming_content)
    assert client_of(cast.sfj).post(f"{address}remove/").status_code == 404
    assert AuditEntry.objects.filter(action="case_file.download").count() == 2
    sent(cast.weifen, f"{address}remove/")
    assert not case.files.exists()


def test_a_film_that_stays_with_the_unit_is_evidence_of_a_condition_and_is_struck_out_while_the_case_is_open(cast):
    case = recorded(cast.weifen)
    address = f"{case.link}elsewhere/"
    large = SimpleUploadedFile("笔录.pdf", files.PDF + b"\0" * uploads.DOCUMENT_LIMIT)
    refused = sent(cast.weifen, f"{case.link}files/", stage="other", files=[large]).content.decode()
    assert "点“登记留存的大文件”" in refused
    assert f'href="{address}"' in refused
    assert "请在列表里选择" in sent(cast.weifen, address, **FILLED, stage="x").content.decode()

    html = sent(cast.weifen, address, **FILLED, stage="inspection").content.decode()
    kept = case.files.get()
    assert DIGEST in html
    assert "没有重复登记" in sent(cast.weifen, address, **FILLED, stage="inspection").content.decode()
    answers = {"met-1": "yes", "file-1": kept.pk, "met-2": "open", "met-3": "open"}
    sent(cast.weifen, f"{case.link}conditions/", **answers)
    assert f"{kept}（留存本单位）" in page(cast.weifen, case.link)
    assert client_of(cast.weifen).get(f"/exemptions/case-files/{kept.pk}/").status_code == 404
    for stranger in (cast.scj, cast.sfj, cast.weifenld):
        assert client_of(stranger).post(address, FILLED | {"stage": "other"}).status_code == 404

    sent(cast.weifen, f"/exemptions/case-files/{kept.pk}/remove/")
    entries = AuditEntry.objects.filter(action__startswith="case_file.").order_by("pk").values_list("action", flat=True)
    assert (list(entries), case.files.count()) == (["case_file.keep_elsewhere", "case_file.remove"], 0)


def test_what_is_no_document_is_refused_with_its_reason(cast):
    case = recorded(cast.weifen)
    html = sent(cast.weifen, f"{case.link}files/", stage="other", files=[files.pdf("程序.exe")]).content.decode()
    assert "和扩展名不符" in html
    assert not case.files.exists()


def test_papers_open_in_word_and_only_when_there_are_such(cast):
    case = decided(cast.weifen)
    response = client_of(cast.weifen).get(f"{case.link}papers/decision/")
    assert "filename*=utf-8" in response["Content-Disposition"]
    said = [paragraph.text for paragraph in docx.Document(io.BytesIO(response.content)).paragraphs]
    assert "不予行政处罚决定书" in "".join(said)
    assert AuditEntry.objects.filter(action="case.export").count() == 1
    draft = recorded(cast.weifen)
    for slug in ("decision", "order", "nothing"):
        assert client_of(cast.weifen).get(f"{draft.link}papers/{slug}/").status_code == 404


# who sees what


def test_another_units_case_and_a_draft_before_the_bureau_are_not_there(cast):
    draft, known = recorded(cast.weifen), ordered(cast.weifen)
    for user, case, status in (
        (cast.scj, known, 404), (cast.sfj, draft, 404), (cast.sfj, known, 200), (cast.weifenld, draft, 200), (cast.lingdao, known, 404),
    ):  # fmt: skip
        assert client_of(user).get(case.link).status_code == status
    html = page(cast.sfj, known.link)
    assert "下一步" not in html
    for act in ("order", "decide", "void", "conditions", "edit", "check", "files"):
        assert client_of(cast.scj).post(f"{known.link}{act}/").status_code == 404
        assert client_of(cast.weifenld).post(f"{known.link}{act}/").status_code == 404


def test_a_void_case_says_so_and_offers_nothing(cast):
    case = deciding.make_void(ordered(cast.weifen), reason="当事人写错", by=cast.weifen, at=AT)
    html = page(cast.weifen, case.link)
    assert "作废的案件不出文书" in html
    assert "当事人写错" in html
    assert "蔚汾镇责改通〔2022〕1号（作废）" in html


# the list


def test_the_list_finds_by_words_state_kind_and_days(cast):
    one = ordered(cast.weifen, party_name="甲公司", credit_code=code(1))
    two = decided(cast.weifen, party_name="乙公司", credit_code=code(2), kind=Item.MINOR)
    void = deciding.make_void(decided(cast.weifen, party_name="丙公司"), reason="错", by=cast.weifen, at=AT)
    ExemptionCase.objects.filter(pk=two.pk).update(discovered_on=dt.date(2022, 5, 2))
    asked = {
        "": [one, void, two], "q=甲": [one], f"q={code(2)}": [two], "q=不罚决〔2022〕1": [two], "state=overdue": [one],
        "state=open": [one], "state=void": [void], "kind=minor": [two], "decision=forgiven": [two], "decision=eased": [],
        "days=decided&since=2022-06-20&until=2022-06-20": [two], "since=2022-05-03": [one, void], "until=2022-05-03": [two],
        "result=in_time": [two], "field=none": [one, void, two], "days=rechecked&since=2022-06-01": [two], "q=%27%3B DROP": [],
        "state=nonsense&kind=x&since=abc&field=y&unit=z": [one, void, two],
    }  # fmt: skip
    for question, rows in asked.items():
        html = page(cast.weifen, f"{LIST}?{question}")
        found = [row for row in (one, void, two) if f'href="{row.link}"' in html]
        assert found == rows, question


def test_long_searches_and_bad_pages_break_nothing(cast):
    ordered(cast.weifen)
    for question in ("q=" + "执" * 5000, "page=999", "page=abc", "unit=sfj", "q=%00"):
        assert client_of(cast.weifen).get(f"{LIST}?{question}").status_code == 200


def test_the_bureau_filters_by_unit(cast):
    one, two = ordered(cast.weifen), ordered(cast.scj)
    html = page(cast.sfj, LIST, unit="scj")
    assert two.link in html
    assert one.link not in html


def test_list_and_page_take_the_same_queries_with_one_and_with_many(cast, django_assert_num_queries):
    case = ready(cast.weifen)
    client = client_of(cast.weifen)
    for more in (0, 6):
        for number in range(more):
            ordered(cast.weifen, credit_code=code(number + 5))
            materials.attach(case, [files.pdf(f"{number}.pdf", mark=str(number))], stage="other", by=cast.weifen, at=AT)
        with django_assert_num_queries(8):
            client.get(LIST)
        with django_assert_num_queries(19):
            client.get(case.link)


def test_an_empty_list_leads_to_the_first_case(cast):
    assert "还没有登记案件" in page(cast.weifen, LIST)
    assert "还没有案件" in page(cast.sfj, LIST)
    assert "没有符合条件的案件" in page(cast.weifen, LIST, q="无")


# figures


def test_figures_lead_to_their_cases_for_who_may_read_them(cast):
    case = decided(cast.weifen)
    decided(cast.scj)
    html = page(cast.weifen, f"{LIST}figures/")
    link = "/exemptions/cases/?field=none&amp;kind=first&amp;state=decided&amp;days=decided&amp;since=2022-01-01&amp;until=2022-06-20&amp;decision=forgiven"
    assert f'<a href="{link}">1</a>' in html
    found = page(cast.weifen, link.replace("&amp;", "&"))
    assert case.link in found
    county = page(cast.lingdao, f"{LIST}figures/")
    assert "全县" in county
    assert "<dd>2 <small>件</small></dd>" in county
    assert "?field=" not in county
    assert "?field=" in page(cast.sfj, f"{LIST}figures/")


def test_figures_of_another_period_and_of_none(cast):
    decided(cast.weifen)
    assert "这段时间没有" in page(cast.weifen, f"{LIST}figures/", since="2022-01-01", until="2022-02-01")
    assert "日历上有的日期" in page(cast.weifen, f"{LIST}figures/", since="2022-13-01")


def test_who_files_for_two_units_records_for_the_one_chosen(cast):
    other = UnitFactory(township=True, short_name="另镇")
    person = account("liang", "两头跑", cast.weifen.unit, roles.LIAISON)
    person.role_grants.create(role=roles.LIAISON.slug, unit=other, granted_at=AT)
    client_of(person).post(f"{LIST}new/?unit={other.code}", form_of(other))
    assert ExemptionCase.objects.get().unit == other
    assert client_of(person).get(f"{LIST}new/?unit={cast.scj.unit.code}").status_code == 404
    assert JUNE_1 < JUNE_20


def test_the_publicity_of_a_decision_is_noted_on_a_page_of_its_own(cast):
    case = decided(cast.weifen)
    at = f"{case.link}publicity/"
    html = sent(cast.weifen, at, publicity="shown", on="2022-06-20", link="javascript:alert(1)").content.decode()
    assert "请填写完整的网页地址" in html
    assert 'value="javascript:alert(1)"' in html
    html = sent(cast.weifen, at, publicity="withheld", on="2022-06-20").content.decode()
    assert "请写明理由" in html
    html = sent(cast.weifen, at, publicity="shown", on="2022-06-20", link="https://www.example.org/1").content.decode()
    assert "已登记公示状态" in html
    assert '已公示　2022年6月20日　<a href="https://www.example.org/1"' in html
