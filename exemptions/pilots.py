"""包容审慎监管试点: a unit's pilots with plan, progress and lessons; what is kept here need not be typed into its filing."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from exemptions import rights
from exemptions.models import Pilot, PilotProgress
from liaisons.models import EnforcementField, Unit, User
from liaisons.permissions import Permission
from reform import drafts
from reform.models import Obligation
from reform.rights import files_for, require
from reform.states import UNFILED
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.refusal import Refused

WANTED = 3  # 二（二）2: 要确定3个试点
MILESTONE = "222-pilots"
LONGEST = 3000


def visible_to(user: User) -> QuerySet[Pilot]:
    """Give the pilots `user` may read: the bureau and who reads any text all, a unit its own and a merged unit's."""
    rows = Pilot.objects.select_related("unit", "field").prefetch_related("progress")
    if user.may(Permission.READ_ANY_TEXT):
        return rows
    return rows.filter(rights.of_own(user, Permission.READ_OWN))


def worked_on_by(user: User) -> QuerySet[Pilot]:
    """Give the pilots of the units for which `user` files, and of those merged into them."""
    return Pilot.objects.filter(rights.of_own(user, Permission.FILE)).select_related("unit", "field")


def answering_for(unit: Unit) -> QuerySet[Pilot]:
    """Give the pilots that answer the unit's duty: its own, and those of units merged into it."""
    return Pilot.objects.filter(rights.of_unit(unit)).prefetch_related("progress")


@transaction.atomic
def lay(
    unit: Unit,
    *,
    site: str,
    field: EnforcementField | None,
    started_on: dt.date,
    plan: str,
    by: User,
    at: dt.datetime | None = None,
) -> Pilot:
    """Enter a pilot of `unit`; raises Refused, Denied."""
    require(files_for(by, unit))
    pilot = _saved(Pilot(unit=unit, site=site.strip(), field=field, started_on=started_on, plan=plan.strip()))
    audit.record("pilot.lay", by=by, subject=pilot, unit_code=unit.code, after={"started_on": started_on}, at=at)
    return pilot


@transaction.atomic
def amend(
    pilot: Pilot,
    *,
    site: str,
    field: EnforcementField | None,
    started_on: dt.date,
    plan: str,
    by: User,
    at: dt.datetime | None = None,
) -> Pilot:
    """Correct a pilot that is not closed; raises Refused, Denied."""
    pilot = _locked(pilot, by)
    before = {"started_on": pilot.started_on}
    pilot.site, pilot.field, pilot.started_on, pilot.plan = site.strip(), field, started_on, plan.strip()
    _saved(pilot)
    after = {"started_on": started_on}
    audit.record("pilot.amend", by=by, subject=pilot, unit_code=pilot.unit.code, before=before, after=after, at=at)
    return pilot


@transaction.atomic
def note(pilot: Pilot, *, on: dt.date, text: str, by: User, at: dt.datetime | None = None) -> PilotProgress:
    """Note what a pilot had come to on a day; the same again stays one. Raises Refused, Denied."""
    at = at or clock.now()
    pilot = _locked(pilot, by)
    _check_day(on, "on", pilot, at)
    if not text.strip():
        raise Refused("请写明进展。", "text")
    row, made = PilotProgress.objects.get_or_create(pilot=pilot, on=on, text=text.strip(), defaults={"by": by})
    if made:
        audit.record("pilot.note", by=by, subject=row, unit_code=pilot.unit.code, after={"on": on}, at=at)
    return row


@transaction.atomic
def close(pilot: Pilot, *, closed_on: dt.date, lessons: str, by: User, at: dt.datetime | None = None) -> Pilot:
    """Close a pilot with what was learnt; raises Refused (closed already), Denied."""
    at = at or clock.now()
    pilot = _locked(pilot, by)
    _check_day(closed_on, "closed_on", pilot, at)
    if not lessons.strip():
        raise Refused("请写明可以复制推广的经验。", "lessons")
    pilot.closed_on, pilot.lessons = closed_on, lessons.strip()
    pilot.save(update_fields=["closed_on", "lessons"])
    audit.record("pilot.close", by=by, subject=pilot, unit_code=pilot.unit.code, after={"closed_on": closed_on}, at=at)
    return pilot


def duty_of(unit: Unit) -> Obligation | None:
    """Give the unit's duty of the plan that its pilots answer, while it can still be filed."""
    rows = Obligation.objects.filter(unit=unit, milestone_code=MILESTONE, state__in=UNFILED)
    return rows.select_related("milestone", "unit").order_by("-pk").first()


@transaction.atomic
def carry(unit: Unit, *, by: User, at: dt.datetime | None = None) -> Obligation:
    """Write the unit's pilots into the draft of the duty they answer; filing stays the unit's own act.

    Raises Refused when there is no such duty or no pilot, MoveRefused, Denied.
    """
    require(files_for(by, unit))
    duty, rows = duty_of(unit), list(answering_for(unit))
    if duty is None:
        raise Refused("没有可以填报的“监管试点”事项：还没有下达，或者已经报送。")
    if not rows:
        raise Refused("还没有登记试点。")
    values = {
        "sites": "、".join(row.site for row in rows), "plan": _listed(rows, "plan"),
        "progress": "\n".join(f"{row.site}：{last.text}" for row in rows if (last := row.newest)),
        "experience": _listed(rows, "lessons"),
    }  # fmt: skip
    codes = set(duty.milestone.data_items.values_list("code", flat=True))
    text = drafts.draft_of(duty, by=by, at=at).text or f"确定试点 {len(rows)} 个。"
    drafts.save(duty, by=by, text=text, values={code: words for code, words in values.items() if code in codes}, at=at)
    return duty


def _listed(rows: list[Pilot], name: str) -> str:
    return "\n".join(f"{row.site}：{words}" for row in rows if (words := getattr(row, name)))


def _locked(pilot: Pilot, by: User) -> Pilot:
    pilot = Pilot.objects.select_for_update(of=("self",)).select_related("unit").get(pk=pilot.pk)
    require(rights.keeps(by, pilot.unit))
    if pilot.closed_on:
        raise Refused(f"这个试点已于 {pilot.closed_on.month}月{pilot.closed_on.day}日总结，不能再改。")
    return pilot


def _check_day(day: dt.date, field: str, pilot: Pilot, at: dt.datetime) -> None:
    if not pilot.started_on <= day <= clock.local_date(at):
        raise Refused("日期应在试点开始之后、今天或之前。", field)


def _saved(pilot: Pilot) -> Pilot:
    try:
        with transaction.atomic():
            pilot.save()
    except IntegrityError as error:
        raise Refused("这个试点已经登记过。", "site") from error
    return pilot
