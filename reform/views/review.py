"""Reviewing one filing: reading it, beginning, accepting, returning, and on to the next."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from liaisons.access import Request, found, requires
from liaisons.permissions import Permission
from reform import done_elsewhere, filing_read, quotes, review, review_queue
from reform.filing_read import FilingRead
from reform.forms.review import LONGEST_NOTE, AcceptForm, ReturnForm
from reform.lit import Lamp
from reform.models import Submission
from reform.views.acting import carried_out, done
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.workdays import Workdays


def _reading(pk: int) -> FilingRead:
    return filing_read.read(found(filing_read.filings(), pk=pk))


def _page(request: Request, reading: FilingRead, **forms: Any) -> HttpResponseBase:
    submission, workdays = reading.submission, Workdays.load()
    obligation = submission.obligation
    usual = review.usual_mend_by(clock.today(), workdays)
    context = {
        "reading": reading,
        "submission": submission,
        "obligation": obligation,
        "lit": Lamp(clock.today(), workdays).lit(obligation),
        "place": review_queue.place_of(submission, request.user),
        "sentence": quotes.marked(obligation.milestone.task.quote, obligation.milestone.quote),
        "waits": submission.state == Submission.FILED,
        "is_own": submission.filed_by_id == request.user.pk,
        "moves": obligation.moves.select_related("by", "unit").order_by("-pk"),
        "undecided": obligation.proposals.filter(granted__isnull=True),
        "accept_form": AcceptForm(auto_id="accept_%s"),
        "return_form": ReturnForm(initial={"mend_by": usual}, auto_id="return_%s"),
        "longest_note": LONGEST_NOTE,
    }
    return render(request, "reform/review.html", context | forms)


@requires(Permission.REVIEW)
def review_filing(request: Request, pk: int) -> HttpResponseBase:
    """Show one filing with what it is held against and what can be done with it."""
    reading = _reading(pk)
    if address := done_elsewhere.review_address(reading.submission.obligation):
        return redirect(address)
    return _page(request, reading)


@requires(Permission.REVIEW)
@require_POST
def begin(request: Request, pk: int) -> HttpResponseBase:
    """Note that review has begun; the page asks for it as soon as it is shown."""
    review.begin(found(filing_read.filings(), pk=pk), by=request.user)
    if request.htmx:
        return render(request, "reform/review/begun.html", {"submission": Submission.objects.get(pk=pk)})
    return redirect("review_filing", pk)


@requires(Permission.REVIEW)
@require_POST
def accept(request: Request, pk: int) -> HttpResponseBase:
    """销号 and go on to the next filing."""
    submission = found(filing_read.filings(), pk=pk)
    form = AcceptForm(request.POST, auto_id="accept_%s")
    if not form.is_valid():
        return _page(request, _reading(pk), accept_form=form)
    place, obligation = review_queue.place_of(submission, request.user), submission.obligation
    note = form.cleaned_data["note"]
    said = f"已销号：{obligation.unit.short_name}　{obligation.name}"
    if done(request, lambda: review.accept(obligation, by=request.user, seen=pk, note=note), said):
        return _next(request, place)
    return redirect("review_filing", pk)


@requires(Permission.REVIEW)
@require_POST
def send_back(request: Request, pk: int) -> HttpResponseBase:
    """退回补正 or 退回（视同未报） and go on to the next filing; nothing typed is lost when it is refused."""
    reading = _reading(pk)
    notes = {line.line.pk: request.POST.get(f"line-{line.line.pk}", "").strip() for line in reading.lines}
    notes = {line: text for line, text in notes.items() if text}
    form = ReturnForm(request.POST, auto_id="return_%s")
    place = review_queue.place_of(reading.submission, request.user)
    if any(len(text) > LONGEST_NOTE for text in notes.values()):
        form.add_error(None, f"每行的审核意见最多 {LONGEST_NOTE} 字。")
    if form.is_valid() and carried_out(form, lambda: _send_back(request, reading, form, notes)):
        obligation = reading.submission.obligation
        messages.success(request, f"已退回：{obligation.unit.short_name}　{obligation.name}")
        return _next(request, place)
    return _page(request, reading.noted(notes), return_form=form)


def _send_back(request: Request, reading: FilingRead, form: ReturnForm, notes: dict[int, str]) -> None:
    done_elsewhere.require_here(reading.submission.obligation)
    review.send_back(
        reading.submission.obligation, by=request.user, seen=reading.submission.pk, as_unfiled=form.as_unfiled,
        reason=form.cleaned_data["reason"], mend_by=form.cleaned_data["mend_by"], line_notes=notes,
    )  # fmt: skip


def _next(request: Request, place: review_queue.Place) -> HttpResponseBase:
    if following := place.next or place.previous:
        return redirect("review_filing", following)
    messages.info(request, "等待您审核的报送已全部处理。")
    return redirect("desk")
