"""The ledger and the figures of cases as workbooks: the rows of the screen, whose rows, formulas as text."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest

from exemptions.cases import deciding
from liaisons.models import Unit
from tests.cast import client_of
from tests.exemptions.case_samples import AT, JUNE_1, JUNE_10, JUNE_20, code, decided, item, ordered, recorded
from tests.reform.workbooks.taking import below_heads, data, rows
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.keyed_digest import digest

LEDGER, FIGURES, ANNEX = "exemption-cases", "exemption-figures", "exemption-lists"


@pytest.fixture(autouse=True)
def _held(db):
    clock.start_demo(AT)


def test_a_row_of_the_ledger_holds_the_whole_case(cast):
    decided(cast.weifen)
    (row,) = below_heads(rows(cast.weifen, LEDGER), "序号")
    assert row == [
        1, "2022-001", "蔚汾镇", "兴县样例商贸有限公司", code(1), JUNE_1, "货架上的商品没有标价。", "未列入清单，直接适用第三十三条", "首违不罚",
        "平台内未见记录；确认是初次", "执法1（141123100-1）、执法2（141123100-2）", "蔚汾镇责改通〔2022〕1号", JUNE_10, dt.date(2022, 6, 8),
        "已按期改正", "不予行政处罚", "蔚汾镇不罚决〔2022〕1号", JUNE_20, 2000, "当面教育", "未登记", "已决定",
    ]  # fmt: skip


def test_the_rows_are_those_of_the_list_for_the_same_question(cast):
    ordered(cast.weifen, party_name="甲公司")
    decided(cast.weifen, credit_code=code(2))
    for query in ({}, {"state": "overdue"}, {"q": "甲"}, {"since": "2022-06-02"}):
        html = client_of(cast.weifen).get("/exemptions/cases/", query).content.decode()
        listed = html.count('<th scope="row"><a href="/exemptions/cases/')
        read = rows(cast.weifen, LEDGER, **query)
        assert (len(below_heads(read, "序号")), f"共 {listed} 行" in read[1][0]) == (listed, True), query
    assert "筛选：逾期未复查" in rows(cast.weifen, LEDGER, state="overdue")[1][0]


def test_the_words_searched_for_may_name_somebody_and_stand_in_the_trail_as_a_digest(cast):
    decided(cast.weifen)
    rows(cast.weifen, LEDGER, q="李某某", state="decided", until="2" * 300)
    asked = AuditEntry.objects.get(action="export.take").after["asked"]
    assert asked == {"q": digest("李某某"), "state": "decided", "until": "2" * 100}


def test_whose_cases_go_out(cast):
    recorded(cast.weifen)
    ordered(cast.scj)
    units = {
        user.username: [row[2] for row in below_heads(rows(user, LEDGER), "序号")]
        for user in (cast.weifen, cast.scj, cast.sfj)
    }
    assert units == {"weifen": ["蔚汾镇"], "scj": ["县市场局"], "sfj": ["县市场局"]}
    for user in (cast.lingdao, cast.admin, cast.audit, cast.pingcha):
        assert client_of(user).get(f"/exports/{LEDGER}/").status_code == 404


def test_what_looks_like_a_formula_stays_text_and_a_void_number_says_so(cast):
    case = decided(cast.weifen, party_name="=HYPERLINK(1)")
    deciding.make_void(case, reason="错", by=cast.weifen, at=AT)
    (row,) = below_heads(rows(cast.weifen, LEDGER), "序号")
    assert row[3] == "=HYPERLINK(1)"
    assert row[16] == "蔚汾镇不罚决〔2022〕1号（作废）"


def test_the_ledger_takes_the_same_queries_with_one_and_with_many(cast, django_assert_num_queries):
    for number in (1, 6):
        for place in range(number):
            decided(cast.weifen, credit_code=code(number * 10 + place))
        client = client_of(cast.weifen)
        with django_assert_num_queries(15):
            assert client.get(f"/exports/{LEDGER}/").status_code == 200


def test_the_figures_add_up(cast):
    decided(cast.weifen)
    decided(cast.scj)
    assert [row[0] for row in below_heads(rows(cast.sfj, FIGURES), "领域")] == ["未定领域", "合计"]
    line, total = below_heads(rows(cast.weifen, FIGURES), "领域")
    assert line[1:] == ["首违不罚", 1, 2000, 0, 0, 1, 1, line[8]]
    assert total[2:4] == [1, 2000]


def test_all_lists_go_out_whatever_a_unit_is_called(cast):
    item(cast.weifen.unit)
    item(cast.scj.unit)
    Unit.objects.filter(pk=cast.scj.unit.pk).update(short_name="市场/药监[合署]")
    book = openpyxl.load_workbook(io.BytesIO(data(cast.sfj, ANNEX)))
    assert book.sheetnames == ["蔚汾镇", "市场 药监 合署 "]
