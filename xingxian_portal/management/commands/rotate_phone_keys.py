"""`manage.py rotate_phone_keys`: draw a new key for telephone numbers and seal every number with it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from xingxian_portal.foundation import phone_keys, phones


class Command(BaseCommand):
    """Rotates the keys; the portal may run meanwhile."""

    help = "更换电话号码的加密密钥：生成新密钥（或采用 PORTAL_PHONE_KEYS 里最前面的一个），并用它重新加密全部号码。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer to forget the old keys, which older backups still need."""
        parser.add_argument(
            "--forget-old", action="store_true", help="重新加密后删除旧密钥；此前的备份将无法读出号码。"
        )

    def handle(self, *_args: Any, forget_old: bool = False, **_options: Any) -> None:
        """Rotate and say what was done and what is left to do by hand."""
        try:
            if not settings.PHONE_KEYS:
                phone_keys.draw()
            done = phone_keys.seal_again()
            if forget_old and not settings.PHONE_KEYS:
                phone_keys.forget_old()
        except phones.Unreadable as error:
            raise CommandError(f"{error} 已经换好的不受影响，补上后再运行一次。") from error
        self.stdout.write(f"已用新密钥重新加密 {done} 个号码。{self._left(forget_old)}")

    def _left(self, forget_old: bool) -> str:
        if settings.PHONE_KEYS:
            return "PORTAL_PHONE_KEYS 里其余的旧密钥只有读取此前的备份时才需要，可以删去后重启。"
        return (
            "旧密钥已删除。" if forget_old else "旧密钥仍保留，供读取此前的备份；确认不再需要后加 --forget-old 再运行。"
        )
