"""通报 and 归档: a finished round is made known by a second person, discharges what it stands for, and is shut."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from liaisons.models import Unit, User
from reform import deliverables
from reform.case_review import stages, telling
from reform.models import Milestone, Objection, ReviewRound, Stage
from reform.states import State
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import Refused


@transaction.atomic
def publish(round_: ReviewRound, *, by: User, at: dt.datetime | None = None) -> ReviewRound:
    """通报: nothing is known before; every objection has its answer; who opened it does not publish it.

    Raises Refused, Denied.
    """
    at, round_ = at or clock.now(), stages.organised(round_, by)
    stages.at(round_, Stage.FEEDBACK, what="通报")
    if round_.is_of_bureau and round_.created_by_id == by.pk:
        raise Refused("评查活动由一人建立、另一人通报。请另一名工作人员核对后通报。")
    if left := Objection.objects.filter(drawn__round=round_, answered_at=None).count():
        raise Refused(f"还有 {left} 条异议没有答复，不能通报。")
    if round_.object_until and clock.local_date(at) <= round_.object_until and round_.is_of_bureau:
        raise Refused(f"异议期到 {round_.object_until} 止，期满后再通报。")
    stages.advance(round_, Stage.PUBLISHED, by=by, at=at, published_at=at, published_by=by)
    if not round_.is_practice:
        _discharge(round_, by, at)
    for unit in round_.units.all():
        telling.tell(
            telling.of_unit(unit), f"“{round_.title}”已通报", f"/reviews/{round_.pk}/", round_=round_,
            key=f"published:{round_.pk}", at=at,
        )  # fmt: skip
    return round_


def _discharge(round_: ReviewRound, by: User, at: dt.datetime) -> None:
    """Close what a finished round stands for (rules: Deliverables)."""
    for unit in discharged_units(round_):
        reason = f"已完成案卷评查：{round_.title}"
        deliverables.discharge(unit, Milestone.CASE_REVIEW, by=by, at=at, reason=reason)


def discharged_units(round_: ReviewRound) -> list[Unit]:
    """Give whose duty the round closes: its organiser's, and by the bureau's round also that of some units.

    They are those with files scored and their self-check filed.
    """
    units = [round_.organiser]
    if round_.is_of_bureau:
        looked_at = Unit.objects.filter(case_files__drawn__round=round_).distinct()
        checked = round_.self_checks.values("unit")
        units += list(looked_at.filter(pk__in=checked).exclude(pk=round_.organiser_id))
    return units


@transaction.atomic
def archive(round_: ReviewRound, *, by: User, at: dt.datetime | None = None) -> ReviewRound:
    """归档, once every 整改 is closed. Raises Refused, Denied."""
    at, round_ = at or clock.now(), stages.organised(round_, by)
    stages.at(round_, Stage.PUBLISHED, what="归档")
    if left := open_rectifications(round_):
        raise Refused(f"还有 {left} 件整改没有销号，不能归档。")
    return stages.advance(round_, Stage.ARCHIVED, by=by, at=at, archived_at=at)


def open_rectifications(round_: ReviewRound) -> int:
    """Count the 整改 of the round that are not closed."""
    rows = round_.drawn.filter(rectification__isnull=False)
    return rows.exclude(rectification__obligation__state__in=[State.CLOSED, State.REVOKED]).count()
