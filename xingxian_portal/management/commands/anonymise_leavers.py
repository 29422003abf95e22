"""`manage.py anonymise_leavers [--dry-run]`: take away what names people who left long enough ago."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from liaisons import leavers
from xingxian_portal.foundation import clock


class Command(BaseCommand):
    """Does by hand what beat does each night; dry, it only says of whom. Nobody is named: output is kept by machines."""

    help = "离任满 PORTAL_LEAVER_DAYS 天的人员匿名化：去掉姓名、电话、邮箱和用户名；--dry-run 只列编号，不改动。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whether nothing is to happen."""
        parser.add_argument("--dry-run", action="store_true", help="只列出将要匿名化的人员编号，不写入")

    def handle(self, *_args: Any, dry_run: bool = False, **_options: Any) -> None:
        """Run and say what was done, or what would be."""
        at, days = clock.now(), settings.PORTAL_LEAVER_DAYS
        if not dry_run:
            self.stdout.write(f"已匿名化 {leavers.run(at)} 名离任满 {days} 天的人员。")
            return
        found = leavers.due(at)
        for leaver in found:
            who = [f"人员 {leaver.person.pk}"] if leaver.person else []
            who += [f"账号 {leaver.user.pk}"] if leaver.user else []
            self.stdout.write(f"{'、'.join(who)}　{leaver.left_on} 离任")
        self.stdout.write(f"将匿名化 {len(found)} 名离任满 {days} 天的人员；没有改动。")
