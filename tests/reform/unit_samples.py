"""An object for each address of a unit's own work, for the walk through all addresses."""

from __future__ import annotations

import datetime as dt
from typing import Any

from liaisons.models import Unit, User
from reform.models import Evidence, Plan, Step, Submission
from tests.cast import Cast
from tests.factories import ObligationFactory, TaskFactory, moment
from tests.files import pdf
from tests.reform.filings import report_of
from xingxian_portal.foundation import uploads

AT = moment(dt.date(2022, 6, 20))


def _unit(cast: Cast, visitor: User | None) -> Unit:
    unit = (visitor and visitor.unit) or cast.weifen.unit
    assert unit
    return unit


def a_duty(cast: Cast, visitor: User | None) -> dict[str, Any]:
    """Give a duty of the visitor's unit."""
    return {"pk": ObligationFactory(unit=_unit(cast, visitor)).pk}


def a_report(cast: Cast, visitor: User | None) -> dict[str, Any]:
    """Give a month's report of the visitor's unit."""
    return {"pk": report_of(_unit(cast, visitor)).pk}


def a_step(cast: Cast, visitor: User | None) -> dict[str, Any]:
    """Give a step that the visitor's unit laid."""
    row = ObligationFactory(unit=_unit(cast, visitor))
    return {"pk": Step.objects.create(obligation=row, title="写材料", planned_on=AT.date()).pk}


def a_file(cast: Cast, visitor: User | None) -> dict[str, Any]:
    """Give a file in a draft of the visitor's unit."""
    row = ObligationFactory(unit=_unit(cast, visitor))
    draft = Submission.objects.create(obligation=row, number=1, saved_at=AT, saved_by=cast.weifen)
    return {"pk": Evidence.objects.create(submission=draft, file=uploads.store(pdf(), by_id=None)).pk}


def a_led_task(cast: Cast, visitor: User | None) -> dict[str, Any]:
    """Give a task that the visitor's unit leads."""
    task = TaskFactory(leads=[_unit(cast, visitor)])
    Plan.objects.filter(pk=task.plan_id).update(state=Plan.ISSUED, issued_at=AT, issued_by=cast.sfj)
    return {"pk": task.pk}


OF_A_DUTY = (
    "obligation_sign", "filing", "filing_draft", "filing_file", "obligation_withdraw", "obligation_extension",
    "cosign", "cosign_sign", "cosign_decline", "steps", "obligation_elsewhere",
)  # fmt: skip
SAMPLES = {
    **dict.fromkeys(OF_A_DUTY, a_duty),
    **dict.fromkeys(("report", "report_draft", "report_file"), a_report),
    **dict.fromkeys(("step_done", "step_remove"), a_step),
    "evidence": a_file,
    "led_task": a_led_task,
}
