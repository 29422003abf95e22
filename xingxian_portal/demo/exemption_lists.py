"""Lists of the demo: on record and published, in a second edition, waiting for publication, returned, filed again.

Their filing is the filing of the duty; so what the usual course would do with these duties is left to this story.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from exemptions import editions, items, legal_bases, publication, recording
from exemptions.condition_words import several
from exemptions.models import Edition, ExemptionList, Item, LegalBasis
from liaisons.models import Unit, User
from reform.models import Milestone, Obligation
from xingxian_portal.demo.people import People

Day = tuple[int, int]
WEIFEN, WATANG = "141123100", "141123102"


@dataclass(frozen=True)
class Told:
    """One unit's list: the examples' fields it begins with, and its days; none where it has not come so far."""

    unit: str
    fields: tuple[str, ...]
    filed: Day
    recorded: Day | None = None
    published: Day | None = None
    returned: Day | None = None
    mend_by: Day | None = None
    refiled: Day | None = None
    reason: str = ""
    only: int = 30  # so many of the examples


LISTS = [
    Told("scj", ("market",), (5, 17), (5, 20), (5, 23)),
    Told("sthjj", ("environment",), (5, 20), (5, 24), (5, 26)),
    Told("jtj", ("transport",), (5, 24), (5, 26), (5, 30)),
    Told("wlj", ("culture",), (5, 12), (5, 16), (5, 18)),
    Told("nyncj", ("agriculture",), (5, 18), (5, 19), (5, 20)),
    Told(WEIFEN, ("urban", "transport"), (5, 16), (5, 19), (5, 23), only=5),
    Told("zjj", ("urban",), (5, 30), (6, 17)),
    Told("yjj", (), (5, 30), None, None, (6, 2), (6, 24), (6, 16), "第1项缺回溯的范围，请补充后重报。"),
    Told(WATANG, ("urban",), (5, 31), None, None, (6, 16), (6, 24), None, "占道一项请写明实施机关；排水两项乡镇没有赋权，请核实。", 4),
]  # fmt: skip
SAFETY: dict[str, Any] = {
    "conduct": "未如实记录安全生产教育和培训情况", "kind": Item.FIRST, "penalty": "《安全生产法》第九十七条第四项",
    "penalty_rule": Item.MAY, "lookback_months": 12, "correction_days": 10, "measures": ["order", "education"],
    "authority": "兴县应急管理局",
}  # fmt: skip
CONDITIONS = "12个月内首次违法；培训已实际开展，只是记录不全；10日内补齐记录；没有造成危害后果"
SECOND: dict[str, Day] = {"began": (6, 6), "filed": (6, 8), "recorded": (6, 10), "published": (6, 13), "from": (6, 15)}
_TOLD = {told.unit for told in LISTS}


def tells_of(row: Obligation) -> bool:
    """Say whether this story files the duty, and not the usual course."""
    return row.unit.code in _TOLD and row.milestone.deliverable == Milestone.EXEMPTION_LIST


def _day(day: Day) -> dt.date:
    return dt.date(2022, *day)


Add = Callable[[dt.datetime, Callable[[dt.datetime], Any]], None]


def tell(add: Add, everybody: People, moment: Callable[..., dt.datetime]) -> None:
    """Put every act into the story by `add`."""
    lists = Lists(everybody)
    for told in LISTS:
        acts = [
            (told.filed, 9, lists.draft), (told.filed, 16, lists.file), (told.returned, 10, lists.send_back),
            (told.refiled, 15, lists.file_again), (told.recorded, 10, lists.record), (told.published, 11, lists.publish),
        ]  # fmt: skip
        for day, hour, act in acts:
            if day:
                add(moment(_day(day), hour, 20), partial(act, told))
    second = {
        "began": lists.begin_second, "filed": lists.file_second, "recorded": lists.record_second,
        "published": lists.publish_second,
    }  # fmt: skip
    for name, do in second.items():
        add(moment(_day(SECOND[name]), 10, 40), do)
    add(moment(_day((6, 14)), 9, 30), lists.note_lapse)


class Lists:
    """The lists of the story and who works on them."""

    def __init__(self, everybody: People) -> None:
        self.people = everybody

    def _by(self, told: Told) -> User:
        return self.people.contacts[told.unit]

    def _now(self, unit: str) -> Edition:
        rows = Edition.objects.filter(exemption_list__unit__code=unit, exemption_list__kind=ExemptionList.EXEMPTION)
        return rows.latest("number")

    def draft(self, told: Told, at: dt.datetime) -> None:
        """Begin from the examples of the unit's fields."""
        unit, by = Unit.objects.get(code=told.unit), self._by(told)
        edition = editions.begin(unit, ExemptionList.EXEMPTION, by=by, at=at)
        editions.write_head(
            edition, by=by, at=at, lookback_months=12, lookback_scope="本县范围内同类违法行为",
            note="未列入本清单、符合《行政处罚法》第三十三条的，同样可以依法不予处罚。",
        )  # fmt: skip
        chosen = items.examples().filter(field__code__in=told.fields).values_list("pk", flat=True)[: told.only]
        items.take_over(edition, list(chosen), by=by, at=at)
        if not told.fields:
            items.add(edition, by=by, at=at, conditions=several(CONDITIONS), **SAFETY)

    def file(self, told: Told, at: dt.datetime) -> None:
        """报送备案."""
        editions.file(self._now(told.unit), by=self._by(told), at=at)

    def send_back(self, told: Told, at: dt.datetime) -> None:
        """退回补正 with a note on the first item."""
        assert told.mend_by
        edition = self._now(told.unit)
        notes = {edition.items.earliest("position").pk: told.reason}
        recording.send_back(
            edition, by=self.people.officer, reason=told.reason, mend_by=_day(told.mend_by), notes=notes, at=at
        )

    def file_again(self, told: Told, at: dt.datetime) -> None:
        """Mend the first item and file again."""
        edition, by = self._now(told.unit), self._by(told)
        item = edition.items.earliest("position")
        given = SAFETY | {"code": item.code, "lookback_scope": "本县范围内同类违法行为"}
        items.change(item, by=by, at=at, conditions=several(CONDITIONS), **given)
        editions.file(edition, by=by, at=at)

    def record(self, told: Told, at: dt.datetime) -> None:
        """准予备案."""
        recording.record(self._now(told.unit), by=self.people.officer, number=recording.next_number(2022), at=at)

    def publish(self, told: Told, at: dt.datetime) -> None:
        """公布, in force from the day itself."""
        publication.publish(self._now(told.unit), by=self._by(told), effective_from=at.date(), at=at)

    def begin_second(self, at: dt.datetime) -> None:
        """县市场局 sets a ceiling higher and adds an item."""
        by = self.people.contacts["scj"]
        edition = editions.begin(Unit.objects.get(code="scj"), ExemptionList.EXEMPTION, by=by, at=at)
        editions.write_head(edition, by=by, at=at, reason="对照上级清单调整，增加1项、修改1项。", lookback_months=12,
                            lookback_scope=edition.lookback_scope, note=edition.note)  # fmt: skip
        item = edition.items.get(conduct__startswith="经营超过保质期")
        words = "\n".join(condition.text for condition in item.conditions.all()).replace("500元", "1000元")
        given: dict[str, Any] = {name: getattr(item, name) for name in items.COLUMNS}
        cited: dict[str, Any] = {name: legal_bases.words_of(getattr(item, name)) for name in ("broken", "penalty")}
        items.change(item, by=by, at=at, conditions=several(words), **given, **cited)
        items.add(
            edition, by=by, at=at, conditions=several("初次违法；在期限内检定合格；没有造成消费者损失"), field=item.field,
            conduct="使用超过检定周期的计量器具", kind=Item.FIRST, penalty="《计量法实施细则》第四十三条", penalty_rule=Item.MAY,
            correction_days=7, measures=["order", "education"], authority="兴县市场监督管理局",
        )  # fmt: skip

    def file_second(self, at: dt.datetime) -> None:
        """报送 the second edition."""
        editions.file(self._now("scj"), by=self.people.contacts["scj"], at=at)

    def record_second(self, at: dt.datetime) -> None:
        """准予备案 of the second edition."""
        recording.record(self._now("scj"), by=self.people.officer, number=recording.next_number(2022), at=at)

    def publish_second(self, at: dt.datetime) -> None:
        """公布 two days before it takes the first one's place."""
        by = self.people.contacts["scj"]
        publication.publish(self._now("scj"), by=by, effective_from=_day(SECOND["from"]), at=at)

    def note_lapse(self, at: dt.datetime) -> None:
        """Note that a provision was amended, so that 动态调整 has something to show."""
        basis = LegalBasis.objects.get(statute="公路安全保护条例", article="第六十九条")
        legal_bases.set_status(
            basis,
            LegalBasis.AMENDED,
            by=self.people.officer,
            changed_on=at.date(),
            at=at,
            note="演示：假设已修改，请核对条号。",
        )
