"""免罚案件 and 监管试点 of the demo: some thirty invented cases in every state, each led through its verbs.

An item of the unit's list is taken where one in force on the day fits; until its list is published, and for what does
not stand on it, a unit applies 第三十三条 itself, as the law allows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from stdnum.cn import uscc

from exemptions import pilots
from exemptions.cases import conditions, correction, deciding, first_offence, items, materials, recording
from exemptions.cases.conditions import Tick
from exemptions.cases.facts import Record
from exemptions.cases.kinds import Decision, Publicity
from exemptions.models import ExemptionCase, Item
from liaisons import officers
from liaisons.models import EnforcementField, Officer, Unit
from xingxian_portal.demo import people, words
from xingxian_portal.foundation import clock

DRAFT, CORRECTING, RECHECKED, FORGIVEN, NO_FINE, LIGHTER, TRANSFERRED, VOID = range(8)
DECISIONS = {
    FORGIVEN: Decision.NO_PENALTY, NO_FINE: Decision.NO_FINE, LIGHTER: Decision.LIGHTER, TRANSFERRED: Decision.TRANSFER,
    VOID: Decision.NO_PENALTY,
}  # fmt: skip
WEIFEN, WATANG = "141123100", "141123102"
MINOR, FIRST, NO_FAULT = Item.MINOR, Item.FIRST, Item.NO_FAULT


@dataclass(frozen=True)
class Told:
    """One case of the story: of whom and what, how far it has come, and how many days it was given."""

    unit: str
    party: str
    conduct: str
    field: str
    kind: str
    found_on: tuple[int, int]
    end: int
    days: int = 7
    fine: tuple[int, int] = (0, 0)
    person: bool = False
    party_number: int = 0  # the same number in two cases is the same party
    item: str = ""  # how the conduct is called on the unit's list of that day; "" where the list does not have it


CASES = [
    Told("scj", "兴县东关便利店", "在售面包2袋超过保质期，货值11元，已当场下架。", "market", FIRST, (4, 20), FORGIVEN, 3, (500, 5000)),
    Told("scj", "兴县老味道面馆", "食品经营许可证届满18天未延续，经营条件符合要求。", "market", FIRST, (4, 26), FORGIVEN, 10, (2000, 20000)),
    Told("scj", "兴县恒信五金经销部", "营业执照没有置于住所醒目位置。", "market", MINOR, (5, 6), FORGIVEN, 1, (0, 3000)),
    Told("scj", "兴县惠民粮油店", "三种散装食品没有明码标价。", "market", MINOR, (5, 12), FORGIVEN, 3, (0, 5000)),
    Told("scj", "兴县金叶副食超市", "购进的预包装食品标签有瑕疵，供货者资料齐全。", "market", NO_FAULT, (5, 18), FORGIVEN, 5, (0, 2000)),
    Told("scj", "兴县学府文具店", "住所变更后没有办理变更登记。", "market", MINOR, (5, 25), LIGHTER, 5, (1000, 10000), item="登记事项发生变更"),
    Told("scj", "兴县顺达电动车行", "广告牌使用“最优惠”字样。", "market", FIRST, (5, 30), TRANSFERRED, 5, (2000, 50000)),
    Told("scj", "兴县东关便利店", "冷藏柜温度记录缺两天。", "market", FIRST, (6, 7), RECHECKED, 7, (500, 5000), party_number=1, item="过程控制不符合"),
    Told("scj", "兴县鑫源建材商行", "电子秤超过检定周期9天。", "market", FIRST, (6, 16), CORRECTING, 7, item="使用超过检定周期"),
    Told("scj", "兴县佳佳母婴店", "价签与商品不对应3处。", "market", MINOR, (6, 16), CORRECTING, 7, item="未按规定明码标价"),
    Told(WEIFEN, "蔚汾镇好又多超市", "占道摆放促销台，面积3平方米。", "urban", FIRST, (5, 9), FORGIVEN, 1, (200, 1000)),
    Told(WEIFEN, "李某", "在巷口堆放建筑垃圾约1方，当天清走。", "urban", FIRST, (5, 16), FORGIVEN, 2, (100, 500), person=True),
    Told(WEIFEN, "蔚汾镇宏源洗车行", "没有排水许可，洗车污水排入雨水管网。", "urban", FIRST, (5, 24), FORGIVEN, 5, (500, 2000), item="未取得污水排入排水管网许可证"),
    Told(WEIFEN, "蔚汾镇晋香烧烤店", "露天烧烤占用人行道。", "urban", FIRST, (5, 26), NO_FINE, 3, (200, 2000), item="擅自占用城市道路"),
    Told(WEIFEN, "蔚汾镇顺通货运部", "车辆装载沙土遗洒路面约20米。", "transport", FIRST, (6, 1), VOID, 3, (200, 2000), item="遗洒"),
    Told(WEIFEN, "蔚汾镇顺通货运部", "车辆装载沙土遗洒路面约20米，已清扫。", "transport", FIRST, (6, 2), FORGIVEN, 3, (200, 2000), party_number=15, item="遗洒"),
    Told(WEIFEN, "蔚汾镇益民药房", "门店外灯箱遮挡消防标志。", "emergency", MINOR, (6, 8), CORRECTING, 7),
    Told(WEIFEN, "蔚汾镇好又多超市", "再次占道摆放促销台，面积4平方米。", "urban", FIRST, (6, 9), RECHECKED, 5, (200, 1000), party_number=11, item="擅自占用城市道路"),
    Told(WEIFEN, "蔚汾镇祥和饭店", "后厨油烟净化设施没有按期清洗。", "environment", MINOR, (6, 14), CORRECTING, 7),
    Told(WEIFEN, "蔚汾镇农机配件店", "店门口堆放轮胎约6平方米。", "urban", FIRST, (6, 17), DRAFT, item="擅自占用城市道路"),
    Told("jtj", "兴县远通运输队", "没有随车携带营运证。", "transport", FIRST, (6, 1), FORGIVEN, 1, (20, 200), item="不按规定携带车辆营运证"),
    Told("jtj", "兴县安达客运站", "发车班次公示没有及时更新。", "transport", MINOR, (5, 24), FORGIVEN, 3, (0, 1000)),
    Told("jtj", "兴县鸿运物流有限公司", "装载物篷布破损，有少量遗洒。", "transport", FIRST, (6, 13), CORRECTING, 7, (200, 2000), item="遗洒"),
    Told("sthjj", "兴县福祥石料厂", "物料堆存没有完全覆盖，面积约80平方米。", "environment", FIRST, (5, 27), FORGIVEN, 7, (10000, 100000), item="物料堆存"),
    Told("sthjj", "兴县清源汽修厂", "危险废物贮存间标志缺失一处，年产生量0.6吨。", "environment", MINOR, (6, 6), RECHECKED, 5, (100000, 1000000), item="危险废物识别标志"),
    Told("wlj", "兴县星空娱乐城", "一名从业人员没有佩戴工作标志。", "culture", MINOR, (5, 19), FORGIVEN, 1, item="佩戴工作标志"),
    Told("wlj", "兴县星光歌厅", "没有悬挂未成年人禁入标志，当场悬挂。", "culture", MINOR, (6, 16), DRAFT, item="未成年人禁入标志"),
    Told("nyncj", "兴县丰收种子门市部", "两种种子标签缺使用说明。", "agriculture", FIRST, (5, 23), FORGIVEN, 7, (2000, 20000), item="种子没有使用说明"),
    Told("yjj", "兴县永兴加油站", "安全生产教育培训记录缺一次签字。", "emergency", MINOR, (6, 9), CORRECTING, 14, (0, 100000)),
    Told(WATANG, "瓦塘镇便民百货店", "消防通道临时堆放货物。", "emergency", FIRST, (6, 15), CORRECTING, 3),
    Told(WATANG, "瓦塘镇兴旺砂石厂", "运输道路没有洒水抑尘。", "environment", FIRST, (5, 20), TRANSFERRED, 5, (10000, 100000)),
]  # fmt: skip
PILOTS = [
    ("scj", "东关商业街", "market", "对首次发现的轻微问题发提醒卡，七日内改正的不予处罚；每季度回访。"),
    ("scj", "县城餐饮业", "market", "开业三个月内只指导不处罚，建立一店一档。"),
    ("scj", "蔡家崖乡旅游商户", "market", "旺季前上门体检，问题清单限期整改。"),
    ("jtj", "县际客运班线", "transport", "轻微违法先告知承诺，复查合格的免罚。"),
]
PROGRESS = [(5, 20, "走访商户36户，发提醒卡9张，均已改正。"), (6, 10, "开展回访，没有发现重复问题；整理典型做法2条。")]
OFFICERS = ["范建国", "任秀丽", "牛志强"]  # the last one's certificate has lapsed


def _day(month: int, day: int) -> dt.date:
    return dt.date(2022, month, day)


def code(number: int) -> str:
    """Give an invented 统一社会信用代码 with its check digit."""
    digits = f"92141123{number:09}"
    return digits + uscc.calc_check_digit(digits)


Add = Callable[[dt.datetime, Callable[[dt.datetime], Any]], None]


def tell(add: Add, everybody: people.People, moment: Callable[..., dt.datetime]) -> None:
    """Put every act into the story by `add`."""
    cases = Cases(everybody)
    add(moment(_day(4, 15), 9), cases.enter_officers)
    for number, told in enumerate(CASES, 1):
        found = _day(*told.found_on)
        rechecked, last = found + dt.timedelta(days=told.days), found + dt.timedelta(days=told.days + 1)
        add(moment(found, 11, number % 60), partial(cases.record, number, told))
        if told.end == DRAFT:
            continue
        add(moment(found, 16, number % 60), partial(cases.order, number, told))
        if told.end == CORRECTING:
            continue
        add(moment(rechecked, 10, number % 60), partial(cases.recheck, number, told))
        if told.end != RECHECKED:
            add(moment(last, 15, number % 60), partial(cases.decide, number, told))
    for unit, site, field, plan in PILOTS:
        add(moment(_day(5, 5), 10), partial(cases.lay_pilot, unit, site, field, plan))
    for month, day, text in PROGRESS:
        add(moment(_day(month, day), 17), partial(cases.note_progress, text))


class Cases:
    """The cases of the story by their number, and who works on them."""

    def __init__(self, everybody: people.People) -> None:
        self.people = everybody
        self.made: dict[int, ExemptionCase] = {}

    def enter_officers(self, at: dt.datetime) -> None:
        """Enter three officers of each unit of the story."""
        for place, unit in enumerate(sorted({told.unit for told in CASES})):
            for number, name in enumerate(OFFICERS):
                until = _day(5, 31) if number == len(OFFICERS) - 1 else dt.date(2025, 6, 30)
                officers.enter(
                    Unit.objects.get(code=unit), by=self.people.contacts[unit], at=at, name=name, field=None,
                    certificate=f"晋J{place:02}{number + 1:03}", valid_until=until, standing=Officer.SERVING,
                )  # fmt: skip

    def record(self, number: int, told: Told, at: dt.datetime) -> None:
        """Record the case, with a sheet of the inspection."""
        unit, by, day = Unit.objects.get(code=told.unit), self.people.contacts[told.unit], clock.local_date(at)
        item = items.in_force_on(unit, day).get(conduct__contains=told.item) if told.item else None
        named = list(Officer.objects.filter(unit=unit).order_by("pk"))
        facts = Record(
            party_kind="person" if told.person else "trader", party_name=told.party,
            credit_code="" if told.person else code(told.party_number or number), discovered_on=day, conduct=told.conduct,
            kind=told.kind, item=item, direct_reason="" if item else "清单没有列入，情节轻微，符合第三十三条。",
            field=EnforcementField.objects.get(code=told.field), fine_from=Decimal(told.fine[0]), fine_to=Decimal(told.fine[1]),
        )  # fmt: skip
        pair = named[1:] if number % 7 == 0 else named[:2]
        case = self.made[number] = recording.record(unit, facts, officers=pair, by=by, at=at)
        if number % 4 == 0:
            materials.attach(case, [words.inspection_sheet(told.conduct, day)], stage="inspection", by=by, at=at)

    def order(self, number: int, told: Told, at: dt.datetime) -> None:
        """Order the correction, with the party's promise."""
        case, by, day = self.made[number], self.people.contacts[told.unit], clock.local_date(at)
        correct_by = day + dt.timedelta(days=told.days)
        correction.order(
            case, ordered_on=day, correct_by=correct_by, demands="立即停止上述行为，限期改正到位。", by=by, at=at
        )
        correction.promise(case, promised_on=day, text="已知悉违法之处，保证按期改正，不再发生。", by=by, at=at)

    def recheck(self, number: int, told: Told, at: dt.datetime) -> None:
        """Recheck, look at each condition and look the party up."""
        case, by, day = self.made[number], self.people.contacts[told.unit], clock.local_date(at)
        result = "not" if told.end == TRANSFERRED else "in_time"
        findings = "现场复查，仍没有改正。" if result == "not" else "现场复查，已经改正，拍照留存。"
        correction.recheck(case, rechecked_on=day, result=result, findings=findings, by=by, at=at)
        if number % 5 == 0:
            materials.name_elsewhere(case, words.film_kept_elsewhere(number, day), stage="recheck", by=by, at=at)
        if told.end == RECHECKED:
            return
        ticks = {row.position: Tick(True, "现场照片和复查记录") for row in case.conditions.all()}
        conditions.tick(case, ticks, by=by, at=at)
        if told.kind == FIRST:
            looked = first_offence.check(case, by=by, at=at)
            first_offence.confirm(
                looked, is_first=True, note="查阅执法台账，电话问过有关单位，没有同类记录。", by=by, at=at
            )

    def decide(self, number: int, told: Told, at: dt.datetime) -> None:
        """Decide, and serve; one turns out to be wrong and is made void."""
        case, by, day = self.made[number], self.people.contacts[told.unit], clock.local_date(at)
        case = deciding.decide(
            case, decision=DECISIONS[told.end], decided_on=day, reason="依法从轻或转立案。" if told.end in (LIGHTER, TRANSFERRED) else "",
            education="当面指出问题，讲解法律规定，发放普法资料。", spared=Decimal(told.fine[0]), by=by, at=at,
        )  # fmt: skip
        if told.end == VOID:
            deciding.make_void(case, reason="违法行为写得不全，重新登记。", by=by, at=at)
        elif told.end == FORGIVEN:
            deciding.serve(case, served_on=day, served_how="直接送达", by=by, at=at)
            self._publicise(case, number, told, at)

    def _publicise(self, case: ExemptionCase, number: int, told: Told, at: dt.datetime) -> None:
        by, on = self.people.contacts[told.unit], clock.local_date(at)
        if told.person:
            note = "当事人是自然人，没有社会影响，不公示。"
            deciding.publicise(case, publicity=Publicity.WITHHELD, on=on, note=note, by=by, at=at)
        elif number % 3:
            deciding.publicise(case, publicity=Publicity.SHOWN, on=on, by=by, at=at)

    def lay_pilot(self, unit: str, site: str, field: str, plan: str, at: dt.datetime) -> None:
        """Enter a pilot."""
        pilots.lay(
            Unit.objects.get(code=unit), site=site, field=EnforcementField.objects.get(code=field), started_on=clock.local_date(at),
            plan=plan, by=self.people.contacts[unit], at=at,
        )  # fmt: skip

    def note_progress(self, text: str, at: dt.datetime) -> None:
        """Note progress of every pilot."""
        for unit, by in self.people.contacts.items():
            for pilot in pilots.worked_on_by(by).filter(unit__code=unit):
                pilots.note(pilot, on=clock.local_date(at), text=text, by=by, at=at)
