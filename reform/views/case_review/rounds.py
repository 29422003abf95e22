"""评查活动: the list, one round, its scope, the draw and its check, reviewers and their conflicts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from liaisons.access import Request, found, requires
from liaisons.models import Unit, User
from liaisons.permissions import Permission as P
from reform.case_review import drawing, eligibility, protocol, reassigning, reviewer_desk, rights, rounds
from reform.case_review.round_sight import Sight
from reform.forms import case_review as forms
from reform.models import CaseFile, ReviewRound, RoundReviewer, Stage
from reform.views.acting import carried_out, done

PER_PAGE = 30
ORGANISES = (P.ORGANISE_REVIEWS, P.ORGANISE_OWN_REVIEWS)


def seen(request: Request, pk: int) -> ReviewRound:
    """Give a round that the person may see. Raises Http404."""
    rows = ReviewRound.objects.visible_to(request.user)
    return found(rows.select_related("organiser", "created_by", "published_by", "drawn_by"), pk=pk)


def organised(request: Request, pk: int) -> ReviewRound:
    """Give a round that the person runs. Raises Http404."""
    round_ = seen(request, pk)
    if not rights.organises(request.user, round_):
        raise Http404
    return round_


@requires(P.VIEW_WALL)
def round_list(request: Request) -> HttpResponseBase:
    """List the rounds one sees, above them the sheets that wait for oneself."""
    rows = ReviewRound.objects.visible_to(request.user).select_related("organiser")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    given = {
        "page": page, "rows": reviewer_desk.rows_of(list(page), request.user), "waiting": reviewer_desk.waiting(request.user),
        "undeclared": reviewer_desk.undeclared(request.user), "taken": reassigning.taken_from(request.user),
        "organisers": _organisers(request),
    }  # fmt: skip
    return render(request, "reform/case_review/rounds.html", given)


def _organisers(request: Request) -> list[Unit]:
    """Give the units for which the person can open a round."""
    if request.user.may(P.ORGANISE_REVIEWS):
        return list(Unit.objects.filter(kind=Unit.BUREAU))
    return list(
        Unit.objects.filter(pk__in=request.user.unit_ids_with(P.ORGANISE_OWN_REVIEWS)).exclude(kind=Unit.BUREAU)
    )


@requires(*ORGANISES)
def new_round(request: Request) -> HttpResponseBase:
    """Open a round, of the bureau or of one's unit."""
    units = _organisers(request)
    chosen = [unit for unit in units if unit.code == request.GET.get("unit")] or units
    if not chosen:
        raise Http404
    with_files = [str(pk) for pk in CaseFile.objects.values_list("unit", flat=True).distinct().order_by()]
    initial = {"townships": with_files, "departments": with_files}
    form = forms.RoundForm(request.POST or None, initial=initial, organiser=chosen[0])
    if form.is_valid():
        made: list[ReviewRound] = []
        if carried_out(form, lambda: made.append(rounds.open_round(form.scope(), by=request.user))):
            return redirect("review_round", made[0].pk)
    return render(request, "reform/case_review/round_form.html", {"form": form, "organiser": chosen[0]})


@requires(*ORGANISES)
def edit_round(request: Request, pk: int) -> HttpResponseBase:
    """Change the scope while the round is being prepared."""
    round_ = organised(request, pk)
    if round_.stage != Stage.PREPARING:
        messages.info(request, "名册已封存，范围不能再改；还没有抽取的，可以先解封。")
        return redirect("review_round", pk)
    form = forms.RoundForm(request.POST or None, initial=forms.shown(round_), organiser=round_.organiser)
    if form.is_valid() and carried_out(form, lambda: rounds.edit_round(round_, form.scope(), by=request.user)):
        messages.success(request, "已保存。")
        return redirect("review_round", pk)
    return render(
        request, "reform/case_review/round_form.html", {"form": form, "round": round_, "organiser": round_.organiser}
    )


@requires(P.VIEW_WALL)
def round_page(request: Request, pk: int) -> HttpResponseBase:
    """Show a round: what comes next, its files, its reviewers, and what it found."""
    return show(request, seen(request, pk))


def show(request: Request, round_: ReviewRound, **given: Any) -> HttpResponseBase:
    """Show a round's page, with a form that was refused in place of a fresh one."""
    sight = Sight(round_, request.user)
    context: dict[str, Any] = {"sight": sight, "round": round_}
    if sight.organises:
        context |= {
            "seat_form": forms.SeatForm(people=_free_people(round_)), "feedback_form": forms.FeedbackForm(),
            "register": drawing.register_of(round_) if round_.stage == Stage.PREPARING else [],
            "checks": {check.unit_id: check for check in round_.self_checks.select_related("unit")},
        }  # fmt: skip
    return render(request, "reform/case_review/round.html", context | given)


def _free_people(round_: ReviewRound) -> list[User]:
    sitting = set(round_.reviewers.values_list("user_id", flat=True))
    people = User.objects.filter(role_grants__role="reviewer", is_active=True).select_related("unit").distinct()
    return [one for one in people if one.pk not in sitting and eligibility.may_sit(one, round_)]


def _act(request: Request, pk: int, verb: Callable[..., Any], said: str) -> HttpResponseBase:
    round_ = organised(request, pk)
    done(request, lambda: verb(round_, by=request.user), said)
    return redirect("review_round", pk)


@requires(*ORGANISES)
@require_POST
def seal(request: Request, pk: int) -> HttpResponseBase:
    """封存名册."""
    return _act(request, pk, rounds.seal, "名册已封存。现在可以公布名册校验值，再定种子、抽取案卷。")


@requires(*ORGANISES)
@require_POST
def unseal(request: Request, pk: int) -> HttpResponseBase:
    """解封."""
    return _act(request, pk, rounds.unseal, "名册已解封，各单位可以继续登记。")


@requires(*ORGANISES)
@require_POST
def start(request: Request, pk: int) -> HttpResponseBase:
    """开始评查."""
    return _act(request, pk, rounds.start, "已分配案卷，评查员可以开始评分。")


# ── the draw ───────────────────────────────────────────────


@requires(P.VIEW_WALL)
def draw(request: Request, pk: int) -> HttpResponseBase:
    """Show what is drawn from and how, check the draw; the organiser draws here."""
    round_ = seen(request, pk)
    if not round_.population:
        raise Http404
    runs = rights.organises(request.user, round_) and round_.stage == Stage.SEALED
    form = forms.DrawForm(request.POST or None)
    if request.method == "POST" and runs and form.is_valid():
        given = form.cleaned_data
        if carried_out(form, lambda: rounds.draw(round_, given["seed"], witnesses=given["witnesses"], by=request.user)):
            return redirect("review_draw", pk)
    elif request.method == "POST" and not runs:
        messages.warning(request, "已经抽取过，没有重复抽取；下面是当时的结果。")
        return redirect("review_draw", pk)
    context = {"round": round_, "protocol": protocol.of(round_), "form": form if runs else None, "words": drawing.WORDS}
    return render(request, "reform/case_review/draw.html", context)


@requires(P.VIEW_WALL)
def draw_text(request: Request, pk: int) -> HttpResponseBase:
    """Send the whole draw as text, so that it can be checked with other tools."""
    round_ = seen(request, pk)
    if not round_.drawn_at:
        raise Http404
    response = HttpResponse(protocol.text(round_), content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="draw-{round_.pk}.txt"'
    return response


# ── reviewers ──────────────────────────────────────────────


@requires(*ORGANISES)
@require_POST
def seat(request: Request, pk: int) -> HttpResponseBase:
    """Add reviewers."""
    round_ = organised(request, pk)
    form = forms.SeatForm(request.POST, people=_free_people(round_))
    if form.is_valid():
        chosen = User.objects.filter(pk__in=form.cleaned_data["users"])
        if chosen:
            done(request, lambda: rounds.seat(round_, chosen, by=request.user), f"已增加 {len(chosen)} 名评查员。")
        return redirect("review_round", pk)
    return show(request, round_, seat_form=form)


@requires(*ORGANISES)
@require_POST
def unseat(request: Request, pk: int) -> HttpResponseBase:
    """Take a reviewer out."""
    row = found(RoundReviewer.objects.select_related("round__organiser", "user"), pk=pk)
    round_ = organised(request, row.round_id)
    done(request, lambda: rounds.unseat(row, by=request.user), f"已去掉评查员{row.user}。")
    return redirect("review_round", round_.pk)


@requires(P.SCORE_CASES)
def declare(request: Request, pk: int) -> HttpResponseBase:
    """申明有无回避情形."""
    rows = RoundReviewer.objects.filter(user=request.user).select_related("round__organiser")
    row = found(rows, round=pk)
    files = [drawn.case_file for drawn in row.round.drawn.select_related("case_file__unit")]
    units = sorted({file.unit for file in files}, key=lambda unit: (unit.position, unit.code))
    form = forms.DeclareForm(request.POST if request.method == "POST" else None, units=units, files=files)
    if form.is_valid():
        given = form.cleaned_data
        apart = [unit for unit in units if str(unit.pk) in given["units"]]
        kept_from = [file for file in files if str(file.pk) in given["cases"]]
        if carried_out(
            form,
            lambda: rounds.declare(row, units=apart, files=kept_from, reason=given["reason"], by=request.user),
        ):
            messages.success(request, "已申明，谢谢。")
            return redirect("review_rounds")
    return render(request, "reform/case_review/declare.html", {"form": form, "seat": row, "round": row.round})
