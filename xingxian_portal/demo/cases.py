"""Who did what in the demo: the usual course by chance, and the named cases that show a rule each."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass

from liaisons.membership import Memberships
from reform import deadlines, openings
from reform.models import Obligation, Plan, Proposal
from xingxian_portal.foundation.workdays import Workdays

WEIFEN = "141123100"
TODAY = dt.date(2022, 6, 20)
REPORT = "33-monthly-report"


@dataclass(frozen=True)
class Key:
    """An obligation as people name it: unit, milestone, occurrence; `due_on` where it has one."""

    unit: str
    milestone: str
    occurrence: str = deadlines.ONCE
    due_on: dt.date | None = None

    @property
    def name(self) -> tuple[str, str, str]:
        """Give what makes two keys the same."""
        return (self.unit, self.milestone, self.occurrence)


@dataclass(frozen=True)
class Course:
    """What becomes of an obligation up to the demo's now."""

    signed: bool = True
    filed_on: dt.date | None = None
    review_after: int = 0  # working days until it is accepted; 0: still waiting


@dataclass(frozen=True)
class Returned:
    """Filed, sent back, perhaps filed again."""

    key: Key
    filed_on: dt.date
    returned_on: dt.date
    reason: str
    mend_by: dt.date
    refiled_on: dt.date | None = None
    as_unfiled: bool = False


@dataclass(frozen=True)
class Proposed:
    """Asked for, perhaps decided."""

    key: Key
    kind: str
    asked_on: dt.date
    reason: str
    until: dt.date | None = None
    decided_on: dt.date | None = None
    granted_until: dt.date | None = None


@dataclass(frozen=True)
class OnBehalf:
    """Entered by an officer for a unit that phoned or sent paper."""

    key: Key
    received_on: dt.date
    entered_on: dt.date
    text: str


def _day(month: int, day: int) -> dt.date:
    return dt.date(2022, month, day)


RETURNED = [
    Returned(Key("yjj", "221-exemption-list"), _day(5, 30), _day(6, 2), "第3、7项缺适用条件，请补充后重报。", _day(6, 24), _day(6, 16)),
    Returned(Key("141123202", "211-staffing"), _day(5, 27), _day(5, 31), "到岗人数与编制数对不上，请核实。", _day(6, 10)),
    Returned(Key("lyj", REPORT, "2022-05"), _day(5, 20), _day(5, 24), "只写“已完成”，没有内容，视同未报。", _day(5, 31), _day(5, 30), True),
    Returned(Key("141123102", REPORT, "2022-06"), _day(6, 15), _day(6, 17), "试点进展请写明具体做法。", _day(6, 23)),
]  # fmt: skip
PROPOSED = [
    Proposed(Key("141123103", "214-agency-set-up"), Proposal.EXTENSION, _day(6, 16), "办公场所未交付，预计7月中旬挂牌。", _day(7, 15)),
    Proposed(Key("wtj", "213-training"), Proposal.EXTENSION, _day(6, 17), "疫情防控任务重，培训拟推迟。", _day(9, 30)),
    Proposed(Key("141123105", "211-staffing"), Proposal.EXTENSION, _day(5, 30), "人员划转手续在办。", _day(6, 30), _day(5, 31), _day(6, 24)),
    Proposed(Key("xfdd", REPORT, "2022-04"), Proposal.EXEMPTION, _day(4, 20), "执行森林防火任务，经请示同意本月免报。", None, _day(4, 20)),
    Proposed(Key("ybj", "213-discretion"), Proposal.SUSPENSION, _day(5, 12), "上级裁量基准正在修订，待印发后办理。", None, _day(5, 13)),
]  # fmt: skip
ON_BEHALF = [
    OnBehalf(
        Key("141123209", REPORT, "2022-05"),
        _day(5, 20),
        _day(5, 23),
        "电话报告：机构筹建按计划推进，人员已到岗；网络中断，由司法局代录。",
    ),
]
LAGGING = [(Key("nyj", "222-prudent-supervision", "once"), "连续两次抽查未见全过程记录。")]
OVERDUE = {
    ("jtj", "213-item-list", "once"), ("141123106", "211-agencies", "once"), ("141123203", "221-exemption-list", "once"),
    ("gxj", "221-exemption-list", "once"), ("tjj", REPORT, "2022-05"),
}  # fmt: skip
LATE = {
    ("141123208", "211-agencies", "once"), ("fgj", "213-item-list", "once"), ("141123204", REPORT, "2022-04"),
    ("gaj", REPORT, "2022-05"), ("141123207", REPORT, "2022-05"), ("slj", "221-exemption-list", "once"),
    ("jkj", "33-liaison", "once"), ("141123202", "213-item-list", "once"),
}  # fmt: skip
# 蔚汾镇 has three things left in June: the report, the registration and the pilot.
WEIFEN_CLOSED = {
    "214-agency-set-up": _day(6, 15),
    "212-work-plan": _day(5, 10),
    "213-collective-discussion": _day(5, 18),
}
WEIFEN_STEPS = [
    ("确定试点方案", _day(5, 13), _day(5, 12)), ("梳理乡镇执法事项", _day(5, 31), _day(5, 30)),
    ("建立联合巡查机制", _day(6, 15), _day(6, 14)), ("总结试点经验，形成材料", _day(6, 28), None),
]  # fmt: skip
_NAMED = {key.name for key in [*(c.key for c in RETURNED), *(c.key for c in PROPOSED), *(c.key for c in ON_BEHALF)]}


def find(plan: str, key: Key) -> Obligation:
    """Give the obligation of the plan that the key names."""
    rows = Obligation.objects.select_related("unit", "milestone", "series")
    name = {"unit__code": key.unit, "milestone_code": key.milestone, "occurrence": key.occurrence}
    try:
        return rows.get(series__code=plan, **name)
    except Obligation.DoesNotExist as missing:
        raise LookupError(f"the story names an obligation that the plan does not make: {key}") from missing


def usual(plan: Plan, workdays: Workdays) -> Iterator[Key]:
    """Give every obligation of the plan up to June that no named case tells of, in the plan's order."""
    memberships = Memberships(plan.dated_on)
    for milestone in openings.milestones_of(plan):
        if milestone.kind == deadlines.CONTINUOUS:
            continue
        for occurrence in openings.occurrences_of(milestone, plan, workdays):
            if milestone.kind == deadlines.MONTHLY and occurrence.key > "2022-06":
                continue
            for row in openings.rows_of(milestone, occurrence, memberships):
                key = Key(row.unit.code, milestone.code, occurrence.key, occurrence.due_on)
                if key.name not in _NAMED:
                    yield key


def course(key: Key, rng: random.Random) -> Course:  # noqa: PLR0911 - one line a kind of unit, read top down
    """Draw what became of an obligation."""
    early, wait, luck = rng.randint(0, 8), rng.randint(1, 4), rng.random()
    if key.unit == WEIFEN:
        return _weifen(key, early)
    if key.name in OVERDUE:
        return Course()
    if key.unit == "sfj":
        # One of the bureau's own two duties is done, accepted by a second person; the other is under way.
        return Course(filed_on=_day(5, 20) if key.milestone == "212-training" else None, review_after=2)
    if key.due_on is None:
        return _undated(early, wait, luck)
    if key.name in LATE:
        return Course(filed_on=key.due_on + dt.timedelta(days=3 + early), review_after=wait)
    if key.due_on < TODAY:
        return Course(filed_on=_early(key, early), review_after=wait)
    if key.milestone == REPORT:
        return Course(filed_on=_day(6, 13 + early % 5), review_after=wait) if luck < 0.55 else Course()
    return _ahead(key, early, wait, luck)


def _early(key: Key, days: int) -> dt.date:
    assert key.due_on
    return max(key.due_on - dt.timedelta(days=days), dt.date(2022, 4, 14))


def _undated(early: int, wait: int, luck: float) -> Course:
    if luck < 0.3:
        return Course(filed_on=_day(5, 10 + early), review_after=wait)
    if luck < 0.34:
        return Course(filed_on=_day(6, 16))
    return Course(signed=luck < 0.8)


def _ahead(key: Key, early: int, wait: int, luck: float) -> Course:
    assert key.due_on
    if key.due_on > _day(6, 30):
        return Course(signed=luck < 0.45)
    if luck < 0.3:
        return Course(filed_on=_day(6, 6 + early), review_after=wait)
    return Course(signed=luck < 0.85)


def _weifen(key: Key, early: int) -> Course:
    if key.milestone in WEIFEN_CLOSED:
        return Course(filed_on=WEIFEN_CLOSED[key.milestone], review_after=2)
    if key.due_on and key.due_on < TODAY:
        return Course(filed_on=_early(key, 1 + early % 3), review_after=1)
    # The registration waits to be signed for: the first thing a visitor may try.
    return Course(signed=key.milestone != "214-registration")
