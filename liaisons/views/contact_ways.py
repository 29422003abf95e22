"""通知方式: one's own address and wishes; for those who keep contacts also others', and the addresses that are closed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from liaisons import contact_ways
from liaisons.access import Request, found, logged_in, requires
from liaisons.forms.reminders import ContactForm
from liaisons.letters import closed, mail, webhook
from liaisons.models import Suppression, User
from liaisons.permissions import Permission
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
    row = contact_ways.of(user)
    first = {"email": row.email.masked if row.email else "", "first_channel": row.first_channel,
             "digest_time": row.digest_time.strftime("%H:%M")}  # fmt: skip
    form = ContactForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            contact_ways.keep(user, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, "已保存，从下一次提醒起生效。")
            return redirect(then)
    shut = closed.standing().filter(user=user)
    context = {
        "form": form,
        "whose": user,
        "shut": shut,
        "has_mail": mail.is_configured(),
        "has_webhook": webhook.is_configured(),
    }
    return render(request, "liaisons/contact_ways.html", context)


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
