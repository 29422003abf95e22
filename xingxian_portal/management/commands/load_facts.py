"""`python manage.py load_facts`: creates the facts of `fixtures/` that this database has not been offered yet."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from xingxian_portal import facts


class Command(BaseCommand):
    """Prints one line a file; refused rows go to stderr, whatever the verbosity. Safe to repeat."""

    help = "载入单位、群组、日历和实施方案等事实：只补没有载入过的，从不改动或恢复本县已修改、已删除的。"

    def handle(self, *_args: Any, verbosity: int, **_options: Any) -> None:
        """Load everything and say what became of it."""
        for loading in facts.load_all():
            if verbosity:
                self.stdout.write(f"{loading.file}：新增 {loading.created} 条，未动 {loading.kept} 条")
            for refusal in loading.refused:
                self.stderr.write(f"{loading.file}：未载入 {refusal}")
