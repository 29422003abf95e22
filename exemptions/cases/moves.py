"""The one place that writes the state of a case, with its move and its entry in the trail, in the caller's transaction."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from exemptions import rights
from exemptions.cases.states import Verb, after, allows
from exemptions.models import CaseMove, ExemptionCase
from liaisons.models import User
from reform.rights import require
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.refusal import Refused


class CaseMoveRefused(Refused):
    """The act does not fit the case as it stands; the message says why in the user's words."""


def locked(pk: int, *, by: User) -> ExemptionCase:
    """Give the case, its row locked, to somebody who keeps its unit's cases.

    Raises rights.Denied, and TransactionManagementError outside of a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("办理动作必须在事务里进行。")
    rows = ExemptionCase.objects.select_for_update(of=("self",)).select_related("unit", "item__edition", "field")
    case = rows.get(pk=pk)
    require(rights.keeps(by, case.unit))
    return case


def require_allowed(case: ExemptionCase, verb: Verb) -> None:
    """Raise CaseMoveRefused when the table of moves forbids `verb` to the case as it stands."""
    if not allows(verb, case.state):
        raise CaseMoveRefused(
            f"这件案件现在是“{case.get_state_display()}”，不能{verb.label}，没有重复办理。请看最新情况。"
        )


def move(
    case: ExemptionCase, verb: Verb, *, by: User, at: dt.datetime, note: str = "", **changes: Any
) -> ExemptionCase:
    """Do `verb` to a locked case and set what it changes; raises CaseMoveRefused."""
    require_allowed(case, verb)
    origin, before = case.state, {name: getattr(case, name) for name in changes}
    case.state = after(verb, origin)
    for name, value in changes.items():
        setattr(case, name, value)
    case.save(update_fields=["state", *changes])
    written(case, verb, origin, by=by, at=at, note=note, before=_plain(before), after=_plain(changes))
    return case


def written(
    case: ExemptionCase,
    verb: Verb,
    origin: str,
    *,
    by: User,
    at: dt.datetime,
    note: str = "",
    before: dict,
    after: dict,
) -> None:
    """Write the move and the entry in the trail of what was done to a case."""
    CaseMove.objects.create(case=case, verb=verb, origin=origin, to=case.state, at=at, by=by, note=note)
    audit.record(
        f"case.{verb}", by=by, subject=case, unit_code=case.unit.code, note=note, at=at,
        before={"state": origin} | before, after={"state": case.state} | after,
    )  # fmt: skip


# Who a case is about is for its own unit: the trail names the case by its number alone.
UNTOLD = frozenset({"party_name", "party_address", "credit_code"})


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in values.items() if name not in UNTOLD}
    return {name: getattr(value, "pk", value) for name, value in kept.items()}


def check_day(day: dt.date, field: str, *, first: dt.date, called: str, at: dt.datetime) -> None:
    """Raise Refused beside `field` when a day of an act lies before `first` (called so) or in the future."""
    if day > clock.local_date(at):
        raise Refused("日期不能晚于今天。", field)
    if day < first:
        raise Refused(f"日期不能早于{called}（{first.year}年{first.month}月{first.day}日）。", field)
