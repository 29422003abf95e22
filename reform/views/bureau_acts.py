"""What an officer does on one duty: 提请、决定、定期限、标记、催办、代录; each on a page of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from liaisons.access import Request, found, requires
from liaisons.permissions import Permission
from reform import bureau_marks, comments, filing, proposals, rights, urging
from reform.desk import with_names
from reform.forms.bureau import DecideForm, MarkForm, OnBehalfForm, ProposeForm, SetDateForm
from reform.forms.desk import CommentForm, UrgeForm
from reform.lit import Lamp
from reform.models import Obligation, Proposal
from reform.states import UNFILED, State
from reform.views.acting import carried_out
from reform.views.desk import say_outcomes
from xingxian_portal.foundation import clock


@dataclass(frozen=True)
class Act:
    """What the page of an act says, and the act itself, done with what the form holds."""

    title: str
    button: str
    said: str
    do: Callable[[dict[str, Any]], Any]
    hint: str = ""
    context: dict[str, Any] = field(default_factory=dict)


def _obligation(request: Request, pk: int) -> Obligation:
    rows = Obligation.objects.visible_to(request.user).prefetch_related("milestone__data_items")
    return found(with_names(rows), pk=pk)


def _sent(request: Request) -> QueryDict | None:
    """Give what was sent, also when nothing was filled in; None when the page is only asked for."""
    return request.POST if request.method == "POST" else None


def _page(request: Request, obligation: Obligation, form: forms.Form, act: Act) -> HttpResponseBase:
    """Show the form, or do the act and go back to the duty; refused, the page comes back with all that was typed."""
    if form.is_valid() and carried_out(form, lambda: act.do(form.cleaned_data)):
        messages.success(request, act.said)
        return redirect("obligation", obligation.pk)
    context = {"form": form, "obligation": obligation, "lit": Lamp().lit(obligation), "act": act}
    return render(request, "reform/act.html", context | act.context)


def _not_now(request: Request, obligation: Obligation, what: str) -> HttpResponseBase:
    messages.warning(request, f"这件事项现在是“{obligation.get_state_display()}”，不能{what}。")
    return redirect("obligation", obligation.pk)


@requires(Permission.REVIEW)
def propose(request: Request, pk: int) -> HttpResponseBase:
    """Propose 延期, 免报, 中止, 恢复, 撤销 or 重新办理."""
    obligation = _obligation(request, pk)
    kinds = proposals.kinds_for(obligation, clock.today())
    if not kinds:
        return _not_now(request, obligation, "提请延期、免报等")
    form = ProposeForm(_sent(request), kinds=kinds, initial={"kind": kinds[0] if len(kinds) == 1 else None})
    act = Act(
        "提请决定", "提请决定", "已提请，等待另一人决定。",
        lambda given: proposals.ask(obligation, by=request.user, **given),
        "由一人提请、另一人决定。提请不改变现在的状态和期限。",
    )  # fmt: skip
    return _page(request, obligation, form, act)


@requires(Permission.REVIEW)
def set_date(request: Request, pk: int) -> HttpResponseBase:
    """Give an undated duty its first date."""
    obligation = _obligation(request, pk)
    if request.method != "POST" and not bureau_marks.may_set_date(obligation):
        return _not_now(request, obligation, "确定期限")
    act = Act(
        "确定期限", "确定期限", "期限已确定，并已告知承办单位。",
        lambda given: bureau_marks.set_date(obligation, by=request.user, **given),
        "方案原文没有写明期限。定了期限之后，临期、逾期才会亮灯；以后改期请提请延期。",
    )  # fmt: skip
    return _page(request, obligation, SetDateForm(_sent(request)), act)


@requires(Permission.REVIEW)
def mark(request: Request, pk: int) -> HttpResponseBase:
    """Mark a continuous duty 滞后, 已结束 or 推进中."""
    obligation = _obligation(request, pk)
    if not bureau_marks.marks_for(obligation.state):
        return _not_now(request, obligation, "标记")
    act = Act(
        "标记进展", "确定标记", "已标记，并已告知承办单位。",
        lambda given: bureau_marks.mark(obligation, State(given["to"]), by=request.user, reason=given["reason"]),
        "持续推进的任务没有销号。标记“滞后”亮黄灯，“已结束”亮绿灯；“推进中”时，灯随每月报告。",
    )  # fmt: skip
    return _page(request, obligation, MarkForm(_sent(request), state=obligation.state), act)


@requires(Permission.REVIEW)
def enter_on_behalf(request: Request, pk: int) -> HttpResponseBase:
    """代录 a paper or phoned report."""
    obligation = _obligation(request, pk)
    if request.method != "POST" and obligation.state not in UNFILED:
        return _not_now(request, obligation, "代录")
    form = OnBehalfForm(
        _sent(request), request.FILES or None, obligation=obligation, initial={"received_on": clock.today()}
    )
    act = Act(
        "代录", "登记并送审核", "已代录，等待另一名工作人员审核。",
        lambda given: filing.file_on_behalf(
            obligation, by=request.user, received_on=given["received_on"], text=given["text"], values=form.values,
            files=given["files"],
        ),
        "把单位交来的纸质或电话报告录入平台，会标明“代录”和收到日期。录入人不能审核自己录入的内容。",
    )  # fmt: skip
    return _page(request, obligation, form, act)


@requires(Permission.URGE, Permission.READ_OWN)
def urge(request: Request, pk: int) -> HttpResponseBase:
    """催办 one duty: the bureau, or a lead of its task."""
    obligation = _obligation(request, pk)
    if not urging.may_urge(request.user, obligation):
        raise Http404
    form = UrgeForm(_sent(request))
    if form.is_valid():
        say_outcomes(request, urging.urge([obligation], by=request.user, note=form.cleaned_data["note"]))
        return redirect("obligation", obligation.pk)
    past = obligation.urgings.select_related("by")
    act = Act("催办", "发送催办", "", lambda given: None, "消息发给承办单位的联络员和填报员。", {"urgings": past})
    return _page(request, obligation, form, act)


@requires(Permission.REVIEW, Permission.READ_OWN)
def comment(request: Request, pk: int) -> HttpResponseBase:
    """Write beside one duty: the bureau, a lead of its task, its own unit."""
    obligation = _obligation(request, pk)
    if not comments.may_comment(request.user, obligation):
        raise Http404
    act = Act(
        "写意见", "发送意见", "意见已发送。",
        lambda given: comments.comment(obligation, given["text"], by=request.user),
        "承办单位、牵头单位和司法局看得到，事项的状态和期限不会因此改变。",
    )  # fmt: skip
    return _page(request, obligation, CommentForm(_sent(request)), act)


def _asked(pk: int) -> Proposal:
    names = ("asked_by__unit", "decided_by", "obligation__unit", "obligation__milestone__task__plan")
    return found(Proposal.objects.select_related(*names), pk=pk)


def _proposal_page(request: Request, asked: Proposal, form: DecideForm) -> HttpResponseBase:
    context = {
        "proposal": asked,
        "obligation": asked.obligation,
        "lit": Lamp().lit(asked.obligation),
        "form": form,
        "decides": rights.decides(request.user),
        "is_own": asked.asked_by_id == request.user.pk,
    }
    return render(request, "reform/proposal.html", context)


@requires(Permission.REVIEW)
def proposal(request: Request, pk: int) -> HttpResponseBase:
    """Show one proposal, with the form of the decision to who may decide it."""
    asked = _asked(pk)
    return _proposal_page(request, asked, DecideForm(proposal=asked, initial={"until": asked.asked_until}))


@requires(Permission.REVIEW)
@require_POST
def decide(request: Request, pk: int) -> HttpResponseBase:
    """Grant, with another date if need be, or refuse with the reason; whoever may not decide finds nothing here."""
    asked = _asked(pk)
    if not rights.decides(request.user):
        raise Http404
    form = DecideForm(request.POST, proposal=asked)
    granted = request.POST.get("granted") == "yes"
    if form.is_valid() and carried_out(form, lambda: _decide(request, asked, form, granted=granted)):
        said = "同意" if granted else "不同意"
        messages.success(request, f"已{said}：{asked.obligation.unit.short_name}　{asked}")
        return redirect("desk_undecided")
    return _proposal_page(request, _asked(pk), form)


def _decide(request: Request, asked: Proposal, form: DecideForm, *, granted: bool) -> None:
    given = form.cleaned_data
    proposals.decide(asked, by=request.user, granted=granted, until=given.get("until"), note=given["note"])
