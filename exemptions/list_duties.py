"""What the apps below show of lists: where a duty is done by a list, and the card on a unit's workbench."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from exemptions import adjustments, rights
from exemptions.edition_states import IN_WORK, State
from exemptions.models import Edition
from liaisons.models import Unit
from reform.done_elsewhere import Place
from reform.models import Obligation
from reform.workbench_cards import Card, Row

TONES = {State.MENDING: "bad", State.RECORDED: "warn", State.FILED: "todo-tag"}
STANDINGS = {State.RECORDED: "已备案，待公布", State.MENDING: "退回补正"}


def unit_address(obligation: Obligation) -> str:
    """Give where a unit keeps its lists."""
    return reverse("exemption_lists")


def review_address(obligation: Obligation) -> str:
    """Give where the bureau reviews the list that stands behind a duty, "" when none waits."""
    waiting = Edition.objects.filter(
        exemption_list__unit__in=[obligation.unit_id, obligation.original_unit_id],
        exemption_list__kind=obligation.milestone.deliverable, state__in=[State.FILED, State.RECORDED],
    )  # fmt: skip
    edition = waiting.only("pk", "state").first()
    if edition is None:
        return ""
    return reverse("edition_review" if edition.state == State.FILED else "edition", args=[edition.pk])


def is_done(obligation: Obligation) -> bool:
    """Say whether the unit's list is on record and published."""
    kept = {"exemption_list__unit": obligation.unit_id, "exemption_list__kind": obligation.milestone.deliverable}
    return Edition.objects.filter(**kept, effective_from__isnull=False, effective_until__isnull=True).exists()


PLACE = Place(unit_address, review_address, is_done)


def card(unit: Unit, today: dt.date) -> Card | None:
    """Give the unit's lists in work and what of those in force is to be adjusted, None when there is neither."""
    mine = rights.of_unit(unit, "exemption_list__unit__")
    rows = Edition.objects.filter(mine, state__in=IN_WORK).select_related("exemption_list__unit")
    lines = [_line(edition) for edition in rows.order_by("exemption_list__kind", "exemption_list__unit__closed_on")]
    if lapsed := adjustments.count_of(unit, today):
        lines.append(Row("依据失效的事项", reverse("list_adjustments"), f"{lapsed} 项要调整", "warn"))
    pressing = any(line.tone == "bad" for line in lines)
    return Card("清单", lines, reverse("exemption_lists"), pressing=pressing) if lines else None


def _line(edition: Edition) -> Row:
    gone = edition.exemption_list.unit if edition.exemption_list.unit.closed_on else None
    name = f"{gone.short_name if gone else ''}{edition.exemption_list.get_kind_display()}第{edition.number}版"
    note = f"{edition.mend_by.month}月{edition.mend_by.day}日前补正" if edition.mend_by else ""
    standing = STANDINGS.get(State(edition.state), edition.get_state_display())
    if gone and edition.is_editable:
        standing = "待并入本单位清单"
    return Row(name, reverse("edition", args=[edition.pk]), standing, TONES.get(State(edition.state), ""), note)
