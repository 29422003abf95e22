"""What the people of a unit are told of an act: one notice for each act and person, however often it is replayed.

Called by the verbs inside their transaction, so that a notice exists exactly when the act happened. Whoever acted is
not told: the bureau's officers are also the people of a unit, their own.
"""

from __future__ import annotations

import datetime as dt

from liaisons import addressees, notices
from liaisons.models import Unit, User
from reform.models import Comment, Obligation, Problem, Proposal


def link_to(obligation: Obligation) -> str:
    """Give the address at which a notice about the obligation opens."""
    return f"/obligations/{obligation.pk}/"


def day(on: dt.date) -> str:
    """Give a day as a notice says it: 6月24日."""
    return f"{on.month}月{on.day}日"


def of_move(obligation: Obligation, kind: str, title: str, *, body: str = "", by: User, at: dt.datetime) -> None:
    """Tell the unit of the newest Move of its obligation."""
    people = _others(addressees.filers_of([obligation.unit_id]).get(obligation.unit_id, []), by)
    key = f"move:{obligation.moves.latest('pk').pk}" if people else ""
    notices.tell(people, kind, title, body=body, link=link_to(obligation), subject=obligation, dedupe=key, at=at)


def to_cosign(obligation: Obligation, leaders: list[User], *, by: User, at: dt.datetime) -> None:
    """Tell the unit's leaders that a filing waits for their signature."""
    link, key = f"{link_to(obligation)}cosign/", f"move:{obligation.moves.latest('pk').pk}"
    title = f"请会签：{obligation.name}"
    notices.tell(_others(leaders, by), "会签", title, link=link, subject=obligation, dedupe=key, at=at)


def of_decision(proposal: Proposal, title: str, *, by: User, at: dt.datetime) -> None:
    """Tell who asked, and the unit: of what was granted to it, and of what it asked for and did not get."""
    obligation = proposal.obligation
    people = [proposal.asked_by]
    if proposal.granted or proposal.kind == Proposal.EXTENSION:
        people += addressees.filers_of([obligation.unit_id]).get(obligation.unit_id, [])
    notices.tell(
        _others(people, by), proposal.get_kind_display(), title, body=proposal.decision, link=link_to(obligation),
        subject=proposal, dedupe=f"proposal:{proposal.pk}", at=at,
    )  # fmt: skip


def of_comment(comment: Comment, before: list[User], *, by: User, at: dt.datetime) -> None:
    """Tell the unit, and who wrote beside its duty before, of a new remark."""
    duty = comment.obligation
    people = addressees.filers_of([duty.unit_id]).get(duty.unit_id, []) + before
    title = f"{duty.unit.short_name}　{duty.name}：有新的意见"
    key = f"comment:{comment.pk}"
    notices.tell(
        _others(people, by), "意见", title, body=comment.text, link=link_to(duty), subject=duty, dedupe=key, at=at
    )


def of_problem(problem: Problem, unit: Unit, title: str, *, body: str, by: User, key: str, at: dt.datetime) -> None:
    """Tell a unit of a problem: that it is to answer, or what was answered."""
    people = _others(addressees.filers_of([unit.pk]).get(unit.pk, []), by)
    notices.tell(people, "需协调问题", title, body=body, link="/problems/", subject=problem, dedupe=key, at=at)


def _others(people: list[User], by: User) -> list[User]:
    return list({person.pk: person for person in people if person.pk != by.pk}.values())
