"""日历 as a workbook: the days that differ from Monday-to-Friday, marked by the verb of the calendar's page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from liaisons import workday_calendar
from liaisons.models import User
from liaisons.permissions import Permission as P
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.workbook.columns import Column
from xingxian_portal.foundation.workbook.kinds import Choice, Day, Text
from xingxian_portal.foundation.workbook.plans import Change, Fault, Key, Values
from xingxian_portal.foundation.workbook.resource import SheetResource
from xingxian_portal.foundation.workdays import CalendarDay

OTHER_WORDS = {"休": CalendarDay.OFF, "放假休息": CalendarDay.OFF, "班": CalendarDay.MAKEUP, "调休": CalendarDay.MAKEUP}
WEEKEND = 5


class WorkdaySheet(SheetResource):
    """Days off and days worked in exchange."""

    slug, title, about = "calendar", "节假日与调休", "放假和调休上班的日子，按国务院办公厅通知一年一次录入。"
    ignored = ("修订号",)
    date = Column("日期", Day(), also=["日子"], width=14)
    kind = Column(
        "类别", Choice(CalendarDay._meta.get_field("kind").choices or [], OTHER_WORDS), required=True, width=12
    )
    name = Column("名称", Text(30), also=["节日", "节假日"], blanks=True, width=18)
    source_doc = Column("依据", Text(100), also=["文号", "依据的通知"], blanks=True, width=46)

    class Meta:
        import_id_fields = ("date",)

    @classmethod
    def admits(cls, by: User) -> bool:
        """Say whether `by` keeps the calendar."""
        return by.may(P.MANAGE_CALENDAR)

    def existing(self) -> dict[Key, Values]:
        """Give every marked day."""
        return {(row["date"],): row for row in CalendarDay.objects.order_by("date").values(*self.columns)}

    def prefilled(self) -> Iterable[Values]:
        """Give the days of this year and later."""
        year = clock.today().year
        return [values for (day,), values in self.existing().items() if day.year >= year]

    def check_row(self, values: Values) -> Iterator[Fault]:
        """Say where a mark changes nothing: a day off that is a weekend is usual, a working day at the weekend is none."""
        if values["kind"] == CalendarDay.WORK and values["date"].weekday() >= WEEKEND:
            yield Fault("kind", "这天是周末，上班请填“调休上班”。", ["调休上班", "放假"])

    def write(self, change: Change, *, at: dt.datetime) -> str:
        """Mark one day."""
        day = change.after["date"]
        workday_calendar.mark(
            day, day, change.after["kind"], name=change.after.get("name", ""), source=change.after.get("source_doc", ""),
            by=self.by, at=at,
        )  # fmt: skip
        return day.isoformat()

    def remove(self, change: Change, *, at: dt.datetime) -> None:
        """Give the day back to its weekday."""
        (day,) = change.key
        workday_calendar.mark(day, day, workday_calendar.ORDINARY, name="", source="", by=self.by, at=at)
