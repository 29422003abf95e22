"""`manage.py verify_audit`: hold the audit trail to its seals; ends with 1 when something was changed, moved or taken away."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xingxian_portal.foundation.audit_seals import Head
from xingxian_portal.foundation.audit_verification import Finding, verify


def written_head(text: str) -> Head:
    """Read an end of the chain as this command prints it: 1234:5f3c…; raises ArgumentTypeError."""
    sequence, _, digest = text.partition(":")
    if not (sequence.isascii() and sequence.isdigit() and digest):
        raise ArgumentTypeError(f"“{text}”应写成 序号:哈希，即上次校验时打印的链头。")
    return Head(int(sequence), digest)


class Command(BaseCommand):
    """Verifies and reports; writes nothing."""

    help = "校验审计记录：是否有被改动、缺失或调换的，指出第一处；并报告尚未封存的条数。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer to hold the chain to an end that was written down earlier."""
        parser.add_argument("--head", type=written_head, metavar="序号:哈希", help="以前抄下的链头，一并核对。")

    def handle(self, *_args: Any, head: Head | None = None, **_options: Any) -> None:
        """Print what was found; raises CommandError at the first trouble."""
        found = verify(head)
        waiting = f"尚未封存 {found.unsealed} 条（后台每分钟封存一次）。"
        if found.trouble:
            raise CommandError(f"审计记录有问题：{found.trouble}此前 {found.checked} 条完整；{waiting}")
        self.stdout.write(f"审计记录完整：已校验 {found.checked} 条；{waiting}{self._head(found)}")

    def _head(self, found: Finding) -> str:
        return f"链头 {found.end.sequence}:{found.end.hash}" if found.end.sequence else "还没有封存过。"
