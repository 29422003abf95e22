"""`manage.py play_demo`: plays the invented 2022 into a database that holds the facts only."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from reform.models import Obligation
from xingxian_portal.demo import story
from xingxian_portal.foundation import clock


class Command(BaseCommand):
    """Refuses a database with real work in it; a demo that was played stays as it is."""

    help = "在只有基础数据的空库里演出 2022 年的演示数据（全部虚构）。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Play the story, all or nothing."""
        with transaction.atomic():
            if clock.is_demo():
                self.stdout.write("演示数据已经在了，保持不变。")
                return
            if Obligation.objects.exists():
                raise CommandError("这个数据库里已有真实的承办事项，不能放入演示数据。请另设 PORTAL_DATA_DIR。")
            story.play()
        self.stdout.write(f"演示数据已放入：{Obligation.objects.count()} 件承办事项。")
