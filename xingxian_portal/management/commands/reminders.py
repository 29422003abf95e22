"""`manage.py reminders [--at ISO] [--dry-run]`: do by hand what beat does, a line for each message."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from liaisons.models import LedgerEntry, Letter
from reform.reminders import running
from xingxian_portal.foundation import clock


def moment(text: str) -> dt.datetime:
    """Read a moment; one without a zone is Asia/Shanghai. Raises ArgumentTypeError."""
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"“{text}”不是时间，应写成 2022-06-21T09:00。") from error
    return found if timezone.is_aware(found) else timezone.make_aware(found)


class Command(BaseCommand):
    """Plans and sends as at a moment; dry, it only says what it would plan."""

    help = "按指定的时刻（默认现在）安排并发出提醒，每条消息一行；--dry-run 只看不发。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the moment, and whether nothing is to happen."""
        parser.add_argument("--at", type=moment, metavar="时刻", help="如 2022-06-21T09:00，默认现在的业务时间")
        parser.add_argument("--dry-run", action="store_true", help="只列出会安排的提醒，不写入、不发送")

    def handle(self, *_args: Any, at: dt.datetime | None = None, dry_run: bool = False, **_options: Any) -> None:
        """Run and say what was done."""
        at = at or clock.now()
        if dry_run:
            waiting, entries = running.would_send(at), running.would_plan(at)
            for entry in [*waiting, *entries]:
                self.stdout.write(_said(entry))
            self.stdout.write(f"已安排待发 {len(waiting)} 条，会新安排 {len(entries)} 条，什么都没有写入。")
            return
        before = set(Letter.objects.exclude(status__in=[Letter.PLANNED, Letter.CLAIMED]).values_list("pk", flat=True))
        run = running.run(at)
        told = LedgerEntry.objects.filter(letter__day=clock.local_date(at)).exclude(letter__in=before)
        for entry in told.written_out().order_by("planned_for", "pk"):
            self.stdout.write(_said(entry))
        self.stdout.write(f"新安排 {run.planned} 条，发出 {run.sent[Letter.SENT]} 封。")


def _said(entry: LedgerEntry) -> str:
    at = timezone.localtime(entry.planned_for)
    unit = entry.unit.short_name if entry.unit else "县司法局"
    became = entry.letter.get_status_display() if entry.letter else entry.get_status_display()
    return (
        f"{at:%Y-%m-%d %H:%M}　{unit}　{entry.post} {entry.addressee}　{entry.get_channel_display()}　"
        f"{entry.step_title}：{entry.about}　{became}{'（' + entry.reason + '）' if entry.reason else ''}"
    )
