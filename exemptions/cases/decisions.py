"""Which decisions a case may end in, by rule: 行政处罚法 第二十八、三十二、三十三条, and a recheck where a deadline was set.

Nothing here knows a table: facts in, sentences out, so that the page and the verb say the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from exemptions.cases.kinds import FORGIVING, Decision

LEAST_OFFICERS = 2


class Correction(StrEnum):
    """Whether the conduct was corrected, and how."""

    UNKNOWN = ""
    BEFORE = "before"  # before it was found
    ON_THE_SPOT = "on_the_spot"
    IN_TIME = "in_time"  # within the deadline of the order
    LATE = "late"
    NOT = "not"


IN_GOOD_TIME = frozenset({Correction.BEFORE, Correction.ON_THE_SPOT, Correction.IN_TIME})


@dataclass(frozen=True)
class Condition:
    """One condition of the item: its words, whether it holds (None: not looked at), whether the evidence is named."""

    text: str
    met: bool | None
    proven: bool


@dataclass(frozen=True)
class Facts:
    """What the rules look at. `is_first` is what the officer confirmed of the first offence, None before."""

    is_first_offence_kind: bool
    is_no_fault_kind: bool
    conditions: Sequence[Condition]
    is_first: bool | None
    correction: Correction
    awaits_recheck: bool
    deadline: dt.date | None
    officers: int
    today: dt.date


def obstacles(decision: str, facts: Facts) -> list[str]:
    """Give why the case may not end in `decision` as it stands, each a sentence; none when it may."""
    if facts.awaits_recheck:
        return ["责令改正定了期限，须先复查并登记结果，再作决定。"]
    found = [] if facts.officers >= LEAST_OFFICERS else ["执法人员不得少于两人，请先补登执法人员。"]
    if decision in FORGIVING:
        return found + _unforgivable(facts)
    return found + (_no_ground_for_transfer(facts) if decision == Decision.TRANSFER else [])


def _unforgivable(facts: Facts) -> list[str]:
    found = []
    if any(one.met is None for one in facts.conditions):
        found.append("还有免罚条件没有核对。")
    if any(one.met is False for one in facts.conditions):
        found.append("有免罚条件不满足，不能免罚。")
    if any(one.met and not one.proven for one in facts.conditions):
        found.append("满足的条件须逐条写明证据。")
    if facts.is_first_offence_kind and facts.is_first is None:
        found.append("首违不罚须先查询首违情况并由执法人员确认。")
    if facts.is_first_offence_kind and facts.is_first is False:
        found.append("已确认不是初次违法，不能按首违不罚办理。")
    if not facts.is_no_fault_kind and facts.correction not in IN_GOOD_TIME:
        found.append(_uncorrected(facts.correction))
    return found


def _uncorrected(correction: Correction) -> str:
    if correction is Correction.UNKNOWN:
        return "还没有改正情况：请登记当场改正、主动改正，或者责令限期改正后复查。"
    return "没有在期限内改正，不能免罚，可以从轻、减轻或转处罚。"


def _no_ground_for_transfer(facts: Facts) -> list[str]:
    if facts.is_first is False or any(one.met is False for one in facts.conditions):
        return []
    if facts.correction not in {Correction.NOT, Correction.LATE}:
        return ["转处罚须有依据：复查未按期改正，或者有免罚条件不满足。"]
    if facts.deadline and facts.deadline >= facts.today and facts.correction is Correction.NOT:
        return [f"改正期限是 {facts.deadline.month}月{facts.deadline.day}日，期限没有过，还不能转处罚。"]
    return []
