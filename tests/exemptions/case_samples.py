"""Cases for tests, led through the verbs to where a test begins."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from stdnum.cn import uscc

from exemptions.cases import conditions, correction, deciding, first_offence, recording
from exemptions.cases.conditions import Tick
from exemptions.cases.facts import Record
from exemptions.cases.kinds import Decision
from exemptions.models import Condition, Edition, ExemptionCase, ExemptionList, Item
from liaisons.models import Officer, Unit, User
from tests.factories import moment

MAY_20, JUNE_1, JUNE_10, JUNE_20 = dt.date(2022, 5, 20), dt.date(2022, 6, 1), dt.date(2022, 6, 10), dt.date(2022, 6, 20)
AT = moment(JUNE_20, 10)
SPARED = Decimal("2000")


def code(number: int) -> str:
    """Give an invented 统一社会信用代码 whose check digit is right."""
    digits = f"91141123{number:09}"
    return digits + uscc.calc_check_digit(digits)


def officers(unit: Unit, count: int = 2) -> list[Officer]:
    """Give officers of the unit, entered once."""
    return [
        Officer.objects.get_or_create(
            certificate=f"{unit.code}-{n}",
            defaults={"unit": unit, "name": f"执法{n}", "valid_until": dt.date(2024, 1, 1)},
        )[0]
        for n in range(1, count + 1)
    ]


def item(unit: Unit, *, kind: str = Item.FIRST, begins: dt.date = MAY_20, months: int | None = 12, **more: Any) -> Item:
    """Give an item of the unit's published edition, with two conditions."""
    listed = ExemptionList.objects.get_or_create(unit=unit, kind=ExemptionList.EXEMPTION)[0]
    edition = listed.editions.filter(effective_from=begins).first() or _edition(listed, begins, more.pop("until", None))
    place = edition.items.count() + 1
    made = Item.objects.create(
        edition=edition,
        position=place,
        code=f"SJ-{place:03}",
        conduct="未按规定明码标价",
        kind=kind,
        lookback_months=months,
        **more,
    )
    for number, text in enumerate(["初次违法", "危害后果轻微"], 1):
        Condition.objects.create(item=made, position=number, text=text)
    return made


def _edition(listed: ExemptionList, begins: dt.date, until: dt.date | None) -> Edition:
    by = User.objects.get_or_create(username="publisher", defaults={"name": "公布人"})[0]
    return Edition.objects.create(
        exemption_list=listed, number=listed.editions.count() + 1, state="published", effective_from=begins,
        effective_until=until, published_at=moment(begins), published_by=by,
    )  # fmt: skip


def facts(**more: Any) -> Record:
    """Give what is recorded of an enterprise that falls under no list."""
    given: dict[str, Any] = {
        "party_kind": "organisation", "party_name": "兴县样例商贸有限公司", "credit_code": code(1),
        "discovered_on": JUNE_1, "conduct": "货架上的商品没有标价。", "kind": Item.FIRST,
    }  # fmt: skip
    if "item" not in more:
        given["direct_reason"] = "清单没有列入，情节轻微。"
    return Record(**given | more)


def recorded(by: User, unit: Unit | None = None, **more: Any) -> ExemptionCase:
    """Give a draft of `by`'s unit with two officers."""
    at = more.pop("at", AT)
    unit = unit or by.unit
    assert unit
    return recording.record(unit, facts(**more), officers=officers(unit), by=by, at=at)


def ordered(by: User, correct_by: dt.date = JUNE_10, **more: Any) -> ExemptionCase:
    """Give a case whose correction was ordered on 1 June."""
    at = more.get("at", AT)
    case = recorded(by, **more)
    return correction.order(
        case, ordered_on=case.discovered_on, correct_by=correct_by, demands="补齐标价签。", by=by, at=at
    )


def ready(by: User, *, at: dt.datetime = AT, **more: Any) -> ExemptionCase:
    """Give a case that was corrected in time, with every condition met and the first offence confirmed."""
    case = ordered(by, at=at, **more)
    day = case.discovered_on + dt.timedelta(days=7)
    correction.recheck(case, rechecked_on=day, result="in_time", findings="标价签齐全。", by=by, at=at)
    ticks = {row.position: Tick(True, "现场照片") for row in case.conditions.all()}
    conditions.tick(case, ticks, by=by, at=at)
    first_offence.confirm(first_offence.check(case, by=by, at=at), is_first=True, note="电话核实", by=by, at=at)
    case.refresh_from_db()
    return case


def decided(
    by: User, *, at: dt.datetime = AT, on: dt.date = JUNE_20, decision: str = Decision.NO_PENALTY, **more: Any
) -> ExemptionCase:
    """Give a case that was forgiven."""
    case = ready(by, at=at, **more)
    return deciding.decide(
        case, decision=decision, decided_on=on, education="当面教育", reason="主动减轻", spared=SPARED, by=by, at=at
    )
