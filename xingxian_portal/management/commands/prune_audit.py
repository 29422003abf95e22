"""`manage.py prune_audit`: take away audit entries that have been kept long enough."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from xingxian_portal.foundation.audit_pruning import prune
from xingxian_portal.foundation.refusal import Refused


class Command(BaseCommand):
    """Prunes after verifying; on PostgreSQL run it with the account that owns the tables."""

    help = "清理保存期已满的审计记录（默认保存 AUDIT_KEEP_DAYS 天，不得少于 180 天），留下清理点，其余记录仍可校验。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer another time of keeping than the setting's."""
        parser.add_argument("--keep-days", type=int, default=settings.AUDIT_KEEP_DAYS, metavar="天数")

    def handle(self, *_args: Any, keep_days: int, **_options: Any) -> None:
        """Prune and say how many entries went."""
        try:
            gone = prune(keep_days)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"已清理 {gone} 条超过 {keep_days} 天的审计记录。" if gone else f"没有超过 {keep_days} 天的审计记录。"
        )
