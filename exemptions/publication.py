"""Publication: from its day on an edition is the one in force, and the duty behind it is closed; abolition ends it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from exemptions import edition_moves, public_index, rights
from exemptions.edition_states import Verb
from exemptions.models import Edition, ExemptionList
from liaisons.models import User
from reform import deliverables
from reform.rights import require
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import Refused

FARTHEST = dt.timedelta(days=366)


@transaction.atomic
def publish(
    edition: Edition, *, by: User, effective_from: dt.date, link: str = "", at: dt.datetime | None = None
) -> Edition:
    """公布 by the unit or the bureau: takes the place of the edition before on its day, and closes the unit's duty.

    Raises Refused for a day that cannot be, MoveRefused, Denied.
    """
    at = at or clock.now()
    edition = edition_moves.locked(edition.pk)
    row = edition.exemption_list
    require(rights.keeps(by, row.unit) or rights.records(by))
    if edition.recorded_at:
        _check_day(effective_from, clock.local_date(edition.recorded_at), clock.local_date(at))
    before = row.editions.filter(effective_from__isnull=False, effective_until__isnull=True).first()
    held = edition_moves.locked(before.pk) if before else None
    if held and not held.effective_until:  # it may have been abolished while we waited for it
        _supersede(held, effective_from, by=by, at=at)
    _require_free(row, effective_from)
    edition_moves.move(
        edition, Verb.PUBLISH, by=by, at=at, published_at=at, published_by=by, published_link=link,
        effective_from=effective_from,
    )  # fmt: skip
    deliverables.discharge(row.unit, row.kind, by=by, at=at, reason=f"{edition}已备案（{edition.record_number}）并公布")
    public_index.enter(edition, clock.local_date(at))
    return edition


def _check_day(effective_from: dt.date, recorded_on: dt.date, today: dt.date) -> None:
    if effective_from < recorded_on:
        raise Refused("施行日期不能早于准予备案的日期。", "effective_from")
    if effective_from > today + FARTHEST:
        raise Refused("施行日期应在一年以内。", "effective_from")


def _supersede(held: Edition, day: dt.date, *, by: User, at: dt.datetime) -> None:
    if held.effective_from and day < held.effective_from:
        on = held.effective_from
        raise Refused(
            f"现行的第{held.number}版自{on.year}年{on.month}月{on.day}日起施行，新版不能更早。", "effective_from"
        )
    edition_moves.move(held, Verb.SUPERSEDE, by=by, at=at, effective_until=day)
    public_index.end(held, day)


def _require_free(listed: ExemptionList, day: dt.date) -> None:
    """Refuse a day on which an edition that is abolished later still holds: of a list one holds a day."""
    holding = listed.editions.filter(effective_until__gt=day).order_by("effective_until").last()
    if holding and (on := holding.effective_until):
        raise Refused(
            f"第{holding.number}版到{on.year}年{on.month}月{on.day}日才失效，新版的施行日期不能早于这一天。",
            "effective_from",
        )


@transaction.atomic
def abolish(edition: Edition, *, by: User, until: dt.date, reason: str, at: dt.datetime | None = None) -> Edition:
    """废止 without a successor; `until` is the first day without it. Raises Refused, MoveRefused, Denied."""
    at = at or clock.now()
    edition = edition_moves.locked(edition.pk)
    require(rights.keeps(by, edition.exemption_list.unit) or rights.records(by))
    if not reason.strip():
        raise Refused("请写明废止的理由。", "reason")
    first = max(clock.local_date(at), edition.effective_from or until)
    if not first <= until <= clock.local_date(at) + FARTHEST:
        raise Refused("废止日期应在今天或之后、一年以内，且不早于施行日期。", "until")
    edition_moves.move(edition, Verb.ABOLISH, by=by, at=at, note=reason.strip(), effective_until=until)
    public_index.end(edition, until)
    return edition
