"""代收: who stands in for somebody on leave. Letters and urgings of those days go to the stand-in, the rest stays put."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.db.models import Q, QuerySet

from liaisons.models import Delegation, User
from liaisons.permissions import Permission
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.refusal import Refused

LONGEST_DAYS = 366
Away = Mapping[int, Sequence[Delegation]]


def candidates(user: User) -> QuerySet[User]:
    """Give who may stand in for `user`: the colleagues of the same unit who have a role."""
    if user.unit_id is None:
        return User.objects.none()
    others = User.objects.filter(unit_id=user.unit_id, is_active=True, role_grants__isnull=False)
    return others.exclude(pk=user.pk).distinct().order_by("name", "pk")


def of(user: User, today: dt.date) -> QuerySet[Delegation]:
    """Give what is agreed for `user` now and later."""
    return Delegation.objects.filter(user=user, to_on__gte=today, ended_at=None).select_related("stand_in")


def away(first: dt.date, last: dt.date) -> Away:
    """Give by account who stands in within these days, with all that telling them asks for: one query."""
    rows = Delegation.objects.filter(ended_at=None, from_on__lte=last, to_on__gte=first, stand_in__is_active=True)
    found: dict[int, list[Delegation]] = defaultdict(list)
    for row in rows.select_related("stand_in__contact", "stand_in__person"):
        found[row.user_id].append(row)
    return found


def stand_in_for(user_id: int, day: dt.date, among: Away) -> User | None:
    """Give who stands in for the account on `day`, None when it is there itself."""
    return next((row.stand_in for row in among.get(user_id, ()) if row.from_on <= day <= row.to_on), None)


def there_on(people: Iterable[User], day: dt.date) -> list[User]:
    """Give the people, those on leave replaced by who stands in, each once."""
    among = away(day, day)
    return list(dict.fromkeys(stand_in_for(user.pk, day, among) or user for user in people))


@transaction.atomic
def agree(
    user: User, stand_in: User, from_on: dt.date, to_on: dt.date, *, by: User, at: dt.datetime | None = None
) -> Delegation:
    """Have `stand_in` get what would go to `user`; raises Refused with the field it is about."""
    at = at or clock.now()
    if by.pk != user.pk and not by.may(Permission.KEEP_ANY_CONTACTS):
        raise Refused("别人的代收由县司法局工作人员或系统管理员登记。")
    User.objects.select_for_update().get(pk=user.pk)  # two at once must not agree on the same days
    _check_days(from_on, to_on, clock.local_date(at))
    if not candidates(user).filter(pk=stand_in.pk).exists():
        raise Refused("代收人应是本单位有角色的在用账号。", "stand_in")
    _check_others(user, stand_in, from_on, to_on)
    made = Delegation.objects.create(user=user, stand_in=stand_in, from_on=from_on, to_on=to_on, by=by, at=at)
    after = {"user": user.pk, "stand_in": stand_in.pk, "from": from_on.isoformat(), "to": to_on.isoformat()}
    audit.record("delegation.add", by=by, subject=made, unit_code=_code(user), after=after, at=at)
    return made


def _check_days(from_on: dt.date, to_on: dt.date, today: dt.date) -> None:
    if to_on < from_on:
        raise Refused("结束日期不能早于开始日期。", "to_on")
    if to_on < today:
        raise Refused("结束日期已经过了。", "to_on")
    if (to_on - from_on).days > LONGEST_DAYS:
        raise Refused("一次最多登记一年；长期不在岗的请变更联络员。", "to_on")


def _check_others(user: User, stand_in: User, from_on: dt.date, to_on: dt.date) -> None:
    same_days = Delegation.objects.filter(ended_at=None, from_on__lte=to_on, to_on__gte=from_on)
    if other := same_days.filter(user=user).select_related("stand_in").first():
        raise Refused(f"这几天里已登记由{other.stand_in}代收，请先取消或改日期。", "from_on")
    if same_days.filter(user=stand_in).exists():
        raise Refused(f"{stand_in}这几天也请人代收，请换一个人。", "stand_in")
    if other := same_days.filter(stand_in=user).select_related("user").first():
        raise Refused(f"这几天里{other.user}的消息正由{user}代收，请先另作安排。", "from_on")


@transaction.atomic
def end(row: Delegation, *, by: User, at: dt.datetime | None = None) -> None:
    """End it now; ending twice changes nothing."""
    at = at or clock.now()
    if Delegation.objects.filter(pk=row.pk, ended_at=None).update(ended_at=at):
        audit.record("delegation.end", by=by, subject=row, unit_code=_code(row.user), at=at)


def to_end(by: User) -> QuerySet[Delegation]:
    """Give those that `by` may end: one's own, or all who keeps contacts."""
    rows = Delegation.objects.select_related("user__unit", "stand_in")
    return rows if by.may(Permission.KEEP_ANY_CONTACTS) else rows.filter(Q(user=by))


def _code(user: User) -> str:
    return user.unit.code if user.unit else ""
