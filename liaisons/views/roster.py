"""联络员: the roster in the annex's five columns, and one unit's contacts with their history."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from liaisons import appointments, contacts, departure, handover, open_work, roster
from liaisons.access import Request, found, requires
from liaisons.forms.contacts import AppointForm, ContactForm, HandoverForm
from liaisons.models import Appointment, Unit, User
from liaisons.permissions import Permission as P
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import Refused

READERS = (P.READ_OWN, P.KEEP_ANY_CONTACTS, P.SEE_PHONES)
KEEPERS = (P.KEEP_CONTACTS, P.KEEP_ANY_CONTACTS)


def _list(request: Request, lines: list[roster.Line], *, in_full: bool) -> HttpResponseBase:
    given = {
        "lines": lines, "in_full": in_full, "sees_phones": contacts.sees_phones(request.user),
        "missing": sum(bool(line.missing) for line in lines), "to_confirm": sum(line.to_confirm for line in lines),
    }  # fmt: skip
    return render(request, "liaisons/roster.html", given)


@requires(*READERS)
def roster_list(request: Request) -> HttpResponseBase:
    """List the units whose contacts one sees, numbers masked."""
    return _list(request, roster.lines(contacts.units_seen_by(request.user), clock.today()), in_full=False)


@requires(P.READ_OWN, P.SEE_PHONES)
@never_cache
@require_POST
def phones(request: Request) -> HttpResponseBase:
    """Show the same with full numbers, on the answer to this one request; the look is recorded."""
    if not contacts.sees_phones(request.user):
        raise Http404
    lines = roster.lines(contacts.units_seen_by(request.user), clock.today())
    roster.note_phones_seen(lines, by=request.user)
    return _list(request, lines, in_full=True)


@requires(*READERS)
def unit_contacts(request: Request, pk: int) -> HttpResponseBase:
    """Show one unit's contacts, with who held the posts before."""
    unit = found(contacts.units_seen_by(request.user), pk=pk)
    past = unit.appointments.filter(until_on__isnull=False).select_related("person").order_by("-until_on", "-pk")
    given = {
        "unit": unit, "line": roster.lines([unit], clock.today())[0], "held": appointments.held(unit).order_by("pk"),
        "past": past, "keeps": contacts.keeps(request.user, unit),
    }  # fmt: skip
    return render(request, "liaisons/unit_contacts.html", given)


@requires(*KEEPERS)
def appoint(request: Request, pk: int) -> HttpResponseBase:
    """Fill a post of the unit."""
    unit = found(contacts.units_kept_by(request.user), pk=pk)
    form = AppointForm(request.POST or None, unit=unit, initial={"post": request.GET.get("post", "")})
    if form.is_valid():
        try:
            appointments.appoint(unit, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, "已登记。")
            return redirect("unit_contacts", pk)
    return render(request, "liaisons/contact_form.html", {"form": form, "unit": unit})


def kept_post(request: Request, pk: int) -> Appointment:
    """Give the post that the person may write; raises Http404."""
    rows = Appointment.objects.select_related("person__user", "unit")
    return found(rows.filter(unit__in=contacts.units_kept_by(request.user)), pk=pk)


@requires(*KEEPERS)
def amend(request: Request, pk: int) -> HttpResponseBase:
    """Correct the name or the number of who holds a post."""
    post = kept_post(request, pk)
    shown = {"name": post.person.name, "phone": post.person.phone.masked}
    form = ContactForm(request.POST or None, kept=post.person.phone, initial=shown)
    if form.is_valid():
        try:
            appointments.amend(post, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, "已保存。")
            return redirect("unit_contacts", post.unit_id)
    return render(request, "liaisons/contact_form.html", {"form": form, "unit": post.unit, "post": post})


@requires(*KEEPERS)
@require_POST
def end(request: Request, pk: int) -> HttpResponseBase:
    """End a post."""
    post = kept_post(request, pk)
    account = post.person.user if post.person.user_id else None
    try:
        closed = departure.leave(post, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "已办理离任。" + _became(account, closed))
    return redirect("unit_contacts", post.unit_id)


def _became(account: User | None, closed: User | None) -> str:
    if closed:
        return f"{closed.name}的账号已停用。"
    return f"{account.name}的账号还有别的岗位或角色，没有停用。" if account and account.is_active else ""


@requires(*KEEPERS)
@require_POST
def confirm(request: Request, pk: int) -> HttpResponseBase:
    """Say that the contacts are still right."""
    unit = found(contacts.units_kept_by(request.user), pk=pk)
    return _act(request, unit, lambda: appointments.confirm(unit, by=request.user), "已核对，谢谢。")


@requires(*KEEPERS)
@never_cache
def hand_over(request: Request, pk: int) -> HttpResponseBase:
    """Hand a post over; the answer is the sheet, with the new password on this one request and nowhere else."""
    post = kept_post(request, pk)
    form = HandoverForm(request.POST or None, has_account=post.person.user_id is not None)
    if form.is_valid():
        try:
            done = handover.hand_over(post, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            if done.closed == request.user:
                logout(request)  # the session went with the account
            return _sheet(request, done.post, done)
    return render(request, "liaisons/handover_form.html", {"form": form, "unit": post.unit, "post": post})


@requires(*READERS)
def handover_sheet(request: Request, pk: int) -> HttpResponseBase:
    """Show the sheet that goes with a post: who had it before, and what the unit has in hand."""
    posts = Appointment.objects.select_related("person", "unit")
    return _sheet(request, found(posts.filter(unit__in=contacts.units_seen_by(request.user)), pk=pk))


def _sheet(request: Request, post: Appointment, done: handover.Handover | None = None) -> HttpResponseBase:
    before = appointments.predecessor(post)
    given = {"post": post, "before": before, "work": open_work.of(post.unit), "done": done, "today": clock.today()}
    return render(request, "liaisons/handover_sheet.html", given)


def _act(request: Request, unit: Unit, verb: Callable[[], object], done: str) -> HttpResponseBase:
    try:
        verb()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("unit_contacts", unit.pk)
