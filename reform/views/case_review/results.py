"""After scoring: feedback, one file's result with objections and 整改, the self-check, 通报 and 归档."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from liaisons.access import Request, found, requires
from liaisons.models import User
from liaisons.permissions import Permission as P
from reform.case_review import (
    eligibility,
    feedback,
    outcomes,
    publishing,
    reassigning,
    rectifying,
    rights,
    self_checks,
    sheets,
)
from reform.case_review.outcomes import Outcome, Standing
from reform.forms import case_review as forms
from reform.forms.case_register import SelfCheckForm
from reform.models import CaseReview, DrawnFile, Objection, ReviewItem, ReviewVeto, Stage
from reform.views.acting import carried_out, done
from reform.views.case_review.rounds import ORGANISES, organised, seen, show

READS = (P.READ_OWN, P.READ_ANY_FILING)


@requires(*ORGANISES)
@require_POST
def give_feedback(request: Request, pk: int) -> HttpResponseBase:
    """反馈 the results to the units."""
    round_, form = organised(request, pk), forms.FeedbackForm(request.POST)
    if form.is_valid() and carried_out(
        form, lambda: feedback.give_feedback(round_, form.cleaned_data["object_until"], by=request.user)
    ):
        messages.success(request, "结果已反馈给各单位。")
        return redirect("review_round", pk)
    return show(request, organised(request, pk), feedback_form=form)


@requires(*ORGANISES)
@require_POST
def publish(request: Request, pk: int) -> HttpResponseBase:
    """通报."""
    round_ = organised(request, pk)
    done(request, lambda: publishing.publish(round_, by=request.user), "已通报。由它办结的事项已经销号。")
    return redirect("review_round", pk)


@requires(*ORGANISES)
@require_POST
def archive(request: Request, pk: int) -> HttpResponseBase:
    """归档."""
    round_ = organised(request, pk)
    done(request, lambda: publishing.archive(round_, by=request.user), "已归档。")
    return redirect("review_round", pk)


# ── one file ───────────────────────────────────────────────


def _drawn(request: Request, pk: int) -> DrawnFile:
    rows = DrawnFile.objects.visible_to(request.user)
    return found(rows.select_related("round__organiser", "case_file__unit", "standard"), pk=pk)


@requires(*READS)
def result(request: Request, pk: int) -> HttpResponseBase:
    """Show one file's result: what was taken and why, objections and answers, 整改."""
    return _page(request, _drawn(request, pk))


def _page(request: Request, drawn: DrawnFile, **given: Any) -> HttpResponseBase:
    outcome, organises = outcomes.of_file(drawn.pk), rights.organises(request.user, drawn.round)
    stage = drawn.round.stage
    context: dict[str, Any] = {
        "outcome": outcome, "drawn": drawn, "file": drawn.case_file, "round": drawn.round, "organises": organises,
        "objects": feedback.may_object(request.user, drawn) and stage == Stage.FEEDBACK and outcome.problems,
        "answers": organises and stage == Stage.FEEDBACK, "mends": organises and _may_mend(outcome, stage),
        "rectification": getattr(outcome.drawn, "rectification", None),
    }  # fmt: skip
    if context["objects"]:
        context["object_form"] = forms.ObjectForm(outcome=outcome)
    if context["answers"]:
        context["answer_form"] = forms.AnswerForm()
    if context["mends"]:
        context["rectify_form"] = forms.RectifyForm(initial={"problems": rectifying.proposed(outcome)})
    if organises and stage == Stage.SCORING and outcome.standing is Standing.NEEDS_THIRD:
        context["third_form"] = forms.ThirdForm(people=_possible_thirds(drawn))
    if organises and stage == Stage.SCORING:
        context["misplaced"] = [one for one in reassigning.misplaced(drawn.round) if one.sheet.drawn_id == drawn.pk]
        context["reassign_form"] = forms.ReassignForm(people=_possible_thirds(drawn))
    return render(request, "reform/case_review/result.html", context | given)


def _may_mend(outcome: Outcome, stage: str) -> bool:
    fresh = not hasattr(outcome.drawn, "rectification")
    return fresh and bool(outcome.problems) and stage in (Stage.FEEDBACK, Stage.PUBLISHED)


def _possible_thirds(drawn: DrawnFile) -> list[User]:
    people = User.objects.filter(role_grants__role="reviewer", is_active=True).select_related("unit").distinct()
    busy = {sheet.reviewer.user_id for sheet in drawn.sheets.select_related("reviewer")}
    return [
        one for one in people
        if one.pk not in busy and eligibility.may_sit(one, drawn.round) and not eligibility.bar(one, drawn.case_file, drawn.round)
    ]  # fmt: skip


@requires(*ORGANISES)
@require_POST
def name_third(request: Request, pk: int) -> HttpResponseBase:
    """指定复核人."""
    drawn = _drawn(request, pk)
    form = forms.ThirdForm(request.POST, people=_possible_thirds(drawn))
    if form.is_valid():
        user = found(User.objects, pk=form.cleaned_data["user"])
        if carried_out(form, lambda: sheets.name_third(drawn, user, by=request.user)):
            messages.success(request, f"已请{user}复核。")
            return redirect("review_result", pk)
    return _page(request, _drawn(request, pk), third_form=form)


@requires(*ORGANISES)
@require_POST
def reassign(request: Request, pk: int) -> HttpResponseBase:
    """改派 a sheet whose reviewer may not go on with it: by the rules of the draw, or to whom the form names."""
    rows = CaseReview.objects.filter(drawn__in=DrawnFile.objects.visible_to(request.user))
    row = found(rows.select_related("drawn__round__organiser", "drawn__case_file"), pk=pk)
    form = forms.ReassignForm(request.POST, people=_possible_thirds(row.drawn))
    if not form.is_valid():
        messages.warning(request, "没有改派：所选的人不能评查这一卷，请重新选择。")
        return redirect("review_result", row.drawn_id)
    chosen = form.cleaned_data["user"]
    user = found(User.objects, pk=chosen) if chosen else None
    done(request, lambda: reassigning.reassign(row, user, by=request.user), f"已改派：{row.drawn.case_file.number}。")
    return redirect("review_round", row.drawn.round_id)


@requires(P.FILE)
@require_POST
def object_to(request: Request, pk: int) -> HttpResponseBase:
    """提出异议; to whoever does not speak for the file's unit there is nothing to object to."""
    drawn = _drawn(request, pk)
    if not feedback.may_object(request.user, drawn):
        raise Http404
    form = forms.ObjectForm(request.POST, outcome=outcomes.of_file(pk))
    if form.is_valid():
        what, text = _about(drawn, form.cleaned_data["about"]), form.cleaned_data["text"]
        if carried_out(form, lambda: feedback.object_to(drawn, what, text, by=request.user)):
            messages.success(request, "异议已提出，复核后会收到答复。")
            return redirect("review_result", pk)
    return _page(request, drawn, object_form=form)


def _about(drawn: DrawnFile, key: str) -> ReviewItem | ReviewVeto:
    if key.startswith("i"):
        return found(drawn.standard.items.all(), pk=key[1:])
    return found(drawn.standard.vetoes.all(), pk=key[1:])


@requires(*ORGANISES)
@require_POST
def answer(request: Request, pk: int) -> HttpResponseBase:
    """复核并答复 an objection."""
    row = found(Objection.objects.filter(drawn__in=DrawnFile.objects.visible_to(request.user)), pk=pk)
    drawn, form = _drawn(request, row.drawn_id), forms.AnswerForm(request.POST)
    if form.is_valid():
        upheld, text = form.cleaned_data["upheld"] == "yes", form.cleaned_data["answer"]
        if carried_out(form, lambda: feedback.answer(row, text, upheld=upheld, by=request.user)):
            messages.success(request, "已答复。")
            return redirect("review_result", drawn.pk)
    return _page(request, drawn, answer_form=form, answered=row.pk)


@requires(*ORGANISES)
@require_POST
def rectify(request: Request, pk: int) -> HttpResponseBase:
    """发整改通知单."""
    drawn, form = _drawn(request, pk), forms.RectifyForm(request.POST)
    if form.is_valid() and carried_out(form, lambda: rectifying.ask(drawn, **form.cleaned_data, by=request.user)):
        messages.success(request, f"已向{drawn.case_file.unit.short_name}发出整改通知，挂图上已有这件事项。")
        return redirect("review_result", pk)
    return _page(request, drawn, rectify_form=form, mends=True)


# ── the self-check ─────────────────────────────────────────


@requires(P.FILE)
def self_check(request: Request, pk: int) -> HttpResponseBase:
    """File the self-check of one's unit."""
    round_ = seen(request, pk)
    unit = round_.units.filter(pk__in=request.user.unit_ids_with(P.FILE)).first()
    if unit is None:
        raise Http404
    there = round_.self_checks.filter(unit=unit).first()
    names = list(SelfCheckForm.base_fields)
    form = SelfCheckForm(
        request.POST or None, initial={name: getattr(there, name) for name in names} if there else None
    )
    if form.is_valid() and carried_out(
        form, lambda: self_checks.file_self_check(round_, unit, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, "自查表已报送。")
        return redirect("review_round", pk)
    context = {"form": form, "round": round_, "unit": unit, "there": there, "open": round_.stage in self_checks.OPEN}
    return render(request, "reform/case_review/self_check.html", context)
