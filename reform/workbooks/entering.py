"""What keeps a row from being entered: its unit writes itself or has filed, or nothing can have come on that day."""

from __future__ import annotations

from collections.abc import Iterator

from reform import filing, on_behalf
from reform.models import Obligation, Submission
from reform.states import UNFILED
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook.plans import Fault, Values


def why_not(duty: Obligation, last: Submission | None) -> str:
    """Say why a duty takes no rows when `last` is its newest filing or draft; "" where it does."""
    if duty.state not in UNFILED:
        return f"{duty.unit.short_name}的这件事项现在是“{duty.get_state_display()}”，不能再用表格填写。"
    is_own = last is not None and last.state == Submission.DRAFT and not last.filed_on_behalf
    return on_behalf.BEGUN if is_own else ""


def faults(duty: Obligation, before: Values, values: Values, why: str) -> Iterator[Fault]:
    """Give what is wrong with a row that would change something; `why` is what `why_not` said of its duty."""
    if before | values == before:
        return
    if why:
        yield Fault("unit", why, code="fixed")
    elif received_on := values.get("received_on"):
        try:
            filing.require_receivable(duty, received_on, clock.now())
        except Refused as refused:
            yield Fault("received_on", str(refused))
