"""Problems that units raise for coordination: who answers them by when, and the answer."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from liaisons.models import Unit, User
from liaisons.permissions import Permission
from reform import rights
from reform.models import Obligation, Problem, Task
from xingxian_portal.foundation import audit, clock


class AlreadyAnswered(Exception):
    """The problem has its answer; nothing was changed."""


@transaction.atomic
def raise_problem(obligation: Obligation, task: Task, text: str, *, by: User, at: dt.datetime | None = None) -> Problem:
    """Raise a problem from a report; the same words raised again while unanswered stay one problem."""
    rights.require(rights.files_for(by, obligation.unit) or rights.reviews(by))
    at = at or clock.now()
    same = Problem.objects.filter(obligation__unit=obligation.unit, task=task, text=text.strip(), answered_at=None)
    if there := same.first():
        return there
    problem = Problem.objects.create(obligation=obligation, task=task, text=text.strip(), raised_at=at, raised_by=by)
    audit.record("problem.raise", by=by, subject=problem, unit_code=obligation.unit.code, at=at)
    return problem


def _locked_open(problem: Problem) -> Problem:
    problem = Problem.objects.select_for_update(of=("self",)).select_related("obligation__unit").get(pk=problem.pk)
    if problem.answered_at:
        raise AlreadyAnswered("这个问题已经答复过，没有重复处理。")
    return problem


@transaction.atomic
def assign(problem: Problem, *, by: User, answerer: Unit, answer_by: dt.date, at: dt.datetime | None = None) -> Problem:
    """Name the unit that answers and by when; raises AlreadyAnswered, rights.Denied."""
    rights.require(rights.reviews(by))
    problem = _locked_open(problem)
    before = {"answerer": problem.answerer_id, "answer_by": problem.answer_by}
    problem.answerer, problem.answer_by = answerer, answer_by
    problem.save(update_fields=["answerer", "answer_by"])
    after = {"answerer": answerer.pk, "answer_by": answer_by}
    audit.record("problem.assign", by=by, subject=problem, before=before, after=after, at=at)
    return problem


def may_answer(user: User, problem: Problem) -> bool:
    """Say whether `user` answers this problem: the bureau, or the unit named."""
    return rights.reviews(user) or problem.answerer_id in user.unit_ids_with(Permission.FILE)


@transaction.atomic
def answer(problem: Problem, text: str, *, by: User, at: dt.datetime | None = None) -> Problem:
    """Answer; raises AlreadyAnswered, ValueError when the text is empty, rights.Denied."""
    problem = _locked_open(problem)
    rights.require(may_answer(by, problem))
    if not text.strip():
        raise ValueError("请填写答复内容。")
    problem.answer, problem.answered_at, problem.answered_by = text.strip(), at or clock.now(), by
    problem.save(update_fields=["answer", "answered_at", "answered_by"])
    audit.record("problem.answer", by=by, subject=problem, unit_code=problem.obligation.unit.code, at=at)
    return problem
