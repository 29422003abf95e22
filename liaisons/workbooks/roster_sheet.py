"""联络员名单 coming in, in the form of the annex: who leads and who liaises in each unit, by the verbs of the roster's pages.

A name that is another means another person: the former holder's post ends, the new one's begins. A masked number is the
one that is kept. An emptied cell ends nothing: that is done on the page, where one sees what hangs on the post.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from liaisons import appointments, contacts, roster
from liaisons.models import Appointment, Unit, UnitAlias, User
from liaisons.permissions import Permission as P
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.phones import Phone, Unreadable
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook.columns import Column
from xingxian_portal.foundation.workbook.kinds import Named, Text
from xingxian_portal.foundation.workbook.phone_cells import PhoneNumber
from xingxian_portal.foundation.workbook.plans import Change, Fault, Key, Values
from xingxian_portal.foundation.workbook.resource import SheetResource

POSTS = (Appointment.LEADER, Appointment.LIAISON)
PHONE = "_phone"


def _number_of(post: str, called: str) -> Column:
    """Give the column of the number that stands behind the name of a post's holder: in the annex both are 联系方式."""
    also = [f"{called}联系方式", "联系电话", f"{called}联系电话"]
    return Column("联系方式", PhoneNumber(), also=also, follows=post, blanks=True, width=18)


class RosterSheet(SheetResource):
    """The five columns of the annex, one line for each unit."""

    slug, title, about = "roster", "联络员名单", "实施方案附件的五列：各单位的分管领导和联络员；打星号的号码表示不变。"
    creates, holds_personal_data = False, True
    unit = Column("单位名称", Named("单位"), also=["单位", "乡镇（部门）"], locked=True, width=28)
    leader = Column("分管领导", Text(30, name=True), also=["分管领导姓名"], blanks=True)
    leader_phone = _number_of("leader", "分管领导")
    liaison = Column("联络员", Text(30, name=True), also=["联络员姓名"], blanks=True)
    liaison_phone = _number_of("liaison", "联络员")

    class Meta:
        import_id_fields = ("unit",)

    @classmethod
    def admits(cls, by: User) -> bool:
        """Say whether `by` keeps contacts at all."""
        return by.may(P.KEEP_ANY_CONTACTS) or by.may(P.KEEP_CONTACTS)

    def prepare(self) -> None:
        """Load the units and every name they go by."""
        self._units = {unit.name: unit for unit in Unit.objects.filter(closed_on__isnull=True)}
        self._names = {unit.pk: name for name, unit in self._units.items()}
        names = {name: unit.name for unit in self._units.values() for name in (unit.short_name, unit.name)}
        aliases = UnitAlias.objects.filter(unit__closed_on__isnull=True, unit__isnull=False)
        names |= dict(aliases.values_list("name", "unit__name"))
        kept = [unit.name for unit in contacts.units_kept_by(self.by)]
        self.columns["unit"].kind.know(names, kept)
        self._there: dict[Key, Values] = {}
        self._with_account: set[tuple[str, str]] = set()

    def existing(self) -> dict[Key, Values]:
        """Give the line of each unit whose contacts `by` keeps."""
        lines = roster.lines(contacts.units_kept_by(self.by), clock.today())
        self._there = {(line.unit.name,): _values(line) for line in lines}
        held = [post for line in lines for post in (line.leader, line.liaison) if post and post.person.user_id]
        self._with_account = {(self._names[post.unit_id], post.post) for post in held}
        return self._there

    def check_row(self, values: Values) -> Iterator[Fault]:
        """Hold that name and number come together, that an emptied cell ends no post, and that an account is handed over."""
        before = self._there.get((values["unit"],), {})
        for post in POSTS:
            name, phone = (values.get(key, before.get(key)) for key in (post, post + PHONE))
            label = self.columns[post].label
            if before.get(post) and not name:
                yield Fault(post, f"平台登记的{label}是{before[post]}。离任请在“联络员”页面办理，这里不要留空。")
            elif name and name != before.get(post) and (values["unit"], post) in self._with_account:
                yield Fault(post, _replaced(before[post], name))
            elif name and not phone:
                yield Fault(post + PHONE, f"请填写{label}的联系方式。")
            elif phone and not name:
                yield Fault(post, f"请填写{label}的姓名。")

    def write(self, change: Change, *, at: dt.datetime) -> str:
        """Write what differs of one unit's two posts."""
        unit, before = self._units[change.key[0]], change.before or {}
        for post in POSTS:
            keys = (post, post + PHONE)
            if any(change.after.get(key) != before.get(key) for key in keys):
                self._write_post(unit, post, change.after, at)
        return str(unit.pk)

    def _write_post(self, unit: Unit, post: str, after: Values, at: dt.datetime) -> None:
        held = appointments.held(unit).filter(post=post).select_related("unit").first()
        name, number = after.get(post) or "", _number(after.get(post + PHONE), post)
        if held and name == held.person.name:
            appointments.amend(held, name=name, phone=number, by=self.by, at=at)
            return
        if held:
            _require_no_account(held, name)
            appointments.end(held, by=self.by, at=at)
        if name:  # undoing an import may leave the post empty again
            appointments.appoint(unit, post, name=name, phone=number, by=self.by, at=at)


def _number(phone: Phone | None, post: str) -> str:
    try:
        return phone.full if phone else ""
    except Unreadable as error:
        raise Refused("登记的号码无法读取，请填写完整号码。", post + PHONE) from error


def _values(line: roster.Line) -> Values:
    found: Values = {"unit": line.unit.name}
    for post, held in ((Appointment.LEADER, line.leader), (Appointment.LIAISON, line.liaison)):
        found[post] = held.person.name if held else ""
        found[post + PHONE] = held.person.phone if held else None
    return found


def _require_no_account(held: Appointment, name: str) -> None:
    if name and held.person.user_id:
        raise Refused(_replaced(held.person.name, name), held.post)


def _replaced(holder: str, name: str) -> str:
    return f"{holder}用账号登录，换人请在“联络员”页面办理交接，角色和待办才会转给{name}。"
