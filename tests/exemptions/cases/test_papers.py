"""The papers as .docx, opened and read: what stands in them is what was recorded, and nothing of a void case."""

from __future__ import annotations

import io

import docx
import pytest

from exemptions import items, legal_bases
from exemptions.cases import correction, deciding, papers
from exemptions.cases.kinds import Decision
from exemptions.models import Item
from tests.exemptions.case_samples import AT, JUNE_1, code, decided, item, ordered, recorded

pytestmark = pytest.mark.django_db


def text(case, slug: str) -> str:
    document = docx.Document(io.BytesIO(papers.write(case, papers.BY_SLUG[slug])))
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def ready(case) -> list[str]:
    return [paper.slug for paper in papers.ready(case)]


def test_which_papers_a_case_has(cast):
    assert ready(recorded(cast.weifen)) == []
    assert ready(ordered(cast.weifen)) == ["order", "promise"]
    case = decided(cast.weifen)
    assert ready(case) == ["order", "promise", "decision"]
    assert ready(decided(cast.weifen, decision=Decision.LIGHTER)) == ["order", "promise"]
    assert ready(deciding.make_void(case, reason="错", by=cast.weifen, at=AT)) == []


def test_the_order_says_who_what_by_when_and_under_which_number(cast):
    listed = item(cast.weifen.unit)
    items.cite(listed, {Item.BROKEN: legal_bases.cited("《价格法》第十三条、第十四条")})
    case = ordered(cast.weifen, item=listed, party_address="蔚汾镇东关村12号")
    said = text(case, "order")
    for part in (
        "责令改正通知书", "蔚汾镇责改通〔2022〕1号", "兴县样例商贸有限公司：", code(1), "蔚汾镇东关村12号", "2022年6月1日", "货架上的商品没有标价。",
        "违反了《价格法》第十三条、第十四条的规定", "第二十八条第一款", "于2022年6月10日前改正", "补齐标价签。", "执法1（证号141123100-1）、执法2", "蔚汾镇人民政府",
        "行政复议", "当事人（签名或者盖章）",
    ):  # fmt: skip
        assert part in said, part
    assert "。。" not in said


def test_an_order_for_the_same_day_says_at_once(cast):
    assert "现责令你单位立即改正" in text(ordered(cast.weifen, correct_by=JUNE_1), "order")


def test_the_promise_holds_the_partys_words_or_such_as_fit(cast):
    case = ordered(cast.weifen)
    assert "承诺于2022年6月10日前改正" in text(case, "promise")
    correction.promise(case, promised_on=JUNE_1, text="保证三天内补齐。", by=cast.weifen, at=AT)
    said = text(case, "promise")
    assert "保证三天内补齐。" in said
    assert "逾期不改正的，依法立案查处" in said
    assert "承诺人（签名或者盖章）" in said


def test_the_decision_holds_conditions_with_evidence_education_and_remedy(cast):
    case = decided(cast.weifen)
    said = text(case, "decision")
    for part in (
        "不予行政处罚决定书", "蔚汾镇不罚决〔2022〕1号", "初次违法（现场照片）", "已在责令的期限内改正", "第三十三条第一款", "可以不予行政处罚",
        "决定对当事人不予行政处罚", "进行教育：当面教育。", "六十日内", "2022年6月20日",
    ):  # fmt: skip
        assert part in said, part


def test_a_natural_person_is_addressed_as_one_and_has_no_code(cast):
    said = text(ordered(cast.weifen, party_kind="person", party_name="张某", credit_code=""), "order")
    assert "发现你有下列行为" in said
    assert "统一社会信用代码" not in said


def test_no_fine_is_called_so(cast):
    said = text(decided(cast.weifen, decision=Decision.NO_FINE), "decision")
    assert "不予罚款决定书" in said
    assert "依法应当给予的其他处罚照常" in said


def test_a_rare_character_in_a_name_is_kept(cast):
    assert "圪垯上乡便民店" in text(ordered(cast.weifen, party_name="圪垯上乡便民店"), "order")
