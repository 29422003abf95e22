"""What the demo's units write: invented texts, values and workbooks."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import random

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from reform.models import DataItem, Milestone, Obligation
from xingxian_portal.foundation.kept_elsewhere import Details

BY_MILESTONE = {
    "211-agencies": ["机构“三定”规定已印发，综合行政执法机构挂牌运行。", "“三定”规定经县委编委会审定印发，机构组建到位。"],
    "211-staffing": ["人员已全部到岗，岗位职责已明确并上墙。", "划转人员手续办结，已到岗开展工作。"],
    "212-training": ["与县委党校联合举办行政执法专题培训1期，各单位执法骨干参加，现场测试合格率98%。"],
    "212-supervision": ["在市场监管、农业领域抽查6个单位，发现问题11个，已发整改通知。"],
    "212-work-plan": ["印发工作方案，明确时间表、责任人，任务上墙。", "成立专班，倒排工期，逐项列出完成时限。"],
    "212-pilots": ["试点任务完成，形成“一支队伍管执法”工作流程。", "综合执法队与派出所、市场所建立联合巡查机制。"],
    "213-item-list": ["对照法律法规立改废释情况调整事项清单，已报备案。", "新增3项、取消2项、修改5项，清单已报送备案。"],
    "213-training": ["举办执法专业知识培训1期，邀请法律顾问授课。"],
    "213-collective-discussion": ["印发重大行政处罚集体讨论制度，聘请法律顾问2名。", "明确集体讨论的范围、程序和记录要求。"],
    "213-discretion": ["裁量基准已细化为较轻、一般、较重三档，并在政府网站公布。"],
    "213-coordination": ["与各乡镇签订执法协作协议，明确日常监管和案件移送流程。"],
    "214-agency-set-up": ["办公用房已交付，机构挂牌，电脑、打印机、执法记录仪到位。", "举行挂牌仪式，执法人员和设备配备到位。"],
    "214-registration": ["机构信息已核对，按要求报备。"],
    "214-support": ["落实办公设备购置经费，执法车辆保障方案已报县政府。"],
    "221-exemption-list": ["梳理包容免罚事项并公布，已报备案。", "对照上级清单梳理本领域免罚事项，经集体讨论后公布。"],
    "222-pilots": ["确定3个试点单位，制定包容审慎监管试点方案。"],
    "33-liaison": ["已确定分管领导和联络员，名单已报送。"],
}  # fmt: skip
PROGRESS = [
    "召开专题推进会，逐项对照任务清单部署落实。", "按计划推进，已完成阶段性任务。", "组织执法人员集中学习行政处罚法和柔性执法要求。",
    "深入12户企业走访，宣讲包容免罚政策。", "对轻微违法行为以批评教育、责令改正为主，未发生投诉。", "完善工作台账，做到执法全过程留痕。",
    "与相关部门召开联席会议1次，理顺协作流程。", "开展自查自纠，发现的问题已立行立改。",
]  # fmt: skip
PROBLEMS = [
    ("141123103", "214", "办公用房产权手续未办结，交付推迟，请协调县财政局和住建局。"),
    ("141123208", "214", "执法记录仪采购资金尚未到位，请协调县财政局。"),
    ("wlj", "213", "与乡镇的执法权限划分不够清楚，请协调县委编办明确。"),
]


def text_for(milestone: Milestone, rng: random.Random) -> str:
    """Give a text that fits the milestone."""
    return rng.choice(BY_MILESTONE.get(milestone.code, PROGRESS))


def value_for(item: DataItem, on: dt.date, rng: random.Random) -> str:
    """Give a plausible value for a data item."""
    if item.kind == DataItem.COUNT:
        return str(rng.randint(20, 60) if item.measure == "人" else rng.randint(1, 6))
    if item.kind == DataItem.AMOUNT:
        return str(rng.randint(5, 80))
    if item.kind == DataItem.DATE:
        return on.isoformat()
    if item.kind == DataItem.CHOICE:
        return rng.choice(item.choices)
    return "是" if item.kind == DataItem.YES_NO else "见工作情况"


def workbook_for(obligation: Obligation, on: dt.date) -> SimpleUploadedFile:
    """Give a small real workbook to hand in as evidence."""
    book = Workbook()
    sheet = book.active
    sheet.append([f"{obligation.unit.short_name}　{obligation.milestone.title}情况表"])
    sheet.append(["序号", "内容", "完成时间", "备注"])
    sheet.append([1, obligation.milestone.title, on.isoformat(), "演示数据"])
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile(f"{obligation.milestone.title}情况表.xlsx", out.getvalue())


def list_document(unit: str, kind: str, on: dt.date) -> SimpleUploadedFile:
    """Give a small real workbook as the document of a list that is not kept item by item."""
    book = Workbook()
    sheet = book.active
    for row in (
        [f"{unit}{kind}（演示数据）"],
        ["日期", on.isoformat()],
        ["序号", "事项", "依据"],
        [1, "示例事项", "待核实"],
    ):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile(f"{kind}.xlsx", out.getvalue())


def inspection_sheet(conduct: str, on: dt.date) -> SimpleUploadedFile:
    """Give a small real workbook as the record of an inspection."""
    book = Workbook()
    sheet = book.active
    for row in (["现场检查记录（演示数据）"], ["检查日期", on.isoformat()], ["检查情况", conduct]):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("现场检查记录.xlsx", out.getvalue())


def film_kept_elsewhere(number: int, on: dt.date) -> Details:
    """Give the record of a film of a recheck that is too large for the portal and stays with the unit."""
    name = f"{on.month}月{on.day}日复查全程录像.mp4"
    return Details(
        original_name=name, place="综合执法队档案柜执法记录仪硬盘", keeper="综合执法队内勤", size=(300 + 37 * number) * 1024**2,
        sha256=hashlib.sha256(f"演示数据 {number} {name}".encode()).hexdigest(), kept_on=on,
    )  # fmt: skip
