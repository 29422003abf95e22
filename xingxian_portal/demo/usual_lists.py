"""Lists of the demo that take the usual course: every unit that owes one drafts it, files it, has it recorded, publishes.

A list is the duty (`reform.done_elsewhere`), so what would be a text for another duty is an edition here. Statutes and
articles are of the time and unconfirmed (待核实), conditions are invented.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from exemptions import editions, items, publication, recording
from exemptions.condition_words import several
from exemptions.models import Edition, ExemptionList, Item
from liaisons.models import Unit, User
from reform.models import Obligation
from xingxian_portal.demo import words
from xingxian_portal.foundation import clock

KINDS = dict(ExemptionList.FILED_KINDS)
OF_TOWNSHIPS = ("urban", "transport", "culture")
CONDITIONS = "12个月内首次违法；在期限内改正；没有造成危害后果"
# What the departments without examples of their field put on their lists.
OWN = {
    "zrzyj": [("未按规定报告土地损毁情况", "《土地复垦条例》第四十一条")],
    "wtj": [("未按规定公示公共场所卫生许可证和卫生信誉度等级", "《公共场所卫生管理条例实施细则》第三十七条")],
    "rsj": [("人力资源服务机构未明示营业执照、服务项目和收费标准", "《人力资源市场暂行条例》第四十四条"),
            ("人力资源服务机构未按规定建立服务台账", "《人力资源市场暂行条例》第四十四条")],
    "gaj": [("旅馆业工作人员对住宿的旅客不按规定登记", "《治安管理处罚法》第五十六条第一款")],
    "jkj": [("民办学校未按规定公示收费项目和标准", "《民办教育促进法实施条例》第六十三条")],
    "mzj": [("社会团体不按规定办理变更登记", "《社会团体登记管理条例》第三十条第一款第四项")],
    "slj": [("取水计量设施运行不正常", "《取水许可和水资源费征收管理条例》第五十三条第二款")],
    "lyj": [("未按规定建立、保存林木种子生产经营档案", "《种子法》第七十九条第四项")],
    "nyj": [("重点用能单位未按规定报送能源利用状况报告", "《节约能源法》第八十二条")],
    "fgj": [("粮食经营者未建立粮食经营台账", "《粮食流通管理条例》第四十五条第一款第三项")],
    "tjj": [("企业迟报统计资料", "《统计法》第四十二条")],
    "ybj": [("定点医药机构没有专门人员负责医疗保障基金使用管理", "《医疗保障基金使用监督管理条例》第三十九条")],
    "xfdd": [("消防安全标志设置不符合标准", "《消防法》第六十条第一款第一项")],
    "ycj": [("零售户偶有未在当地烟草专卖批发企业进货", "《烟草专卖法实施条例》第五十六条")],
}  # fmt: skip


def is_one(row: Obligation) -> bool:
    """Say whether the duty is done by a list."""
    return row.milestone.deliverable in KINDS


def file(row: Obligation, *, by: User, at: dt.datetime) -> None:
    """Draft the unit's list and file it."""
    kind = row.milestone.deliverable
    edition = editions.begin(row.unit, kind, by=by, at=at)
    if kind == ExemptionList.EXEMPTION:
        _fill(edition, row.unit, by=by, at=at)
    else:
        editions.attach(edition, words.list_document(row.unit.name, KINDS[kind], at.date()), by=by, at=at)
        editions.write_head(edition, by=by, at=at, stated_count=12 + row.unit.position % 40)
    editions.file(edition, by=by, at=at)


def _fill(edition: Edition, unit: Unit, *, by: User, at: dt.datetime) -> None:
    editions.write_head(edition, by=by, at=at, lookback_months=12, lookback_scope="本县范围内同类违法行为")
    for conduct, penalty in OWN.get(unit.code, []):
        items.add(edition, by=by, at=at, conditions=several(CONDITIONS), **_written(conduct, penalty, unit))
    if unit.kind == Unit.TOWNSHIP:
        known = items.examples().filter(field__code__in=OF_TOWNSHIPS).values_list("pk", flat=True)
        items.take_over(edition, list(known)[unit.position % 4 :][:3], by=by, at=at)


def _written(conduct: str, penalty: str, unit: Unit) -> dict[str, Any]:
    return {
        "conduct": conduct, "kind": Item.FIRST, "penalty": penalty, "penalty_rule": Item.MAY, "correction_days": 10,
        "measures": ["order", "education"], "authority": unit.name,
    }  # fmt: skip


def accept(row: Obligation, *, by: User, at: dt.datetime) -> None:
    """准予备案 by `by`, and the unit publishes the same day."""
    rows = Edition.objects.filter(exemption_list__unit=row.unit, exemption_list__kind=row.milestone.deliverable)
    edition = recording.record(rows.latest("number"), by=by, number=recording.next_number(at.year), at=at)
    assert edition.filed_by
    publication.publish(edition, by=edition.filed_by, effective_from=clock.local_date(at), at=at)
