"""Rules and steps changed by the bureau: each change is one entry of the trail and a new version of the rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from liaisons.models import User
from liaisons.permissions import Permission
from reform import rights
from reform.models import ReminderRule, ReminderStep
from xingxian_portal.foundation import audit, clock, stamps

FIELDS = (
    "title", "offset", "counted_in", "repeat_days", "at_time", "until_time", "audience", "inbox", "outward", "calls",
    "valid_workdays", "enabled",
)  # fmt: skip


def stamp_of(rule: ReminderRule) -> str:
    """Give the mark of the rule with its steps."""
    return stamps.stamp(rule, rule.steps.order_by("order"))


@transaction.atomic
def amend(
    rule: ReminderRule, *, by: User, roll: str, enabled: bool, steps: Mapping[int, Mapping[str, Any]],
    seen: str | None = None, at: dt.datetime | None = None,
) -> ReminderRule:  # fmt: skip
    """Change a rule and its steps (by their ids); raises stamps' Stale, Denied. What is in the ledger stays as it is."""
    rights.require(by.may(Permission.URGE))
    found = ReminderRule.objects.select_for_update().get(pk=rule.pk)
    before, was = stamp_of(found), _facts(found)
    for step in found.steps.all():
        given = steps.get(step.pk, {})
        for name in FIELDS:
            setattr(step, name, given.get(name, getattr(step, name)))
        step.save()
    found.roll, found.enabled = roll, enabled
    found.save()
    stamps.check(seen, before, stamp_of(found), "这条提醒规则")
    if (now := _facts(found)) != was:
        found.version += 1
        found.save(update_fields=["version"])
        changed = [key for key in now if now[key] != was.get(key)]
        audit.record(
            "reminder.amend", by=by, subject=found, at=at or clock.now(),
            before={key: was.get(key) for key in changed}, after={key: now[key] for key in changed},
        )  # fmt: skip
    return found


def _facts(rule: ReminderRule) -> dict[str, Any]:
    values: dict[str, Any] = {"roll": rule.roll, "enabled": rule.enabled}
    for step in rule.steps.order_by("order"):
        values |= {f"{step.code}.{name}": _plain(getattr(step, name)) for name in FIELDS}
    return values


def _plain(value: Any) -> Any:
    return value.strftime("%H:%M") if isinstance(value, dt.time) else value


def steps_of(rule: ReminderRule) -> Sequence[ReminderStep]:
    """Give the steps in their order."""
    return list(rule.steps.order_by("order"))
