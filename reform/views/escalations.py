"""催办升级: what waits for a person's go, given or refused; the 催办函 and the list for the 通报."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from liaisons.access import Request, found, requires
from liaisons.letters import closed
from liaisons.models import User
from liaisons.permissions import Permission
from reform.forms.reminders import GoForm
from reform.models import Escalation, ReminderStep
from reform.reminders import escalating, proposing, urging_letter
from xingxian_portal.foundation import clock, handing_out
from xingxian_portal.foundation.refusal import Refused

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHOWN = 100


@requires(Permission.URGE)
def escalations(request: Request) -> HttpResponseBase:
    """List what waits for a go, then the letters sent and who is on the list."""
    waiting = list(proposing.undecided())
    piles = [
        (kind, name, [row for row in waiting if row.kind == kind], escalating.may_decide(request.user, kind))
        for kind, name in Escalation.KINDS
    ]
    context = {
        "piles": piles, "form": GoForm(),
        "letters": proposing.granted(ReminderStep.URGING_LETTER)[:SHOWN],
        "listed": proposing.granted(ReminderStep.BULLETIN)[:SHOWN],
        "counts": {"escalations": len(waiting), "broken": closed.standing().count()},
    }  # fmt: skip
    return render(request, "reform/reminders/escalations.html", context)


@requires(Permission.URGE)
@require_POST
def decide(request: Request) -> HttpResponseBase:
    """Give or refuse the go for what was ticked; one refusal stops no other."""
    go, form = request.POST.get("go") == "1", GoForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["note"][0]))
        return redirect("escalations")
    picked = [int(pk) for pk in request.POST.getlist("pick") if pk.isascii() and pk.isdigit() and len(pk) < 19]
    rows = Escalation.objects.filter(pk__in=picked[:500]).select_related("obligation")
    done = sum(_decided(request, row, go, form.cleaned_data["note"]) for row in rows)
    if done:
        messages.success(request, f"已同意 {done} 件，在下一个发送时段发出。" if go else f"已决定不发 {done} 件。")
    elif not picked:
        messages.warning(request, "请先勾选。")
    return redirect("escalations")


def _decided(request: Request, row: Escalation, go: bool, note: str) -> bool:
    if not escalating.may_decide(request.user, row.kind):
        raise Http404
    try:
        escalating.decide(row, by=request.user, go=go, note=note)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return False
    return True


def _readable(user: User) -> QuerySet[Escalation]:
    """Give the letters that `user` may read: the bureau all, a unit those granted about its own duties."""
    rows = Escalation.objects.filter(kind=ReminderStep.URGING_LETTER)
    if user.may(Permission.URGE):
        return rows
    return rows.filter(granted=True, obligation__unit_id__in=user.unit_ids_with(Permission.READ_OWN))


def letters_sent(user: User) -> QuerySet[Escalation]:
    """Give the letters that were sent and that `user` may read, the newest first."""
    return proposing.granted(ReminderStep.URGING_LETTER).filter(pk__in=_readable(user))


@requires(Permission.URGE, Permission.READ_OWN)
def letter(request: Request, pk: int) -> HttpResponseBase:
    """Hand out the 催办函: as it was sent, or as it would be."""
    rows = _readable(request.user).select_related("obligation__unit", "obligation__milestone__task__plan", "file")
    row = found(rows, pk=pk)
    if row.file:  # as it was sent
        code = row.obligation.unit.code
        return handing_out.hand_out(row.file, "escalation.download", by=request.user, subject=row, unit_code=code)
    out = urging_letter.written(row, on=clock.local_date(row.decided_at or clock.now()))
    return FileResponse(out, as_attachment=True, filename=urging_letter.name_of(row), content_type=DOCX)
