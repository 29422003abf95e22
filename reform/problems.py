"""Problems that units raise for coordination: who answers them by when, and the answer."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from liaisons.models import Unit, User
from liaisons.permissions import Permission
from reform import rights, telling
from reform.models import Obligation, Problem, Task
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.refusal import Refused

LONGEST = 5000
FARTHEST = dt.timedelta(days=366)


class AlreadyAnswered(Refused):
    """The problem has its answer; nothing was changed."""


@transaction.atomic
def raise_problem(obligation: Obligation, task: Task, text: str, *, by: User, at: dt.datetime | None = None) -> Problem:
    """Raise a problem from a report; the same words raised again while unanswered stay one problem."""
    own = rights.files_for(by, obligation.unit) or rights.cosigns_for(by, obligation.unit)
    rights.require(own or rights.reviews(by))
    at = at or clock.now()
    same = Problem.objects.filter(obligation__unit=obligation.unit, task=task, text=text.strip(), answered_at=None)
    if there := same.first():
        return there
    problem = Problem.objects.create(obligation=obligation, task=task, text=text.strip(), raised_at=at, raised_by=by)
    audit.record("problem.raise", by=by, subject=problem, unit_code=obligation.unit.code, at=at)
    return problem


def _locked(problem: Problem) -> Problem:
    rows = Problem.objects.select_for_update(of=("self",)).select_related("obligation__unit", "answered_by")
    return rows.get(pk=problem.pk)


def _require_open(problem: Problem) -> None:
    if problem.answered_at:
        raise AlreadyAnswered(f"这个问题已由{problem.answered_by}答复，没有重复处理。")


def _locked_open(problem: Problem) -> Problem:
    problem = _locked(problem)
    _require_open(problem)
    return problem


@transaction.atomic
def assign(problem: Problem, *, by: User, answerer: Unit, answer_by: dt.date, at: dt.datetime | None = None) -> Problem:
    """Name the unit that answers and by when; raises AlreadyAnswered, Refused, rights.Denied.

    Naming the same unit and day again changes nothing and tells nobody.
    """
    rights.require(rights.reviews(by))
    at = at or clock.now()
    problem = _locked_open(problem)
    _check_assignment(answerer, answer_by, clock.local_date(at))
    if (problem.answerer_id, problem.answer_by) == (answerer.pk, answer_by):
        return problem
    before = {"answerer": problem.answerer_id, "answer_by": problem.answer_by}
    problem.answerer, problem.answer_by = answerer, answer_by
    problem.save(update_fields=["answerer", "answer_by"])
    after = {"answerer": answerer.pk, "answer_by": answer_by}
    entry = audit.record("problem.assign", by=by, subject=problem, before=before, after=after, at=at)
    title = f"请在{telling.day(answer_by)}前答复{problem.obligation.unit.short_name}提出的问题"
    telling.of_problem(problem, answerer, title, body=problem.text, by=by, key=f"audit:{entry.pk}", at=at)
    return problem


def _check_assignment(answerer: Unit, answer_by: dt.date, today: dt.date) -> None:
    if answerer.closed_on and answerer.closed_on <= today:
        raise Refused(f"{answerer.short_name}已并入或撤销，请选别的单位。", "answerer")
    if not today <= answer_by <= today + FARTHEST:
        raise Refused("答复期限应在今天或之后、一年以内。", "answer_by")


def may_answer(user: User, problem: Problem) -> bool:
    """Say whether `user` answers this problem: the bureau, or the unit named."""
    return rights.reviews(user) or problem.answerer_id in user.unit_ids_with(Permission.FILE)


@transaction.atomic
def answer(problem: Problem, text: str, *, by: User, at: dt.datetime | None = None) -> Problem:
    """Answer; raises AlreadyAnswered, Refused, rights.Denied."""
    at = at or clock.now()
    problem = _locked(problem)
    rights.require(may_answer(by, problem))
    _require_open(problem)
    if not text.strip():
        raise Refused("请填写答复内容。", "answer")
    if len(text) > LONGEST:
        raise Refused(f"答复最多 {LONGEST} 字，现有 {len(text)} 字。", "answer")
    problem.answer, problem.answered_at, problem.answered_by = text.strip(), at, by
    problem.save(update_fields=["answer", "answered_at", "answered_by"])
    raiser = problem.obligation.unit
    audit.record("problem.answer", by=by, subject=problem, unit_code=raiser.code, at=at)
    title = f"你们提出的问题已有答复：{problem.text}"
    telling.of_problem(problem, raiser, title, body=problem.answer, by=by, key=f"answer:{problem.pk}", at=at)
    return problem
