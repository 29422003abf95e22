"""A county of any size whose monthly reports are due and not filed, for measurements and kills of the reminders."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from liaisons import roles
from liaisons.models import ContactPreference, RoleGrant, Unit, User
from reform.models import Milestone, Obligation, Plan, ReminderRule, ReminderStep, Task

DUE = dt.date(2022, 6, 21)


def moment(day: int, hour: int = 9, minute: int = 0) -> dt.datetime:
    """Give a moment of June 2022 in Asia/Shanghai."""
    return timezone.make_aware(dt.datetime(2022, 6, day, hour, minute))


def load_rule(code: str = "monthly") -> None:
    """Put one rule of the facts into the database, with its steps."""
    rows = json.loads((Path(settings.BASE_DIR) / "fixtures" / "reminder_steps.json").read_text())
    fields = [row["fields"] for row in rows]
    rule = ReminderRule.objects.create(**next(one for one in fields if one.get("code") == code and "rule" not in one))
    for one in fields:
        if one.get("rule") == [code]:
            ReminderStep.objects.create(**one | {"rule": rule})


def build(units: int, *, rule: str = "monthly") -> None:
    """Make so many units, each with a 联络员 who has a mailbox and owes the report of June."""
    load_rule(rule)
    bureau = Unit.objects.create(code="sfj", name="县司法局", short_name="县司法局", kind=Unit.BUREAU)
    plan = Plan.objects.create(
        code="bench", title="样例方案", document_number="样例发〔2022〕1号", issuer=bureau,
        dated_on=dt.date(2022, 4, 13), term_ends_on=dt.date(2022, 12, 31),
    )  # fmt: skip
    task = Task.objects.create(plan=plan, code="t", title="样例任务", quote="每月报告。")
    milestone = Milestone.objects.create(
        task=task, code="m", title="月度报告", short_title="月报", quote="每月21日前", kind="monthly", day=21
    )
    made = Unit.objects.bulk_create(
        Unit(code=f"u{number}", name=f"样例单位{number}", short_name=f"单位{number}", kind=Unit.DEPARTMENT)
        for number in range(units)
    )
    people = User.objects.bulk_create(
        User(username=f"p{number}", name=f"联络{number}", unit=unit) for number, unit in enumerate(made)
    )
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=roles.LIAISON.slug, unit=user.unit, granted_at=moment(1)) for user in people
    )
    _mailboxes(people)
    Obligation.objects.bulk_create(
        Obligation(
            series=plan, milestone=milestone, milestone_code="m", occurrence="2022-06", unit=unit, role="responsible",
            state="doing", opened_at=moment(1, 0, 5), due_on=DUE, first_due_on=DUE,
        )
        for unit in made
    )  # fmt: skip


def _mailboxes(people: list[User]) -> None:
    ContactPreference.objects.bulk_create(
        ContactPreference(user=user, email=f"{user.username}@example.com") for user in people
    )
