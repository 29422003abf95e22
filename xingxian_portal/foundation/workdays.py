"""Working days of the county: an editable calendar table, Monday to Friday as a marked fall-back.

A day with a row is what the row says; a day without one is a working day from Monday to Friday. A year
without a `CalendarYear` row marked official has not been checked against the State Council's notice, and
`Workdays.is_official` says so, so that pages can mark such dates 未按官方日历核对.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import models

from xingxian_portal.foundation.natural_keys import NaturalKeyManager

ONE_DAY = dt.timedelta(days=1)


class CalendarYear(models.Model):
    """One year of the calendar and the notice it was taken from."""

    DRAFT, OFFICIAL = "draft", "official"
    year = models.PositiveSmallIntegerField("年份", primary_key=True)
    status = models.CharField(
        "状态", max_length=8, choices=[(DRAFT, "未核对"), (OFFICIAL, "已按官方通知")], default=DRAFT
    )
    notice_no = models.CharField("依据的通知", max_length=100, blank=True)

    objects = NaturalKeyManager("year")

    class Meta:
        verbose_name = "日历年度"
        verbose_name_plural = verbose_name
        ordering = ["year"]

    def __str__(self) -> str:
        return f"{self.year} 年"

    def natural_key(self) -> tuple[int]:
        """Name the row by its year."""
        return (self.year,)


class CalendarDay(models.Model):
    """One day that differs from Monday-to-Friday, or is confirmed by hand."""

    WORK, OFF, MAKEUP = "work", "off", "makeup"
    date = models.DateField("日期", primary_key=True)
    kind = models.CharField("类别", max_length=8, choices=[(OFF, "放假"), (MAKEUP, "调休上班"), (WORK, "上班")])
    name = models.CharField("名称", max_length=30, blank=True)
    source_doc = models.CharField("依据", max_length=100, blank=True)
    revision = models.PositiveIntegerField("修订号", default=1)

    objects = NaturalKeyManager("date")

    class Meta:
        verbose_name = "节假日与调休"
        verbose_name_plural = verbose_name
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {self.get_kind_display()} {self.name}".strip()

    def natural_key(self) -> tuple[str]:
        """Name the row by its date."""
        return (self.date.isoformat(),)


@dataclass(frozen=True)
class Workdays:
    """The calendar as a value, loaded once and asked many times without a query."""

    work_by_day: Mapping[dt.date, bool] = field(default_factory=dict)
    official_years: frozenset[int] = frozenset()

    @classmethod
    def load(cls) -> Workdays:
        """Read the whole table: two queries, a few hundred rows."""
        days = CalendarDay.objects.values_list("date", "kind")
        years = CalendarYear.objects.filter(status=CalendarYear.OFFICIAL).values_list("year", flat=True)
        return cls({day: kind != CalendarDay.OFF for day, kind in days}, frozenset(years))

    def is_workday(self, day: dt.date) -> bool:
        """Say whether `day` is worked."""
        return self.work_by_day.get(day, day.weekday() < 5)

    def is_official(self, day: dt.date) -> bool:
        """Say whether the year of `day` was checked against the official notice."""
        return day.year in self.official_years

    def on_or_after(self, day: dt.date) -> dt.date:
        """Give `day` itself when worked, else the next working day."""
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def on_or_before(self, day: dt.date) -> dt.date:
        """Give `day` itself when worked, else the working day before it."""
        while not self.is_workday(day):
            day -= ONE_DAY
        return day

    def shift(self, day: dt.date, count: int) -> dt.date:
        """Give the working day `count` working days after (before, if negative) `day`."""
        step = ONE_DAY if count > 0 else -ONE_DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_workday(day)
        return day

    def between(self, start: dt.date, end: dt.date, most: int = 400) -> int:
        """Count the working days after `start` up to and including `end`; stops counting at `most`."""
        count, day = 0, start
        while day < end and count < most:
            day += ONE_DAY
            count += self.is_workday(day)
        return count
