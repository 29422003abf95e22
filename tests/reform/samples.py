"""An object for each address of the bureau's desk, for the walk through all addresses."""

from __future__ import annotations

import datetime as dt
from typing import Any

from liaisons.models import User
from reform import problems, proposals
from reform.models import Obligation, Plan, Proposal
from tests.cast import Cast
from tests.factories import ObligationFactory, moment
from tests.reform.filings import hand_in, report_of

ASKED_AT = moment(dt.date(2022, 6, 20))


def a_filing(cast: Cast, _visitor: User | None) -> dict[str, Any]:
    """Give a filing of 蔚汾镇 that waits."""
    return {"pk": hand_in(ObligationFactory(unit=cast.weifen.unit), cast.weifen).pk}


def a_proposal(cast: Cast, _visitor: User | None) -> dict[str, Any]:
    """Give a proposal of 蔚汾镇 that waits."""
    row = ObligationFactory(unit=cast.weifen.unit)
    asked = proposals.ask(
        row, Proposal.EXTENSION, by=cast.weifen, reason="会场未定。", until=dt.date(2022, 7, 10), at=ASKED_AT
    )
    return {"pk": asked.pk}


def a_problem(cast: Cast, visitor: User | None) -> dict[str, Any]:
    """Give a problem that the visitor's own unit raised."""
    row = ObligationFactory(unit=(visitor and visitor.unit) or cast.weifen.unit)
    raised = problems.raise_problem(row, row.milestone.task, "请协调车辆。", by=cast.sfj, at=ASKED_AT)
    return {"pk": raised.pk}


def a_month(cast: Cast, _visitor: User | None) -> dict[str, Any]:
    """Give a month in which 蔚汾镇 owes a report."""
    assert cast.weifen.unit
    return {"occurrence": report_of(cast.weifen.unit).occurrence}


def a_led_task(cast: Cast, visitor: User | None) -> dict[str, Any]:
    """Give a task of a plan in force that the visitor's unit leads."""
    task = Obligation.objects.get(**a_led_duty(cast, visitor)).milestone.task
    Plan.objects.filter(pk=task.plan_id).update(state=Plan.ISSUED, issued_at=ASKED_AT, issued_by=cast.sfj)
    return {"pk": task.pk}


def a_led_duty(cast: Cast, visitor: User | None) -> dict[str, Any]:
    """Give a duty of a task that the visitor's unit leads."""
    lead = (visitor and visitor.unit) or cast.scj.unit
    return {"pk": ObligationFactory(unit=cast.weifen.unit, milestone__task__leads=[lead]).pk}
