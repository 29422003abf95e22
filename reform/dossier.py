"""Everything that one person may see of one obligation (rules: who opens a cell)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch, Q

from liaisons.models import User
from liaisons.permissions import Permission
from reform import quotes
from reform.lit import Lamp, Lit
from reform.models import (
    Comment,
    Escalation,
    Evidence,
    MilestoneParty,
    Move,
    Obligation,
    Proposal,
    ReminderStep,
    ReportLine,
    Step,
    Submission,
    SubmissionValue,
    TaskParty,
)  # fmt: skip
from reform.rights import Sight, sight

# What was withdrawn was never before the bureau, so it is the unit's own, as a draft is.
OWN_ALONE = (Submission.DRAFT, Submission.COSIGNING, Submission.WITHDRAWN)


@dataclass(frozen=True)
class Happening:
    """One Move with what it changed of the date."""

    move: Move
    due_before: dt.date | None

    @property
    def moved_date(self) -> bool:
        """Say whether the due date became another."""
        return self.move.from_state != "" and self.move.due_on != self.due_before


@dataclass(frozen=True)
class Dossier:
    """One obligation as `sight` allows it; each part is read when a page asks for it."""

    obligation: Obligation
    sight: Sight
    today: dt.date
    is_bureau: bool = False

    @cached_property
    def lit(self) -> Lit:
        """Give today's light, its sign and its words."""
        return Lamp(self.today).lit(self.obligation)

    @property
    def sentence(self) -> list[quotes.Part]:
        """Give the plan's sentence, the words of this time limit marked."""
        milestone = self.obligation.milestone
        return quotes.marked(milestone.task.quote, milestone.quote)

    @cached_property
    def task_parties(self) -> Sequence[TaskParty]:
        """Give whom the plan names behind the sentence."""
        return list(self.obligation.milestone.task.parties.select_related("unit", "group"))

    @cached_property
    def bound(self) -> Sequence[MilestoneParty]:
        """Give who owes this node, and by whose decision."""
        return list(self.obligation.milestone.parties.select_related("unit", "group"))

    @cached_property
    def unconfirmed(self) -> bool:
        """Say whether the county has yet to confirm who is bound."""
        return not self.obligation.milestone.confirmed or any(not party.confirmed for party in self.bound)

    @property
    def shows_dates(self) -> bool:
        """Say whether the person sees when and by whom what was done."""
        return self.sight >= Sight.TEXT

    @cached_property
    def happenings(self) -> Sequence[Happening]:
        """Give the history, newest first; nothing to who sees the light alone."""
        if not self.shows_dates:
            return []
        moves = list(self.obligation.moves.select_related("by__unit", "unit").order_by("pk"))
        before = [None, *(move.due_on for move in moves)]
        return [Happening(move, due) for move, due in zip(moves, before, strict=False)][::-1]

    @cached_property
    def proposals(self) -> Sequence[Proposal]:
        """Give what was asked for and decided."""
        rows = self.obligation.proposals.select_related("asked_by", "decided_by")
        return list(rows) if self.shows_dates else []

    @cached_property
    def letters(self) -> Sequence[Escalation]:
        """Give the 催办函 that were sent about it, to the unit and the bureau."""
        if not (self.is_bureau or self.sight >= Sight.OWN):
            return []
        rows = self.obligation.escalations.filter(kind=ReminderStep.URGING_LETTER, granted=True)
        return list(rows.order_by("decided_at"))

    @cached_property
    def steps(self) -> Sequence[Step]:
        """Give the steps the unit laid under it."""
        return list(self.obligation.steps.all()) if self.shows_dates else []

    @cached_property
    def filings(self) -> Sequence[Submission]:
        """Give what was filed, newest first: to the unit with drafts, to others without, evidence only where allowed."""
        if not self.shows_dates:
            return []
        hidden = Q() if self.sight >= Sight.OWN else Q(state__in=OWN_ALONE)
        rows = self.obligation.submissions.exclude(hidden) if hidden else self.obligation.submissions.all()
        values = SubmissionValue.objects.exclude(text="").select_related("item").order_by("item__position")
        lines = ReportLine.objects.select_related("task").prefetch_related("closes__milestone")
        evidence = Evidence.objects.select_related("file", "elsewhere").order_by("pk")
        rows = rows.select_related("filed_by", "reviewed_by", "report").prefetch_related(
            Prefetch("values", values),
            Prefetch("report__lines", lines),
            Prefetch("evidence", evidence if self.sight >= Sight.FILED else evidence.none()),
        )
        return list(rows.order_by("-number"))

    @cached_property
    def comments(self) -> Sequence[Comment]:
        """Give what was written beside it, to the unit, the leads of its task and the bureau."""
        return list(self.obligation.comments.select_related("by__unit")) if self.sight >= Sight.FILED else []


def of(user: User, obligation: Obligation, today: dt.date) -> Dossier:
    """Give what `user` may see of the obligation; its unit, milestone, task and plan should be there with it."""
    return Dossier(obligation, sight(user, obligation), today, user.may(Permission.URGE))
