"""The bureau's review of an edition, publication and abolition, and the status of legal bases."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from exemptions import legal_bases, publication, recording, rights
from exemptions.forms.edition import LONGEST_NOTE, AbolishForm, PublishForm, RecordForm, ReturnForm, StatusForm
from exemptions.models import Edition, LegalBasis
from exemptions.models.edition import EditionQuerySet
from exemptions.views.lists import editions_of, page_of
from liaisons.access import Request, found, requires
from liaisons.permissions import Permission as P
from reform.forms.typed import words
from reform.review import usual_mend_by
from reform.views.acting import carried_out
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.workdays import Workdays

PUBLISHERS = (P.FILE, P.RECORD_LISTS)
PER_PAGE = 50


def _page(request: Request, row: Edition, notes: dict[int, str] | None = None, **given: Any) -> HttpResponseBase:
    first = {"mend_by": usual_mend_by(clock.today(), Workdays.load())}
    number = {"number": recording.next_number(clock.today().year)}
    context = page_of(request, row, notes) | {
        "record_form": RecordForm(initial=number, auto_id="record_%s"),
        "return_form": ReturnForm(initial=first, auto_id="return_%s"),
        "seen": recording.mark(row), "waits": row.state == "filed", "is_own": row.filed_by_id == request.user.pk,
    }  # fmt: skip
    return render(request, "exemptions/review.html", context | given)


@requires(P.RECORD_LISTS)
@never_cache
def review(request: Request, pk: int) -> HttpResponseBase:
    """Show one edition with what it is held against and what can be done with it."""
    return _page(request, found(editions_of(request), pk=pk))


@requires(P.RECORD_LISTS)
@require_POST
def record(request: Request, pk: int) -> HttpResponseBase:
    """准予备案."""
    row = found(editions_of(request), pk=pk)
    form, seen = RecordForm(request.POST, auto_id="record_%s"), request.POST.get("seen")
    if form.is_valid() and carried_out(
        form, lambda: recording.record(row, by=request.user, seen=seen, **form.cleaned_data)
    ):
        messages.success(request, f"准予备案：{row}　{form.cleaned_data['number']}。公布后事项自动销号。")
        return redirect("exemption_lists")
    return _page(request, row, record_form=form)


@requires(P.RECORD_LISTS)
@require_POST
def send_back(request: Request, pk: int) -> HttpResponseBase:
    """退回补正; nothing typed is lost when it is refused."""
    row = found(editions_of(request), pk=pk)
    form, seen = ReturnForm(request.POST, auto_id="return_%s"), request.POST.get("seen")
    notes = {item.pk: words(request.POST, f"note-{item.pk}").strip() for item in row.items.all()}
    if any(len(text) > LONGEST_NOTE for text in notes.values()):
        form.add_error(None, f"每项的意见最多 {LONGEST_NOTE} 字。")
    if form.is_valid() and carried_out(
        form, lambda: recording.send_back(row, by=request.user, seen=seen, notes=notes, **form.cleaned_data)
    ):
        messages.success(request, f"已退回补正：{row}")
        return redirect("exemption_lists")
    return _page(request, row, return_form=form, notes=notes)


def _publishable(request: Request) -> EditionQuerySet:
    rows = editions_of(request)
    return rows if rights.records(request.user) else rows.kept_by(request.user)


@requires(*PUBLISHERS)
def publish(request: Request, pk: int) -> HttpResponseBase:
    """公布, with the day from which it holds."""
    row = found(_publishable(request), pk=pk)
    form = PublishForm(request.POST or None, initial={"effective_from": clock.today()})
    if form.is_valid() and carried_out(form, lambda: publication.publish(row, by=request.user, **form.cleaned_data)):
        messages.success(request, f"已公布：{row}")
        return redirect("edition", pk)
    held = row.exemption_list.editions.in_force_on(clock.today()).exclude(pk=pk).first()
    return render(request, "exemptions/publish.html", {"form": form, "edition": row, "held": held})


@requires(*PUBLISHERS)
def abolish(request: Request, pk: int) -> HttpResponseBase:
    """废止 without a successor."""
    row = found(_publishable(request), pk=pk)
    form = AbolishForm(request.POST or None)
    if form.is_valid() and carried_out(form, lambda: publication.abolish(row, by=request.user, **form.cleaned_data)):
        messages.success(request, f"已登记废止：{row}")
        return redirect("edition", pk)
    return render(request, "exemptions/abolish.html", {"form": form, "edition": row})


@requires(P.READ_OWN, P.READ_ANY_FILING)
def basis_list(request: Request) -> HttpResponseBase:
    """List the provisions that items cite, those that no longer hold first."""
    rows = LegalBasis.objects.annotate(cited=Count("cited_in__item", distinct=True))
    asked = words(request.GET, "words").strip()[:60]
    rows = rows.filter(Q(statute__contains=asked) | Q(article__contains=asked)) if asked else rows
    page = Paginator(rows.order_by("status", "statute", "version", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    given = {"page": page, "asked": asked, "records": rights.records(request.user)}
    return render(request, "exemptions/bases.html", given)


@requires(P.RECORD_LISTS)
def basis_status(request: Request, pk: int) -> HttpResponseBase:
    """Say that a provision was amended or repealed; the units that cite it are told."""
    row = found(LegalBasis.objects.all(), pk=pk)
    first = {"status": row.status, "changed_on": row.changed_on, "note": row.status_note}
    form = StatusForm(request.POST or None, initial=first)
    if form.is_valid() and carried_out(form, lambda: legal_bases.set_status(row, by=request.user, **form.cleaned_data)):
        messages.success(request, f"已登记：{row}　{dict(LegalBasis.STATUSES)[form.cleaned_data['status']]}")
        return redirect("legal_bases")
    return render(request, "exemptions/basis_form.html", {"form": form, "basis": row})
