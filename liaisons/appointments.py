"""Posts filled, corrected, confirmed and ended: 分管领导, 联络员, 填报员 of a unit, each act in the trail."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from liaisons import contacts, units
from liaisons.announcements import appointed
from liaisons.models import Appointment, Person, Unit, User
from xingxian_portal.foundation import audit, clock, phones
from xingxian_portal.foundation.refusal import Refused


def quarter_start(day: dt.date) -> dt.date:
    """Give the first day of the quarter: what was confirmed before it is to be confirmed again."""
    return dt.date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def held(unit: Unit) -> QuerySet[Appointment]:
    """Give the posts of the unit that are filled."""
    return unit.appointments.filter(until_on__isnull=True).select_related("person__user")


@transaction.atomic
def appoint(
    unit: Unit, post: str, *, name: str, phone: str, user: User | None = None, by: User, at: dt.datetime | None = None
) -> Appointment:
    """Fill a post of the unit from today. `user` is the person's account, where there is one.

    Raises Refused when the post is filled, the number is none, or `by` has no right.
    """
    unit, at = _kept(unit, by), at or clock.now()
    _require_free(unit, post)
    made = place(unit, post, _person(name, phone, user, unit), by=by, at=at)
    announce(unit, by=by, at=at)
    return made


def _kept(unit: Unit, by: User) -> Unit:
    # The unit's row is the lock: two people who fill one post wait for each other here.
    unit = units.locked(unit)
    contacts.require_keeper(by, unit)
    return unit


def _require_free(unit: Unit, post: str) -> None:
    holder = held(unit).filter(post=post).first() if post in Appointment.SINGLE else None
    if holder:
        raise Refused(
            f"{unit.name}的{holder.get_post_display()}现在是{holder.person}。换人请用“交接”或先办“离任”，号码变了请用“修改”。",
            "post",
        )


def _person(name: str, phone: str, user: User | None, unit: Unit) -> Person:
    number = phones.typed(phone)
    if not name.strip() or not number:
        raise Refused("请填写姓名和联系方式。", "phone" if name.strip() else "name")
    if user is None:
        return Person.objects.create(name=name.strip(), phone=number)
    if user.unit_id != unit.pk:
        raise Refused("这个账号不是本单位的。", "user")
    person, _ = Person.objects.update_or_create(user=user, defaults={"name": name.strip(), "phone": number})
    return person


def place(unit: Unit, post: str, person: Person, *, by: User, at: dt.datetime) -> Appointment:
    """Write the post of a person in a locked unit, with its entry in the trail."""
    day = clock.local_date(at)
    if held(unit).filter(post=post, person=person).exists():
        raise Refused(f"{person}已经是{unit.name}的{dict(Appointment.POSTS)[post]}。", "user")
    made = Appointment.objects.create(
        unit=unit, person=person, post=post, from_on=day, confirmed_on=day, appointed_by=by
    )
    after = {"post": post, "person": person.pk, "phone": person.phone.digest, "from": day}
    audit.record("post.appoint", by=by, subject=made, unit_code=unit.code, after=after, at=at)
    return made


def predecessor(post: Appointment) -> Appointment | None:
    """Give who held the same post of the unit last before."""
    before = Appointment.objects.filter(unit=post.unit, post=post.post, pk__lt=post.pk, until_on__isnull=False)
    return before.select_related("person").order_by("-pk").first()


def announce(unit: Unit, *, by: User, at: dt.datetime) -> None:
    """Tell the apps above which posts of the unit are held now."""
    posts = frozenset(held(unit).values_list("post", flat=True))
    appointed.send(sender=Appointment, unit=unit, posts=posts, by=by, at=at)


def running(appointment: Appointment, by: User) -> Appointment:
    """Give the post as it stands now with its unit locked; raises Refused when it has ended meanwhile."""
    unit = _kept(appointment.unit, by)
    now = Appointment.objects.select_related("person__user", "unit").get(pk=appointment.pk)
    if now.until_on:
        raise Refused(
            f"{now.person}的{now.get_post_display()}一职已于 {now.until_on} 由别人办理了离任或交接，请刷新页面查看现任。"
        )
    now.unit = unit
    return now


@transaction.atomic
def amend(appointment: Appointment, *, name: str, phone: str, by: User, at: dt.datetime | None = None) -> Appointment:
    """Correct the name or the number of who holds a post; a masked number left as it stood means the one kept."""
    found = running(appointment, by)
    person = found.person
    number = phones.typed(phone, kept=person.phone)
    if not name.strip() or not number:
        raise Refused("请填写姓名和联系方式。", "phone" if name.strip() else "name")
    before = {"phone": person.phone_digest}  # as kept: its number may be unreadable
    person.name, person.phone = name.strip(), phones.Phone.of(number)
    person.save(update_fields=["name", "phone", "phone_digest"])
    after = {"phone": person.phone.digest}
    audit.record("post.amend", by=by, subject=found, unit_code=found.unit.code, before=before, after=after, at=at)
    return found


@transaction.atomic
def end(appointment: Appointment, *, by: User, at: dt.datetime | None = None) -> Appointment:
    """End a post today; raises Refused when it has ended already."""
    at = at or clock.now()
    return close(running(appointment, by), by=by, at=at)


def close(found: Appointment, *, by: User, at: dt.datetime) -> Appointment:
    """Write the last day of a running post, with its entry in the trail."""
    found.until_on = max(clock.local_date(at), found.from_on)
    found.save(update_fields=["until_on"])
    after = {"post": found.post, "until": found.until_on}
    audit.record("post.end", by=by, subject=found, unit_code=found.unit.code, after=after, at=at)
    return found


@transaction.atomic
def confirm(unit: Unit, *, by: User, at: dt.datetime | None = None) -> int:
    """Say that the unit's contacts are still right; gives how many. Raises Refused when there is nobody to confirm."""
    unit, at = _kept(unit, by), at or clock.now()
    confirmed = held(unit).update(confirmed_on=clock.local_date(at))
    if not confirmed:
        raise Refused(f"{unit.name}还没有登记联系人，请先登记。")
    audit.record("post.confirm", by=by, subject=unit, unit_code=unit.code, after={"posts": confirmed}, at=at)
    announce(unit, by=by, at=at)
    return confirmed
