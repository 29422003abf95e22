"""通知方式: one's own address and wishes; for those who keep contacts also others', and the addresses that are closed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from liaisons import contact_ways, delegating
from liaisons.access import Request, found, logged_in, requires
from liaisons.forms.reminders import ContactForm, StandInForm
from liaisons.letters import closed, mail, webhook
from liaisons.models import Suppression, User
from liaisons.permissions import Permission
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import Refused


@logged_in
def own(request: Request) -> HttpResponseBase:
    """Keep one's own."""
    return _kept(request, request.user, "contact")


@requires(Permission.KEEP_ANY_CONTACTS)
def of_account(request: Request, pk: int) -> HttpResponseBase:
    """Keep somebody else's."""
    return _kept(request, found(User.objects.select_related("unit"), pk=pk), "broken_contacts")


def _kept(request: Request, user: User, then: str) -> HttpResponseBase:
    form = ContactForm(request.POST or None, initial=_as_it_is(user))
    if request.method == "POST" and form.is_valid():
        try:
            contact_ways.keep(user, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, "已保存，从下一次提醒起生效。")
            return redirect(then)
    return _page(request, user, form, StandInForm(candidates=delegating.candidates(user)))


def _as_it_is(user: User) -> dict[str, str]:
    row = contact_ways.of(user)
    return {
        "email": row.email.masked if row.email else "", "first_channel": row.first_channel,
        "digest_time": row.digest_time.strftime("%H:%M"),
    }  # fmt: skip


def _page(request: Request, user: User, form: ContactForm, away: StandInForm) -> HttpResponseBase:
    context = {
        "form": form, "away": away, "whose": user, "agreed": delegating.of(user, clock.today()),
        "can_stand_in": delegating.candidates(user).exists(), "shut": closed.standing().filter(user=user),
        "has_mail": mail.is_configured(), "has_webhook": webhook.is_configured(),
    }  # fmt: skip
    return render(request, "liaisons/contact_ways.html", context)


@logged_in
@require_POST
def own_stand_in(request: Request) -> HttpResponseBase:
    """Say who stands in for oneself."""
    return _agreed(request, request.user, redirect("contact"))


@requires(Permission.KEEP_ANY_CONTACTS)
@require_POST
def stand_in_of(request: Request, pk: int) -> HttpResponseBase:
    """Say who stands in for somebody else."""
    return _agreed(request, found(User.objects.select_related("unit"), pk=pk), redirect("contact_of", pk))


def _agreed(request: Request, user: User, then: HttpResponseBase) -> HttpResponseBase:
    form = StandInForm(request.POST, candidates=delegating.candidates(user))
    if form.is_valid():
        try:
            made = delegating.agree(user, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, f"已登记，这几天的提醒和催办发给{made.stand_in}。")
            return then
    return _page(request, user, ContactForm(initial=_as_it_is(user)), form)


@logged_in
@require_POST
def end_stand_in(request: Request, pk: int) -> HttpResponseBase:
    """End it early."""
    row = found(delegating.to_end(request.user), pk=pk)
    delegating.end(row, by=request.user)
    messages.success(request, f"已取消，消息重新发给{row.user}。")
    return redirect("contact") if row.user_id == request.user.pk else redirect("contact_of", row.user_id)


@requires(Permission.KEEP_ANY_CONTACTS)
def broken(request: Request) -> HttpResponseBase:
    """List the addresses that are closed, with what the other side said."""
    return render(request, "liaisons/broken_contacts.html", {"rows": closed.standing()})


@requires(Permission.KEEP_ANY_CONTACTS)
@require_POST
def lift(request: Request, pk: int) -> HttpResponseBase:
    """Open an address again."""
    closed.lift(found(Suppression.objects, pk=pk), by=request.user)
    messages.success(request, "已恢复，下一次提醒会再发到这个地址。")
    return redirect("broken_contacts")
