"""Problems: the unit's own page of those it raised and those it is to answer; one problem with what can be done."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from liaisons.access import Request, found, requires
from liaisons.models import User
from liaisons.permissions import Permission
from reform import problems
from reform.forms.problems import AnswerForm, AssignForm
from reform.models import Problem
from reform.views.acting import carried_out
from xingxian_portal.foundation import clock

PER_PAGE = 30


def visible_to(user: User) -> QuerySet[Problem]:
    """Give the problems that `user` may read: the bureau all, a unit those it raised or is to answer."""
    rows = Problem.objects.select_related(
        "obligation__unit", "obligation__milestone", "task__plan", "answerer", "raised_by", "answered_by__unit"
    )
    if user.may(Permission.REVIEW):
        return rows
    own = user.unit_ids_with(Permission.READ_OWN)
    return rows.filter(Q(obligation__unit__in=own) | Q(answerer__in=own))


@requires(Permission.READ_OWN)
def problem_list(request: Request) -> HttpResponseBase:
    """List what one's units raised and what they are to answer; the unanswered first."""
    own = request.user.unit_ids_with(Permission.READ_OWN)
    rows = visible_to(request.user)
    to_answer = rows.filter(answerer__in=own, answered_at__isnull=True).order_by("answer_by", "pk")
    others = rows.filter(Q(obligation__unit__in=own) | Q(answerer__in=own, answered_at__isnull=False))
    page = Paginator(others.order_by("-raised_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {"to_answer": to_answer, "page": page, "own": own, "today": clock.today()}
    return render(request, "reform/problems.html", context)


def _page(request: Request, problem: Problem, **given: forms.Form) -> HttpResponseBase:
    assigned = {"answerer": problem.answerer_id, "answer_by": problem.answer_by}
    context = {
        "problem": problem,
        "today": clock.today(),
        "assigns": request.user.may(Permission.REVIEW) and problem.answered_at is None,
        "answers": problems.may_answer(request.user, problem) and problem.answered_at is None,
        "assign_form": AssignForm(initial=assigned, auto_id="assign_%s"),
        "answer_form": AnswerForm(auto_id="answer_%s"),
    }
    return render(request, "reform/problem.html", context | given)


@requires(Permission.REVIEW, Permission.READ_OWN)
def problem(request: Request, pk: int) -> HttpResponseBase:
    """Show one problem."""
    return _page(request, found(visible_to(request.user), pk=pk))


@requires(Permission.REVIEW)
@require_POST
def assign(request: Request, pk: int) -> HttpResponseBase:
    """Name who answers by when."""
    row = found(visible_to(request.user), pk=pk)
    form = AssignForm(request.POST, auto_id="assign_%s")
    if form.is_valid() and carried_out(form, lambda: problems.assign(row, by=request.user, **form.cleaned_data)):
        messages.success(request, f"已请{form.cleaned_data['answerer'].short_name}答复。")
        return redirect("desk_problems")
    return _page(request, found(visible_to(request.user), pk=pk), assign_form=form)


@requires(Permission.REVIEW, Permission.FILE)
@require_POST
def answer(request: Request, pk: int) -> HttpResponseBase:
    """Answer."""
    row = found(visible_to(request.user), pk=pk)
    form = AnswerForm(request.POST, auto_id="answer_%s")
    if form.is_valid() and carried_out(
        form, lambda: problems.answer(row, form.cleaned_data["answer"], by=request.user)
    ):
        messages.success(request, "已答复，提出问题的单位会收到消息。")
        return redirect("problem", pk)
    return _page(request, found(visible_to(request.user), pk=pk), answer_form=form)
