"""The order in which filings are reviewed one after another: the oldest first, one's own left out."""

from __future__ import annotations

from dataclasses import dataclass

from liaisons.models import User
from reform.models import Submission


@dataclass(frozen=True)
class Place:
    """Where a filing stands in an officer's queue: the n-th of so many, and its neighbours' ids."""

    number: int
    total: int
    previous: int | None
    next: int | None


def queue_of(user: User) -> list[int]:
    """Give the ids of the filings that `user` may review, in order: one query."""
    rows = Submission.objects.filter(state=Submission.FILED).exclude(filed_by=user)
    return list(rows.order_by("filed_at", "pk").values_list("pk", flat=True))


def place_of(submission: Submission, user: User) -> Place:
    """Give the place of a filing; one that does not wait (any more) stands before all and has number 0."""
    queue = queue_of(user)
    if submission.pk not in queue:
        return Place(0, len(queue), None, queue[0] if queue else None)
    at = queue.index(submission.pk)
    before, after = queue[:at], queue[at + 1 :]
    return Place(at + 1, len(queue), before[-1] if before else None, after[0] if after else None)
