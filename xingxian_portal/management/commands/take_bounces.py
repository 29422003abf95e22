"""`manage.py take_bounces`: read what mail servers sent back, from standard input or a folder."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from liaisons.letters import bounces
from xingxian_portal.foundation import clock


class Command(BaseCommand):
    """Reads and says which letters came back; reading one twice changes nothing."""

    help = "读取退信：邮件服务器的别名把每封退信送到标准输入，或用 --folder 指定存放退信的目录。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer a folder of messages, each a file."""
        parser.add_argument("--folder", type=Path, metavar="目录")

    def handle(self, *_args: Any, folder: Path | None = None, **_options: Any) -> None:
        """Take them all; raises CommandError for a folder that is none."""
        if folder and not folder.is_dir():
            raise CommandError(f"没有目录 {folder}：请用 --folder 指定存放退信的目录。")
        files = sorted(path for path in folder.rglob("*") if path.is_file()) if folder else []
        messages = (path.read_bytes() for path in files) if folder else [sys.stdin.buffer.read()]
        count = 0
        for raw in messages:
            for letter in bounces.take(raw, at=clock.now()):
                count += 1
                self.stdout.write(f"退信：{letter.recipient}（{letter.day}），邮箱已停用，改用其他方式。")
        if not count:
            self.stdout.write("没有发现退信。")
