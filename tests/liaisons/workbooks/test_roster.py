"""联络员名单 as the annex has it."""

import datetime as dt

from liaisons import appointments
from tests.factories import moment
from tests.reform.workbooks.taking import below_heads, data, rows
from tests.xingxian_portal.foundation.workbook.reading import values
from xingxian_portal.foundation.audit import AuditEntry

AT = moment(dt.date(2022, 4, 14))
ANNEX = ["单位名称", "分管领导", "联系方式", "联络员", "联系方式"]


def staff(cast):
    for unit, post, name in ((cast.weifen.unit, "leader", "=1+1"), (cast.weifen.unit, "liaison", "刘样例")):
        appointments.appoint(unit, post, name=name, phone="138 0000 0001", by=cast.sfj, at=AT)


def test_the_annex_has_its_title_and_exactly_its_five_columns(cast):
    staff(cast)
    read = rows(cast.sfj, "roster")
    assert (read[0][0], read[1][0]) == ("附件", "推行柔性执法相关工作联络员名单")
    assert read[3] == ANNEX
    assert ["蔚汾镇人民政府", "=1+1", "138****0001", "刘样例", "138****0001"] in below_heads(read, "单位名称")


def test_whole_numbers_go_out_to_whom_they_may_on_purpose_and_are_kept_in_the_trail(cast):
    staff(cast)
    in_full = values(data(cast.sfj, "roster", post=True, in_full="1"))
    assert "13800000001" in {cell for row in in_full for cell in row}
    assert AuditEntry.objects.get(action="phones.see").after["units"] == 2
    assert AuditEntry.objects.get(action="export.take").after["in_full"] is True


def test_neither_a_link_nor_the_system_administrator_gets_whole_numbers(cast):
    staff(cast)
    for read in (rows(cast.sfj, "roster", in_full="1"), values(data(cast.admin, "roster", post=True, in_full="1"))):
        assert "138****0001" in {cell for row in read for cell in row}
        assert "13800000001" not in {cell for row in read for cell in row}
    assert not AuditEntry.objects.filter(action="phones.see").exists()


def test_a_unit_gets_its_own_line_alone(cast):
    staff(cast)
    assert [row[0] for row in below_heads(rows(cast.scj, "roster"), "单位名称")][:1] == ["县市场监督管理局"]
