"""Citations and conditions as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from exemptions import citations, legal_bases
from exemptions.condition_words import read, several
from exemptions.models import Condition as C
from exemptions.models import LegalBasis, Provisions
from tests.exemptions.factories import BasisFactory
from xingxian_portal.foundation.refusal import Refused


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("《食品安全法》第一百二十四条第一款第五项", ("食品安全法", "第一百二十四条", "第一款", "第五项", "")),
        ("食品安全法第124条第1款第（五）项", ("食品安全法", "第一百二十四条", "第一款", "第五项", "")),
        ("食品安全法34条10项", ("食品安全法", "第三十四条", "", "第十项", "")),
        ("《 种子法 》（2022-03-01施行）第七十九条第二项", ("种子法", "第七十九条", "", "第二项", "2022-03-01")),
        ("价格法第42条", ("价格法", "第四十二条", "", "", "")),
        ("刑法第一百二十条之一", ("刑法", "第一百二十条之一", "", "", "")),
    ],
)
def test_a_citation_is_read_however_it_is_written(text, kept):
    (found,) = citations.read_all(text)
    assert (found.statute, found.article, found.paragraph, found.clause, found.version) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("《甲法》第一条、《乙法》第二条", ["《甲法》第一条", "《乙法》第二条"]),
        ("食品安全法第34条第10项、第124条第1款第5项", ["《食品安全法》第三十四条第十项、第一百二十四条第一款第五项"]),
        (
            "《甲法》（2021-07-15）第三条第一款第（一）、（二）项；第二款",
            ["《甲法》第三条第一款第一项、第三条第一款第二项、第三条第二款"],
        ),
        ("《房屋建筑和市政管理规定》第五条和第六条", ["《房屋建筑和市政管理规定》第五条、第六条"]),
        (
            "《禁止、限制使用规定》第二条\n《甲法》第一条，《甲法》第一条",
            ["《禁止、限制使用规定》第二条", "《甲法》第一条"],
        ),
        ("《甲法》第一条。", ["《甲法》第一条"]),
        ("", []),
    ],
)
@pytest.mark.django_db
def test_several_provisions_stand_in_one_place(text, kept):
    found = legal_bases.cited(text)
    assert str(found) == "、".join(kept)
    assert legal_bases.cited(legal_bases.words_of(found)) == found


def test_a_provision_that_follows_keeps_statute_and_version():
    first, second = citations.read_all("《种子法》（2022-03-01）第七十九条第一项、第二项")
    assert (first.version, second.version, second.article, second.clause) == (
        "2022-03-01", "2022-03-01", "第七十九条", "第二项"
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "食品安全法", "第三十三条", "见附件", "《甲法》第一条、见附件", "、", "法" * 90 + "第一条", "《甲法》第一条；" + "法" * 10_000,
        "；".join(f"《甲法》第{n}条" for n in range(1, 12)), "《甲法》第12345条", "《甲法》第一条第99999项", "《甲法》第" + "一二三" * 7 + "条",
        "《甲法》第一条、第" + "一二三" * 7 + "项",
    ],
)  # fmt: skip
def test_what_is_no_citation_is_refused_with_an_example(text):
    with pytest.raises(Refused):
        citations.read_all(text)


def test_numbers_become_chinese_figures():
    assert [citations.chinese(n) for n in ("1", "10", "12", "20", "101", "110", "1005", "第")] == [
        "一", "十", "十二", "二十", "一百零一", "一百一十", "一千零五", "第"
    ]  # fmt: skip


@pytest.mark.django_db
def test_without_a_version_the_one_in_force_is_meant():
    old = BasisFactory(
        statute="种子法", article="第八十条", version="2016-01-01", status="amended", changed_on="2022-03-01"
    )
    new = BasisFactory(statute="种子法", article="第八十条", version="2022-03-01")
    assert legal_bases.cited("种子法第80条") == (new,)
    assert legal_bases.cited("种子法（2016-01-01）第80条") == (old,)
    assert legal_bases.cited(" ") == ()
    assert legal_bases.cited(legal_bases.words_of(Provisions([old]))) == (old,)
    assert legal_bases.cited("新法第一条") == (LegalBasis.objects.get(statute="新法"),)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("2年内没有同类违法行为", C.LOOKBACK, 24), ("半年内首次违法", C.LOOKBACK, 6), ("12个月内首次违法", C.LOOKBACK, 12),
        ("货值不超过500元", C.VALUE, 500), ("货值金额1.5万元以下", C.VALUE, 15000), ("占用面积不超过5㎡", C.AREA, 5),
        ("5个工作日内完成备案", C.DAYS, 5), ("没有造成危害后果", C.CONSEQUENCE, None), ("不是主观故意", C.INTENT, None),
        ("配合执法", C.OTHER, None), ("首次被发现", C.LOOKBACK, None),
        ("货值不超过9999999999元", C.VALUE, 9999999999), ("货值不超过10000000000元", C.VALUE, None), ("货值不超过1" + "0" * 30 + "万元", C.VALUE, None),
    ],
)  # fmt: skip
def test_kind_and_value_of_a_condition_are_read_from_its_words(text, kind, value):
    found = read(text)
    assert (found.kind, found.value) == (kind, None if value is None else Decimal(value))


def test_one_cell_holds_several_conditions():
    assert [c.text for c in several("1.首次违法；2.及时改正。\n（3）货值不超过1.5万元")] == [
        "首次违法",
        "及时改正",
        "货值不超过1.5万元",
    ]
