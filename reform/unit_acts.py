"""What one person of a unit may do with one duty as it stands, and why not where it would surprise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from liaisons.models import User
from reform import deadlines, done_elsewhere, filing_sheet, proposals, rights
from reform.filing_sheet import FilingSheet
from reform.models import Obligation, Proposal, Step, Submission
from reform.states import LIVING, UNFILED, State


@dataclass(frozen=True)
class Offered:
    """The acts that a page offers; `sheet` is the form of a filing, None where nothing is to be filed."""

    sign: bool = False
    report: bool = False  # a month's report has a page of its own
    elsewhere: str = ""  # the address at which the real thing is done, which no filing here stands for
    sheet: FilingSheet | None = None
    withdraw: bool = False
    why_not_withdraw: str = ""
    extend: bool = False
    asked: Proposal | None = None  # an extension that waits for its decision
    cosign: bool = False
    steps: Sequence[Step] | None = None  # None: this person lays none
    may_lay: bool = False

    def __bool__(self) -> bool:
        """Say whether anything is offered at all."""
        return bool(
            self.sign or self.report or self.elsewhere or self.sheet or self.withdraw or self.why_not_withdraw
            or self.extend or self.asked or self.cosign or self.steps is not None
        )  # fmt: skip


def offered(user: User, obligation: Obligation, today: dt.date) -> Offered:
    """Give what `user` may do; nothing to who is not of the unit. Its unit and milestone should be there with it."""
    if rights.files_for(user, obligation.unit):
        return _to_filer(obligation, today)
    signs = obligation.state == State.COSIGNING and rights.cosigns_for(user, obligation.unit)
    return Offered(cosign=signs)


def _to_filer(obligation: Obligation, today: dt.date) -> Offered:
    monthly = obligation.milestone.kind == deadlines.MONTHLY
    unfiled = obligation.state in UNFILED
    elsewhere = done_elsewhere.unit_address(obligation)
    waiting, why_not = _withdrawal(obligation) if not elsewhere else (False, "")
    asked = obligation.proposals.filter(kind=Proposal.EXTENSION, granted=None).first()
    extends = Proposal.EXTENSION in proposals.kinds_for(obligation, today)
    return Offered(
        sign=obligation.state == State.AWAITING,
        report=monthly and unfiled,
        elsewhere=elsewhere,
        sheet=filing_sheet.of(obligation) if unfiled and not (monthly or elsewhere) else None,
        withdraw=waiting,
        why_not_withdraw=why_not,
        extend=extends and asked is None,
        asked=asked,
        steps=None if monthly else list(obligation.steps.all()),
        may_lay=obligation.state in LIVING,
    )


def _withdrawal(obligation: Obligation) -> tuple[bool, str]:
    if obligation.state == State.COSIGNING:
        return True, ""
    if obligation.state != State.REVIEW:
        return False, ""
    began = obligation.submissions.filter(state=Submission.FILED).values_list("review_began_at", flat=True).first()
    return (False, "司法局已经开始审核，不能撤回；如需修改请联系审核人退回补正。") if began else (True, "")
