"""日历年度 as a workbook: which years of the calendar were entered by the official notice, and by which."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from liaisons import workday_calendar
from liaisons.models import User
from liaisons.permissions import Permission as P
from xingxian_portal.foundation.workbook.columns import Column
from xingxian_portal.foundation.workbook.kinds import Choice, Text, Whole
from xingxian_portal.foundation.workbook.plans import Change, Fault, Key, Values
from xingxian_portal.foundation.workbook.resource import SheetResource
from xingxian_portal.foundation.workdays import CalendarYear


class YearSheet(SheetResource):
    """One year a row."""

    slug, title, about = "years", "日历年度", "哪一年的节假日已按官方通知核对，依据哪份通知。"
    year = Column("年份", Whole(2000, 2099), also=["年度"], width=10)
    status = Column("状态", Choice(CalendarYear._meta.get_field("status").choices or []), required=True, width=16)
    notice_no = Column("依据的通知", Text(100), also=["依据", "文号", "通知文号"], blanks=True, width=46)

    class Meta:
        import_id_fields = ("year",)

    @classmethod
    def admits(cls, by: User) -> bool:
        """Say whether `by` keeps the calendar."""
        return by.may(P.MANAGE_CALENDAR)

    def existing(self) -> dict[Key, Values]:
        """Give every year that is known."""
        return {(row["year"],): row for row in CalendarYear.objects.order_by("year").values(*self.columns)}

    def check_row(self, values: Values) -> Iterator[Fault]:
        """Ask for the notice by which a year was checked."""
        if values["status"] == CalendarYear.OFFICIAL and not values.get("notice_no", ""):
            yield Fault("notice_no", "已按官方通知的，请填写通知的文号。")

    def write(self, change: Change, *, at: dt.datetime) -> str:
        """Say of one year how it stands."""
        official, notice = change.after["status"] == CalendarYear.OFFICIAL, change.after.get("notice_no", "")
        row = workday_calendar.confirm(change.after["year"], official=official, notice_no=notice, by=self.by, at=at)
        return str(row.year)

    def remove(self, change: Change, *, at: dt.datetime) -> None:
        """Take a year's row away again."""
        workday_calendar.forget(change.key[0], by=self.by, at=at)
