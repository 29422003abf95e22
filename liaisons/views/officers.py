"""执法人员: the register, what lapses soon on top."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import redirect, render

from liaisons import contacts, officers
from liaisons.access import Request, found, requires
from liaisons.forms.officers import NewOfficerForm, OfficerForm
from liaisons.views.roster import KEEPERS, READERS
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import Refused

PER_PAGE = 50
COLUMNS = ("name", "field", "certificate", "valid_until", "standing")


@requires(*READERS)
def officer_list(request: Request) -> HttpResponseBase:
    """List the officers of the units that one sees."""
    rows, today = officers.seen_by(request.user), clock.today()
    given = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")), "today": today,
        "lapsing": officers.lapsing(rows, today), "keeps": bool(request.user.permissions.intersection(KEEPERS)),
    }  # fmt: skip
    return render(request, "liaisons/officers.html", given)


@requires(*KEEPERS)
def new_officer(request: Request) -> HttpResponseBase:
    """Enter an officer."""
    form = NewOfficerForm(request.POST or None, units=contacts.units_kept_by(request.user))
    if form.is_valid():
        try:
            officers.enter(**form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, "已登记。")
            return redirect("officers")
    return render(request, "liaisons/officer_form.html", {"form": form})


@requires(*KEEPERS)
def amend_officer(request: Request, pk: int) -> HttpResponseBase:
    """Correct an officer's data."""
    rows = officers.seen_by(request.user).filter(unit__in=contacts.units_kept_by(request.user))
    officer = found(rows, pk=pk)
    form = OfficerForm(request.POST or None, initial={name: getattr(officer, name) for name in COLUMNS})
    if form.is_valid():
        try:
            officers.amend(officer, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, "已保存。")
            return redirect("officers")
    return render(request, "liaisons/officer_form.html", {"form": form, "officer": officer})
