"""What the bureau may do with one duty as it stands, what a lead of its task may, and who may write beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from liaisons.models import User
from reform import bureau_marks, comments, proposals, rights, urging
from reform.models import Obligation, Proposal, Submission, Urging
from reform.states import UNFILED


@dataclass(frozen=True)
class Offers:
    """The acts that a page offers, and what waits on this duty for somebody of the bureau."""

    waiting: Submission | None = None  # the filing to be reviewed
    undecided: Sequence[Proposal] = ()
    proposes: Sequence[str] = ()  # the names of what can be proposed
    sets_date: bool = False
    marks: bool = False
    enters: bool = False
    urges: bool = False
    urged: Urging | None = None
    comments: bool = False

    def __bool__(self) -> bool:
        """Say whether anything is offered at all."""
        acts = (self.proposes, self.sets_date, self.marks, self.enters, self.urges, self.comments)
        return bool(self.waiting or self.undecided or self.urged or any(acts))


def of(user: User, obligation: Obligation, today: dt.date) -> Offers:
    """Give what `user` may do; nothing to who is not of the bureau, a lead or its unit. Six queries at most."""
    urges = obligation.state in urging.URGEABLE and urging.may_urge(user, obligation)
    urged = urging.last_urgings([obligation.pk]).get(obligation.pk) if urges else None
    if not rights.reviews(user):
        return Offers(urges=urges, urged=urged, comments=comments.may_comment(user, obligation))
    names = dict(Proposal.KINDS)
    return Offers(
        waiting=obligation.submissions.filter(state=Submission.FILED).first(),
        undecided=list(obligation.proposals.filter(granted__isnull=True).select_related("asked_by")),
        proposes=[names[kind] for kind in proposals.kinds_for(obligation, today)],
        sets_date=bureau_marks.may_set_date(obligation),
        marks=bool(bureau_marks.marks_for(obligation.state)),
        enters=obligation.state in UNFILED,
        urges=urges,
        urged=urged,
        comments=True,
    )
