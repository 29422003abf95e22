"""A duty that is over asks nobody for anything: what still waits for a signature or for review is laid down with it."""

from __future__ import annotations

from reform.models import Obligation, Submission


def lay_down(obligation: Obligation, state: str) -> None:
    """Take what waits of a locked duty off the desks; `state` is what becomes of it."""
    waiting = obligation.submissions.filter(state__in=[Submission.COSIGNING, Submission.FILED])
    waiting.update(state=state)
