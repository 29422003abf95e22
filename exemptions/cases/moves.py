"""The one place that writes the state of a case, with its move and its entry in the trail, in the caller's transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from exemptions import rights
from exemptions.cases.states import Verb, after, allows
from exemptions.models import CaseMove, ExemptionCase
from liaisons.models import User
from reform.rights import require
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.audit import Told
from xingxian_portal.foundation.handfuls import handfuls
from xingxian_portal.foundation.refusal import Refused


class CaseMoveRefused(Refused):
    """The act does not fit the case as it stands; the message says why in the user's words."""


def locked(pk: int, *, by: User) -> ExemptionCase:
    """Give the case, its row locked, to somebody who keeps its unit's cases.

    Raises rights.Denied, and TransactionManagementError outside of a transaction.
    """
    return locked_all([pk], by=by)[pk]


def locked_all(keys: Collection[int], *, by: User) -> dict[int, ExemptionCase]:
    """Give these cases by their ids, their rows locked; raises as `locked` does."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("办理动作必须在事务里进行。")
    rows = ExemptionCase.objects.select_for_update(of=("self",)).select_related("unit", "item__edition", "field")
    found = {case.pk: case for some in handfuls(keys) for case in rows.filter(pk__in=some).order_by("pk")}
    if len(found) < len(set(keys)):
        raise ExemptionCase.DoesNotExist
    for unit in {case.unit_id: case.unit for case in found.values()}.values():
        require(rights.keeps(by, unit))
    return found


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
    move_all([(case, changes)], verb, by=by, at=at, note=note)
    return case


def move_all(
    changes: Iterable[tuple[ExemptionCase, dict[str, Any]]], verb: Verb, *, by: User, at: dt.datetime, note: str = ""
) -> None:
    """Do `verb` to locked cases and set what it changes of each; raises CaseMoveRefused."""
    done = []
    for case, values in changes:
        require_allowed(case, verb)
        origin, before = case.state, {name: getattr(case, name) for name in values}
        case.state = after(verb, origin)
        for name, value in values.items():
            setattr(case, name, value)
        case.save(update_fields=["state", *values])
        done.append(Done(case, origin, _plain(before), _plain(values)))
    written_all(done, verb, by=by, at=at, note=note)


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
    written_all([Done(case, origin, before, after)], verb, by=by, at=at, note=note)


@dataclass(frozen=True)
class Done:
    """What a verb did to one case: from where, what was and what is."""

    case: ExemptionCase
    origin: str
    before: dict
    after: dict


def written_all(done: Sequence[Done], verb: Verb, *, by: User, at: dt.datetime, note: str = "") -> None:
    """Write the same for each of many cases to which one verb was done."""
    CaseMove.objects.bulk_create(
        CaseMove(case=one.case, verb=verb, origin=one.origin, to=one.case.state, at=at, by=by, note=note)
        for one in done
    )
    told = (
        Told(one.case, one.case.unit.code, {"state": one.origin} | one.before, {"state": one.case.state} | one.after)
        for one in done
    )
    audit.record_all(f"case.{verb}", told, by=by, note=note, at=at)


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
