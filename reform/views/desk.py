"""The bureau's desk `/desk/`: what waits, pile by pile; urging many, accepting many after looking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from liaisons.access import Request, requires
from liaisons.letters import closed
from liaisons.permissions import Permission
from liaisons.views.session import safe_next
from reform import desk, desk_rows, filing_read, on_behalf, review, review_queue, unreachable, urging
from reform.desk import Narrowing, Section
from reform.filing_read import FilingRead
from reform.forms.desk import NarrowForm, UrgeForm
from reform.models import Obligation, Submission
from reform.reminders import proposing
from xingxian_portal.foundation import clock

FIRST, PER_PAGE = 5, 30
MOST_REASONS = 5
URGED = {section.slug: section for section in (desk.MISSING, desk.OVERDUE)}


@dataclass(frozen=True)
class Pile:
    """A section on the first page: how many there are and the first of them."""

    section: Section
    count: int
    rows: Sequence[Any]

    @property
    def more(self) -> int:
        """Give how many the first page does not show."""
        return self.count - len(self.rows)


@requires(Permission.REVIEW)
def desk_page(request: Request) -> HttpResponseBase:
    """Show every pile with its count and its first rows."""
    writer = desk_rows.Writer(request.user, clock.today())
    piles = {}
    for section in desk.SECTIONS:
        rows = section.rows(clock.today())
        piles[section.slug] = Pile(section, rows.count(), writer.written(section, rows[:FIRST]))
    context = {"piles": piles, "nothing": not any(p.count for p in piles.values())}
    context |= {"entered": on_behalf.entered().count()}
    context |= {"to_go": proposing.undecided().count(), "broken": closed.standing().count()}
    context["unreachable"] = len(unreachable.units())
    return render(request, "reform/desk.html", context | {"next_review": bool(review_queue.queue_of(request.user))})


@requires(Permission.REVIEW)
def section(request: Request, slug: str) -> HttpResponseBase:
    """Show one pile whole, narrowed and grouped."""
    pile = desk.BY_SLUG[slug]
    form = NarrowForm(request.GET)
    narrowing = form.narrowing()
    rows = narrowing.of(pile, pile.rows(clock.today()))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"section": pile, "filter": form, "page": page, "rows": _written(request, pile, page, narrowing)}
    return render(request, "reform/desk/list.html", context | {"month": desk.month_words(desk.latest_month())})


def _written(request: Request, pile: Section, page: Page[Any], narrowing: Narrowing) -> list[desk_rows.Row]:
    return desk_rows.Writer(request.user, clock.today()).written(pile, page.object_list, narrowing)


@requires(Permission.REVIEW)
def next_review(request: Request) -> HttpResponseBase:
    """Go to the filing that has waited longest."""
    if queue := review_queue.queue_of(request.user):
        return redirect("review_filing", queue[0])
    messages.info(request, "没有等待您审核的报送。")
    return redirect("desk")


def _picked(request: Request) -> list[int]:
    given = request.POST if request.method == "POST" else request.GET
    return [int(pk) for pk in given.getlist("pick") if pk.isascii() and pk.isdigit() and len(pk) < 19][:PER_PAGE]


@requires(Permission.REVIEW)
def look(request: Request) -> HttpResponseBase:
    """Show the picked filings below each other, to be accepted together; what was dealt with says how."""
    rows = filing_read.filings().filter(pk__in=_picked(request)).order_by("filed_at", "pk")
    readings = [FilingRead(row) for row in rows]
    if not readings:
        messages.warning(request, "请先在列表里勾选要一并查看的报送。")
        return redirect("desk_waiting")
    waiting = [reading for reading in readings if _is_for(request, reading.submission)]
    return render(request, "reform/desk/look.html", {"readings": readings, "waiting": waiting})


def _is_for(request: Request, submission: Submission) -> bool:
    return submission.state == Submission.FILED and submission.filed_by_id != request.user.pk


@requires(Permission.REVIEW)
@require_POST
def accept_many(request: Request) -> HttpResponseBase:
    """批量销号 of what was shown; the page shown before comes back and says what became of each."""
    rows = Submission.objects.filter(pk__in=_picked(request)).exclude(state__in=filing_read.NEVER_FILED)
    seen = [(row.obligation, row.pk) for row in rows.select_related("obligation__unit", "obligation__milestone")]
    outcomes = review.accept_many(seen, by=request.user)
    accepted = [outcome for outcome in outcomes if not outcome.refused]
    if accepted:
        messages.success(request, f"已销号 {len(accepted)} 件。")
    for outcome in outcomes:
        if outcome.refused:
            messages.warning(
                request, f"{outcome.obligation.unit.short_name}　{outcome.obligation.name}：{outcome.refused}"
            )
    if not outcomes:
        messages.warning(request, "没有勾选要销号的报送。")
    return redirect(safe_next(request, "desk_waiting"))


@requires(Permission.URGE)
@require_POST
def urge_many(request: Request) -> HttpResponseBase:
    """催办 what was ticked, or all of a pile as it is narrowed."""
    form = UrgeForm(request.POST)
    pile = URGED.get(request.POST.get("section", ""))
    if pile is None:
        raise Http404
    if form.is_valid():
        outcomes = urging.urge(_urged(request, pile), by=request.user, note=form.cleaned_data["note"])
        say_outcomes(request, outcomes)
    else:
        messages.error(request, str(form.errors["note"][0]))
    return redirect(safe_next(request, pile.address()))


def _urged(request: Request, pile: Section) -> list[Obligation]:
    rows = pile.rows(clock.today())
    if "all" in request.POST:
        return list(NarrowForm(request.POST).narrowing().of(pile, rows))
    return list(rows.filter(pk__in=_picked(request)))


def say_outcomes(request: Request, outcomes: Sequence[urging.Outcome]) -> None:
    """Say how many units were told, and of the first few that were not, why."""
    units = {outcome.obligation.unit_id for outcome in outcomes if not outcome.refused}
    refused = [outcome for outcome in outcomes if outcome.refused]
    if not outcomes:
        messages.warning(request, "没有勾选要催办的事项。")
    if units:
        messages.success(request, f"已催办 {len(units)} 个单位。")
    for outcome in refused[:MOST_REASONS]:
        unit = outcome.obligation.unit.short_name
        messages.warning(request, f"没有催办{unit}（{outcome.obligation.name}）：{outcome.refused}")
    if len(refused) > MOST_REASONS:
        messages.warning(request, f"另有 {len(refused) - MOST_REASONS} 件没有催办，原因见列表。")
