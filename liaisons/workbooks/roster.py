"""联络员名单 as the annex of the plan has it: its title, its five columns, one line for each unit."""

from __future__ import annotations

from liaisons import contacts, exports, roster
from liaisons.exports import Export, Made, Wish
from liaisons.models import Appointment, User
from liaisons.permissions import Permission as P
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.phones import UNREADABLE, Unreadable
from xingxian_portal.foundation.workbook.sheets import Column, Kind, Sheet

TITLE = "推行柔性执法相关工作联络员名单"
COLUMNS = (
    Column("单位名称", 14), Column("分管领导", 7, Kind.SHORT), Column("联系方式", 9, Kind.SHORT),
    Column("联络员", 7, Kind.SHORT), Column("联系方式", 9, Kind.SHORT),
)  # fmt: skip


def may(user: User) -> bool:
    """Say whether `user` sees the roster of any unit."""
    return bool(user.permissions & {P.READ_OWN, P.KEEP_ANY_CONTACTS, P.SEE_PHONES})


def make(wish: Wish) -> Made:
    """Give the annex for the units whose contacts the asker sees; whole numbers only to whom they may be shown."""
    lines = roster.lines(contacts.units_seen_by(wish.user), clock.local_date(wish.at))
    in_full = wish.in_full and contacts.sees_phones(wish.user)
    rows = [[line.unit.name, *_who(line.leader, in_full), *_who(line.liaison, in_full)] for line in lines]
    notes = [] if in_full else ["注：号码已按个人信息保护要求打星号。"]
    sheet = Sheet(
        "联络员名单", TITLE, wish.about(count=len(rows)), COLUMNS, rows, label="附件", landscape=False, notes=notes
    )
    shown = (lambda: roster.note_phones_seen(lines, by=wish.user)) if in_full else None
    return Made([sheet], len(rows), note=shown)


def _who(held: Appointment | None, in_full: bool) -> tuple[str, str]:
    if held is None:
        return "", ""
    phone = held.person.phone
    try:
        return held.person.name, phone.full if in_full else phone.masked
    except Unreadable:
        return held.person.name, UNREADABLE


EXPORT = Export(
    "roster", "联络员名单", "实施方案附件的五列，格式与附件一致，改好可以再导入。", exports.PEOPLE, may, make,
    in_full=contacts.sees_phones,
)  # fmt: skip
